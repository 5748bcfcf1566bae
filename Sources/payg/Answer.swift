import Fleet
import Foundation

/// Something a command answers with: the same values as JSON and as a row of
/// a table, so that the two cannot drift apart.
protocol TableRow: Encodable {
    static var columns: [Column<Self>] { get }
}

/// A column of a table.
struct Column<Row> {
    let title: String
    /// Whether its values are numbers, and stand to the right.
    let isNumber: Bool
    /// The value for the next program.
    let plain: (Row) -> String
    /// The value for a person.
    let shown: (Row) -> String

    init(
        _ title: String, isNumber: Bool = false, _ plain: @escaping (Row) -> String,
        shown: ((Row) -> String)? = nil
    ) {
        self.title = title
        self.isNumber = isNumber
        self.plain = plain
        self.shown = shown ?? plain
    }
}

extension CommandContext {
    /// Says a line to the person. What was done is done whether or not it is heard.
    func say(_ text: String) {
        try? talk.line(text.printableLines)
    }

    /// Says a line that begins with a word that stands out where there is colour.
    ///
    /// - Parameter style: how, in the numbers of an escape sequence.
    func say(_ lead: String, style: String, _ text: String) {
        // Not through `printable`, which keeps what is told from moving the cursor.
        let shown = hasColour.talk ? "\u{1B}[\(style)m\(lead)\u{1B}[0m" : lead
        try? talk.line("\(shown) \(text.printableLines)")
    }

    /// Answers with a value in JSON: over several lines for a person, on one
    /// for a program.
    func answer(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if isForPerson { encoder.outputFormatting.insert(.prettyPrinted) }
        try output.line(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// Answers with rows: a JSON array, an aligned table for a person, or
    /// tab-separated lines for a program.
    ///
    /// - Parameter none: what is said to a person when there are no rows.
    func answer<Row: TableRow>(_ rows: [Row], json: Bool, none: String) throws {
        if json { return try answer(json: rows) }
        guard isForPerson else { return try answer(lines: rows) }
        guard !rows.isEmpty else { return say(none) }
        for line in aligned(rows) { try output.line(line) }
    }

    /// Answers with rows as tab-separated lines, for a program.
    func answer<Row: TableRow>(lines rows: some Sequence<Row>) throws {
        let columns = Row.columns
        var lines = columns.map(\.title.heading).joined(separator: "\t") + "\n"
        for row in rows {
            for (place, column) in columns.enumerated() {
                if place > 0 { lines += "\t" }
                lines += column.plain(row).printable
            }
            lines += "\n"
            // Each write takes as long as some rows.
            guard lines.utf8.count >= 1 << 16 else { continue }
            try output.text(lines)
            lines = ""
        }
        try output.text(lines)
    }

    /// Answers with named facts, one a line; a person is spared the empty ones.
    func answer(facts: [(name: String, value: String)]) throws {
        for (name, value) in facts {
            guard isForPerson else {
                try output.line("\(name)\t\(value.printable)")
                continue
            }
            guard !value.isEmpty else { continue }
            let padding = String(repeating: " ", count: max(1, 18 - name.cellWidth))
            try output.line(name + padding + value.printable)
        }
    }

    /// Answers with a table whose columns are somebody else's: its headers as
    /// they are, and cells.
    func answer(table headers: [String], _ rows: [[String]]) throws {
        let lines = ([headers] + rows).map { $0.map(\.printable) }
        guard isForPerson else {
            for line in lines { try output.line(line.joined(separator: "\t")) }
            return
        }
        for line in aligned(lines, numbers: []) { try output.line(line) }
    }

    private func aligned<Row: TableRow>(_ rows: [Row]) -> [String] {
        let columns = Row.columns
        let cells = [columns.map(\.title.heading)] + rows.map { row in columns.map { $0.shown(row).printable } }
        return aligned(cells, numbers: Set(columns.indices.filter { columns[$0].isNumber }))
    }

    /// - Parameter numbers: the columns that stand to the right.
    private func aligned(_ cells: [[String]], numbers: Set<Int>) -> [String] {
        let widths = (cells.first ?? []).indices.map { column in cells.map { $0[column].cellWidth }.max() ?? 0 }
        return cells.enumerated().map { index, row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.cellWidth)
                line += (column > 0 ? "  " : "") + (numbers.contains(column) ? padding + cell : cell + padding)
            }
            while line.last == " " { line.removeLast() }
            return index == 0 && hasColour.output ? "\u{1B}[1m\(line)\u{1B}[0m" : line
        }
    }
}

extension String {
    fileprivate var heading: String { uppercased() }

    /// How many columns of a terminal it takes: none for marks that stand on
    /// another character, two for wide ones. Source: Unicode's East Asian
    /// Width, in its large blocks.
    var cellWidth: Int {
        unicodeScalars.reduce(0) { width, scalar in
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: return width
            default: break
            }
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
                0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                return width + 2
            default:
                return width + 1
            }
        }
    }
}

extension StringProtocol {
    /// Without what moves a terminal's cursor or breaks a line: names of files
    /// may hold anything.
    var printable: String {
        // Nearly all that is told is plain ASCII.
        guard !utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else { return String(self) }
        return String(String.UnicodeScalarView(unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 }))
    }
}

extension String {
    /// The same of several lines, which stay lines.
    fileprivate var printableLines: String {
        split(separator: "\n", omittingEmptySubsequences: false).map(\.printable).joined(separator: "\n")
    }
}

/// A value that is written as null in JSON when there is none, not left out.
@propertyWrapper
struct OrNull<Value: Encodable>: Encodable {
    var wrappedValue: Value?

    init(wrappedValue: Value?) {
        self.wrappedValue = wrappedValue
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
    }
}

/// “1 unit”, “25 units”.
func counted(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)\(number == 1 ? "" : "s")"
}
