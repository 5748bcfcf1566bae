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
    ]

    /// Brings a database to the newest schema that this program knows.
    ///
    /// - Parameter fromNothing: whether an empty database may become a registry.
    /// - Throws: ``FleetError/notARegistry(path:)`` for another application's
    ///   database; ``FleetError/registryNewer(path:)``.
    static func bringUpToDate(_ database: DatabaseQueue, at path: String, fromNothing: Bool = false) throws {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { db in
                try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
                if migration.name == "0003_customers" { try CustomerRows.foldNames(db) }
            }
        }
        let isCurrent = try database.read { db in
            let applicationID = try Int.fetchOne(db, sql: "PRAGMA application_id")
            guard applicationID == Self.applicationID || fromNothing else { throw FleetError.notARegistry(path: path) }
            guard try !migrator.hasBeenSuperseded(db) else { throw FleetError.registryNewer(path: path) }
            return try migrator.hasCompletedMigrations(db)
        }
        guard !isCurrent else { return }
        if let exposure = FileExposure(path) {
            throw FleetError.registryExposed(path: path, problem: exposure.problem)
        }
        do {
            try migrator.migrate(database)
        } catch {
            // Another program that was opened at the same time may have done it.
            guard try database.read(migrator.hasCompletedMigrations) else { throw error }
        }
    }
}
