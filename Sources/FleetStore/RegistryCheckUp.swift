import Fleet
import Foundation
import GRDB
import GRDBSQLite
import KeyVault
import PrivateFiles

/// Looks at a registry as far as it can be looked at: what stands in the way of
/// one look is told, and stops no other.
public struct RegistryCheckUp {
    private let path: String
    private let keyFile: String
    private let isQuick: Bool
    private let now: Timestamp
    private var lines: [CheckUpLine] = []

    /// - Parameters:
    ///   - isQuick: whether what reads the whole file is left out.
    public init(_ path: String, keyFile: String, isQuick: Bool, now: Timestamp) {
        self.path = path
        self.keyFile = keyFile
        self.isQuick = isQuick
        self.now = now
    }

    /// SQLite's version.
    public static var sqlite: String { String(cString: sqlite3_libversion()) }

    /// Looks at everything; changes nothing.
    public mutating func run() -> [CheckUpLine] {
        lines = []
        checkRegistryFile()
        checkKeyFile(nil)
        do throws(FleetError) {
            try Registry.checkIsDatabase(path)
            try open()
        } catch {
            add("registry", .problem, "\(error)", Self.hint(error))
        }
        return lines
    }

    private mutating func add(
        _ name: String, _ state: CheckUpLine.State = .ok, _ text: String, _ hint: String? = nil
    ) {
        lines.append(CheckUpLine(name, state, text, hint: hint))
    }

    private static func hint(_ error: FleetError) -> String {
        switch error {
        case .registryMissing:
            "payg init makes a registry, payg restore FILE brings one back; --registry FILE or PAYG_REGISTRY names another"
        case .registryBusy: "try again when nobody works on it"
        case .registryNewer: "install the newest payg"
        case .inputUnreadable: "have its owner run this, or give the file to you"
        default:
            "copy it and what is beside it away; payg restore FILE --force puts a backup in its place, and keeps this one"
        }
    }
}

// MARK: - Files

extension RegistryCheckUp {
    private mutating func checkRegistryFile() {
        let files = Registry.files(of: path).filter { FileManager.default.fileExists(atPath: $0) }
        guard !files.isEmpty else { return }
        let exposures = files.compactMap { FileExposure($0) }
        for exposure in exposures {
            add(
                "permissions", .problem, "\(exposure.path) \(exposure.problem): nothing is written to it",
                "payg doctor --fix, or chmod 600; on a disk that knows no permissions, mount it with umask=077"
            )
        }
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent().path
        var status = stat()
        if stat(folder, &status) == 0, status.st_mode & 0o022 != 0, status.st_mode & S_ISVTX == 0 {
            add(
                "permissions", .warning, "others may write to the folder \(folder), and put another file in its place",
                "chmod go-w \(folder)"
            )
        } else if exposures.isEmpty {
            add("permissions", "the registry is its owner's alone")
        }
        if files.first != path {
            add(
                "registry", .problem, "\(files[0]) is left of a registry that is not there",
                "it may have the last changes: bring the registry back that it belongs to, or move it away"
            )
        }
    }

    private mutating func add(_ name: String, _ text: String) { add(name, .ok, text) }

    /// - Parameter keyID: the key that seals the registry; nil where that is
    ///   not known.
    private mutating func checkKeyFile(_ keyID: [UInt8]?) {
        lines.removeAll { $0.name == "key file" }
        checkKeysBeside()
        do throws(KeyFileError) {
            let stored = try KeyFile.read(keyFile)
            // Nobody is asked for it, and it is not needed to tell which key it is.
            let unopened = stored.cost == nil ? "" : "; it has a passphrase, and was not opened"
            guard let keyID else { return add("key file", "\(keyFile) is a key file\(unopened)") }
            if stored.keyID == keyID { return add("key file", "\(keyFile) is the registry's\(unopened)") }
            if tellKeyBeside(keyID, "is another key") { return }
            add(
                "key file", .problem, "\(keyFile) is not the one this registry was sealed with",
                "name the registry's own with --key-file FILE or PAYG_KEY_FILE"
            )
        } catch {
            if error == .missing, let keyID, tellKeyBeside(keyID, "is not there") { return }
            let failure = FleetError(error, keyFile: keyFile)
            let text = "\(failure)".replacing("; nothing was changed", with: "")
            switch error {
            case .missing:
                add(
                    "key file", .problem, text,
                    "put your copy of it there, or name it with --key-file FILE or PAYG_KEY_FILE; without it no token "
                        + "can be made"
                )
            case .exposed:
                add("key file", .problem, text, "payg doctor --fix, or chmod 600; whoever read it can make tokens")
            default:
                add("key file", .problem, text, "--key-file FILE or PAYG_KEY_FILE names another")
            }
        }
    }
}

// MARK: - Keys beside the key file

extension RegistryCheckUp {
    /// The registry works with a key that has its id behind the name. Whoever
    /// keeps copies should know that this is the one.
    ///
    /// - Returns: whether it is there.
    private mutating func tellKeyBeside(_ key: [UInt8], _ words: String) -> Bool {
        guard let found = try? KeyPlace(path: keyFile).find(KeyID(key)) else { return false }
        let unopened = found.stored.cost == nil ? "" : ", which has a passphrase, and was not opened"
        add(
            "key file", .warning, "\(keyFile) \(words): the registry's is \(found.path)\(unopened)",
            "it works; keep a copy of \(found.path), or name it with --key-file FILE or PAYG_KEY_FILE"
        )
        return true
    }

    /// A former key opens every copy from before.
    private mutating func checkKeysBeside() {
        for exposure in KeyPlace(path: keyFile).others.compactMap({ FileExposure($0) }) {
            add(
                "key file", .problem, "\(exposure.path) \(exposure.problem)",
                "payg doctor --fix, or chmod 600; whoever read it can open copies of the registry that it sealed"
            )
        }
    }

    /// The key files that are at a path, and beside it with an id behind its name.
    public static func keyFiles(of path: String) -> [String] { [path] + KeyPlace(path: path).others }
}

// MARK: - Inside

extension RegistryCheckUp {
    private mutating func open() throws(FleetError) {
        var lookup = self
        defer { self = lookup }
        try Registry.translated(path) {
            let database = try DatabaseQueue(path: path, configuration: Registry.configuration())
            defer { try? database.close() }
            try database.read { db in
                guard try Int.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
                    throw FleetError.notARegistry(path: path)
                }
                lookup.look(db)
            }
        }
    }

    /// Runs one look; what goes wrong with it is its answer.
    private mutating func look(_ name: String, _ body: (inout RegistryCheckUp) throws -> Void) {
        do { try body(&self) } catch {
            let reason = (error as? DatabaseError)?.message ?? "\(error)"
            add(
                name, .problem, "cannot be checked: \(reason)",
                "copy the registry and what is beside it away; payg restore FILE --force puts a backup in its place"
            )
        }
    }

    private mutating func look(_ db: Database) {
        look("schema") { try $0.checkSchema(db) }
        look("registry") { check in
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode") ?? ""
            guard mode.lowercased() == "wal" else {
                return check.add(
                    "registry", .warning, "\(check.path) was copied here as it is: who reads keeps others from writing",
                    "payg doctor --fix lets them work side by side"
                )
            }
            check.add("registry", check.path)
        }
        look("key file") { check in
            guard let keyID = try Data.fetchOne(db, sql: "SELECT key_id FROM registry") else { return }
            check.checkKeyFile(Array(keyID))
        }
        checkLog()
        if isQuick {
            add("integrity", .skipped, "not looked at, for --quick")
        } else {
            look("integrity") { check in
                let problems = try CopyProof.integrityProblems(db)
                check.tell("integrity", problems, "every page, table and index is whole")
            }
        }
        look("references") { check in
            var problems: [String] = []
            let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
            while let row = try rows.next() {
                problems.append("a row of \(row[0] as String) points to a row of \(row[2] as String) that is not there")
            }
            check.tell("references", problems, "every row points to rows that are there")
        }
        look("counts") { try $0.checkCounts(db) }
        if isQuick {
            add("chain", .skipped, "not looked at, for --quick")
        } else {
            look("chain") { check in
                var (events, problems) = (0, [String]())
                try EventChain.check(db, &events) { problem in problems.append(problem) }
                check.tell("chain", problems, "\(events) events, each fits the one before it")
            }
        }
        look("clock") { try $0.checkClock(db) }
        look("backup") { try $0.checkBackups(db) }
    }

    private mutating func tell(_ name: String, _ problems: [String], _ fine: String) {
        guard let first = problems.first else { return add(name, fine) }
        let rest = problems.count > 1 ? ", and \(problems.count - 1) more" : ""
        add(
            name, .problem, first + rest,
            "issue nothing until it is explained; copy the registry away; payg audit verify says more"
        )
    }

    private mutating func checkSchema(_ db: Database) throws {
        let applied = try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations ORDER BY rowid")
        let known = Schema.migrations.map(\.name)
        if let newer = applied.first(where: { !known.contains($0) }) {
            add(
                "schema", .problem, "it has the step \(newer), which this payg does not know", "install the newest payg"
            )
            return
        }
        let differences = try SchemaCheck.differences(db)
        for difference in differences {
            add(
                "schema", .problem, difference.problem,
                difference.mend == nil
                    ? "restore a backup: payg restore FILE; what was written since may not be what it seems"
                    : "payg doctor --fix makes it what it should be, on record; then payg audit verify"
            )
        }
        guard differences.isEmpty else { return }
        let missing = known.filter { !applied.contains($0) }
        if missing.isEmpty {
            add("schema", "\(applied.last ?? "") is the newest, with every table, index and trigger")
        } else {
            add("schema", .ok, "\(applied.last ?? ""): the next command brings it to \(missing.last ?? "")")
        }
        if try db.tableExists("_litestream_seq") { add("replication", "Litestream copies it, or did") }
    }

    private mutating func checkLog() {
        func size(_ file: String) -> Int {
            var status = stat()
            return stat(file, &status) == 0 ? Int(status.st_size) : 0
        }
        let (log, whole) = (size(path + "-wal"), size(path))
        // The log is written back at 16 MB, unless somebody reads on and on.
        guard log > max(256 << 20, whole) else { return add("log", "\(log.megabytes) beside \(whole.megabytes)") }
        add(
            "log", .warning, "\(log.megabytes) of changes are not in the registry's file yet",
            "some program has it open since long, or copies its log: end that, and run any command"
        )
    }

    private mutating func checkCounts(_ db: Database) throws {
        func number(_ sql: String) throws -> Int { try Int.fetchOne(db, sql: sql) ?? 0 }
        let problems = try String.fetchAll(
            db,
            sql: """
                SELECT 'unit ' || payg_id || ' has count ' || unit.count || ', and a token with count ' || max(token.count)
                FROM token JOIN unit ON unit.id = unit_id GROUP BY unit_id HAVING max(token.count) > unit.count LIMIT 100
                """
        )
        let (units, elsewhere) = (
            try number("SELECT count(*) FROM unit"), try number("SELECT count(*) FROM handed_over")
        )
        tell(
            "counts", problems,
            "units: \(units), with a provider: \(elsewhere), customers: \(try number("SELECT count(*) FROM customer")), "
                + "tokens: \(try number("SELECT count(*) FROM token")), none beyond its unit's count"
        )
    }

    private mutating func checkClock(_ db: Database) throws {
        guard let text = try String.fetchOne(db, sql: "SELECT at FROM event ORDER BY sequence DESC LIMIT 1") else {
            return
        }
        let last = try moment(text)
        guard now < last else { return add("clock", "\(now.readable); the last event was on \(last.readable)") }
        let isRefused = now + TokenIssuer.clockTolerance < last
        add(
            "clock", isRefused ? .problem : .warning,
            "it says \(now.readable), and the last event was on \(last.readable)",
            "set the clock right" + (isRefused ? "; until then tokens are only made with --yes" : "")
        )
    }

    /// A week: longer ago than most have tokens to lose.
    private static let oldBackup = 7 * 86_400

    private mutating func checkBackups(_ db: Database) throws {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT at, json_extract(detail, '$.file') AS file FROM event
                WHERE action = 'backupMade' ORDER BY sequence DESC LIMIT 1
                """
        )
        guard let row else {
            let isCopied = try db.tableExists("_litestream_seq")
            return add(
                "backup", isCopied ? .ok : .warning, "none is on record" + (isCopied ? ", beside Litestream's" : ""),
                isCopied ? nil : "payg backup --folder FOLDER --keep 14, every day"
            )
        }
        let at = try moment(row["at"])
        let isOld = at + Self.oldBackup < now
        add(
            "backup", isOld ? .warning : .ok, "the last one is \(row["file"] as String) of \(at.readable)",
            isOld ? "payg backup --folder FOLDER --keep 14, every day" : nil
        )
    }
}

// MARK: - Mending

extension Registry {
    /// Makes triggers and indexes what the schema has them be, on record, and
    /// has readers and writers work side by side.
    ///
    /// - Returns: what was mended, in words.
    /// - Throws: ``FleetError``; nothing is changed then.
    public func mendSchema(at now: Timestamp, actor: ActorName) throws(FleetError) -> [String] {
        let vault = try? openVault()
        var mended = try write { db -> [String] in
            let differences = try SchemaCheck.differences(db)
            let missing = Set(differences.filter(\.isMissingTable).map(\.object.name))
            let mends = differences.compactMap { difference in
                missing.contains(difference.object.table) ? nil : difference.mend.map { (difference.problem, $0) }
            }
            guard !mends.isEmpty else { return [] }
            for (_, mend) in mends { try db.execute(sql: mend.sql) }
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .schemaMended, SchemaMendedDetail(objects: mends.map { "\($0.1.object.type) \($0.1.object.name)" })
            )
            return mends.map(\.0)
        }
        if try useLog() { mended.append("who reads it kept others from writing") }
        return mended
    }
}
