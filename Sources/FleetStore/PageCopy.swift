import GRDB
import GRDBSQLite

/// Copies a database page by page, with SQLite's online backup.
///
/// Source: <https://www.sqlite.org/c3ref/backup_finish.html>.
enum PageCopy {
    /// How many pages are copied between two tellings: 8 MB.
    private static let pagesAtOnce: Int32 = 2048

    /// Makes one database what another one is, in one transaction of it.
    ///
    /// - Parameters:
    ///   - source: in a transaction. What others write meanwhile is not seen
    ///     then, and so never starts the copying again.
    ///   - destination: in none. It keeps its journal mode where that is WAL.
    ///   - locked: runs when nobody else can write to the destination any more,
    ///     and before anything of it is changed.
    ///   - progress: is given how many bytes of how many are copied.
    /// - Throws: a `DatabaseError`, or what `locked` throws; the destination is
    ///   as it was then.
    static func run(
        from source: Database, to destination: Database, locked: () throws -> Void = {},
        progress: (Int, Int) -> Void
    ) throws {
        let pageSize = try Int.fetchOne(source, sql: "PRAGMA page_size") ?? 4096
        guard let copy = sqlite3_backup_init(destination.sqliteConnection, "main", source.sqliteConnection, "main")
        else { throw failure(of: destination) }
        var isFinished = false
        // Unfinished, it rolls back.
        defer { if !isFinished { sqlite3_backup_finish(copy) } }
        // No page yet, only the destination's lock.
        var code = sqlite3_backup_step(copy, 0)
        guard code == SQLITE_OK || code == SQLITE_DONE else { throw failure(of: destination, code) }
        if code == SQLITE_OK { try locked() }
        while code == SQLITE_OK {
            code = sqlite3_backup_step(copy, pagesAtOnce)
            let all = Int(sqlite3_backup_pagecount(copy))
            progress((all - Int(sqlite3_backup_remaining(copy))) * pageSize, all * pageSize)
        }
        guard code == SQLITE_DONE else { throw failure(of: destination, code) }
        isFinished = true
        code = sqlite3_backup_finish(copy)
        guard code == SQLITE_OK else { throw failure(of: destination, code) }
        destination.clearSchemaCache()
    }

    private static func failure(of db: Database, _ code: Int32? = nil) -> DatabaseError {
        let code = code ?? sqlite3_extended_errcode(db.sqliteConnection)
        return DatabaseError(
            resultCode: ResultCode(rawValue: code), message: sqlite3_errstr(code).map { String(cString: $0) }
        )
    }
}
