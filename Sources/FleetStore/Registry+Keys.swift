import Fleet
import Foundation
import GRDB
import KeyVault
import SecretMemory

/// The master key itself.
extension Registry {
    /// A key file that was opened.
    struct OpenedKey {
        let path: String
        let stored: StoredKey
        let master: MasterKey
        /// What it opened with; nil where it has none.
        let passphrase: SecretBytes?
    }

    /// Opens the key file that the registry is sealed with, and completes a
    /// change of the key that was cut off after the registry knew of it.
    ///
    /// - Throws: ``FleetError/keyFileMissing(path:)`` and its kin;
    ///   ``FleetError/keyFileOfAnotherRegistry(path:)``.
    func openKey() throws(FleetError) -> OpenedKey {
        guard let key = try keyID() else { throw .notARegistry(path: path) }
        let (path, stored) = try keyPlace.find(key)
        let passphrase = stored.cost == nil ? nil : try askPassphrase(path)
        let master: MasterKey
        do { master = try stored.master(passphrase: passphrase) } catch { throw FleetError(error, keyFile: path) }
        if path == keyPlace.waiting(key) { try completeKeyChange() } else { keyPlace.forgetWaiting(key) }
        return OpenedKey(path: path, stored: stored, master: master, passphrase: passphrase)
    }

    /// Completes a change of the key that was cut off after the registry knew of
    /// it. Needs no passphrase; where there is none to complete, nothing moves.
    func completeKeyChange() throws(FleetError) {
        let (key, former) = try read { db in (try Self.keyID(db), try Self.formerKeyID(db)) }
        if let key, let former { keyPlace.complete(from: former, to: key) }
    }

    /// Opens the key file, if only to know that it can be opened.
    ///
    /// - Throws: ``FleetError/keyFileMissing(path:)`` and its kin;
    ///   ``FleetError/keyFileOfAnotherRegistry(path:)``.
    public func unlock() throws(FleetError) {
        _ = try openVault()
    }

    /// Which key the registry is sealed with; nil where it says none.
    public func keyID() throws(FleetError) -> KeyID? {
        try read { db in try Self.keyID(db) }
    }

    /// The key before.
    private static func formerKeyID(_ db: Database) throws -> KeyID? {
        try Data.fetchOne(db, sql: "SELECT key_id FROM former_key ORDER BY id DESC LIMIT 1").map { KeyID(Array($0)) }
    }

    /// Gives out the master key for a recovery sheet, on record.
    ///
    /// - Parameters:
    ///   - file: the name of the file it goes to, without its folder.
    ///   - prepare: gets what stands on the sheet; where it throws, nothing is
    ///     recorded.
    /// - Throws: the key file's errors; what `prepare` throws.
    public func exportRecovery(
        file: String, at now: Timestamp, actor: ActorName, prepare: (RecoveryFacts) throws -> Void
    ) throws(FleetError) {
        let opened = try openKey()
        useVault(opened.master.vault)
        try write { db in
            let key = KeyID(opened.master.keyID)
            try prepare(
                RecoveryFacts(
                    title: RecoveryText.title, lines: RecoveryText.lines(of: opened.master), key: key,
                    registryID: try String.fetchOne(db, sql: "SELECT registry_id FROM registry") ?? "",
                    isProtected: opened.stored.cost != nil
                )
            )
            try AuditTrail(db, at: now, actor: actor, vault: opened.master.vault).append(
                .recoveryExported, RecoveryExportedDetail(keyID: key.hex, file: file)
            )
        }
    }
}

// MARK: - Key files

extension Registry {
    /// Writes a key file.
    ///
    /// - Throws: ``FleetError/keyFileExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    static func write(_ master: MasterKey, to path: String, _ protection: KeyProtection) throws(FleetError) {
        do throws(KeyFileError) {
            switch protection {
            case .none: try KeyFile.write(master, to: path, passphrase: nil)
            case .passphrase(let passphrase, let cost):
                try KeyFile.write(master, to: path, passphrase: passphrase, cost: cost.flatMap(ScryptCost.init))
            }
        } catch {
            throw FleetError(error, keyFile: path)
        }
    }

    /// Makes the key file of a recovery sheet.
    ///
    /// - Parameters:
    ///   - lines: what was typed of each line of the sheet, in order, read by
    ///     ``readRecovery(line:_:)``.
    ///   - registryKey: the key that it must be; nil where no registry says so.
    /// - Returns: which key it is.
    /// - Throws: ``FleetError/badRecovery(problem:)``,
    ///   ``FleetError/recoveryOfAnotherKey(_:registry:)``,
    ///   ``FleetError/keyFileExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public static func restoreKey(
        _ lines: [SecretBytes], to path: String, _ protection: KeyProtection, registryKey: KeyID?
    ) throws(FleetError) -> KeyID {
        guard let master = RecoveryText.master(lines) else {
            throw .badRecovery(problem: "each of its lines is right, and they are not of one sheet")
        }
        let key = KeyID(master.keyID)
        if let registryKey, registryKey != key { throw .recoveryOfAnotherKey(key, registry: registryKey) }
        try write(master, to: path, protection)
        return key
    }

    /// How many lines a recovery sheet has to type.
    public static var recoveryLines: Int { RecoveryText.lines }

    /// Reads one line of a recovery sheet.
    ///
    /// - Parameter number: 1 for the first.
    /// - Throws: ``FleetError/badRecovery(problem:)`` that names the line, and
    ///   where in it.
    public static func readRecovery(line number: Int, _ typed: SecretBytes) throws(FleetError) -> SecretBytes {
        do {
            return try RecoveryLine.read(number, typed)
        } catch {
            let problem =
                switch error {
                case .character(let character): "“\(character)” is in none"
                case .length(let length): "it has \(length) characters, and a line has \(RecoveryLine.characters)"
                case .slip(let block?): "there is a slip in block \(block)"
                case .slip(nil): "there is more than one slip in it"
                case .otherLine(let other): "it is line \(other) of a sheet"
                }
            throw .badRecovery(problem: "line \(number): \(problem)")
        }
    }

    /// What stands above the lines in a recovery sheet's text.
    public static var recoveryTitle: String { RecoveryText.title }
}

extension KeyCost {
    init(_ cost: ScryptCost) {
        self.init(
            log2Rounds: Int(cost.log2Rounds), blockSize: Int(cost.blockSize), parallelism: Int(cost.parallelism))
    }
}

extension ScryptCost {
    /// Nil where it is out of bounds: then it is measured.
    fileprivate init?(_ cost: KeyCost) {
        self.init(
            log2Rounds: UInt8(clamping: cost.log2Rounds), blockSize: UInt8(clamping: cost.blockSize),
            parallelism: UInt8(clamping: cost.parallelism)
        )
    }
}
