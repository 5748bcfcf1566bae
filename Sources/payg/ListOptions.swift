import ArgumentParser
import Fleet
import FleetOperations

/// What is said of a dispatch list that would else be found out.
struct ListOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Which column holds a field, as in key='Clé secrète'. Fields: payg-id, key, starting-code, count, "
                + "time-divider, restricted, model, version, test-code.",
            valueName: "field=header"
        )
    )
    var map: [String] = []

    @Option(help: ArgumentHelp("A column that means nothing here.", valueName: "header"))
    var ignoreColumn: [String] = []

    @Option(help: ArgumentHelp("comma, semicolon or tab, if it is not found out.", valueName: "name"))
    var delimiter: String?

    @Option(help: ArgumentHelp("utf-8, utf-16le, utf-16be or windows-1252.", valueName: "name"))
    var encoding: String?

    @Option(help: ArgumentHelp("The row with the headers, the first being 1.", valueName: "number"))
    var headerRow: Int?

    @Option(help: ArgumentHelp("The last row that is read.", valueName: "number"))
    var lastRow: Int?

    func validate() throws {
        for row in [headerRow, lastRow].compactMap({ $0 }) where row < 1 {
            throw ValidationError("rows are counted from 1")
        }
    }

    func reading() throws(FleetError) -> ListReadingOptions {
        var reading = ListReadingOptions()
        reading.delimiter = try named(delimiter, "--delimiter")
        reading.encoding = try named(encoding, "--encoding")
        reading.headerRow = headerRow
        reading.lastRow = lastRow
        reading.ignoredHeaders = ignoreColumn
        for pair in map {
            guard let sign = pair.firstIndex(of: "="), pair.index(after: sign) < pair.endIndex else {
                throw .badValue(what: "value of --map", problem: "is written FIELD=HEADER, as in key='Clé secrète'")
            }
            let field = try field(String(pair[..<sign]))
            guard reading.headers[field] == nil else {
                throw .badValue(what: "field of --map", problem: "is given two columns, and has one")
            }
            reading.headers[field] = String(pair[pair.index(after: sign)...])
        }
        return reading
    }

    private func field(_ name: String) throws(FleetError) -> ListField {
        let plain = name.lowercased().replacing("-", with: "").replacing(" ", with: "")
        let others = ["model": ListField.hardwareModel, "version": .firmwareVersion, "restricted": .restrictedDigits]
        guard let field = ListField.allCases.first(where: { $0.rawValue.lowercased() == plain }) ?? others[plain] else {
            throw .badValue(
                what: "field of --map",
                problem: "is none of payg-id, key, starting-code, count, time-divider, restricted, model, version, "
                    + "test-code"
            )
        }
        return field
    }

    private func named<Value: RawRepresentable & CaseIterable>(
        _ text: String?, _ option: String
    ) throws(FleetError) -> Value? where Value.RawValue == String {
        guard let text else { return nil }
        guard let value = Value(rawValue: text.lowercased()) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw .badValue(what: "value of \(option)", problem: "is none of \(names)")
        }
        return value
    }
}

extension CommandContext {
    /// The list of a file that was typed; “-” is standard input.
    func list(_ typed: String) throws(FleetError) -> ListOrigin {
        typed == "-" ? .stream(input, name: "standard input") : .file(try filePath(typed))
    }
}
