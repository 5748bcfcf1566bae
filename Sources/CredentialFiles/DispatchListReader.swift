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
    ///   - header: takes the headers as they are written, before the first row.
    ///   - take: takes each unit, and each row that is none with what is wrong
    ///     with it, in the order of the rows. Throws to stop.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` where the
    ///   file is no list, or has no unit;
    ///   ``FleetError/foreignFile(name:_:)``, ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``; what `take` throws.
    public static func read(
        _ input: ListInput, _ options: ListReadingOptions = ListReadingOptions(),
        progress: @escaping (Int) -> Void = { _ in }, header: ([String]) throws -> Void = { _ in },
        take: (ListedRow) throws -> Void
    ) throws -> ListReading {
        let source = DelimitedRows(input: input, options: options, progress: progress)
        let names = HeaderNames(named: options.headers, ignored: options.ignoredHeaders)
        var search = HeaderSearch(names, row: options.headerRow, of: source.name)
        var list: DispatchList?

        var (sha256, format) = try source.forEachRow(likeness: names.likeness) { number, cells in
            if let last = options.lastRow, number > last { return }
            guard list != nil else {
                guard let columns = try search.header(number, cells) else { return }
                list = DispatchList(columns, keepsCells: options.keepsCells)
                return try header(columns.headers)
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
        judge = DispatchRowJudge(DispatchColumns(columns))
        weaknesses = WeakCredentials(keyColumn: columns.header(.key), codeColumn: columns.header(.startingCode))
    }

    mutating func take(_ number: Int, _ cells: Cells, _ take: (ListedRow) throws -> Void) throws {
        let written = keepsCells ? cells.texts : nil
        if isEnd(cells) {
            endRow = endRow ?? number
            if let problem = miscount(cells) {
                try take(ListedRow(.problems([RowProblem(row: number, column: nil, problem: problem)]), cells: written))
            }
            return
        }
        rows += 1
        if let endRow {
            let problem = "it stands below row \(endRow), which says that the list is at its end"
            return try take(
                ListedRow(.problems([RowProblem(row: number, column: nil, problem: problem)]), cells: written)
            )
        }
        guard let unit = judge.unit(number, cells) else {
            return try take(ListedRow(.problems(judge.problems), cells: written))
        }
        weaknesses.add(unit)
        try take(ListedRow(.unit(unit), cells: written))
    }

    /// Whether a row says that the list is at its end, and describes no unit.
    private func isEnd(_ cells: Cells) -> Bool {
        // A number of units may stand where the keys do.
        func isNoKey(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
            cell.count <= 9 && cell.allSatisfy { (48...57).contains($0) }
        }
        guard let key = columns.index(.key), key >= cells.count || isNoKey(cells.trimmed(key)),
            let first = (0..<cells.count).first(where: { !cells.trimmed($0).isEmpty })
        else { return false }
        return EndWords.contain(String(decoding: cells.trimmed(first), as: UTF8.self))
    }

    /// What is wrong with the number of units that the last row gives, if it
    /// gives one. A sum below a column of numbers is none.
    private func miscount(_ cells: Cells) -> String? {
        let sums = [ListField.count, .timeDivider, .restrictedDigits].compactMap(columns.index)
        let numbers = (0..<cells.count).filter { !sums.contains($0) }.flatMap { index in
            cells.trimmed(index).split { !(48...57).contains($0) }.map { String(decoding: $0, as: UTF8.self) }
        }
        guard numbers.count == 1, let said = numbers.first.flatMap({ Int($0) }), said != rows else { return nil }
        return
            "it says \(said), and there \(rows == 1 ? "is 1 row" : "are \(rows) rows") above: the list may not be whole"
    }
}
