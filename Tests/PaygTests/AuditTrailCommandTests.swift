import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct AuditTrailCommandTests {
    private func bench() throws -> CommandBench {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1001")
        return bench
    }

    private func checkpoint(_ bench: CommandBench) -> String {
        bench.payg("audit", "checkpoint").output.trimmingCharacters(in: .newlines)
    }

    @Test func `a checkpoint is one line, the same until something is done, and in JSON with the whole hash`() throws {
        let bench = try bench()
        let run = bench.payg("audit", "checkpoint", "--key-file", "none.key")
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("PAYG1 ") && run.output.hasSuffix("\n"))
        #expect(run.output.split(separator: "\n").count == 1 && run.output.count < 100)
        #expect(run.talk.hasPrefix("after event 13 of 2026-11-03 09:00 UTC: keep it where nobody"))
        #expect(bench.payg("audit", "checkpoint").output == run.output)
        let answer = try bench.payg("audit", "checkpoint", "--json").json()
        #expect(Set(answer.keys) == ["checkpoint", "registry", "sequence", "at", "hash"])
        #expect(answer["checkpoint"] as? String == checkpoint(bench) && answer["sequence"] as? Int == 13)
        bench.payg("issue", "CSP-240311", "--days", "1")
        #expect(bench.payg("audit", "checkpoint").output != run.output)
    }

    @Test func `verify takes checkpoints as they were printed, from files and from a pipe`() throws {
        let bench = try bench()
        let first = checkpoint(bench)
        bench.payg("issue", "CSP-240311", "--days", "1")
        let second = checkpoint(bench)
        _ = try bench.folder.write("# of the week\n\n\(first.lowercased())\r\n  \(second)\n", to: "checkpoints.txt")
        let run = bench.payg("audit", "verify", "--against", first, "--against", "checkpoints.txt")
        #expect(run.status == 0)
        #expect(run.talk == "14 events and 2 tokens checked: everything fits, and 3 checkpoints\n")
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data((second + "\n").utf8))
        try pipe.fileHandleForWriting.close()
        let piped = bench.payg(["audit", "verify", "--against", "-", "--json"], input: pipe.fileHandleForReading)
        #expect(try piped.json()["checkpoints"] as? Int == 1)
        // Copied from a screen, without quotation marks, and typed without spaces.
        let words = first.split(separator: " ").map(String.init)
        let unquoted = bench.payg(
            ["audit", "verify", "--against"] + words + ["checkpoints.txt", "--against"] + words + ["--json"])
        #expect(try unquoted.json()["checkpoints"] as? Int == 4, "\(unquoted.talk)")
        let fewer = [words[0] + words[1]] + words[2...5] + [words[6...].joined()]
        let mixed = bench.payg(["audit", "verify", "--against"] + fewer + ["checkpoints.txt"] + fewer + ["--json"])
        #expect(try mixed.json()["checkpoints"] as? Int == 4, "\(mixed.talk)")
        let short = bench.payg(["audit", "verify", "--against"] + words.dropLast())
        #expect(short.status == 64 && short.talk.contains("the checkpoint is not whole"), "\(short.talk)")
        let joined = bench.payg("audit", "verify", "--against", words.joined().lowercased())
        #expect(joined.status == 0 && joined.talk.contains("everything fits, and 1 checkpoint"), "\(joined.talk)")
        let slipped = bench.payg("audit", "verify", "--against", words.joined().lowercased() + "a")
        #expect(slipped.status == 64 && slipped.talk.hasPrefix("error: the checkpoint was mistyped"), "\(slipped.talk)")
        // A slip of the finger is not another history.
        let slip = bench.payg("audit", "verify", "--against", first.replacing("PAYG1 ", with: "PAYG1 Z"))
        #expect(slip.status == 64 && slip.output == "")
        #expect(slip.talk.hasPrefix("error: the checkpoint "))
        _ = try bench.folder.write("\(first)\n\(second.dropLast(1))\n", to: "broken.txt")
        let broken = bench.payg("audit", "verify", "--against", "broken.txt")
        #expect(broken.status == 65)
        #expect(broken.talk.hasPrefix("error: line 2 of broken.txt: the checkpoint is not whole"))
        for (name, text) in [("empty.txt", ""), ("remarks.txt", "# none yet\n\n")] {
            _ = try bench.folder.write(text, to: name)
            let empty = bench.payg("audit", "verify", "--against", name)
            #expect(empty.status == 65 && empty.talk.contains("the checkpoint is missing"), "\(empty.talk)")
        }
        #expect(bench.payg("audit", "verify", "--against", "none.txt").status == 66)
        #expect(bench.payg("audit", "verify", "--against", "").status == 64)
    }

    @Test func `a registry put back to an earlier copy is exit 2 against a later checkpoint`() throws {
        let bench = try bench()
        let path = bench.folder.file("registry.sqlite")
        #expect(try sqlite3(path, ".backup '\(bench.folder.file("copy.sqlite"))'").status == 0)
        bench.payg("issue", "CSP-240311", "--days", "1")
        let taken = checkpoint(bench)
        #expect(bench.payg("audit", "verify", "--registry", "copy.sqlite").status == 0)
        let run = bench.payg("audit", "verify", "--registry", "copy.sqlite", "--against", taken)
        #expect(run.status == 2)
        #expect(
            run.output
                == "the history ends with event 13, and the checkpoint of event 14 (2026-11-03 09:00 UTC) was taken "
                + "later: the end was cut off\n"
        )
    }

    @Test func `an exported trail is private, whole, never in another's place, and checks elsewhere`() throws {
        let bench = try bench()
        let run = bench.payg("audit", "export", "-o", "trail.jsonl", "--json", "--key-file", "none.key")
        #expect(run.status == 0)
        let answer = try run.json()
        #expect(Set(answer.keys) == ["file", "events", "bytes", "registry", "head", "checkpoint"])
        let path = bench.folder.file("trail.jsonl")
        #expect(try permissions(of: path) == 0o600)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == answer["bytes"] as? Int)
        #expect(answer["checkpoint"] as? String == checkpoint(bench) && answer["events"] as? Int == 13)
        #expect(bench.payg("audit", "export", "-o", "trail.jsonl").status == 4)
        #expect(bench.payg("audit", "export", "-o", "nowhere/trail.jsonl").status == 73)
        // It holds tokens: it goes into a file, and into nothing else.
        let stream = bench.payg("audit", "export", "-o", "-")
        #expect(stream.status == 64 && stream.output == "")

        // Elsewhere: the file, a checkpoint, and nothing else.
        let elsewhere = try CommandBench(sampleData: false)
        _ = try elsewhere.folder.write(try text(of: path), to: "trail.jsonl")
        let before = try elsewhere.folder.names()
        let check = elsewhere.payg("audit", "verify", "--file", "trail.jsonl", "--against", checkpoint(bench), "--json")
        #expect(check.status == 0)
        #expect(
            check.output
                == #"{"checkpoints":1,"events":13,"ok":true,"problems":[],"tokens":null,"warnings":[],"withoutKey":true}"#
                + "\n"
        )
        #expect(try elsewhere.folder.names() == before)
        let withKey = elsewhere.payg(
            "audit", "verify", "--file", "trail.jsonl", "--key-file", bench.folder.file("registry.key")
        )
        #expect(withKey.status == 0 && withKey.talk == "13 events checked: everything fits\n")
        let keyless = elsewhere.payg("audit", "verify", "--file", "trail.jsonl", "--key-file", "none.key")
        #expect(keyless.status == 77)
        #expect(
            keyless.talk.contains("hint: --key-file names the key file of the registry that the trail is of; without"))
        #expect(!keyless.talk.contains("--without-key") && !keyless.talk.contains("PAYG_KEY_FILE"), "\(keyless.talk)")
        #expect(elsewhere.payg("audit", "verify", "--file", "none.jsonl").status == 66)
        #expect(elsewhere.payg("audit", "verify", "--file", ".").status == 66)
        let altered = try text(of: path).replacing("KIS-0001", with: "KIS-0002")
        _ = try elsewhere.folder.write(altered, to: "altered.jsonl")
        let noticed = elsewhere.payg("audit", "verify", "--file", "altered.jsonl")
        #expect(noticed.status == 2)
        #expect(
            noticed.output.hasPrefix(
                "line 5: event 4 does not fit the chain: it, or the one before it, is not what was written\n")
        )
        #expect(noticed.talk.contains("hint: ask for the file once more"))
    }

    @Test func `a checker in Python, written from the description, comes to the same`() throws {
        let bench = try bench()
        bench.payg("customer", "add", "ZOË-1", "--name", "Zoë")
        bench.payg("customer", "add", "K \"2\" \\", "--name", "Zoë", "--actor", "Zoë “Ø” 電")
        bench.payg("unit", "show", "CSP-240311", "--reveal", "--reason", "a \"test\"\\", "--yes")
        let taken = checkpoint(bench)
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "paygops.csv")
        bench.payg("audit", "export", "-o", "trail.jsonl")
        let (trail, key) = (bench.folder.file("trail.jsonl"), bench.folder.file("registry.key"))
        func check(_ file: String, _ more: String...) throws -> ProgramRun {
            try ProgramRun("python3", ["\(projectFolder)/scripts/check-trail", file] + more)
        }
        let run = try check(trail, "--key-file", key, "--against", taken, "--against", checkpoint(bench))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == "16 events checked: everything fits\n")
        // And to the same where something does not fit.
        let lines = try text(of: trail).split(separator: "\n").map(String.init)
        func told(_ changed: [String], _ more: String...) throws -> (python: String, payg: String) {
            _ = try bench.folder.write(changed.joined(separator: "\n") + "\n", to: "changed.jsonl")
            let checked = try ProgramRun(
                "python3", ["\(projectFolder)/scripts/check-trail", bench.folder.file("changed.jsonl")] + more
            )
            let ours = bench.payg(["audit", "verify", "--file", "changed.jsonl"] + more)
            #expect(checked.status == 2 && ours.status == 2, "\(checked.output) \(ours.screen)")
            return (checked.output, ours.output)
        }
        for place in stride(from: 1, to: lines.count, by: 4) {
            var (altered, less) = (lines, lines)
            altered[place] = altered[place].replacing("\"actor\":\"", with: "\"actor\":\"x")
            let (python, payg) = try told(altered)
            let line = "line \(place + 1): event \(place) does not fit the chain"
            #expect(python.hasPrefix(line) && payg.hasPrefix(line))
            less.remove(at: place)
            _ = try told(less)
        }
        _ = try told(lines.dropLast(3), "--against", taken)
    }

    @Test func `the warning of a clock that was set back is said, and in the JSON`() throws {
        let bench = try bench()
        bench.now = bench.now + -7200
        bench.payg("customer", "add", "LATE-1", "--name", "Late")
        bench.payg("audit", "export", "-o", "trail.jsonl")
        for more in [[], ["--file", "trail.jsonl"]] {
            let run = bench.payg(["audit", "verify"] + more)
            #expect(run.status == 0)
            #expect(
                run.talk.hasPrefix(
                    "warning: the clock was set back: event 14 is dated 2026-11-03 07:00 UTC, and the one before"))
            #expect(try (bench.payg(["audit", "verify", "--json"] + more).json()["warnings"] as? [String])?.count == 1)
        }
    }
}
