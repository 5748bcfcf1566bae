import GRDB

/// The file itself, beside what is read from it.
extension AuditVerification {
    /// How many faults of the file are named.
    private static let named = 100

    /// SQLite's own look at every page, row and index. An index that lost an
    /// entry would let a payment have a second token, and no row shows it.
    ///
    /// - Returns: what it found, and whether the rows are such that they can be
    ///   read all the same.
    func fileFaults() throws -> (faults: [String], areRowsReadable: Bool) {
        let faults = try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Self.named))").filter { $0 != "ok" }
        return (faults.map { "the file is damaged: \($0)" }, faults.allSatisfy(Self.leavesRows))
    }

    /// Whether every value is still of the kind that its column has: of an index
    /// that lacks a row, or a rule that a value breaks, it is.
    private static func leavesRows(_ fault: String) -> Bool {
        !fault.contains("\n") && (fault.contains(" index ") || fault.hasPrefix("CHECK constraint failed"))
    }
}
