import Fleet
import Foundation
import GRDB
import KeyVault
import PrivateFiles

extension Registry {
    /// Copies the registry, as it is at one moment, into one file that is
    /// readable by its owner only, and proves the copy before it gets its name.
    /// Others go on writing meanwhile. What they write from then on stays in the
    /// log, which grows until the copying is over.
    ///
    /// The copy is on record afterwards, and does not have that event itself.
    ///
    /// - Parameter progress: is given how many bytes of how many are copied.
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``,
    ///   ``FleetError/copyBroken(path:problems:total:)`` where the registry is
    ///   damaged, and no file is left then.
    public func backup(
        to target: String, at now: Timestamp, actor: ActorName, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) -> BackupRecord {
        var (vault, keyMissing): (Vault?, FleetError?) = (nil, nil)
        do { vault = try openVault() } catch { keyMissing = error }
        var status = stat()
        guard lstat(target, &status) != 0 else { throw .outputExists(path: target) }

        let copy = try HiddenDatabase(beside: target)
        // What goes wrong with the copy is not the registry's fault.
        var failure: FleetError?
        let expected = try read { db in
            // The first look is the moment that the copy is of.
            let facts = try RegistryFacts(db)
            do throws(FleetError) {
                try Self.translated(target) { try Self.copyPages(of: db, into: copy.path, progress: progress) }
            } catch {
                failure = error
            }
            return facts
        }
        if let failure { throw failure }
        let proof = try Self.translated(target) {
            let database = try DatabaseQueue(path: copy.path, configuration: Self.configuration())
            defer { try? database.close() }
            return try database.read { db in
                try CopyProof(db, called: target, vault: vault, expected: expected)
            }
        }
        let sha256 = try HiddenDatabase.sha256(of: copy.path)
        try copy.place(at: target)

        stat(target, &status)
        var record = BackupRecord(
            path: target, size: Int(status.st_size), sha256: sha256, facts: proof.facts, keyMissing: keyMissing,
            problems: proof.report.problems, problemCount: proof.report.problemCount
        )
        var own = stat()
        record.isOnSameDisk = stat(path, &own) == 0 && own.st_dev == status.st_dev
        do throws(FleetError) {
            try write { db in
                _ = try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                    .backupMade,
                    BackupMadeDetail(
                        file: target.split(separator: "/").last.map(String.init) ?? target, sha256: sha256,
                        events: proof.facts.events, head: proof.facts.head
                    )
                )
            }
        } catch {
            // The copy is good all the same.
            record.notRecorded = error
        }
        return record
    }

    /// Copies every page of a database into a file that is there and empty, and
    /// leaves nothing beside it.
    static func copyPages(of db: Database, into path: String, progress: (Int, Int) -> Void) throws {
        let database = try DatabaseQueue(path: path, configuration: configuration())
        try database.writeWithoutTransaction { copy in
            try PageCopy.run(from: db, to: copy, progress: progress)
            // One file by itself, also for whoever reads it where nothing can be written.
            guard try String.fetchOne(copy, sql: "PRAGMA journal_mode = DELETE") == "delete" else {
                throw DatabaseError(resultCode: .SQLITE_IOERR, message: "the copy cannot be made one file")
            }
        }
        try database.close()
    }
}

/// The backups of a registry that have the names they are given without one.
public struct BackupFolder: Sendable {
    private let path: String
    private let registry: String
    private let registryID: String

    /// - Parameters:
    ///   - path: the folder.
    ///   - registry: the registry's path.
    ///   - registryID: which one it is.
    public init(_ path: String, of registry: String, registryID: String) {
        self.path = path
        self.registry = registry
        self.registryID = registryID
    }

    /// Deletes the oldest backups of this registry. Nothing else is touched:
    /// neither files of other names, nor what does not hold this registry, nor
    /// links, nor a backup that somebody has open.
    ///
    /// - Parameters:
    ///   - kept: how many stay.
    ///   - newest: the path of the one that was made just now, which stays.
    /// - Returns: what was deleted, by paths, the oldest first.
    public func rotate(keeping kept: Int, newest: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let backups = names.compactMap { BackupName($0, of: registry) }.sorted { $0.text < $1.text }
            .map { path + "/" + $0.text }.filter { $0 == newest || isOurs($0) }
        return backups.dropLast(max(1, kept)).filter { file in
            file != newest && (try? FileManager.default.removeItem(atPath: file)) != nil
        }
    }

    private func isOurs(_ file: String) -> Bool {
        var status = stat()
        guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        let isOpen = Registry.files(of: file).dropFirst().contains { lstat($0, &status) == 0 }
        guard !isOpen, (try? Registry.checkIsDatabase(file)) != nil else { return false }
        var configuration = Configuration()
        configuration.readonly = true
        let own = try? DatabaseQueue(path: file, configuration: configuration).read { db -> String? in
            guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else { return nil }
            return try String.fetchOne(db, sql: "SELECT registry_id FROM registry")
        }
        return own == registryID
    }
}
