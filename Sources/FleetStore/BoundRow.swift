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

    /// Runs a statement that reads, for its first row only, and lets go of the
    /// values.
    ///
    /// - Returns: what is read of that row; nil where there is none.
    func first<T>(_ db: Database, _ read: (ColumnValues) throws -> T) throws -> T? {
        defer {
            sqlite3_reset(statement.sqliteStatement)
            sqlite3_clear_bindings(statement.sqliteStatement)
        }
        return try statement.next(db).map(read)
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

/// The columns of the row that a statement is at, by their places: GRDB's own
/// rows look up the names of all columns first.
struct ColumnValues {
    fileprivate let statement: OpaquePointer

    func number(_ place: Int32) -> Int { Int(sqlite3_column_int64(statement, place)) }

    func rowID(_ place: Int32) -> Int64 { sqlite3_column_int64(statement, place) }

    func isNull(_ place: Int32) -> Bool { sqlite3_column_type(statement, place) == SQLITE_NULL }

    /// A text; empty for null.
    func text(_ place: Int32) -> String {
        sqlite3_column_text(statement, place).map { String(cString: $0) } ?? ""
    }

    func textOrNil(_ place: Int32) -> String? {
        sqlite3_column_text(statement, place).map { String(cString: $0) }
    }

    func bytes(_ place: Int32) -> [UInt8] { Array(lentBytes(place)) }

    /// Bytes that are there until the next row, those of a text behind a NUL
    /// too; none for null.
    func lentBytes(_ place: Int32) -> UnsafeRawBufferPointer {
        guard let bytes = sqlite3_column_blob(statement, place) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, place)))
    }
}

extension Statement {
    /// Goes to the next row.
    ///
    /// - Returns: nil after the last one.
    /// - Throws: a `DatabaseError`.
    func next(_ db: Database) throws -> ColumnValues? {
        switch sqlite3_step(sqliteStatement) {
        case SQLITE_ROW: return ColumnValues(statement: sqliteStatement)
        case SQLITE_DONE: return nil
        default:
            throw DatabaseError(
                resultCode: ResultCode(rawValue: sqlite3_extended_errcode(db.sqliteConnection)),
                message: sqlite3_errmsg(db.sqliteConnection).map { String(cString: $0) }
            )
        }
    }

    /// Runs a statement that reads, row by row.
    func forEach(_ db: Database, _ read: (ColumnValues) throws -> Void) throws {
        defer { sqlite3_reset(sqliteStatement) }
        while let row = try next(db) { try read(row) }
    }
}
