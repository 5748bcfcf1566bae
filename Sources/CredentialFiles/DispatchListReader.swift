import Fleet
import OpenPAYGO

/// What reading a dispatch list told besides its units.
public struct ListReading: Sendable {
    /// The file, and the digest of its bytes.
    public let source: ListSource
    /// How it was written.
    public let format: ListFormat
    /// Rows with a unit, or with problems.
    public let rows: Int
    /// Headers that mean nothing here.
    public let ignoredColumns: [String]
    /// Rows whose starting code had fewer than nine digits.
    public let paddedStartingCodes: Int
    /// Whether there is no starting code column, and they were derived from the keys.
    public let derivedStartingCodes: Bool
    /// Credentials that are taken and should not be as they are.
    public let warnings: ProblemList
}

/// Reads dispatch lists: the standard's device list, the Cloud Solar list, and
/// any other with a PAYG ID and a secret key, its columns in any order.
public enum DispatchListReader {
    /// Reads a list, row by row.
    ///
    /// - Parameters:
    ///   - input: where its bytes come from.
    ///   - options: what is known of it beforehand.
    ///   - progress: takes how many bytes were read so far, now and then.
    ///   - header: takes the headers as they are written, and what separates them,
    ///     before the first row.
    ///   - take: takes each unit, and each row that is none with what is wrong
    ///     with it, in the order of the rows. Throws to stop.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` where the
    ///   file is no list, or has no unit;
    ///   ``FleetError/foreignFile(name:_:)``, ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``; what `take` throws.
    public static func read(
        _ input: ListInput, _ options: ListReadingOptions = ListReadingOptions(),
        progress: @escaping (Int) -> Void = { _ in },
        header: ([String], ListFormat.Delimiter) throws -> Void = { _, _ in },
        take: (ListedRow) throws -> Void
    ) throws -> ListReading {
        let separator = Separator()
        let source = DelimitedRows(
            input: input, options: options, progress: progress, separator: { separator.delimiter = $0 }
        )
        let names = HeaderNames(named: options.headers, ignored: options.ignoredHeaders)
        try names.checkEachOnce()
        var search = HeaderSearch(names, row: options.headerRow, of: source.name)
        var list: DispatchList?

        var (sha256, format) = try source.forEachRow(likeness: names.likeness) { number, cells in
            if let last = options.lastRow, number > last { return }
            guard list != nil else {
                guard let columns = try search.header(number, cells) else { return }
                list = DispatchList(columns, keepsCells: options.keepsCells)
                return try header(columns.headers, separator.delimiter)
            }
            try list?.take(number, cells, take)
        }

        guard let list else { throw try search.refusal() }
        guard list.rows > 0 else { throw HeaderSearch<ListField>.nothing(source.name, "there is no unit in the file") }
        format.headerRow = search.row
        format.endRow = list.endRow
        return ListReading(
            source: ListSource(file: source.name, sha256: sha256), format: format, rows: list.rows,
            ignoredColumns: list.columns.ignored, paddedStartingCodes: list.judge.paddedStartingCodes,
            derivedStartingCodes: list.judge.derivesStartingCodes, warnings: list.weaknesses.warnings
        )
    }
}

/// What separates the cells of a list, told by its source.
private final class Separator {
    var delimiter = ListFormat.Delimiter.comma
}

/// The rows of a dispatch list below its header.
private struct DispatchList {
    let columns: ColumnMap<ListField>
    let keepsCells: Bool
    private(set) var judge: DispatchRowJudge
    private(set) var weaknesses: WeakCredentials
    private(set) var rows = 0
    private(set) var endRow: Int?

    init(_ columns: ColumnMap<ListField>, keepsCells: Bool) {
        self.columns = columns
        self.keepsCells = keepsCells
        judge = DispatchRowJudge(
            DispatchColumns(columns), areAllFilled: keepsCells || RejectsFile.isOne(columns.headers)
        )
        weaknesses = WeakCredentials(keyColumn: columns.header(.key), codeColumn: columns.header(.startingCode))
    }

    mutating func take(_ number: Int, _ cells: Cells, _ take: (ListedRow) throws -> Void) throws {
        let written = keepsCells ? cells.texts : nil
        if isEnd(cells) {
            endRow = endRow ?? number
            if let problem = miscount(cells) {
                let problem = RowProblem(row: number, column: nil, problem: problem, kind: .end)
                try take(ListedRow(.problems([problem]), cells: written))
            }
            return
        }
        rows += 1
        if let problem = strange(cells) {
            let problem = RowProblem(row: number, column: nil, problem: problem, kind: .end)
            return try take(ListedRow(.problems([problem]), cells: written))
        }
        guard let unit = judge.unit(number, cells) else {
            return try take(ListedRow(.problems(judge.problems), cells: written))
        }
        weaknesses.add(unit)
        try take(ListedRow(.unit(unit), cells: written))
    }

    /// What is wrong with a row that stands where none should; nil for one that
    /// may be a unit.
    private func strange(_ cells: Cells) -> String? {
        if let endRow { return "it stands below row \(endRow), which says that the list is at its end" }
        guard columns.headers.count > 1, let key = columns.index(.key), key < cells.count, cells.trimmed(key).isEmpty,
            (0..<cells.count).filter({ !cells.trimmed($0).isEmpty }).count == 1,
            // More than a name: a signature, a page number, a remark.
            (0..<cells.count).contains(where: { cells.trimmed($0).contains(UInt8(ascii: " ")) })
        else { return nil }
        return "it has one cell and no key: it is no unit"
    }

    /// Whether a row says that the list is at its end, and describes no unit:
    /// words, and numbers, of which at the most one is no sum of a column.
    private func isEnd(_ cells: Cells) -> Bool {
        guard let key = columns.index(.key), key >= cells.count || Self.isNumber(cells.trimmed(key)),
            let first = (0..<cells.count).first(where: { !cells.trimmed($0).isEmpty }),
            EndWords.contain(String(decoding: cells.trimmed(first), as: UTF8.self))
        else { return false }
        let others = (first + 1..<cells.count).filter { !cells.trimmed($0).isEmpty }
        return others.allSatisfy { Self.isNumber(cells.trimmed($0)) } && numbers(cells).count <= 1
    }

    /// Whether a cell holds nothing, or a whole number.
    private static func isNumber(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
        cell.isEmpty || cell.count <= 16 && numbers(cell).count == 1 && !cell.contains { $0 | 0x20 >= 97 && $0 < 0x80 }
    }

    /// The numbers in a row that are no sum of a column.
    private func numbers(_ cells: Cells) -> [Int] {
        let sums = [ListField.count, .timeDivider, .restrictedDigits].compactMap(columns.index)
        return (0..<cells.count).filter { !sums.contains($0) }.flatMap { Self.numbers(cells.trimmed($0)) }
    }

    /// What is wrong with the number of units that the last row gives, if it
    /// gives one. A sum below a column of numbers is none.
    private func miscount(_ cells: Cells) -> String? {
        guard let said = numbers(cells).first, said != rows else { return nil }
        return
            "it says \(said), and there \(rows == 1 ? "is 1 row" : "are \(rows) rows") above: the list may not be whole"
    }

    /// The whole numbers in a cell, `1 234` being one.
    private static func numbers(_ cell: UnsafeBufferPointer<UInt8>) -> [Int] {
        let text = String(decoding: cell, as: UTF8.self)
        var numbers: [Int] = []
        var last: Substring.Index?
        for run in text.split(whereSeparator: { !($0.isASCII && $0.isNumber) }) {
            guard let number = Int(run), number < 10_000_000_000 else { continue }
            let gap = last.map { text[$0..<run.startIndex] }
            if let gap, gap.count == 1, ".,' \u{A0}\u{202F}".contains(gap), run.utf8.count == 3,
                let before = numbers.last,
                before < 1_000_000
            {
                numbers[numbers.count - 1] = before * 1_000 + number
            } else {
                numbers.append(number)
            }
            last = run.endIndex
        }
        return numbers
    }
}
