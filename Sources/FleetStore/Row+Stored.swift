import GRDB

/// Columns of rows that a damaged file may hold: GRDB's own subscripts end the
/// program where a value is null, or of another kind than is asked for.
extension Row {
    /// A column that is never null.
    ///
    /// - Throws: a `DatabaseError` where it is, or is another kind of value.
    func stored<Value: DatabaseValueConvertible>(_ column: String) throws -> Value {
        try Self.read(self[column], column)
    }

    /// A column that may be null.
    ///
    /// - Throws: a `DatabaseError` where it is another kind of value.
    func storedOrNil<Value: DatabaseValueConvertible>(_ column: String) throws -> Value? {
        let value: DatabaseValue = self[column]
        return value.isNull ? nil : try Self.read(value, column)
    }

    /// A column that is never null, by its place.
    ///
    /// - Throws: a `DatabaseError` where it is, or is another kind of value.
    func stored<Value: DatabaseValueConvertible>(_ place: Int) throws -> Value {
        try Self.read(self[place], "column \(place)")
    }

    /// A column that may be null, by its place.
    ///
    /// - Throws: a `DatabaseError` where it is another kind of value.
    func storedOrNil<Value: DatabaseValueConvertible>(_ place: Int) throws -> Value? {
        let value: DatabaseValue = self[place]
        return value.isNull ? nil : try Self.read(value, "column \(place)")
    }

    private static func read<Value: DatabaseValueConvertible>(_ value: DatabaseValue, _ column: String) throws -> Value
    {
        guard let read = Value.fromDatabaseValue(value) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "what is stored as \(column) is none")
        }
        return read
    }
}
