import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

/// `payg key status` and `payg key rotate`.
struct KeyCommandTests {
    // MARK: - key status

    @Test func `key status tells of the key and what it seals, and never the key`() throws {
        let bench = try CommandBench.protected()
        let run = bench.payg("key", "status", forPerson: true)
        let json = try bench.payg("key", "status", "--json").json()
        let id = try #require(json["keyID"] as? String)
        #expect(
            run.output == """
                key file          registry.key
                key               \(id.prefix(16))
                registry's        yes
                passphrase        yes (scrypt, N = 2^10, r = 8, p = 1: 1 MB a try)
                since             2026-11-03 09:00 UTC, when the registry was made
                units             25

                """)
        #expect(json["isRegistrys"] as? Bool == true && json["passphrase"] as? Bool == true)
        #expect((json["cost"] as? [String: Any])?["log2N"] as? Int == 10)
        #expect(json["rotatedAt"] is NSNull && json["units"] as? Int == 25)
        let keyID = try bench.payg("audit", "events", "--json").jsonRows().first?["detail"] as? [String: Any]
        #expect(keyID.map { $0["keyID"] as? String == id } ?? true)
    }

    @Test func `a key file that is another registry's is an answer, and exit code 77`() throws {
        let bench = try CommandBench(sampleData: false)
        bench.payg("init")
        bench.payg("init", "--registry", "other.sqlite", "--key-file", "other.key")
        let run = bench.payg("key", "status", "--key-file", "other.key", "--json")
        #expect(try run.status == 77 && run.json()["isRegistrys"] as? Bool == false)
        #expect(
            try run.json()["keyID"] is String && (run.json()["problem"] as? String)?.contains("not the one") == true)
        #expect(run.talk.contains("hint: name the registry's own key file"))
    }

    @Test func `key status tells what the registry knows where the key file is missing, exposed or none`() throws {
        let bench = try CommandBench.withFleet()
        let first = try #require(try bench.payg("key", "status", "--json").json()["keyID"] as? String)
        bench.now = bench.now + 86_400
        bench.payg("key", "rotate", "--yes")
        let id = try #require(try bench.payg("key", "status", "--json").json()["keyID"] as? String)
        let path = bench.folder.file("registry.key")
        let aside = bench.folder.file("aside")
        func told(_ problem: String, _ hint: String) throws {
            let run = bench.payg("key", "status", forPerson: true)
            #expect(
                run.output == """
                    key file          registry.key
                    key               not known
                    registry's        that is \(id.prefix(16))
                    passphrase        not known
                    since             2026-11-04 09:00 UTC, when the key was changed
                    former key        \(first.prefix(16)), until 2026-11-04 09:00 UTC, in registry.key.\(first.prefix(16))
                    units             35

                    """)
            #expect(run.status == 77 && run.talk.contains(problem) && run.talk.contains(hint), "\(run.talk)")
            let piped = bench.payg("key", "status", "--json")
            let json = try piped.json()
            #expect(piped.status == 77 && piped.talk.contains(problem))
            #expect(json["keyID"] is NSNull && json["passphrase"] is NSNull && json["isRegistrys"] as? Bool == false)
            #expect(json["registryKeyID"] as? String == id && json["since"] as? String == "2026-11-04T09:00:00Z")
            #expect(json["registryMadeAt"] as? String == "2026-11-03T09:00:00Z" && json["units"] as? Int == 35)
            let former = try #require((json["formerKeys"] as? [[String: Any]])?.first)
            #expect(former["keyID"] as? String == first && former["until"] as? String == "2026-11-04T09:00:00Z")
            let words = try #require(json["problem"] as? String)
            #expect(words.contains(problem) && !words.contains("nothing was changed"))
            // Before anybody is asked whether to change it.
            let rotated = bench.payg("key", "rotate", answers: "y\n")
            #expect(rotated.status == 77 && !rotated.talk.contains("change it?"), "\(rotated.talk)")
        }
        try FileManager.default.moveItem(atPath: path, toPath: aside)
        try told("no key file at \(path)", "payg key restore makes it again from the recovery sheet")
        _ = try bench.folder.write("nothing of the kind", to: "registry.key")
        try told("registry.key is not a payg key file", "name the registry's own key file with --key-file FILE")
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: aside, toPath: path)
        try allow(0o644, path)
        try told(
            "can be read by others (mode 0644)", "payg doctor --fix makes it its owner's alone; where somebody may")
        #expect(bench.payg("doctor", "--fix").status == 0)
        let mended = bench.payg("key", "status", forPerson: true)
        #expect(mended.status == 0 && mended.output.contains("registry's        yes\n") && mended.talk == "")
    }

    @Test func `key status tells when a former key's file is not here`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("key", "rotate", "--yes")
        let former = try formerID(bench)
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key.\(former)"))
        let run = bench.payg("key", "status", forPerson: true)
        #expect(
            run.status == 0
                && run.output.contains(
                    "former key        \(former), until 2026-11-03 09:00 UTC, its file is not here\n")
        )
        let keys = try bench.payg("key", "status", "--json").json()["formerKeys"] as? [[String: Any]]
        #expect(keys?.first?["keyFile"] is NSNull)
    }

    // MARK: - key rotate

    @Test func `the key is changed once that is confirmed, and everything goes on`() throws {
        let bench = try CommandBench.withFleet()
        let before = try bench.bytes("registry.key")
        let piped = bench.payg("key", "rotate")
        #expect(piped.status == 64 && piped.talk.contains("--yes confirms it"))
        let refused = bench.payg("key", "rotate", answers: "n\n")
        #expect(
            refused.status == 4 && refused.talk.contains("35 units will be sealed under a new key: change it? [y/N]"))
        #expect(try bench.bytes("registry.key") == before)

        bench.now = bench.now + 86_400
        let run = bench.payg("key", "rotate", answers: "yes\n")
        let json = try bench.payg("key", "status", "--json").json()
        let (id, former) = (try #require(json["keyID"] as? String).prefix(16), try formerID(bench))
        #expect(run.status == 0)
        #expect(run.talk.contains("the key is \(id) now, in registry.key: 35 units sealed anew\n"), "\(run.talk)")
        #expect(run.talk.contains("the former key \(former) is kept in registry.key.\(former): copies of the registry"))
        #expect(json["rotatedAt"] as? String == "2026-11-04T09:00:00Z" && json["rotations"] as? Int == 1)
        #expect(try bench.bytes("registry.key.\(former)") == before)
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(bench.payg("issue", "CSP-240311", "--days", "30").output == "649118926\n")
        let events = try bench.payg("audit", "events", "--json").jsonRows()
        #expect(events.contains { $0["action"] as? String == "keyRotated" })

        let again = bench.payg("key", "rotate", "--yes", "--json")
        #expect(try again.json()["units"] as? Int == 35)
        #expect(try again.json()["formerKeyID"] as? String == json["keyID"] as? String)
    }

    private func formerID(_ bench: CommandBench) throws -> String {
        try #require(bench.folder.names().first { $0.hasPrefix("registry.key.") }?.split(separator: ".").last)
            .description
    }

    @Test func `a passphrase is put on, changed and taken off with the key`() throws {
        let bench = try CommandBench.withFleet()
        let put = bench.payg("key", "rotate", "--yes", "--passphrase", secrets: ["correct horse", "correct horse"])
        #expect(put.status == 0 && put.talk.contains("the former key file has no passphrase: do not leave it there"))
        #expect(bench.payg("audit", "verify").status == 77)
        _ = try bench.folder.write("correct horse\n", to: "old")
        _ = try bench.folder.write("battery staple\n", to: "new")
        let kept = bench.payg("key", "rotate", "--yes", "--passphrase-file", "old")
        #expect(kept.status == 0 && bench.payg("audit", "verify", "--passphrase-file", "old").status == 0)
        let changed = bench.payg(
            "key", "rotate", "--yes", "--passphrase-file", "old", "--new-passphrase-file", "new")
        #expect(changed.status == 0 && bench.payg("audit", "verify", "--passphrase-file", "old").status == 77)
        let off = bench.payg("key", "rotate", "--yes", "--passphrase-file", "new", "--no-passphrase")
        #expect(off.status == 0 && bench.payg("audit", "verify").status == 0)
        #expect(bench.payg("key", "rotate", "--yes", "--no-passphrase", "--passphrase").status == 64)
        let new = bench.payg("key", "rotate", "--yes", "--passphrase", secrets: ["correct horse", "correct horse"])
        #expect(new.status == 0)
        let first = bench.payg(
            "key", "rotate", "--yes", "--passphrase", secrets: ["no horse", "new horses", "new horses"])
        #expect(first.status == 77 && !first.talk.contains("new passphrase"), "the one before is asked for first")
        let both = bench.payg(
            "key", "rotate", "--yes", "--passphrase", secrets: ["correct horse", "new horses", "new horses"])
        #expect(both.status == 0 && !both.talk.contains("has no passphrase"))
        #expect(bench.payg("key", "rotate", "--yes", "--no-passphrase", secrets: ["new horses"]).status == 0)
        #expect(
            bench.payg("key", "rotate", "--yes", "--passphrase", secrets: ["correct horse", "other horse"]).status == 64
        )
        #expect(bench.payg("audit", "verify").status == 0)
    }
}
