import CredentialFiles
import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

/// How single values are written, and which are refused.
struct ProviderCellTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func unit(
        _ id: String = "SLR-0016", model: String? = nil, testCode: String? = nil, customer: Customer? = nil
    ) throws -> ExportedUnit {
        let listed = ListedUnit(
            row: 2, id: try PaygID(id),
            credentials: Credentials(
                key: try SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb"), startingCode: try StartingCode(16_959_010)
            ),
            count: try TokenCount(14), timeDivider: try TimeDivider(24), digitSet: .restricted, hardwareModel: model,
            firmwareVersion: nil, testCode: try testCode.map { try TestCode(digits: $0) }
        )
        let dispatch = DispatchRecord(
            number: 7, file: "list.csv", sha256: "", units: 1, importedAt: Timestamp(seconds: 1_793_696_400), actor: "T"
        )
        return SampleUnits.exported(listed, customer: customer, dispatch: dispatch)
    }

    private func bytes(_ yaml: String, _ units: [ExportedUnit]) throws -> [UInt8] {
        let path = folder.file("out-\(UInt32.random(in: 0 ... .max))")
        let file = try ProviderFile(path, profile: try Profile(own: yaml))
        for unit in units { try file.add(unit) }
        _ = try file.finish()
        try file.publish(export: 1)
        return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The cell of one column, beside the unit's name.
    private func cell(_ column: String, _ unit: ExportedUnit, _ lines: String...) throws -> String {
        let yaml = """
            title: Own
            \(lines.joined(separator: "\n"))
            lineEnding: lf
            columns:
              - {header: ID, field: paygID}
              - {header: X, \(column)}
            """
        let row = String(decoding: try bytes(yaml, [unit]), as: UTF8.self).split(separator: "\n")[1]
        return String(row.dropFirst(unit.unit.id.text.count + 1))
    }

    private static let columns: [(column: String, cell: String)] = [
        ("field: startingCode", "016959010"), ("field: startingCode, format: number", "16959010"),
        ("field: startingCode, format: digits, width: 12", "000016959010"),
        ("field: startingCode, format: digits, width: 1", "16959010"),
        ("field: testCode", "043328325"), ("field: testCode, format: number", "43328325"),
        ("field: count", "14"), ("field: count, format: digits", "14"),
        ("field: count, format: digits, width: 5", "00014"), ("field: dispatchedCount", "14"),
        ("field: timeDivider", "24"), ("field: dispatch", "7"),
        ("field: key", "bc41ec9530f6dac86b1a29ab82edc5fb"),
        ("field: key, format: upper-hex", "BC41EC9530F6DAC86B1A29AB82EDC5FB"),
        ("field: restrictedDigits", "1"), ("field: restrictedDigits, format: boolean", "true"),
        ("field: restrictedDigits, format: YES/NO", "YES"), ("field: restrictedDigits, format: 'y,es/no'", "\"y,es\""),
        ("field: hardwareModel", "CSC-20R"), ("field: firmwareVersion", ""),
        ("field: firmwareVersion, default: n/a", "n/a"), ("field: firmwareVersion, default: 'a, b'", "\"a, b\""),
        ("text: Solar kit", "Solar kit"), ("text: 'a \"b\"'", "\"a \"\"b\"\"\""), ("text: ''", ""),
        ("text: ' a'", "\" a\""),
        ("field: dispatchFile", "list.csv"), ("field: dispatchDate", "2026-11-03T09:00:00Z"),
        ("field: dispatchDate, format: date", "2026-11-03"),
        ("field: customer", "KIS-0001"), ("field: customerName", "\"Atieno, Mama\""), ("field: phone", "+254712000101"),
        ("field: phone, format: digits", "254712000101"), ("field: language", "sw"), ("field: customerNote", ""),
    ]

    @Test(arguments: columns)
    func `a value is written as the column's format says`(column: String, cell expected: String) throws {
        let customer = try Customer(
            reference: "KIS-0001", name: "Atieno, Mama", phone: "+254712000101", language: "sw"
        )
        let unit = try unit(model: "CSC-20R", testCode: "043328325", customer: customer)
        #expect(try cell(column, unit) == expected)
    }

    @Test func `what a unit has not is empty, the default or null`() throws {
        let bare = try unit()
        #expect(try cell("field: customerName", bare) == "" && cell("field: phone, format: digits", bare) == "")
        #expect(try cell("field: phone, default: none", bare) == "none")
        let json = """
            title: Own
            format: json
            columns:
              - {header: a "b", field: paygID}
              - {header: m, field: hardwareModel}
              - {header: v, field: firmwareVersion, default: "1.0"}
              - {header: t, field: testCode, format: number, default: 0}
              - {header: n, text: "12.5", format: number}
              - {header: o, text: "true", format: boolean}
              - {header: e, text: ""}
              - {header: r, field: restrictedDigits}
              - {header: w, field: restrictedDigits, format: yes/no}
              - {header: c, field: startingCode, format: number}
              - {header: d, field: dispatchDate, format: date}
              - {header: f, text: "=1+1 \\\\ ✓"}
            """
        #expect(
            String(decoding: try bytes(json, [bare, bare]), as: UTF8.self).split(separator: "\n")[1]
                == #"{"a \"b\"":"SLR-0016","m":null,"v":"1.0","t":0,"n":12.5,"o":true,"e":"","r":1,"w":"yes","c":16959010,"#
                + #""d":"2026-11-03","f":"=1+1 \\ ✓"},"#
        )
    }

    // MARK: - Formulas

    private static let formulas = [
        "=1+1", "+1+1", "-1+1", "@SUM(A1)", "=", "@", "+cmd", "-2x", "+254 712 000 101", "＝1", "＋1", "－1", "＠A",
    ]

    @Test(arguments: formulas)
    func `a cell that a spreadsheet would run is refused, or written as text`(model: String) throws {
        let unit = try unit(model: model)
        #expect(throws: FleetError.formulaCell(field: "X", units: [unit.unit.id], profile: "Own")) {
            try cell("field: hardwareModel", unit)
        }
        #expect(try cell("field: hardwareModel, formulas: apostrophe", unit) == "'" + model)
        #expect(try cell("field: hardwareModel", unit, "formulas: apostrophe") == "'" + model)
        #expect(throws: FleetError.self) {
            try cell("field: hardwareModel, formulas: refuse", unit, "formulas: apostrophe")
        }
    }

    @Test(arguments: ["+254712000101", "-12", "-", "+", "a=1", "'=1", "1-1", "CSC-10"])
    func `a number with a sign, as a phone number is, is no formula`(model: String) throws {
        #expect(try cell("field: hardwareModel", unit(model: model)) == model)
        #expect(try cell("field: hardwareModel", unit(model: model), "formulas: apostrophe") == model)
    }

    @Test func `every unit whose name is a formula is named, and there is no file`() throws {
        let path = folder.file("out.csv")
        do {
            let file = try ProviderFile(path, profile: try Profile(named: "paygops", folder: nil))
            for id in ["-1+1", "SLR-1", "=A1"] { try file.add(try unit(id)) }
            _ = try file.finish()
            Issue.record("it was finished")
        } catch FleetError.formulaCell(let field, let units, let profile) {
            #expect(field == "Serial Number" && units.map(\.text) == ["-1+1", "=A1"] && profile == "PaygOps")
        }
        #expect(try folder.names() == [])
    }

    // MARK: - Encodings

    @Test func `each encoding has its mark and its bytes`() throws {
        let unit = try unit("A", model: "né €")
        func written(_ lines: String) throws -> [UInt8] {
            try bytes(
                """
                title: Own
                \(lines)
                lineEnding: lf
                columns: [{header: ID, field: paygID}, {header: é, field: hardwareModel}]
                """,
                [unit])
        }
        let text = "ID;é\nA;né €\n"
        #expect(try written("delimiter: semicolon") == Array(text.utf8))
        #expect(try written("delimiter: semicolon\nencoding: utf-8-bom") == [0xEF, 0xBB, 0xBF] + Array(text.utf8))
        #expect(
            try written("delimiter: semicolon\nencoding: windows-1252")
                == Array("ID;".utf8) + [0xE9, 0x0A] + Array("A;n".utf8) + [0xE9, 0x20, 0x80, 0x0A]
        )
        let wide = try written("delimiter: semicolon\nencoding: utf-16le")
        #expect(wide.starts(with: [0xFF, 0xFE, 0x49, 0x00]))
        #expect(String(data: Data(wide), encoding: .utf16) == text)
    }

    @Test func `a character that the encoding does not have refuses the units by name`() throws {
        let units = [try unit("A", model: "✓"), try unit("B", model: "é"), try unit("C", model: "\u{81}")]
        let yaml = """
            title: Own
            encoding: windows-1252
            columns: [{header: ID, field: paygID}, {header: Model, field: hardwareModel}]
            """
        #expect(
            throws: FleetError.notInEncoding(
                field: "Model", units: [units[0].unit.id, units[2].unit.id], encoding: "windows-1252", profile: "Own")
        ) { try bytes(yaml, units) }
        #expect(try folder.names() == [])
        #expect(try Profile(own: yaml).preview(of: units).problem != nil)
    }

    // MARK: - Looking at it

    @Test func `a preview shows the cells of the file, and no secret unless asked`() throws {
        let units = try SampleUnits.of(SampleUnits.devices)
        let paygops = try Profile(named: "paygops", folder: nil)
        let hidden = try paygops.preview(of: units.prefix(2))
        #expect(hidden.headers == paygops.headers && hidden.problem == nil)
        #expect(hidden.rows[0] == ["SLK-0071", "<redacted>", "<redacted>", "1", "1", "0", "CSC-10", "2.1", ""])
        let shown = try paygops.preview(of: units.prefix(2), revealing: true)
        #expect(shown.rows[1][1...2] == ["952766646", "348db87e65661ba7865f3bf3ed667db0"])
        let json = try Profile(named: "json", folder: nil).preview(of: units.prefix(1))
        #expect(json.rows == [["SLK-0071", "<redacted>", "<redacted>", "1", "1", "false", "CSC-10", "2.1", ""]])
        let angaza = try Profile(named: "angaza", folder: nil).preview(of: units)
        #expect(angaza.rows.count == 10)
        #expect(angaza.problem == .productsNotNamed(["product-1", "product-2"], profile: "angaza", title: "Angaza"))
    }
}
