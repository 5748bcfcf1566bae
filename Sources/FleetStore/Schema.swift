import Fleet
import GRDB
import PrivateFiles

/// The schema, as the numbered SQL files in `Migrations` make it.
enum Schema {
    /// `PRAGMA application_id` of a registry: "payg".
    static let applicationID = 0x7061_7967

    /// The migrations in their order. There is no way to list embedded files,
    /// so a test compares this list with the folder.
    static let migrations: [(name: String, sql: [UInt8])] = [
        ("0001_registry", PackageResources._001_registry_sql),
        ("0002_former_credentials", PackageResources._002_former_credentials_sql),
        ("0003_customers", PackageResources._003_customers_sql),
        ("0004_issuing", PackageResources._004_issuing_sql),
        ("0005_handing_over", PackageResources._005_handing_over_sql),
        ("0006_test_tokens", PackageResources._006_test_tokens_sql),
        ("0007_handed_over", PackageResources._007_handed_over_sql),
        ("0008_key_rotation", PackageResources._008_key_rotation_sql),
        ("0009_awaited_units", PackageResources._009_awaited_units_sql),
        ("0010_token_pages", PackageResources._010_token_pages_sql),
    ]

    /// Brings a database to the newest schema that this program knows, in one
    /// transaction: whatever fails on the way, it has the schema that it had.
    ///
    /// - Parameter fromNothing: whether an empty database may become a registry.
    /// - Throws: ``FleetError/notARegistry(path:)`` for another application's
    ///   database; ``FleetError/registryNewer(path:)``;
    ///   ``FleetError/registryFailed(path:reason:)`` where a step does not go
    ///   with what is in it.
    static func bringUpToDate(_ database: DatabaseQueue, at path: String, fromNothing: Bool = false) throws {
        let isCurrent = try database.read { db in
            let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id")
            guard applicationID == Self.applicationID || fromNothing else { throw FleetError.notARegistry(path: path) }
            return try Self.applied(db, at: path).count == migrations.count
        }
        guard !isCurrent else { return }
        if let exposure = FileExposure(path) {
            throw FleetError.registryExposed(path: path, problem: exposure.problem)
        }
        try database.writeWithoutTransaction { db in
            // Tables are made anew by some steps, and what points to them is
            // looked at when all is done.
            try db.execute(sql: "PRAGMA foreign_keys = OFF")
            defer { try? db.execute(sql: "PRAGMA foreign_keys = ON") }
            try db.inTransaction(.immediate) {
                try migrate(db, at: path)
                // GRDB's own check would tell what is in the row.
                if let row = try Row.fetchOne(db, sql: "PRAGMA foreign_key_check") {
                    throw FleetError.registryFailed(
                        path: path,
                        reason: "a row of \(row[0] as String) points to a row of \(row[2] as String) that is not there"
                    )
                }
                return .commit
            }
        }
    }

    /// Applies the steps that are missing.
    private static func migrate(_ db: Database, at path: String) throws {
        try db.execute(sql: "CREATE TABLE IF NOT EXISTS grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY)")
        // Another program that was opened at the same time may have done it.
        let applied = try Self.applied(db, at: path)
        for migration in migrations where !applied.contains(migration.name) {
            do {
                try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
                if migration.name == "0003_customers" { try CustomerRows.foldNames(db) }
            } catch let error as DatabaseError {
                guard case .registryFailed(_, let reason) = FleetError(error, registry: path) else { throw error }
                throw FleetError.registryFailed(
                    path: path, reason: "step \(migration.name) of its schema cannot be taken (\(reason))"
                )
            }
            try db.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES (?)", arguments: [migration.name])
        }
    }

    /// The steps that a database has, by their names; none for one that has no
    /// list of them.
    private static func applied(_ db: Database, at path: String) throws -> Set<String> {
        // GRDB's own way to ask reads the whole schema.
        let list = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'grdb_migrations')"
        guard try Bool.fetchOne(db, sql: list) == true else { return [] }
        let applied = Set(try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations"))
        guard applied.isSubset(of: migrations.map(\.name)) else { throw FleetError.registryNewer(path: path) }
        return applied
    }
}
