import Fleet
import Foundation
import GRDB

/// What is in the registry's file.
extension RegistryCheckUp {
    mutating func open() throws(FleetError) {
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
        let mended = SchemaCheck.mends(differences).map(\.difference)
        for difference in differences {
            add(
                "schema", .problem, difference.problem,
                mended.contains(difference)
                    ? "payg doctor --fix makes it what it should be, on record; then payg audit verify"
                    : difference.isAdded
                        ? "payg does not use it: whoever added it can drop it"
                        : "restore a backup: payg restore FILE; what was written since may not be what it seems"
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
                FROM \(isQuick ? "unit JOIN token ON token.id = last_token_id" : "token JOIN unit ON unit.id = unit_id")
                WHERE token.count > unit.count GROUP BY unit.id LIMIT 100
                """
        )
        let (units, elsewhere) = (
            try number("SELECT count(*) FROM unit"), try number("SELECT count(*) FROM handed_over")
        )
        tell(
            "counts", problems,
            "units: \(units), with a provider: \(elsewhere), customers: \(try number("SELECT count(*) FROM customer")), "
                + "tokens: \(try number("SELECT coalesce(max(id), 0) FROM token")), none beyond its unit's count"
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
                SELECT at, action, json_extract(told, '$.file') AS file, json_extract(told, '$.events') AS events,
                       json_extract(told, '$.skippedAhead') IS NOT NULL AS isBlind
                FROM (SELECT *, iif(json_valid(detail), detail, '{}') AS told FROM event) WHERE action IN ('backupMade', 'registryRestored') ORDER BY sequence DESC LIMIT 1
                """
        )
        guard let row else {
            let isCopied = try db.tableExists("_litestream_seq")
            return add(
                "backup", isCopied ? .ok : .warning, "none is on record" + (isCopied ? ", beside Litestream's" : ""),
                isCopied ? nil : "payg backup --folder FOLDER --keep 14, every day"
            )
        }
        let at = try moment(row.stored("at"))
        // Restored again, what counts it used since would be used again.
        let isOld = at + Self.oldBackup < now || row["isBlind"] as Bool
        add(
            "backup", isOld ? .warning : .ok,
            // What was restored does not have the event of the backup that it is.
            (row["action"] as String) == "registryRestored"
                ? "none since it was restored on \(at.readable), from \(try row.stored("file") as String), which has every "
                    + "event up to \(try row.stored("events") as Int)"
                : "the last one is \(try row.stored("file") as String) of \(at.readable)",
            isOld ? "payg backup --folder FOLDER --keep 14, every day" : nil
        )
    }
}
