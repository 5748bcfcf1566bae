import GRDB

/// The file itself, beside what is read from it.
extension AuditVerification {
    /// How many faults of the file are named.
    private static let named = 100

    /// SQLite's own look at every page, row and index. An index that lost an
    /// entry would let a payment have a second token, and no row shows it.
    mutating func checkFile() throws {
        for fault in try String.fetchAll(db, sql: "PRAGMA integrity_check(\(Self.named))") where fault != "ok" {
            found("the file is damaged: \(fault)")
        }
    }
}
