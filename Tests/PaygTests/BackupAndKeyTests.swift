import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

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
        let before = bench.payg("audit", "checkpoint").output
        bench.payg("backup", "a.sqlite")
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
        let fits = bench.payg("audit", "verify", "--against", before.trimmingCharacters(in: .newlines))
        #expect(fits.status == 0, "\(fits.output)\(fits.talk)")
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
        #expect(run.talk.contains(", and registry.key is another: keep copies of both"), "\(run.talk)")
        let doctor = bench.payg(["doctor"] + there)
        #expect(doctor.status == 0 && doctor.output.contains("registry.key is another key: the registry's is "))
        #expect(bench.payg(["issue", "CSP-240311", "--days", "30"] + there).status == 0)
        #expect(bench.payg(["backup", "b.sqlite"] + there).status == 0)
        #expect(bench.payg(["key", "rotate", "--yes"] + there).talk.contains("now, in registry.key."))
        #expect(bench.payg(["audit", "verify"] + there).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key"))) == newer)
        #expect(bench.payg("audit", "verify").status == 0)

        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        let alone = bench.payg(["restore", "a.sqlite", "--registry", "alone.sqlite"])
        #expect(alone.status == 0 && alone.talk.contains(", and registry.key is not there: keep a copy of it"))
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
        let mended = bench.payg("doctor", "--fix")
        #expect(mended.status == 0 && mended.talk.contains("can open copies of the registry that it sealed"))
        #expect(!mended.talk.contains("payg key rotate"), "that would change nothing about it")
        #expect(try permissions(of: bench.folder.file(former)) == 0o600)

        let key = bench.folder.file("registry.key")
        let status = try bench.payg("key", "status", "--json").json()
        let current = "registry.key." + String(try #require(status["registryKeyID"] as? String).prefix(16))
        for name in [current, current + ".new"] {
            try FileManager.default.moveItem(atPath: key, toPath: bench.folder.file(name))
            try allow(0o644, bench.folder.file(name))
            #expect(bench.payg("doctor").output.contains("\(name) can be read by others (mode 0644)"))
            #expect(bench.payg("doctor").talk.contains("whoever read it can make tokens"))
            let mended = bench.payg("doctor", "--fix").talk
            #expect(mended.contains("whoever read it can make tokens: payg key rotate"), "\(mended)")
            #expect(!mended.contains("can open copies"), "\(mended)")
            // One that waits is kept under its id by whoever opens it.
            try FileManager.default.moveItem(atPath: bench.folder.file(current), toPath: key)
        }

        // Whose it is cannot be told any more.
        _ = try bench.folder.write("no registry", to: "registry.sqlite")
        try allow(0o600, bench.folder.file("registry.sqlite"))
        try allow(0o644, bench.folder.file(former))
        #expect(bench.payg("doctor").talk.contains("whoever read it can make tokens"))
        #expect(bench.payg("doctor", "--fix").talk.contains("whoever read it can make tokens: payg key rotate"))
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
