import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

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
            #expect(run.talk.contains("registry.sqlite has 2 events that b.sqlite does not have:"))
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
        #expect(
            run.talk.contains("should b.sqlite have to be restored once more, it needs --skip-ahead 40\n"),
            "\(run.talk)")
        let there = ["--registry", "new/registry.sqlite"]
        #expect(bench.payg(["doctor"] + there).talk.contains("hint: payg backup"))
        bench.payg(["backup", "new/b.sqlite"] + there)
        #expect(!bench.payg(["doctor"] + there).talk.contains("hint: payg backup"))
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
        // What is said is about the file that was named, not about the registry.
        _ = try sqlite3(bench.folder.file("other.sqlite"), "CREATE TABLE t (x)")
        for file in ["customers.csv", "other.sqlite"] {
            let run = bench.payg("restore", file)
            #expect(run.talk.hasPrefix("error: \(bench.folder.file(file)) is not a payg registry; "), "\(run.talk)")
            #expect(run.talk.contains("hint: name a backup: ") && !run.talk.contains("--registry"), "\(run.talk)")
        }
        try FileManager.default.removeItem(atPath: bench.folder.file("other.sqlite"))
        #expect(try bench.folder.names() == names)
    }

    @Test func `a copy with a row that does not fit takes --force`() throws {
        _ = try sqlite3(bench.folder.file("b.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        let run = bench.payg("restore", "b.sqlite", "--registry", "new.sqlite")
        #expect(run.status == 65 && run.talk.contains("unit CSP-240318: its count is 8"))
        #expect(bench.payg("restore", "b.sqlite", "--registry", "new.sqlite", "--force").status == 0)
    }
}
