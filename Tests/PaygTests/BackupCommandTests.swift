import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct BackupCommandTests {
    @Test func `backup names the copy by the time, beside the registry or in a folder, and says what it is worth`()
        throws
    {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("backup")
        #expect(run.status == 0 && run.output == "registry-2026-11-03T090000Z.sqlite\n")
        #expect(
            run.talk == """
                backup registry-2026-11-03T090000Z.sqlite: 11 events, 35 units, 0 tokens, up to 2026-11-03 09:00 UTC
                checked: everything fits
                it is on the registry's own disk: copy it to another, or name a folder there with --folder
                the key file is not in it: without that no token can be made

                """
        )
        #expect(bench.payg("backup").status == 4, "the same second")
        try FileManager.default.createDirectory(atPath: bench.folder.file("usb"), withIntermediateDirectories: false)
        #expect(bench.payg("backup", "usb").output == "usb/registry-2026-11-03T090000Z.sqlite\n")
        #expect(bench.payg("backup", "--folder", "nowhere").status == 73, "a disk that is not there is not made up")
        #expect(bench.payg("backup", "own.sqlite", forPerson: true).output == "")
        #expect(bench.payg("unit", "list", "--registry", "own.sqlite").status == 0)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `--keep deletes the oldest of the folder, and only goes with names of the time`() throws {
        let bench = try CommandBench.withFleet()
        try FileManager.default.createDirectory(atPath: bench.folder.file("usb"), withIntermediateDirectories: false)
        for day in 3..<8 {
            bench.now = try #require(.init(text: "2026-11-0\(day)T09:00:00Z"))
            let answer = try bench.payg("backup", "--folder", "usb", "--keep", "2", "--json").json()
            #expect(answer["ok"] as? Bool == true && answer["provenWithKey"] as? Bool == true)
            #expect((answer["deleted"] as? [String])?.count == (day < 5 ? 0 : 1))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.folder.file("usb")).sorted() == [
                "registry-2026-11-06T090000Z.sqlite", "registry-2026-11-07T090000Z.sqlite",
            ]
        )
        #expect(bench.payg("backup", "own.sqlite", "--keep", "2").status == 64)
        #expect(bench.payg("backup", "--keep", "0").status == 64)
        #expect(bench.payg("backup", "own.sqlite", "--folder", "usb").status == 64)
    }

    @Test func `a registry that does not prove itself is copied with exit 2, and costs no older backup`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("backup", "--keep", "1")
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        bench.now = bench.now + 60
        let run = bench.payg("backup", "--keep", "1")
        #expect(run.status == 2 && run.talk.contains("unit CSP-240318: its count is 8"))
        #expect(try bench.folder.names().filter { $0.hasPrefix("registry-") }.count == 2)
    }

    @Test func `without the key it is said what was not checked`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("backup", "--key-file", "none.key", "--json")
        #expect(try run.status == 0 && run.json()["provenWithKey"] as? Bool == false)
        #expect(run.talk.contains("checked without the key, so that its tokens were not made again: no key file at"))
    }
}

/// Backups beside passphrases and changes of the key.
struct BackupAndKeyTests {
    private func protected() throws -> CommandBench {
        let bench = try CommandBench()
        _ = try bench.folder.write("correct horse\n", to: "phrase")
        bench.payg("init", "--passphrase", "--passphrase-file", "phrase")
        #expect(bench.payg("import", "cloud-solar-dispatch.csv", "--passphrase-file", "phrase").status == 0)
        return bench
    }

    @Test func `backup never asks for a passphrase, and takes one that is given`() throws {
        let bench = try protected()
        let silent = bench.payg("backup", "a.sqlite", answers: "", secrets: ["correct horse"])
        #expect(silent.status == 0 && !silent.talk.contains("passphrase of the key file"), "\(silent.talk)")
        #expect(silent.talk.contains("checked without the key, so that its tokens were not made again: the key file"))
        #expect(silent.talk.contains("has a passphrase, which it takes from --passphrase-file FILE or PAYG_PASSPHRASE"))
        let option = bench.payg("backup", "b.sqlite", "--passphrase-file", "phrase", "--json")
        #expect(try option.json()["provenWithKey"] as? Bool == true)
        let variable = bench.payg("backup", "c.sqlite", "--json", environment: ["PAYG_PASSPHRASE_FILE": "phrase"])
        #expect(try variable.json()["provenWithKey"] as? Bool == true)
        #expect(bench.payg("audit", "verify", "--passphrase-file", "phrase").status == 0)
    }

    @Test func `without the key, rows beside their events are checked all the same`() throws {
        let bench = try protected()
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        let run = bench.payg("backup", "a.sqlite")
        #expect(run.status == 2 && run.talk.contains("unit CSP-240318: its count is 8"), "\(run.talk)")
    }

    @Test func `restore asks for the passphrase once, or takes one that is given`() throws {
        let bench = try protected()
        bench.payg("backup", "a.sqlite")
        #expect(bench.payg("restore", "a.sqlite", "--registry", "new.sqlite").status == 77)
        let typed = bench.payg("restore", "a.sqlite", "--registry", "new.sqlite", secrets: ["correct horse"])
        #expect(typed.status == 0 && typed.talk.components(separatedBy: "passphrase of").count == 2, "\(typed.talk)")
        let given = bench.payg("restore", "a.sqlite", "--force", "--passphrase-file", "phrase")
        #expect(given.status == 0, "\(given.talk)")
        #expect(bench.payg("audit", "verify", "--passphrase-file", "phrase").status == 0)
    }

    @Test func `doctor asks for no passphrase, and knows a protected key file for the registry's`() throws {
        let bench = try protected()
        let run = bench.payg("doctor", secrets: ["correct horse"])
        #expect(run.status == 0 && !run.talk.contains("passphrase of the key file"), "\(run.screen)")
        #expect(run.output.contains("registry.key is the registry's; it has a passphrase, and was not opened\n"))
        try allow(0o644, bench.folder.file("registry.key"))
        #expect(bench.payg("doctor").status == 2)
        #expect(bench.payg("doctor", "--fix").status == 0)
        #expect(try permissions(of: bench.folder.file("registry.key")) == 0o600)
    }

    @Test func `restored from before the key was changed, it has its former key in the key file's place`() throws {
        let bench = try CommandBench.withFleet()
        let first = try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key")))
        bench.payg("backup", "a.sqlite")
        let before = bench.payg("audit", "checkpoint").output
        bench.payg("key", "rotate", "--yes")
        bench.payg("issue", "CSP-240311", "--days", "30")
        let after = bench.payg("audit", "checkpoint").output
        let run = bench.payg("restore", "a.sqlite", "--force", "--skip-counts")
        #expect(run.status == 0)
        #expect(
            run.talk.contains("its key was changed since: the one from before is the registry's again, in registry.key")
        )
        #expect(
            run.talk.contains("checkpoints of events after 11 that were taken before do not fit it, only what is kept"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key"))) == first)
        #expect(try bench.payg("key", "status", "--json").json()["isRegistrys"] as? Bool == true)
        #expect(bench.payg("doctor").status == 0 && bench.payg("audit", "verify").status == 0)

        // A checkpoint of what was replaced does not fit, and why it may be so is told.
        let told = bench.payg("audit", "verify", "--against", after.trimmingCharacters(in: .newlines))
        #expect(told.status == 2)
        #expect(told.output.contains(", or it was replaced when event 12 put an older copy in its place\n"))
        #expect(!before.isEmpty)
        let kept = "registry-replaced-2026-11-03T090000Z.sqlite"
        let keptRun = bench.payg(
            "audit", "verify", "--registry", kept, "--against", after.trimmingCharacters(in: .newlines))
        #expect(keptRun.status == 0, "the other key is beside it")

        // And on it goes.
        #expect(bench.payg("key", "rotate", "--yes").status == 0)
        #expect(bench.payg("audit", "verify").status == 0 && bench.payg("audit", "verify", "--without-key").status == 0)
        #expect(try bench.payg("key", "status", "--json").json()["isRegistrys"] as? Bool == true)
        // Back to what was replaced, whose key comes back, too.
        let back = bench.payg("restore", kept, "--force", "--skip-counts")
        #expect(back.status == 0 && bench.payg("audit", "verify").status == 0, "\(back.talk)")
        #expect(bench.payg("doctor").status == 0)
    }

    @Test func `on another computer a key under its id is found, told and changed, and the other left alone`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("backup", "a.sqlite")
        bench.payg("key", "rotate", "--yes")
        let newer = try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key")))
        let there = ["--registry", "there.sqlite"]
        let run = bench.payg(["restore", "a.sqlite"] + there)
        #expect(run.status == 0 && run.talk.contains("warning: the registry's key is in registry.key."), "\(run.talk)")
        let doctor = bench.payg(["doctor"] + there)
        #expect(doctor.status == 0 && doctor.output.contains("registry.key is another key: the registry's is "))
        #expect(bench.payg(["issue", "CSP-240311", "--days", "30"] + there).status == 0)
        #expect(bench.payg(["backup", "b.sqlite"] + there).status == 0)
        #expect(bench.payg(["key", "rotate", "--yes"] + there).talk.contains("now, in registry.key."))
        #expect(bench.payg(["audit", "verify"] + there).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key"))) == newer)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a former key that others can read is told and mended, and the key itself when it is under its id`()
        throws
    {
        let bench = try CommandBench.withFleet()
        bench.payg("backup", "a.sqlite")
        bench.payg("key", "rotate", "--yes")
        let former = try #require(bench.folder.names().first { $0.hasPrefix("registry.key.") })
        try allow(0o644, bench.folder.file(former))
        let run = bench.payg("doctor")
        #expect(run.status == 2 && run.output.contains("\(former) can be read by others (mode 0644)"), "\(run.output)")
        let refused = bench.payg("restore", "a.sqlite", "--registry", "new.sqlite")
        #expect(refused.status == 77 && refused.talk.contains("\(former) can be read by others"), "\(refused.talk)")
        #expect(bench.payg("doctor", "--fix").status == 0)
        #expect(try permissions(of: bench.folder.file(former)) == 0o600)
    }

    @Test func `the events of all this read as sentences, and programs get what is true or false`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("backup", "a.sqlite")
        bench.payg("key", "rotate", "--yes")
        bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr")
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "DROP TRIGGER token_adds; DROP INDEX unit_dispatch")
        bench.payg("doctor", "--fix")
        let table = bench.payg("audit", "events", forPerson: true).output
        for pattern in [
            #"backup made +a.sqlite, up to event 11\n"#,
            #"key rotated +from the key [0-9a-f]{8}… to [0-9a-f]{8}…: 35 units sealed anew\n"#,
            #"recovery exported +the key [0-9a-f]{8}…, in sheet.html\n"#,
            #"schema mended +trigger token_adds, index unit_dispatch\n|schema mended +index unit_dispatch, trigger token_adds\n"#,
        ] {
            #expect(try table.contains(Regex(pattern)), "\(pattern) in \(table)")
        }
        bench.payg("issue", "CSP-240311", "--days", "30")
        bench.payg("restore", "a.sqlite", "--force", "--skip-counts")
        bench.payg("restore", "a.sqlite", "--registry", "there.sqlite", "--skip-ahead", "10")
        let restored = bench.payg("audit", "events", forPerson: true).output
        #expect(
            try restored.contains(
                Regex(#"registry restored +from a.sqlite, up to event 11, in place of one with 1\d events\n"#)),
            "\(restored)")
        #expect(try restored.contains(Regex(#"count skipped +CSP-240311 from 1 to 2\n"#)), "\(restored)")
        let there = bench.payg("audit", "events", "--registry", "there.sqlite", forPerson: true).output
        #expect(there.contains("from a.sqlite, up to event 11, counts skipped ahead by 10\n"), "\(there)")
        #expect(there.contains("CSP-240311 from 1 to 11, in case counts were used since\n"), "\(there)")
        #expect(!restored.contains("=") && !there.contains("="))
        let json = bench.payg("audit", "events", "--registry", "there.sqlite", "--json").output
        #expect(json.contains(#""isKnown":false"#) && !json.contains("…"))
        #expect(bench.payg("audit", "events").output.contains("isKnown=true"))
    }
}

struct RestoreCommandTests {
    let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        bench.payg("backup", "b.sqlite")
    }

    private func work() {
        bench.payg("issue", "CSP-240311", "--days", "7", "--ref", "MP-2")
        bench.payg("export", "paygops", "--unit", "CSP-240318", "-o", "out.csv")
    }

    @Test func `a registry with more is not replaced, and what would be lost is told`() throws {
        work()
        let before = bench.payg("audit", "events").output
        for run in [bench.payg("restore", "b.sqlite"), bench.payg("restore", "b.sqlite", "--skip-counts")] {
            #expect(run.status == 4)
            #expect(run.talk.contains("registry.sqlite has 2 events that it does not have:"))
            #expect(run.talk.contains("    CSP-240311 of customer KIS-0001: 1 token, up to count 4\n"))
            #expect(run.talk.contains("export 1 of 1 unit to paygops, who makes their tokens: they stay there"))
            #expect(run.talk.contains("hint: --force restores all the same"))
        }
        let dry = bench.payg("restore", "b.sqlite", "--dry-run", "--json")
        #expect(try dry.status == 0 && dry.json()["needsForce"] as? String == "newer")
        #expect(dry.talk.contains("dry run: nothing was changed"))
        #expect(bench.payg("audit", "events").output == before)
        #expect(try !bench.folder.names().contains { $0.contains("replaced") })
    }

    @Test func `counts that were used are only skipped when somebody says so, or answers yes`() throws {
        work()
        let refused = bench.payg("restore", "b.sqlite", "--force")
        #expect(refused.status == 64 && refused.talk.contains("hint: --skip-counts confirms it"))
        let no = bench.payg("restore", "b.sqlite", "--force", answers: "n\n")
        #expect(
            no.status == 4 && no.talk.contains("skip every count up to the last known one of 2 units, and restore?"))
        #expect(bench.payg("audit", "tokens", "--json").output.contains("MP-2"))

        let yes = bench.payg("restore", "b.sqlite", "--force", answers: "y\n")
        #expect(yes.status == 0, "\(yes.talk)")
        #expect(yes.talk.contains("what was there is kept as registry-replaced-2026-11-03T090000Z.sqlite"))
        #expect(!bench.payg("audit", "tokens", "--json").output.contains("MP-2"))
        #expect(
            bench.payg("audit", "tokens", "--registry", "registry-replaced-2026-11-03T090000Z.sqlite", "--json")
                .output.contains("MP-2"))
        let next = bench.payg("issue", "CSP-240311", "--days", "7", "--json")
        #expect(try (next.json()["count"] as? Int) == 6)
        #expect(bench.payg("issue", "CSP-240318", "--days", "1").status == 4)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `on another computer counts are skipped ahead by as many as said`() throws {
        let run = bench.payg("restore", "b.sqlite", "--registry", "new/registry.sqlite")
        #expect(run.status == 0 && run.talk.contains("is skipped by 20, which is enough for 10 tokens a unit"))
        #expect(run.talk.contains("ask your providers"))
        let next = bench.payg("issue", "CSP-240311", "--days", "7", "--json", "--registry", "new/registry.sqlite")
        #expect(try (next.json()["count"] as? Int) == 24)
        let none = bench.payg("restore", "b.sqlite", "--registry", "none.sqlite", "--skip-ahead", "0", "--json")
        #expect(try (none.json()["skipped"] as? [Any])?.isEmpty == true)
        #expect(none.talk.contains("warning: no count is skipped"))
        let far = bench.payg("restore", "b.sqlite", "--registry", "far.sqlite", "--skip-ahead", "80", "--dry-run")
        #expect(far.talk.contains("warning: 80 is beyond the 64 counts that a unit looks ahead"))
        #expect(try !bench.folder.names().contains("far.sqlite"))
        let dry = bench.payg("restore", "b.sqlite", "--registry", "deep/er/registry.sqlite", "--dry-run")
        #expect(try dry.status == 0 && !bench.folder.names().contains("deep"))
    }

    @Test func `without the key, or with a copy that is none, nothing is touched`() throws {
        let names = try bench.folder.names()
        #expect(bench.payg("restore", "b.sqlite", "--key-file", "none.key").status == 77)
        #expect(bench.payg("restore", "none.sqlite").status == 66)
        #expect(bench.payg("restore", "customers.csv", "--force").status == 65)
        #expect(bench.payg("restore", "registry.sqlite").status == 64)
        #expect(try bench.folder.names() == names)
    }

    @Test func `a copy with a row that does not fit takes --force`() throws {
        _ = try sqlite3(bench.folder.file("b.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        let run = bench.payg("restore", "b.sqlite", "--registry", "new.sqlite")
        #expect(run.status == 65 && run.talk.contains("unit CSP-240318: its count is 8"))
        #expect(bench.payg("restore", "b.sqlite", "--registry", "new.sqlite", "--force").status == 0)
    }
}

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
        #expect(bench.payg("audit", "events").output.contains("schemaMended"))
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(try sqlite3(path, "PRAGMA journal_mode").output == "wal\n")
    }
}

struct PermissionTests {
    @Test func `a registry that others can read is read with a warning, not written, and mended`() throws {
        let bench = try CommandBench.withFleet()
        let path = bench.folder.file("registry.sqlite")
        for mode in [0o644, 0o640, 0o604, 0o620, 0o602] {
            try allow(mode, path)
            let list = bench.payg("unit", "list")
            #expect(list.status == 0 && list.talk.hasPrefix("warning: registry.sqlite can be "))
            for command in [
                ["issue", "CSP-240311", "--days", "1"], ["customer", "add", "K-9", "--name", "Amina"],
                ["unit", "retire", "CSP-240311", "--reason", "x"], ["import", "cloud-solar-dispatch.csv"],
                ["export", "paygops", "-o", "out.csv"],
            ] {
                let run = bench.payg(command)
                #expect(run.status == 4, "\(run.talk)")
                #expect(run.talk.contains("hint: payg doctor --fix"), "\(run.talk)")
            }
        }
        let backup = bench.payg("backup")
        #expect(backup.status == 0 && backup.talk.contains("warning: the registry has no event of it"))
        #expect(bench.payg("doctor").status == 2)
        #expect(bench.payg("doctor", "--fix").status == 0)
        #expect(try permissions(of: path) == 0o600)
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0)
        #expect(try !bench.folder.names().contains("out.csv"))
    }

    @Test func `a key file that others can read opens nothing, and lists need none`() throws {
        let bench = try CommandBench.withFleet()
        let key = bench.folder.file("registry.key")
        try allow(0o640, key)
        for command in [["issue", "CSP-240311", "--days", "1"], ["audit", "verify"]] {
            let run = bench.payg(command)
            #expect(run.status == 77)
            #expect(run.talk.contains("registry.key can be read by others (mode 0640), and so is not used"))
        }
        #expect(bench.payg("unit", "list").talk == "")
        // A link is no hiding place: what it names counts.
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder.file("link.key"), withDestinationPath: key)
        #expect(bench.payg("audit", "verify", "--key-file", "link.key").status == 77)
        #expect(bench.payg("doctor", "--fix").status == 0)
        #expect(try permissions(of: key) == 0o600)
        #expect(bench.payg("audit", "verify", "--key-file", "link.key").status == 0)
        try allow(0o400, key)
        #expect(bench.payg("audit", "verify").status == 0)
    }
}
