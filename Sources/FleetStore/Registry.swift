import CSQLiteExtras
import Fleet
import Foundation
import GRDB
import KeyVault
import PrivateFiles
import SecretMemory
import Synchronization

/// The fleet's registry: one SQLite file, and the only way to what is in it.
///
/// Each method that changes something is one immediate transaction, with its
/// audit event inside: killed anywhere, it happened wholly or not at all. The
/// database connection never leaves this type.
public final class Registry: Sendable {
    /// Where the registry is.
    public let path: String
    let keyPlace: KeyPlace
    let askPassphrase: PassphraseAsker
    private let database: DatabaseQueue
    let logWriteBack: LogWriteBack
    private let vault = Mutex<Vault?>(nil)
    private let clockSetBack: @Sendable (Timestamp) -> Void
    /// Its files that others than their owner may read or write.
    public let exposures: [FileExposure]

    /// How long a change waits for other programs' changes before it gives up.
    public static let patience: Duration = .seconds(10)

    /// Gives the passphrase of the key file at a path, once it is to be opened
    /// and has one. It is the same one however often it is asked.
    public typealias PassphraseAsker = @Sendable (_ keyFile: String) throws(FleetError) -> SecretBytes

    private init(
        path: String, keyFilePath: String, askPassphrase: @escaping PassphraseAsker, database: DatabaseQueue,
        logWriteBack: LogWriteBack, clockSetBack: @escaping @Sendable (Timestamp) -> Void
    ) {
        exposures = Self.files(of: path).compactMap { file in FileExposure(file) }
        self.clockSetBack = clockSetBack
        self.path = path
        keyPlace = KeyPlace(path: keyFilePath)
        self.askPassphrase = askPassphrase
        self.database = database
        self.logWriteBack = logWriteBack
    }

    deinit {
        // Who closes the registry last writes its log back.
        logWriteBack.finish()
    }

    /// Opens a registry, and brings an older schema up to date. The key file
    /// is not touched until something has to be sealed or opened.
    ///
    /// - Parameters:
    ///   - passphrase: gives the key file's, where it has one.
    ///   - clockSetBack: told, after a change, where its audit event has a time
    ///     before that of the event before it, which is handed over. Either the
    ///     clock was set back, or another program was quicker; only who has the
    ///     clock can tell. The events' order is that of their sequence.
    /// - Throws: ``FleetError/registryMissing(path:)`` (and no empty file is
    ///   left behind), ``FleetError/notARegistry(path:)``,
    ///   ``FleetError/registryNewer(path:)``, ``FleetError/registryBusy(path:)``.
    public static func open(
        _ path: String, keyFile: String, patience: Duration = patience,
        passphrase: @escaping PassphraseAsker = { path throws(FleetError) in throw .passphraseMissing(path: path) },
        clockSetBack: @escaping @Sendable (_ last: Timestamp) -> Void = { _ in }
    ) throws(FleetError) -> Registry {
        try checkIsDatabase(path)
        return try translated(path) {
            let database = try DatabaseQueue(path: path, configuration: configuration(patience: patience))
            try Schema.bringUpToDate(database, at: path)
            guard try database.read(keyID) != nil else { throw FleetError.notARegistry(path: path) }
            let logWriteBack = LogWriteBack(path)
            database.inDatabase(logWriteBack.follow)
            return Registry(
                path: path, keyFilePath: keyFile, askPassphrase: passphrase, database: database,
                logWriteBack: logWriteBack, clockSetBack: clockSetBack
            )
        }
    }

    /// What opens and seals credentials, opened once.
    ///
    /// - Throws: ``FleetError/keyFileMissing(path:)`` and its kin;
    ///   ``FleetError/keyFileOfAnotherRegistry(path:)``.
    func openVault() throws(FleetError) -> Vault {
        if let vault = vault.withLock({ $0 }) { return vault }
        let opened = try openKey().master.vault
        useVault(opened)
        return opened
    }

    /// Has another key, or none, for what comes after.
    func useVault(_ opened: Vault?) {
        vault.withLock { $0 = opened }
    }

    /// The id of the key that the registry is sealed with; nil where it says none.
    static func keyID(_ db: Database) throws -> KeyID? {
        let row = BoundRow(try db.cachedStatement(sql: "SELECT key_id FROM registry"))
        return try row.first(db) { row in KeyID(row.bytes(0)) }
    }

    /// Another program may have changed the key since it was opened here: what
    /// was sealed with the former one would be lost, and what is sealed with the
    /// new one looks broken.
    private func checkKey(_ stored: KeyID?) throws {
        guard let opened = vault.withLock({ $0 }), stored?.bytes != opened.keyID else { return }
        useVault(nil)
        throw FleetError.keyChanged(path: path)
    }

    /// Writes what is in the log to the file itself, and empties it, unless
    /// somebody is reading.
    func emptyLog() {
        logWriteBack.finish()
        _ = try? database.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    }

    /// One change of the registry: everything in it happens, or nothing.
    ///
    /// - Throws: ``FleetError/registryExposed(path:problem:)`` besides what the
    ///   change throws.
    func write<T>(dryRun: Bool = false, _ change: (Database) throws -> T) throws(FleetError) -> T {
        try write(dryRun: dryRun, at: nil) { db, _ in try change(db) }
    }

    /// The same, for a change that goes on from the last event.
    ///
    /// - Parameter now: when its events are recorded, where it says so.
    func write<T>(
        dryRun: Bool = false, at now: Timestamp?, _ change: (Database, LastEvent) throws -> T
    ) throws(FleetError) -> T {
        if let exposure = exposures.first {
            throw .registryExposed(path: exposure.path, problem: exposure.problem)
        }
        return try Self.translated(path) {
            try database.writeWithoutTransaction { db in
                // Kept prepared: GRDB's own would be prepared anew each time.
                try BoundRow(db.cachedStatement(sql: "BEGIN IMMEDIATE")).execute(db)
                do {
                    let (keyID, last) = try Self.beginning(db)
                    try checkKey(keyID)
                    let result = try change(db, last)
                    guard !dryRun else {
                        try BoundRow(db.cachedStatement(sql: "ROLLBACK")).execute(db)
                        return result
                    }
                    let isClockSetBack = try Self.isClockSetBack(since: last, now, db)
                    try db.commitAtOnce()
                    if isClockSetBack, let moment = last.at { clockSetBack(moment) }
                    return result
                } catch {
                    // Some errors have rolled it back already.
                    if db.isInsideTransaction { try? db.execute(sql: "ROLLBACK") }
                    throw error
                }
            }
        }
    }

    /// The key that a change needs, and the event that it goes on from.
    private static func beginning(_ db: Database) throws -> (KeyID?, LastEvent) {
        let row = BoundRow(
            try db.cachedStatement(
                sql: """
                    SELECT key_id, sequence, hash, at
                    FROM registry LEFT JOIN event ON sequence = (SELECT max(sequence) FROM event)
                    """))
        let found = try row.first(db) { row in
            (KeyID(row.bytes(0)), row.isNull(1) ? nil : try LastEvent(row, from: 1))
        }
        return (found?.0, try found?.1 ?? LastEvent.stored(db))
    }

    /// Whether events were recorded since another one, with a time before its.
    private static func isClockSetBack(since last: LastEvent, _ now: Timestamp?, _ db: Database) throws -> Bool {
        guard let before = last.at, now.map({ $0 < before }) ?? true else { return false }
        return try LastEvent.stored(db).at.map { $0 < before } ?? false
    }

    /// Writes what is in the log into the file, where nobody else has it open,
    /// and lets go of it.
    func close() throws(FleetError) {
        logWriteBack.finish()
        try Self.translated(path) {
            // Closing it would do this too, and keep to itself that it failed.
            _ = try database.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
            try database.close()
        }
    }

    /// Lets go of the file. Its log is written back where nobody else has it
    /// open; where that fails, everything is still in the log.
    public func letGo() {
        useVault(nil)
        logWriteBack.finish()
        try? database.close()
    }

    /// Has changes go into a log beside the file, where a copy was put in its
    /// place that has none.
    ///
    /// - Returns: whether it was so.
    func useLog() throws(FleetError) -> Bool {
        try Self.translated(path) {
            try database.writeWithoutTransaction { db in
                guard try String.fetchOne(db, sql: "PRAGMA journal_mode") != "wal" else { return false }
                return try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal"
            }
        }
    }

    /// One consistent look at the registry.
    func read<T>(_ look: (Database) throws -> T) throws(FleetError) -> T {
        do throws(FleetError) {
            return try Self.translated(path) {
                try database.read { db in
                    try checkKey(Self.keyID(db))
                    return try look(db)
                }
            }
        } catch {
            guard case .outputFailed(let path, let reason) = error else { throw error }
            throw .inputUnreadable(path: path, reason: "SQLite must write beside it to read it, and \(reason)")
        }
    }
}

// MARK: - Opening

extension Registry {
    /// The registry's file, and what SQLite keeps beside it.
    public static func files(of path: String) -> [String] { [path, path + "-wal", path + "-shm", path + "-journal"] }

    /// Another connection, that only reads: what it sees is what was committed
    /// last, whatever a transaction of the other one is about.
    static func reader(_ path: String) throws -> DatabaseQueue {
        var configuration = configuration(patience: patience)
        configuration.readonly = true
        configuration.prepareDatabase { db in
            // Units by name may lie anywhere in the file.
            try db.execute(sql: "PRAGMA cache_size = -65536")
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    static func configuration(patience: Duration = patience) -> Configuration {
        _ = isSQLiteSetUp
        var configuration = Configuration()
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            // A token that was told to a customer must survive a power cut.
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF")
            _ = schema_defend(db.sqliteConnection)
        }
        // SQLite's own busy timeout is unfair among many writers; short sleeps
        // of random length give each its turn.
        let clock = ContinuousClock()
        let waitingSince = Waiting()
        configuration.busyMode = .callback { attempts in
            let now = clock.now
            if attempts == 0 { waitingSince.begin(now) }
            guard waitingSince.lasted(until: now) < patience else { return false }
            usleep(UInt32.random(in: 500...1500))
            return true
        }
        return configuration
    }

    /// Whether SQLite does not count the memory it uses, and writes the pages of a
    /// log in one piece each. Where it does not, all is as well, and slower.
    private static let isSQLiteSetUp = [memory_uncounted(), log_frames_join()] == [0, 0]

    /// When the present wait began. Only SQLite's busy handler uses it, on
    /// the one connection and so on one thread at a time.
    private final class Waiting: @unchecked Sendable {
        private var since: ContinuousClock.Instant?

        func begin(_ now: ContinuousClock.Instant) {
            since = now
        }

        func lasted(until now: ContinuousClock.Instant) -> Duration {
            since.map { now - $0 } ?? .zero
        }
    }

    /// SQLite would make an empty database of a mistyped path, and complain of
    /// a picture only when it is read.
    static func checkIsDatabase(_ path: String) throws(FleetError) {
        // Opening a pipe would wait for ever.
        let file = Foundation.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG: throw .registryMissing(path: path)
            case ENXIO: throw .notARegistry(path: path)
            case let code: throw .inputUnreadable(path: path, reason: String(cString: strerror(code)).lowercased())
            }
        }
        defer { Foundation.close(file) }
        var header = [UInt8](repeating: 0, count: 16)
        guard Foundation.read(file, &header, header.count) == header.count,
            header.elementsEqual("SQLite format 3\0".utf8)
        else {
            throw .notARegistry(path: path)
        }
    }
}
