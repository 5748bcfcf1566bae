import GRDB

extension Database {
    /// Runs a body without a trigger that asks about each of many rows what the
    /// body knows already. Nobody else sees the schema without it: it is back
    /// before the transaction ends, however that ends.
    func without<Result>(trigger name: String, _ body: () throws -> Result) throws -> Result {
        let trigger = try String.fetchOne(
            self, sql: "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?", arguments: [name]
        )
        guard let trigger else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a trigger is missing") }
        try execute(sql: "DROP TRIGGER \(name)")
        let result = try body()
        try execute(sql: trigger)
        return result
    }
}
