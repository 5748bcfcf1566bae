import GRDB
import GRDBSQLite

/// The values of one run of a statement, bound in their order.
struct BoundRow {
    private let statement: Statement
    private var place: Int32 = 0

    init(_ statement: Statement) {
        self.statement = statement
        sqlite3_reset(statement.sqliteStatement)
    }

    /// Tells SQLite to copy the bytes before the call returns.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    mutating func bind(_ text: String?) {
        place += 1
        guard var text else {
            sqlite3_bind_null(statement.sqliteStatement, place)
            return
        }
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                _ = sqlite3_bind_text(
                    statement.sqliteStatement, place, bytes.baseAddress, Int32(bytes.count), Self.copied
                )
            }
        }
    }

    mutating func bind(_ bytes: [UInt8]) {
        place += 1
        _ = bytes.withUnsafeBytes { bytes in
            sqlite3_bind_blob(statement.sqliteStatement, place, bytes.baseAddress, Int32(bytes.count), Self.copied)
        }
    }

    mutating func bind(_ number: Int64) {
        place += 1
        sqlite3_bind_int64(statement.sqliteStatement, place, number)
    }

    /// Runs the statement.
    ///
    /// - Throws: a `DatabaseError` where SQLite refuses a value or the row.
    func run(_ db: Database) throws {
        let code = sqlite3_step(statement.sqliteStatement)
        defer { sqlite3_reset(statement.sqliteStatement) }
        guard code == SQLITE_DONE else {
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
                message: sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) }
            )
        }
    }
}
