import CSQLiteExtras
import GRDB

extension Database {
    /// Commits, and has all of the change that is in memory go to the log in one
    /// piece.
    func commitAtOnce() throws {
        let statement = try cachedStatement(sql: "COMMIT")
        log_commits(sqliteConnection, 1)
        defer { log_commits(sqliteConnection, 0) }
        try BoundRow(statement).execute(self)
    }
}
