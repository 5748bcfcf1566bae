import GRDB
import GRDBSQLite

/// The values of one run of a statement, bound in their order. GRDB's own
/// binding costs half the speed where there are many.
struct BoundRow {
    private let statement: Statement
    private var place: Int32 = 0

    init(_ statement: Statement) {
        self.statement = statement
    }

    /// Binds a text, or null for none. It is copied.
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

    /// Binds bytes, or null for none. They are copied.
    mutating func bind(_ bytes: [UInt8]?) {
        place += 1
        guard let bytes else {
            sqlite3_bind_null(statement.sqliteStatement, place)
            return
        }
        bytes.withUnsafeBytes { bytes in
            _ = sqlite3_bind_blob(
                statement.sqliteStatement, place, bytes.baseAddress, Int32(bytes.count), Self.copied
            )
        }
    }

    /// Binds a number, or null for none.
    mutating func bind(_ number: Int64?) {
        place += 1
        guard let number else {
            sqlite3_bind_null(statement.sqliteStatement, place)
            return
        }
        sqlite3_bind_int64(statement.sqliteStatement, place, number)
    }

    /// SQLite's own mark for values that it must copy.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// Binds a text in UTF-8 that must stay where it is until the statement
    /// ran, or null where there is none.
    mutating func bind(text: Slice<UnsafeBufferPointer<UInt8>>) {
        place += 1
        guard !text.isEmpty else {
            sqlite3_bind_null(statement.sqliteStatement, place)
            return
        }
        UnsafeBufferPointer(rebasing: text).withMemoryRebound(to: CChar.self) { text in
            _ = sqlite3_bind_text(statement.sqliteStatement, place, text.baseAddress, Int32(text.count), nil)
        }
    }

    /// Binds bytes that must stay where they are until the statement ran.
    mutating func bind(blob: Slice<UnsafeBufferPointer<UInt8>>) {
        place += 1
        let bytes = UnsafeBufferPointer(rebasing: blob)
        sqlite3_bind_blob(statement.sqliteStatement, place, bytes.baseAddress, Int32(bytes.count), nil)
    }

    /// Binds a number.
    mutating func bind(_ number: Int64) {
        place += 1
        sqlite3_bind_int64(statement.sqliteStatement, place, number)
    }

    /// Runs the statement, and lets go of the values.
    ///
    /// - Throws: a `DatabaseError` where SQLite refuses a value or the row.
    func execute(_ db: Database) throws {
        guard try run(db) else {
            throw DatabaseError(resultCode: .SQLITE_CONSTRAINT_UNIQUE, message: "it is there already")
        }
    }

    /// Runs the statement, and lets go of the values.
    ///
    /// - Returns: false where a unique value is there already.
    /// - Throws: a `DatabaseError` where SQLite refuses a value or the row.
    func run(_ db: Database) throws -> Bool {
        let code = sqlite3_step(statement.sqliteStatement)
        let reason = code == SQLITE_DONE ? code : sqlite3_extended_errcode(db.sqliteConnection)
        let message = code == SQLITE_DONE ? nil : sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) }
        sqlite3_reset(statement.sqliteStatement)
        sqlite3_clear_bindings(statement.sqliteStatement)
        switch reason {
        case SQLITE_DONE: return true
        case ResultCode.SQLITE_CONSTRAINT_UNIQUE.rawValue: return false
        default: throw DatabaseError(resultCode: ResultCode(rawValue: reason), message: message)
        }
    }
}
