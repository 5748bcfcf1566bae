import Foundation
import TestSupport
import Testing

@testable import payg

/// With only the registry file: what a viewer can do, and what only somebody
/// with the key file can.
struct ViewerTests {
    /// A fleet with a bit of everything, its key file taken away.
    private func bench() throws -> CommandBench {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1001")
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "paygops.csv")
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        return bench
    }

    @Test(arguments: [
        ["unit", "list"], ["unit", "show", "CSP-240311"], ["unit", "show", "SLK-0071"], ["customer", "list"],
        ["customer", "show", "KIS-0001"], ["dispatch", "list"], ["dispatch", "show", "1"], ["export", "list"],
        ["export", "show", "1"], ["profile", "list"], ["profile", "show", "paygops"], ["audit", "tokens"],
        ["audit", "events"], ["audit", "checkpoint"], ["audit", "verify", "--without-key"],
        ["audit", "export", "-o", "trail.jsonl"], ["token", "find", "588 224 011"],
    ])
    func `lists, history and what of the proof needs no key work without it`(command: [String]) throws {
        let bench = try bench()
        for json in [[], ["--json"]] {
            if command.contains("-o") { try? FileManager.default.removeItem(atPath: bench.folder.file("trail.jsonl")) }
            let run = bench.payg(command + json)
            #expect([0, 3].contains(run.status), "\(run.screen)")
            #expect(run.status == 0 || command[0] == "token", "\(run.screen)")
            #expect(!run.screen.contains("key file"))
        }
        #expect(try !bench.folder.names().contains("registry.key"))
    }

    @Test(arguments: [
        ["issue", "CSP-240311", "--days", "1"],
        ["import", "cloud-solar-dispatch.csv", "--replace", "CSP-240311", "--reason", "x"], ["audit", "verify"],
        ["export", "openpaygo", "--all", "-o", "again.csv"], ["export", "again", "1", "-o", "again.csv"],
        ["token", "check", "CSP-240311", "588 224 011"], ["device", "new", "CSP-240311", "--state", "unit.json"],
        ["unit", "test-plan", "CSP-240318", "-o", "plan.csv"],
    ])
    func `making tokens and opening credentials is exit 77 without the key, and nothing is on record`(
        command: [String]
    ) throws {
        let bench = try bench()
        let before = bench.payg("audit", "checkpoint").output
        let run = bench.payg(command)
        #expect(run.status == 77 && run.output == "", "\(run.screen)")
        #expect(run.talk.contains("no key file at"))
        #expect(bench.payg("audit", "checkpoint").output == before)
    }

    @Test func `verify without the key says what it left out, in words and JSON, and notices what it can`() throws {
        let bench = try bench()
        let run = bench.payg("audit", "verify", "--without-key")
        #expect(run.status == 0)
        #expect(
            run.talk == """
                14 events and 1 token checked: everything that needs no key fits
                without the key no token was made again, no credentials were opened, and no event's code was checked

                """
        )
        #expect(try bench.payg("audit", "verify", "--without-key", "--json").json()["withoutKey"] as? Bool == true)
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        let broken = bench.payg("audit", "verify", "--without-key")
        #expect(broken.status == 2)
        #expect(broken.output == "unit CSP-240318: its count is 8, and its last event says 1\n")
        #expect(bench.payg("audit", "verify", "--without-key", "--key-file", "x").status == 64)
    }
}
