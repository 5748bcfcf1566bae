import ArgumentParser
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

    private static let lookingOnly: [[String]] = [
        ["unit", "list"], ["unit", "show", "CSP-240311"], ["unit", "show", "SLK-0071"], ["customer", "list"],
        ["customer", "show", "KIS-0001"], ["dispatch", "list"], ["dispatch", "show", "1"], ["export", "list"],
        ["export", "show", "1"], ["profile", "list"], ["profile", "show", "paygops"], ["audit", "tokens"],
        ["audit", "events"], ["audit", "checkpoint"], ["audit", "verify", "--without-key"],
        ["audit", "export", "-o", "trail.jsonl"], ["token", "find", "588 224 011"],
    ]

    @Test func `no command that lists, shows or proves is left out here`() {
        func leaves(_ command: any ParsableCommand.Type, _ words: [String]) -> [[String]] {
            let children = command.configuration.subcommands
            guard !children.isEmpty else { return [words] }
            return children.flatMap { leaves($0, words + [$0.configuration.commandName ?? ""]) }
        }
        for words in leaves(Payg.self, []) where words[0] == "audit" || ["list", "show"].contains(words.last) {
            #expect(Self.lookingOnly.contains { $0.starts(with: words) }, "\(words)")
        }
    }

    @Test(arguments: lookingOnly)
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
        ["import", "cloud-solar-dispatch.csv", "--replace", "CSP-240311", "--reason", "x"],
        ["unit", "show", "CSP-240311", "--reveal", "--reason", "x", "--yes"], ["audit", "verify"],
        ["export", "openpaygo", "--all", "-o", "again.csv"], ["export", "again", "1", "-o", "again.csv"],
        ["token", "check", "CSP-240311", "588 224 011"], ["device", "new", "CSP-240311", "--state", "unit.json"],
        ["unit", "test-plan", "CSP-240318", "-o", "plan.csv"],
    ])
    func `making tokens and revealing credentials is exit 77 without the key, and nothing is on record`(
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
        #expect(
            bench.payg("audit", "verify").talk.hasSuffix(
                "hint: payg audit verify --without-key checks what needs no key\n"))
    }
}

struct RevealTests {
    /// The sample data's own words for a unit.
    private func listed(_ unit: String) throws -> (key: String, code: String) {
        let rows = try text(of: "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").split(separator: "\n")
        let row = try #require(rows.first { $0.hasPrefix(unit + ",") })
        let cells = row.split(separator: ",").map(String.init)
        return (cells[1], cells[2])
    }

    @Test func `without being asked to, show has no credentials, nor a name for them`() throws {
        let bench = try CommandBench.withFleet()
        let (key, code) = try listed("CSP-240311")
        for run in [
            bench.payg("unit", "show", "CSP-240311"), bench.payg("unit", "show", "CSP-240311", "--json"),
            bench.payg("unit", "show", "CSP-240311", forPerson: true),
        ] {
            #expect(!run.screen.contains(key) && !run.screen.contains(code))
            #expect(!run.output.contains("secret") && !run.output.contains("credentials\":{"))
        }
    }

    @Test func `revealed credentials are the list's own, on record with the reason before they are shown`() throws {
        let bench = try CommandBench.withFleet()
        let (key, code) = try listed("CSP-240311")
        let run = bench.payg("unit", "show", "csp-240311", "--reveal", "--reason", "the unit lost its memory", "--yes")
        #expect(run.status == 0)
        #expect(run.output.contains("secret key\t\(key)\nstarting code\t\(code)\n"))
        #expect(run.talk.hasPrefix("event 12 tells that you saw the credentials of unit CSP-240311, and why\n"))
        #expect(!run.talk.contains(key) && !run.talk.contains(code))
        let events = try bench.payg("audit", "events", "--unit", "CSP-240311", "--json").jsonRows()
        #expect(
            events.last?["action"] as? String == "credentialsRevealed" && events.last?["actor"] as? String == "amina")
        #expect(
            events.last?["detail"] as? [String: String] == ["unit": "CSP-240311", "reason": "the unit lost its memory"]
        )
        let json = try bench.payg("unit", "show", "CSP-240311", "--reveal", "--reason", "x", "--yes", "--json").json()
        let shown = try #require(json["credentials"] as? [String: Any])
        #expect(shown["secretKey"] as? String == key && shown["startingCode"] as? String == code)
        #expect(shown["event"] as? Int == 13)
        #expect(bench.payg("audit", "verify").status == 0)
        // Made with the key, it cannot be taken out without it.
        let registry = bench.folder.file("registry.sqlite")
        let guardian = try sqlite3(registry, "SELECT sql FROM sqlite_schema WHERE name = 'event_never_changed'").output
        _ = try sqlite3(
            registry, "DROP TRIGGER event_never_changed; UPDATE event SET mac = NULL WHERE sequence = 13; \(guardian)")
        #expect(bench.payg("audit", "verify").output == "event 13 was not written with this registry's key\n")
    }

    @Test func `what is on record is there before a letter is shown`() throws {
        let bench = try CommandBench.withFleet()
        let registry = bench.folder.file("registry.sqlite")
        _ = try sqlite3(
            registry, "CREATE TRIGGER stop BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
        let run = bench.payg("unit", "show", "CSP-240311", "--reveal", "--reason", "x", "--yes")
        #expect(run.status == 1 && run.output == "")
        let (key, code) = try listed("CSP-240311")
        #expect(run.talk.contains("the disk is full") && !run.talk.contains(key) && !run.talk.contains(code))
    }

    @Test func `it is asked about at a terminal, takes --yes elsewhere, and a reason always`() throws {
        let bench = try CommandBench.withFleet()
        let command = ["unit", "show", "CSP-240311", "--reveal", "--reason", "a letter"]
        let before = bench.payg("audit", "checkpoint").output
        let alone = bench.payg(command)
        #expect(alone.status == 64 && alone.output == "")
        #expect(alone.talk.contains("nothing was changed\nhint: --yes confirms it"))
        let refused = bench.payg(command, forPerson: true, answers: "\n")
        #expect(refused.status == 4 && refused.output == "")
        #expect(refused.talk.contains("show the secret key and the starting code of unit CSP-240311, on record? [y/N]"))
        for wrong in [
            ["--reveal"], ["--reveal", "--yes"], ["--reason", "x"], ["--reveal", "--yes", "--reason", " "],
        ] {
            #expect(bench.payg(["unit", "show", "CSP-240311"] + wrong).status == 64)
        }
        #expect(bench.payg(["unit", "show", "X", "--reveal", "--reason", "x", "--yes"]).status == 3)
        #expect(bench.payg("audit", "checkpoint").output == before)
        let (key, code) = try listed("CSP-240311")
        let shown = bench.payg(command, forPerson: true, answers: "yes\n")
        #expect(shown.status == 0)
        #expect(shown.output.contains("secret key        \(key)\nstarting code     \(code)\n"))
    }
}
