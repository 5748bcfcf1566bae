/// The problems of a file: the first ones, and how many there are in all.
public struct ProblemList: Sendable {
    /// Problems kept one by one; the rest are counted.
    public static let most = 10_000

    /// The first ones, in the order of the rows.
    public private(set) var first: [RowProblem] = []
    /// How many there are.
    public private(set) var total = 0
    /// How many rows have any.
    public private(set) var rejected = 0
    private var lastRow = 0

    /// No problem so far.
    public init() {}

    /// Adds the problems of a row.
    public mutating func add(_ problems: [RowProblem]) {
        total += problems.count
        for problem in problems where problem.row != lastRow {
            rejected += 1
            lastRow = problem.row
        }
        first.append(contentsOf: problems.prefix(max(0, Self.most - first.count)))
    }

    /// Refuses the file, if anything is wrong with it.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` when there are any.
    public func refuse(_ file: String, rows: Int) throws(FleetError) {
        if total > 0 { throw .badInput(file: file, problems: first, total: total, rows: rows, rejected: rejected) }
    }
}
