import Foundation
import TestSupport
import Testing

@testable import payg

/// Whatever gives credentials away, with key files that have a passphrase or
/// that others can read, and with a registry that others can read.
struct KeyCombinationTests {
    /// What opens credentials and writes to the registry: the words, and the
    /// file that is made.
    private static let opening: [(words: [String], file: String?)] = [
        (["unit", "show", "CSP-240311", "--reveal", "--reason", "the list was lost", "--yes"], nil),
        (["unit", "show", "CSP-240311", "--reveal", "--reason", "once more", "--yes", "--json"], nil),
        (["device", "new", "CSP-240311", "--state", "unit.json"], "unit.json"),
        (["export", "openpaygo", "--unit", "CSP-240318", "--dry-run"], nil),
        (["export", "openpaygo", "--unit", "CSP-240318", "--copy", "-o", "copy.csv"], "copy.csv"),
        (["export", "openpaygo", "--unit", "CSP-240318", "-o", "openpaygo.csv"], "openpaygo.csv"),
        (["export", "paygops", "--unit", "CSP-240325", "-o", "paygops.csv"], "paygops.csv"),
        (["export", "angaza", "--unit", "CSP-240332", "--product", "Solar", "-o", "angaza.csv"], "angaza.csv"),
        (["export", "airlink", "--unit", "CSP-240339", "-o", "airlink.csv"], "airlink.csv"),
        (["export", "json", "--unit", "CSP-240346", "-o", "json.json"], "json.json"),
        (["export", "again", "1", "-o", "again.csv"], "again.csv"),
        (
            [
                "export", "airlink", "--unit", "CSP-240318", "--count", "9", "--reason", "they moved", "-o",
                "moved.csv",
            ], "moved.csv"
        ),
    ]

    /// What shows, and opens nothing.
    private static let looking: [(words: [String], file: String?)] = [
        (["slip", "CSP-240311", "-o", "slip.html"], "slip.html"), (["unit", "show", "CSP-240311"], nil),
        (["export", "list"], nil), (["audit", "verify", "--without-key"], nil), (["key", "status"], nil),
    ]

    private func bench() throws -> CommandBench {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "CSP-240311", "--days", "30").status == 0)
        // Export 1, to be written again.
        #expect(bench.payg("export", "paygops", "--dispatch", "2", "-o", "first.csv").status == 0)
        return bench
    }

    private func protected() throws -> CommandBench {
        let bench = try bench()
        for (name, text) in [("phrase", "correct horse\n"), ("wrong", "battery staple\n"), ("empty", "\nmore\n")] {
            _ = try bench.folder.write(text, to: name)
        }
        #expect(bench.payg("key", "rotate", "--yes", "--new-passphrase-file", "phrase").status == 0)
        return bench
    }

    private func events(_ bench: CommandBench) throws -> Int {
        try bench.payg("audit", "events", "--json").jsonRows().count
    }

    /// That a command is refused, tells so, makes no file, shows nothing and
    /// leaves nothing on record.
    private func isRefused(
        _ words: [String], _ file: String?, on bench: CommandBench, status: Int32, _ told: String
    ) throws {
        let (events, names) = (try events(bench), try bench.folder.names())
        let run = bench.payg(words)
        #expect(run.status == status && run.talk.contains(told) && run.output == "", "\(words): \(run.screen)")
        #expect(try self.events(bench) == events && bench.folder.names() == names, "\(words)")
    }

    @Test func `what opens credentials needs the passphrase of a protected key file, and what only shows does not`()
        throws
    {
        let bench = try protected()
        for (words, file) in Self.opening {
            try isRefused(
                words, file, on: bench, status: 77, "has a passphrase, and there is nobody here to ask for it")
            let wrong = words + ["--passphrase-file", "wrong"]
            try isRefused(wrong, file, on: bench, status: 77, "that is not the passphrase of the key file")
            try isRefused(
                words + ["--passphrase-file", "empty"], file, on: bench, status: 77,
                "the passphrase file empty has nothing on its first line")
            let run = bench.payg(words + ["--passphrase-file", "phrase"])
            #expect(run.status == 0 && !run.screen.contains("correct horse"), "\(words): \(run.talk)")
            if let file { #expect(try permissions(of: bench.folder.file(file)) == 0o600, "\(file)") }
        }
        for (words, file) in Self.looking {
            let run = bench.payg(words)
            #expect(run.status == 0 && !run.talk.contains("passphrase of"), "\(words): \(run.talk)")
            if let file { #expect(try permissions(of: bench.folder.file(file)) == 0o600) }
        }
        #expect(bench.payg("audit", "verify", "--passphrase-file", "phrase").status == 0)
    }

    @Test func `a descriptor gives the passphrase to each of them, and to one of them only`() throws {
        let bench = try protected()
        for (words, _) in Self.opening {
            let pipe = Pipe()
            try pipe.fileHandleForWriting.write(contentsOf: Data("correct horse\nmore".utf8))
            try pipe.fileHandleForWriting.close()
            let number = "\(pipe.fileHandleForReading.fileDescriptor)"
            let run = bench.payg(words + ["--passphrase-fd", number])
            #expect(run.status == 0, "\(words): \(run.talk)")
            let rest = try pipe.fileHandleForReading.readToEnd()
            #expect(rest == Data("more".utf8), "\(words)")
        }
    }

    @Test func `a key file that others can read opens nothing, and what only shows goes on`() throws {
        let bench = try bench()
        let key = bench.folder.file("registry.key")
        for mode in [0o644, 0o620] {
            try allow(mode, key)
            for (words, file) in Self.opening {
                try isRefused(words, file, on: bench, status: 77, "by others (mode 0\(String(mode, radix: 8)))")
            }
            for (words, file) in Self.looking where words.first != "key" {
                let run = bench.payg(words)
                #expect(run.status == 0, "\(words): \(run.talk)")
                if let file { try FileManager.default.removeItem(atPath: bench.folder.file(file)) }
            }
        }
        #expect(bench.payg("doctor", "--fix").status == 0)
        for (words, _) in Self.opening { #expect(bench.payg(words).status == 0, "\(words)") }
    }

    @Test func `a registry that others can read gives no credential away, for that goes on record`() throws {
        let bench = try bench()
        try allow(0o640, bench.folder.file("registry.sqlite"))
        for (words, file) in Self.opening {
            try isRefused(words, file, on: bench, status: 4, "can be read by others (mode 0640)")
        }
        for (words, _) in Self.looking {
            let run = bench.payg(words)
            #expect(run.status == 0, "\(words): \(run.talk)")
            #expect(run.talk.contains("warning: registry.sqlite can be read by others (mode 0640)"), "\(words)")
        }
        #expect(bench.payg("audit", "verify").status == 0, "to prove it nothing is written")
    }

    @Test func `a list of payments' slips needs no key either`() throws {
        let bench = try protected()
        _ = try bench.folder.write("Reference,Unit,Days\nMP-1,CSP-240311,3\nMP-2,CSP-240318,3\n", to: "pay.csv")
        let issued = bench.payg("issue-batch", "pay.csv", "-o", "out.csv", "--passphrase-file", "phrase")
        #expect(issued.status == 0, "\(issued.talk)")
        let run = bench.payg("slip", "--batch", "pay.csv", "-o", "slips.html")
        #expect(run.status == 0 && run.talk.contains("2 slips in slips.html"), "\(run.talk)")
    }

    // MARK: - An exported history

    @Test func `an exported history is checked with a protected key, wherever its passphrase comes from`() throws {
        let bench = try protected()
        #expect(bench.payg("audit", "export", "-o", "trail.jsonl").status == 0)
        let verify = ["audit", "verify", "--file", "trail.jsonl", "--key-file", "registry.key"]
        let elsewhere = ["PAYG_REGISTRY": "none.sqlite", "PAYG_KEY_FILE": "none.key"]
        func run(_ more: [String], _ variables: [String: String] = [:], secrets: [String] = []) -> CommandBench.Run {
            bench.payg(verify + more, environment: elsewhere.merging(variables) { $1 }, secrets: secrets)
        }
        #expect(run(["--passphrase-file", "phrase"]).status == 0)
        #expect(run([], ["PAYG_PASSPHRASE_FILE": "phrase"]).status == 0)
        let typed = run([], secrets: ["correct horse"])
        #expect(typed.status == 0 && typed.talk.contains("everything fits"), "\(typed.talk)")
        #expect(run(["--passphrase-file", "wrong"]).status == 77)
        #expect(run(["--passphrase-file", "empty"]).talk.contains("nothing on its first line"))
        let none = run([])
        #expect(none.status == 77 && none.talk.contains("nobody here to ask"), "\(none.talk)")
        #expect(bench.payg("audit", "verify", "--file", "trail.jsonl").status == 0, "without a key nobody is asked")

        // The code of an event is checked, and not only the key opened.
        let trail = try text(of: bench.folder.file("trail.jsonl"))
        let last = try #require(trail.split(separator: "\n").last)
        let forged = last.replacing(
            try Regex(#""mac":"[0-9a-f]{64}""#), with: #""mac":"\#(String(repeating: "0", count: 64))""#)
        #expect(forged != String(last))
        _ = try bench.folder.write(trail.replacing(last, with: forged), to: "forged.jsonl")
        let found = bench.payg(
            "audit", "verify", "--file", "forged.jsonl", "--key-file", "registry.key", "--passphrase-file", "phrase")
        #expect(
            found.status == 2 && found.output.contains("was not written with this registry's key"), "\(found.screen)")
    }

    @Test func `a former key, and one of another registry, are told from the one that checks a history`() throws {
        let bench = try bench()
        bench.payg("key", "rotate", "--yes")
        let json = try bench.payg("key", "status", "--json").json()
        let (key, keys) = (try #require(json["keyID"] as? String), try #require(json["formerKeys"] as? [[String: Any]]))
        let former = try #require(keys.first?["keyFile"] as? String)
        bench.payg("audit", "export", "-o", "trail.jsonl")
        let event = try #require(
            try bench.payg("audit", "events", "--json").jsonRows().last { $0["action"] as? String == "keyRotated" })
        let number = try #require(event["sequence"] as? Int)
        let run = bench.payg("audit", "verify", "--file", "trail.jsonl", "--key-file", former)
        #expect(run.status == 77 && run.output == "")
        #expect(
            run.talk == """
                error: the key file \(former) has a former key, which event \(number) of the trail changed; its events are \
                checked with the last one, \(key.prefix(16))
                hint: name the file with that key with --key-file FILE; without --key-file what needs no key is checked

                """, "\(run.talk)")
        bench.payg("init", "--registry", "other.sqlite", "--key-file", "other.key")
        let other = bench.payg("audit", "verify", "--file", "trail.jsonl", "--key-file", "other.key")
        #expect(
            other.status == 77 && other.talk.contains("other.key is not that of the trail's registry, which has the"))
        #expect(!other.talk.contains("--without-key") && !run.talk.contains("--without-key"))
    }
}
