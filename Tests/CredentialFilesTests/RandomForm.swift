import CredentialFiles
import Fleet
import Foundation
import OpenPAYGO
import Testing

/// Numbers at random, the same for the same seed (SplitMix64).
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// What a cell must be.
enum ExpectedCell: Equatable {
    case nothing
    case text(String)
    /// What JSON has as a number, or as true or false.
    case bare(String)

    /// What a table of texts has.
    var plain: String {
        switch self {
        case .nothing: ""
        case .text(let text), .bare(let text): text
        }
    }
}

/// A column made at random, and what it says of a unit, in the simplest words.
struct RandomColumn {
    let header: String
    let yaml: String
    let isApostrophe: Bool
    private let value: @Sendable (ExportedUnit) -> ExpectedCell

    func cell(of unit: ExportedUnit) -> ExpectedCell { value(unit) }

    private static func text(_ text: String?) -> ExpectedCell { text.map(ExpectedCell.text) ?? .nothing }

    /// Every kind of column, with what it must say.
    private static let kinds: [(yaml: String, value: @Sendable (ExportedUnit) -> ExpectedCell)] = [
        ("field: startingCode", { .text(String(format: "%09d", Int($0.credentials.startingCode.number))) }),
        ("field: startingCode, format: number", { .bare("\($0.credentials.startingCode.number)") }),
        ("field: key", { .text($0.credentials.key.bytes.map { String(format: "%02x", Int($0)) }.joined()) }),
        (
            "field: key, format: upper-hex",
            { .text($0.credentials.key.bytes.map { String(format: "%02X", Int($0)) }.joined()) }
        ),
        ("field: count", { .bare("\($0.unit.count.number)") }),
        ("field: count, format: digits, width: 11", { .text(String(format: "%011d", Int($0.unit.count.number))) }),
        ("field: timeDivider", { .bare("\($0.unit.build.timeDivider.number)") }),
        ("field: restrictedDigits", { .bare($0.unit.build.digitSet == .restricted ? "1" : "0") }),
        (
            "field: restrictedDigits, format: boolean",
            { .bare($0.unit.build.digitSet == .restricted ? "true" : "false") }
        ),
        (
            "field: restrictedDigits, format: 'ja, so/né'",
            { .text($0.unit.build.digitSet == .restricted ? "ja, so" : "né") }
        ),
        ("field: hardwareModel", { text($0.unit.build.hardwareModel) }),
        ("field: firmwareVersion, default: 'n/a; \"x\"'", { .text($0.unit.build.firmwareVersion ?? "n/a; \"x\"") }),
        ("field: testCode", { text($0.unit.build.testCode.map { String(format: "%09d", Int($0.number)) }) }),
        (
            "field: testCode, format: number, default: -1",
            { .bare($0.unit.build.testCode.map { "\($0.number)" } ?? "-1") }
        ),
        ("field: dispatch", { .bare("\($0.unit.dispatch)") }),
        ("field: dispatchFile", { text($0.dispatch?.file) }),
        ("field: dispatchDate", { text($0.dispatch?.importedAt.text) }),
        ("field: dispatchDate, format: date", { text(($0.dispatch?.importedAt.text.prefix(10)).map { String($0) }) }),
        ("field: customer", { text($0.unit.customer?.text) }),
        ("field: customerName", { text($0.customer?.name) }),
        ("field: phone", { text($0.customer?.phone) }),
        ("field: phone, format: digits", { text(($0.customer?.phone?.dropFirst()).map { String($0) }) }),
        ("field: language", { text($0.customer?.language) }),
        ("field: customerNote", { text($0.customer?.note) }),
        ("text: 'fixed, \"é\"; '", { _ in .text("fixed, \"é\"; ") }),
        ("text: ''", { _ in .text("") }),
        ("text: '1.50', format: number", { _ in .bare("1.50") }),
    ]

    init(_ index: Int, isJSON: Bool, isApostrophe inherited: Bool, _ random: inout Seeded) {
        let headers = ["Serial", "a, b", "x;y", "say \"so\"", " ends ", "é", "{", "\\"]
        header = "\(headers.randomElement(using: &random) ?? "")\(index)"
        let own: Bool? = !isJSON && Int.random(in: 0..<3, using: &random) == 0 ? Bool.random(using: &random) : nil
        isApostrophe = own ?? inherited
        let kind =
            index == 0
            ? ("field: paygID", { @Sendable (unit: ExportedUnit) in ExpectedCell.text(unit.unit.id.text) })
            : Self.kinds.randomElement(using: &random) ?? Self.kinds[0]
        let quoted = "\"" + header.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + "\""
        let rule = own.map { ", formulas: \($0 ? "apostrophe" : "refuse")" } ?? ""
        yaml = "  - {header: \(quoted), \(kind.0)\(rule)}"
        value = kind.1
    }
}

/// A profile made at random.
struct RandomForm {
    let columns: [RandomColumn]
    let yaml: String
    private let isJSON: Bool
    private let encoding: String
    private let delimiter: Character
    private let lineEnd: String

    init(_ random: inout Seeded) {
        isJSON = Int.random(in: 0..<4, using: &random) == 0
        let isApostrophe = !isJSON && Int.random(in: 0..<3, using: &random) > 0
        let json = isJSON
        var columns = (0..<Int.random(in: 1...9, using: &random)).map {
            RandomColumn($0, isJSON: json, isApostrophe: isApostrophe, &random)
        }
        columns.shuffle(using: &random)
        self.columns = columns
        encoding =
            isJSON ? "utf-8" : ["utf-8", "utf-8-bom", "windows-1252", "utf-16le"].randomElement(using: &random) ?? ""
        let separator =
            [("comma", ","), ("semicolon", ";"), ("tab", "\t")].randomElement(using: &random) ?? ("comma", ",")
        delimiter = Character(separator.1)
        let ending = [("crlf", "\r\n"), ("lf", "\n")].randomElement(using: &random) ?? ("lf", "\n")
        lineEnd = ending.1
        let lines =
            isJSON
            ? ["format: json"]
            : [
                "delimiter: \(separator.0)", "encoding: \(encoding)", "lineEnding: \(ending.0)",
                "formulas: \(isApostrophe ? "apostrophe" : "refuse")",
            ]
        yaml = (["title: Own"] + lines + ["columns:"] + columns.map(\.yaml)).joined(separator: "\n")
    }

    /// Whether a spreadsheet would run it, put as plainly as can be.
    private static func runs(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, "=+-@\t\r＝＋－＠".unicodeScalars.contains(first) else { return false }
        return !(("+-".unicodeScalars.contains(first)) && text.dropFirst().allSatisfy { "0123456789".contains($0) })
    }

    /// The texts that a person sees in the file.
    func shown(_ cells: [[ExpectedCell]]) -> [[String]] {
        cells.map { row in
            zip(row, columns).map { cell, column in
                if case .text(let text) = cell, !isJSON, Self.runs(text) { "'" + text } else { cell.plain }
            }
        }
    }

    /// Whether a file with such cells must be refused.
    func refuses(_ cells: [[ExpectedCell]]) -> Bool {
        !isJSON
            && cells.contains { row in
                zip(row, columns).contains { cell, column in
                    guard case .text(let text) = cell else { return false }
                    if Self.runs(text), !column.isApostrophe { return true }
                    return encoding == "windows-1252" && text.data(using: .windowsCP1252) == nil
                }
            }
    }

    /// Reads a file and compares it.
    func check(_ bytes: Data, _ cells: [[ExpectedCell]]) throws {
        if isJSON { return try checkJSON(bytes, cells) }
        let marks: [String: [UInt8]] = ["utf-8-bom": [0xEF, 0xBB, 0xBF], "utf-16le": [0xFF, 0xFE]]
        let mark = marks[encoding] ?? []
        #expect(bytes.starts(with: mark))
        let encodings: [String: String.Encoding] = ["windows-1252": .windowsCP1252, "utf-16le": .utf16LittleEndian]
        let text = try #require(String(data: bytes.dropFirst(mark.count), encoding: encodings[encoding] ?? .utf8))
        #expect(rows(of: text) == [columns.map(\.header)] + shown(cells))
    }

    private func checkJSON(_ bytes: Data, _ cells: [[ExpectedCell]]) throws {
        let objects = try #require(try JSONSerialization.jsonObject(with: bytes) as? [[String: Any]])
        #expect(objects.count == cells.count)
        let text = String(decoding: bytes, as: UTF8.self)
        for (object, row) in zip(objects, cells) {
            #expect(object.count == columns.count)
            for (cell, column) in zip(row, columns) {
                switch cell {
                case .nothing: #expect(object[column.header] is NSNull)
                case .text(let expected): #expect(object[column.header] as? String == expected)
                case .bare(let expected):
                    #expect(!(object[column.header] is String))
                    #expect(text.contains("\":\(expected)"))
                }
            }
        }
    }

    /// RFC 4180, read scalar by scalar, and nothing more.
    private func rows(of text: String) -> [[String]] {
        var (rows, row, cell, isQuoted): ([[String]], [String], String.UnicodeScalarView, Bool) = (
            [], [], .init(), false
        )
        let scalars = Array(text.unicodeScalars)
        let end = Array(lineEnd.unicodeScalars)
        var place = 0
        while place < scalars.count {
            let scalar = scalars[place]
            if isQuoted {
                if scalar == "\"" {
                    if place + 1 < scalars.count, scalars[place + 1] == "\"" {
                        cell.append("\"")
                        place += 1
                    } else {
                        isQuoted = false
                    }
                } else {
                    cell.append(scalar)
                }
            } else if scalar == "\"", cell.isEmpty {
                isQuoted = true
            } else if Character(scalar) == delimiter {
                row.append(String(cell))
                cell = .init()
            } else if scalars[place...].starts(with: end) {
                rows.append(row + [String(cell)])
                (row, cell) = ([], .init())
                place += end.count - 1
            } else {
                cell.append(scalar)
            }
            place += 1
        }
        return row.isEmpty && cell.isEmpty ? rows : rows + [["not ended"]]
    }
}
