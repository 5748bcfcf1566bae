import Fleet
import Foundation

/// Where the rows of a list come from. What a row must be is not its business:
/// another kind of file is another type like this one, and nothing else.
protocol RowSource {
    /// What it is called in messages.
    var name: String { get }

    /// Reads to the end.
    ///
    /// - Parameters:
    ///   - likeness: how much a row is like a list's header; 0 for not at all.
    ///     A source that has to find out how its cells are separated asks it.
    ///   - row: takes the number of each row that is not blank, counted as a
    ///     spreadsheet does from 1, and its cells. Throws to stop.
    /// - Returns: what the file is, and how it was read.
    /// - Throws: ``FleetError``; what `row` throws.
    func forEachRow(
        likeness: ([String]) -> Int, _ row: (_ number: Int, _ cells: Cells) throws -> Void
    ) throws -> (sha256: String, format: ListFormat)
}

/// Rows of delimited text: comma, semicolon or tab.
struct DelimitedRows: RowSource {
    let input: ListInput
    let options: ListReadingOptions
    /// Takes how many bytes were read so far.
    var progress: (Int) -> Void = { _ in }
    /// Takes what the cells are separated by, before the first row.
    var separator: (ListFormat.Delimiter) -> Void = { _ in }

    var name: String { input.name }

    func forEachRow(
        likeness: ([String]) -> Int, _ row: (_ number: Int, _ cells: Cells) throws -> Void
    ) throws -> (sha256: String, format: ListFormat) {
        try withoutActuallyEscaping(row) { row in
            var reading: Reading?
            var done = 0
            let sha256 = try input.forEachPart { bytes, isFirst in
                if isFirst, let kind = ForeignFile(bytes) { throw FleetError.foreignFile(name: name, kind) }
                try naming({ reading?.text.next ?? 1 }) {
                    var decoder = reading?.decoder ?? TextDecoder(bytes, said: options.encoding)
                    let part = try decoder.decode(bytes, isFirst: isFirst)
                    if reading == nil {
                        let delimiter = options.delimiter ?? Self.delimiter(of: part, decoder.textEncoding, likeness)
                        separator(delimiter)
                        let text = DelimitedText(delimiter, encoding: decoder.textEncoding, row)
                        reading = Reading(decoder: decoder, text: text, delimiter: delimiter)
                    }
                    reading?.decoder = decoder
                    try reading?.text.parse(part)
                }
                done += bytes.count
                progress(done)
            }
            guard let reading else { return (sha256, ListFormat()) }
            try naming({ reading.text.next }) {
                try reading.decoder.finish()
                try reading.text.finish()
            }
            return (
                sha256,
                ListFormat(
                    delimiter: reading.delimiter, encoding: reading.decoder.encoding ?? reading.text.encoding ?? .utf8
                )
            )
        }
    }

    /// A text that is being taken apart.
    private struct Reading {
        var decoder: TextDecoder
        let text: DelimitedText
        let delimiter: ListFormat.Delimiter
    }

    /// Names the file, and the row, where the text is damaged.
    private func naming(_ row: () -> Int, _ body: () throws -> Void) throws {
        do {
            try body()
        } catch let damage as TextDamage {
            throw refused(TextProblem(row(), damage.problem))
        } catch let problem as TextProblem {
            throw refused(problem)
        }
    }

    private func refused(_ problem: TextProblem) -> FleetError {
        .badInput(
            file: name,
            problems: [RowProblem(row: problem.row, column: nil, problem: problem.problem, kind: problem.kind)],
            total: 1
        )
    }

    /// What separates the cells: whatever gives the row that is most like a
    /// header, among the first ones.
    private static func delimiter(
        of sample: Data, _ encoding: ListFormat.Encoding?, _ likeness: ([String]) -> Int
    ) -> ListFormat.Delimiter {
        struct Enough: Error {}
        var best: (delimiter: ListFormat.Delimiter, likeness: Int) = (.comma, 0)
        for delimiter in ListFormat.Delimiter.allCases {
            var most = 0
            withoutActuallyEscaping(likeness) { likeness in
                var rows = 0
                let text = DelimitedText(delimiter, encoding: encoding) { _, cells in
                    most = max(most, likeness(cells.texts))
                    rows += 1
                    if rows == mostRowsAboveHeader { throw Enough() }
                }
                // What cannot be taken apart so is not separated so.
                if (try? text.parse(sample)) != nil { try? text.finish() }
            }
            if most > best.likeness { best = (delimiter, most) }
        }
        return best.delimiter
    }
}

extension TextDecoder {
    /// How the bytes it gives are written; nil where the rows tell.
    var textEncoding: ListFormat.Encoding? {
        switch encoding {
        case nil: nil
        case .windows1252: .windows1252
        case .utf8, .utf16LittleEndian, .utf16BigEndian: .utf8
        }
    }
}

extension TextDamage {
    var problem: String {
        switch self {
        case .brokenCharacter: "it holds half a character: the file was cut off, or is not written in UTF-16"
        }
    }
}

/// How many rows may stand above the header.
let mostRowsAboveHeader = 50

/// Finds the row with the headers: the first one that names all the fields
/// that are required, or the one that the user says.
struct HeaderSearch<Field: ColumnField> {
    private let names: HeaderNames<Field>
    private let said: Int?
    private let file: String
    private var above = 0
    private var best: (row: Int, cells: [String], likeness: Int)?
    private var secretRow: Int?
    /// The row found.
    private(set) var row = 1

    init(_ names: HeaderNames<Field>, row said: Int?, of file: String) {
        self.names = names
        self.said = said
        self.file = file
    }

    /// The columns, if this row is the header.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` where it is
    ///   the header and not clear, or there can be none any more.
    mutating func header(_ number: Int, _ cells: Cells) throws(FleetError) -> ColumnMap<Field>? {
        let texts = cells.texts
        row = number
        if let said {
            guard number >= said else { return nil }
            guard number == said else { throw refused(said, "the row is blank, and holds no headers") }
            return try ColumnMap(texts, row: number, of: file, names)
        }
        if names.isHeader(texts) {
            guard let secretRow else { return try ColumnMap(texts, row: number, of: file, names) }
            throw refused(secretRow, "it holds what may be a secret key, and stands above the header in row \(number)")
        }
        if texts.contains(where: mayBeKey) { secretRow = secretRow ?? number }
        let likeness = names.likeness(texts)
        if likeness > best?.likeness ?? -1 { best = (number, texts, likeness) }
        above += 1
        guard above < mostRowsAboveHeader else { throw try refusal() }
        return nil
    }

    /// Why there is no header: what the row that is most like one lacks.
    func refusal() throws(FleetError) -> FleetError {
        if let said, best == nil { return refused(said, "there is no such row, and it should hold the headers") }
        guard let best else { return Self.nothing(file, "there is no row in the file") }
        if best.likeness == 0, !names.areNamed, let secretRow {
            return refused(
                secretRow, "it holds what may be a secret key, and no row above names the columns", .header
            )
        }
        _ = try ColumnMap(best.cells, row: best.row, of: file, names)
        return refused(best.row, "it is not clear whether these are the headers")
    }

    static func nothing(_ file: String, _ problem: String) -> FleetError {
        .badInput(file: file, problems: [RowProblem(row: 1, column: nil, problem: problem)], total: 1)
    }

    private func refused(_ row: Int, _ problem: String, _ kind: RowProblem.Kind = .value) -> FleetError {
        .badInput(file: file, problems: [RowProblem(row: row, column: nil, problem: problem, kind: kind)], total: 1)
    }
}

/// Whether the digits of a secret key stand somewhere in a cell, however they
/// are grouped.
private func mayBeKey(_ cell: String) -> Bool {
    var run = 0
    return cell.unicodeScalars.contains { scalar in
        guard !" -_:.".unicodeScalars.contains(scalar) else { return false }
        run = scalar.properties.isASCIIHexDigit ? run + 1 : 0
        return run >= 32
    }
}

extension DelimitedRows {
    /// Finds the header, and gives each row below it.
    ///
    /// - Returns: the columns.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``
    ///   where there is no header; what `row` throws.
    func forEachRow<Field: ColumnField>(
        below names: HeaderNames<Field>, _ row: (_ number: Int, _ cells: Cells, ColumnMap<Field>) throws -> Void
    ) throws -> ColumnMap<Field> {
        var search = HeaderSearch(names, row: nil, of: name)
        var columns: ColumnMap<Field>?
        _ = try forEachRow(likeness: names.likeness) { number, cells in
            guard let columns else {
                columns = try search.header(number, cells)
                return
            }
            try row(number, cells, columns)
        }
        guard let columns else { throw try search.refusal() }
        return columns
    }
}
