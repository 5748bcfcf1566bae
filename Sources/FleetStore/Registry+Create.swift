import Fleet
import Foundation
import GRDB
import KeyVault
import PrivateFiles

/// Making a registry.
extension Registry {
    /// Makes a registry and its key file. Neither replaces anything, and when
    /// one cannot be made the other is not left behind.
    ///
    /// - Parameter protection: the key file's.
    /// - Throws: ``FleetError/registryExists(path:)``,
    ///   ``FleetError/keyFileExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public static func create(
        _ path: String, keyFile: String, protection: KeyProtection = .none, at now: Timestamp, actor: ActorName
    ) throws(FleetError) {
        guard !FileManager.default.fileExists(atPath: path) else { throw .registryExists(path: path) }
        // SQLite would play the log of a registry that is gone into the new one.
        for leftover in files(of: path).dropFirst() {
            guard !FileManager.default.fileExists(atPath: leftover) else { throw .leftover(path: leftover) }
        }
        guard !FileManager.default.fileExists(atPath: keyFile) else { throw .keyFileExists(path: keyFile) }
        let master = MasterKey()
        var isKeyThere = false
        do throws(FleetError) {
            try placing(at: path) { hidden throws(FleetError) in
                do throws(FleetError) {
                    try translated(path) { try fill(hidden, master.vault, at: now, actor: actor) }
                } catch .registryUncertain(_, let reason) {
                    // It has no name yet.
                    throw .outputFailed(path: path, reason: reason)
                }
                // As late as can be: killed between the two, `init` leaves a key
                // file that it would not replace.
                try write(master, to: keyFile, protection)
                isKeyThere = true
            }
        } catch {
            // It has sealed nothing that is there.
            if isKeyThere { try? FileManager.default.removeItem(atPath: keyFile) }
            throw error
        }
    }

    /// Lets a database be made under a hidden name, and gives it its own when
    /// it is complete.
    ///
    /// - Parameter make: makes it, in a file that is there and empty.
    /// - Throws: ``FleetError/registryExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``; what `make` throws.
    private static func placing(
        at path: String, _ make: (_ hidden: String) throws(FleetError) -> Void
    ) throws(FleetError) {
        func written<T>(_ write: () throws(PrivateFileError) -> T) throws(FleetError) -> T {
            do throws(PrivateFileError) { return try write() } catch {
                switch error {
                case .exists: throw .registryExists(path: path)
                case .failed(let reason), .notPlaced(_, let reason): throw .outputFailed(path: path, reason: reason)
                }
            }
        }
        try written { () throws(PrivateFileError) in try PrivateFile.makeFolder(of: path) }
        let hidden = try written { () throws(PrivateFileError) in try PrivateFile.reserve(beside: path) }
        defer {
            for leftover in files(of: hidden) { try? FileManager.default.removeItem(atPath: leftover) }
        }
        try make(hidden)
        try written { () throws(PrivateFileError) in try PrivateFile.place(hidden, at: path) }
    }

    private static func fill(_ path: String, _ vault: Vault, at now: Timestamp, actor: ActorName) throws {
        let database = try DatabaseQueue(path: path, configuration: configuration(patience: patience))
        _ = try database.writeWithoutTransaction { db in
            // A token writes to six pages: small ones, for it waits for the disk.
            try db.execute(sql: "PRAGMA page_size = 4096")
            // Kept in the file from here on, so that opening never writes.
            return try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        }
        try Schema.bringUpToDate(database, at: path, fromNothing: true)
        try database.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                let id = (0..<16).map { _ in UInt8.random(in: 0 ... .max) }.hex
                try db.execute(
                    sql: "INSERT INTO registry (id, registry_id, key_id, created_at) VALUES (1, ?, ?, ?)",
                    arguments: [id, Data(vault.keyID), now.text]
                )
                try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                    .registryCreated, RegistryCreatedDetail(registry: id, keyID: vault.keyID.hex)
                )
                return .commit
            }
            // Closing it would do this too, and keep to itself that it failed:
            // without its log the registry would be half of one.
            try db.checkpoint(.truncate)
        }
        try database.close()
    }
}
