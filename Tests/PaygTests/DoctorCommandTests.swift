import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct DoctorCommandTests {
    private func states(_ run: CommandBench.Run) throws -> [String: String] {
        let checks = try run.json()["checks"] as? [[String: Any]] ?? []
        return Dictionary(
            checks.map { ($0["check"] as? String ?? "", $0["state"] as? String ?? "") }, uniquingKeysWith: { $1 })
    }

    @Test func `doctor finds everything as it should be, or says what to do`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("doctor", "--json")
        #expect(run.status == 0)
        let all = [
            "payg", "SQLite", "permissions", "schema", "registry", "key file", "log", "integrity", "references",
            "counts",
            "chain", "clock", "backup", "disk",
        ]
        var states = try states(run)
        #expect(Set(states.keys) == Set(all))
        #expect(states.removeValue(forKey: "backup") == "warning")
        #expect(Set(states.values) == ["ok"], "\(run.output)")
        bench.payg("backup")
        #expect(try self.states(bench.payg("doctor", "--json"))["backup"] == "ok")
        #expect(try self.states(bench.payg("doctor", "--quick", "--json"))["integrity"] == "skipped")
        bench.now = bench.now + 30 * 86_400
        #expect(try self.states(bench.payg("doctor", "--json"))["backup"] == "warning")
        bench.now = bench.now + -31 * 86_400
        let early = bench.payg("doctor")
        #expect(early.status == 0 && early.talk.contains("it says 2026-11-02 09:00 UTC, and the last event was on"))
        bench.now = bench.now + -2 * 86_400
        #expect(bench.payg("doctor").status == 2)
    }

    @Test func `without a registry or key, and on what is none, it looks as far as it can`() throws {
        let bench = try CommandBench.withFleet()
        let missing = bench.payg("doctor", "--registry", "none.sqlite", "--key-file", "none.key", "--json")
        #expect(missing.status == 2)
        #expect(
            try states(missing) == [
                "payg": "ok", "SQLite": "ok", "registry": "problem", "key file": "problem", "disk": "ok",
            ])
        #expect(missing.talk.contains("hint: payg init makes a registry"))
        #expect(try !bench.folder.names().contains("none.sqlite"))
        let list = bench.payg("doctor", "--registry", "customers.csv")
        #expect(list.status == 2 && list.output.contains("customers.csv is not a payg registry"))
        let nowhere = bench.payg("doctor", "--registry", "no/where.sqlite")
        #expect(nowhere.status == 2 && nowhere.output.contains("skipped"))
        _ = try sqlite3(bench.folder.file("other.sqlite"), "CREATE TABLE t (x)")
        try allow(0o600, bench.folder.file("other.sqlite"))
        #expect(bench.payg("doctor", "--registry", "other.sqlite", "--fix").output.contains("is not a payg registry"))
        try write([UInt8](repeating: 7, count: 32), to: bench.folder.file("wrong.key"))
        #expect(
            bench.payg("doctor", "--key-file", "wrong.key").output.contains("is not the one this registry was sealed"))
    }

    @Test(arguments: [
        ("integrity", ""),
        ("chain", "DROP TRIGGER event_never_changed; UPDATE event SET actor = 'X' WHERE sequence = 2"),
        (
            "backup",
            "DROP TRIGGER event_never_changed; UPDATE event SET action = 'backupMade', detail = '{}' WHERE sequence = 2"
        ),
        ("schema", "DROP TRIGGER token_adds"), ("schema", "INSERT INTO grdb_migrations VALUES ('9999_later')"),
        ("schema", "DROP TABLE product_name"),
        (
            "references",
            "PRAGMA foreign_keys = OFF; DROP TRIGGER customer_kept; DROP TRIGGER assignment_kept; DELETE FROM customer"
        ),
        (
            "counts",
            """
            DROP TRIGGER unit_count_never_used_again; PRAGMA ignore_check_constraints = ON;
            UPDATE unit SET count = 1 WHERE payg_id = 'CSP-240311'
            """
        ),
    ])
    func `what is damaged is named, with exit 2, and the other looks go on`(check: String, sql: String) throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
        bench.payg("issue", "CSP-240311", "--days", "30")
        let path = bench.folder.file("registry.sqlite")
        if sql.isEmpty {
            // An index that no other look uses, as a disk that fails leaves it.
            let root = try sqlite3(path, "SELECT rootpage FROM sqlite_schema WHERE name = 'dispatch_sha256'").output
            let page = try #require(UInt64(root.trimmingCharacters(in: .newlines)))
            let file = try #require(FileHandle(forUpdatingAtPath: path))
            try file.seek(toOffset: (page - 1) * 4096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
            try file.close()
        } else {
            let run = try sqlite3(path, sql)
            #expect(run.status == 0, "\(run.errors)")
        }
        let run = bench.payg("doctor", "--json")
        #expect(try run.status == 2 && states(run)[check] == "problem", "\(run.output)")
        #expect(try states(run).count == 14, "\(run.output)")
        #expect(run.talk.contains("hint: "))
    }

    @Test func `--fix mends dropped triggers on record, and a copy that was put in place by hand`() throws {
        let bench = try CommandBench.withFleet()
        let path = bench.folder.file("registry.sqlite")
        _ = try sqlite3(path, "PRAGMA journal_mode = DELETE; DROP TRIGGER token_adds; DROP INDEX unit_dispatch")
        #expect(bench.payg("audit", "verify").status == 2)
        let run = bench.payg("doctor", "--fix", "--json")
        #expect(run.status == 0, "\(run.output)")
        #expect(run.output.contains("the trigger token_adds is missing from the schema: mended"))
        #expect(run.output.contains("who read it kept others from writing: mended"))
        #expect(run.talk.contains("hint: payg audit verify looks at what was written meanwhile"))
        #expect(bench.payg("audit", "events").output.contains("schemaMended"))
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(try sqlite3(path, "PRAGMA journal_mode").output == "wal\n")
    }

    @Test(arguments: [
        ("DROP TRIGGER token_adds", "the trigger token_adds is missing from the schema"),
        ("DROP INDEX unit_dispatch", "the index unit_dispatch is missing from the schema"),
        (
            "DROP TRIGGER unit_kept; CREATE TRIGGER unit_kept BEFORE DELETE ON unit BEGIN SELECT 1; END",
            "the trigger unit_kept is not as the schema has it"
        ),
        (
            "DROP INDEX token_reference; CREATE INDEX token_reference ON token (id)",
            "the index token_reference is not as the schema has it"
        ),
        (
            "CREATE TRIGGER helper AFTER INSERT ON token BEGIN UPDATE unit SET unlocked = 1; END",
            "the trigger helper is not in the schema"
        ),
        ("CREATE UNIQUE INDEX once ON token (value)", "the index once is not in the schema"),
    ])
    func `whatever is told to be mended by --fix is, on record, and then all is as it should be`(
        sql: String, problem: String
    ) throws {
        let bench = try CommandBench.withFleet()
        _ = try sqlite3(bench.folder.file("registry.sqlite"), sql)
        let found = bench.payg("doctor")
        #expect(found.status == 2 && found.output.contains(problem))
        #expect(found.talk.contains("hint: payg doctor --fix makes it what it should be, on record"), "\(found.talk)")
        let mended = bench.payg("doctor", "--fix")
        #expect(mended.status == 0 && mended.output.contains("\(problem): mended"), "\(mended.output)")
        let again = bench.payg("doctor", "--fix")
        #expect(again.status == 0 && !again.output.contains("mended"))
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(bench.payg("audit", "events").output.contains("schemaMended"))
    }

    @Test(arguments: [
        ("DROP TABLE product_name", "hint: restore a backup: payg restore FILE"),
        (
            "CREATE TABLE notes (x); CREATE INDEX n ON notes (x)",
            "hint: payg does not use it: whoever added it can drop it"
        ),
        ("CREATE VIEW spent AS SELECT 1", "hint: payg does not use it: whoever added it can drop it"),
    ])
    func `what --fix does not mend is not told to be mended by it`(sql: String, hint: String) throws {
        let bench = try CommandBench.withFleet()
        _ = try sqlite3(bench.folder.file("registry.sqlite"), sql)
        bench.payg("doctor", "--fix")
        let run = bench.payg("doctor")
        #expect(run.status == 2 && run.talk.contains(hint), "\(run.talk)")
        #expect(!run.talk.contains("--fix"), "\(run.talk)")
    }

    @Test func `a key file that others could read is mended, and that it was read is not forgotten`() throws {
        let bench = try CommandBench.withFleet()
        try allow(0o644, bench.folder.file("registry.key"))
        let run = bench.payg("doctor", "--fix")
        #expect(run.status == 0 && run.output.contains("registry.key can be read by others (mode 0644): mended"))
        #expect(run.talk.contains("hint: whoever read it can make tokens: payg key rotate"), "\(run.talk)")
        #expect(bench.payg("doctor").talk.contains("payg key rotate") == false)
    }

    @Test func `what was restored is told with the backup that it is, and is old after a week`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("backup", "b.sqlite")
        bench.payg("issue", "CSP-240311", "--days", "30")
        bench.payg("restore", "b.sqlite", "--force", "--skip-counts")
        let run = bench.payg("doctor")
        #expect(run.status == 0 && run.talk.contains("everything is as it should be"), "\(run.talk)")
        let told = "none since it was restored on 2026-11-03 09:00 UTC, from b.sqlite, which has every event up to 11"
        #expect(run.output.contains(told), "\(run.output)")
        bench.now = bench.now + 8 * 86_400
        #expect(try states(bench.payg("doctor", "--json"))["backup"] == "warning")
        bench.payg("backup", "c.sqlite")
        #expect(bench.payg("doctor").output.contains("the last one is c.sqlite of 2026-11-11 09:00 UTC"))
    }
}
