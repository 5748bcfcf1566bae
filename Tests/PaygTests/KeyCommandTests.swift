import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

/// `payg key`, and passphrases.
struct KeyCommandTests {
    private func protected() throws -> CommandBench {
        let bench = try CommandBench()
        #expect(bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"]).status == 0)
        #expect(bench.payg("import", "cloud-solar-dispatch.csv", secrets: ["correct horse"]).status == 0)
        return bench
    }

    private func bytes(_ bench: CommandBench, _ name: String = "registry.key") throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: bench.folder.file(name)))
    }

    // MARK: - init --passphrase

    @Test func `init asks for a passphrase twice, and says what it means to lose it`() throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"])
        #expect(
            run.talk == """
                new passphrase for the key file registry.key:
                the same again:
                made the registry registry.sqlite
                made the key file registry.key: keep a copy, apart from the registry
                without its passphrase it is lost: payg key export-recovery prints the key, to lock away

                """
        )
        #expect(try bytes(bench).count == 112 && permissions(of: bench.folder.file("registry.key")) == 0o600)
        #expect(!run.screen.contains("correct horse"))
    }

    @Test(
        arguments: [
            (["correct horse", "correct hors"], 64, "the passphrase was not the same both times"),
            (["horse7!", "horse7!"], 64, "the passphrase has 7 characters; take 8 or more"),
            (["日本語日本語日", ""], 64, "the passphrase has 7 characters; take 8 or more"),
            (["correct horse", "horse", "correct horse"], 64, "the passphrase was not the same both times"),
            (
                ["correct horse", "1", "correct horse", "2", "correct horse", "3", "correct horse", "correct horse"],
                64,
                "the passphrase was not the same both times"
            ),
            (["correct horse"], 77, "there is nobody here to type it"),
            ([], 77, "there is nobody here to type it"),
        ])
    func `a passphrase that protects nothing, or is not known twice, makes nothing`(
        secrets: [String], status: Int, told: String
    ) throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg("init", "--passphrase", secrets: secrets)
        #expect(Int(run.status) == status && run.talk.contains(told), "\(run.talk)")
        #expect(try bench.folder.names() == [])
    }

    @Test func `a new passphrase that was not typed the same twice is asked for again, twice`() throws {
        let bench = try CommandBench(sampleData: false)
        let typed = ["correct horse", "correct hors", "battery", "staple", "correct horse", "correct horse"]
        let short = bench.payg("init", "--passphrase", secrets: typed)
        #expect(
            short.status == 64 && short.talk.contains("7 characters"), "one that protects nothing is not asked again")
        let run = bench.payg(
            "init", "--passphrase",
            secrets: ["correct horse", "correct hors", "battery staple", "staple", "correct horse", "correct horse"])
        #expect(
            run.talk.hasPrefix(
                """
                new passphrase for the key file registry.key:
                the same again:
                that was not the same both times: once more
                new passphrase for the key file registry.key:
                the same again:
                that was not the same both times: once more
                new passphrase for the key file registry.key:
                the same again:
                made the registry registry.sqlite

                """), "\(run.talk)")
        #expect(run.status == 0 && bench.payg("audit", "verify", secrets: ["correct horse"]).status == 0)
    }

    @Test func `what is in the way of init is told before a passphrase is asked for`() throws {
        let bench = try CommandBench(sampleData: false)
        bench.payg("init")
        let run = bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"])
        #expect(run.status == 4 && !run.talk.contains("passphrase"))
        let other = bench.payg("init", "--passphrase", "--registry", "other.sqlite", secrets: ["correct horse"])
        #expect(other.status == 4 && !other.talk.contains("new passphrase"))
    }

    // MARK: - Where it comes from

    @Test func `every command that opens the key asks for the passphrase once, and others do not`() throws {
        let bench = try protected()
        let issued = bench.payg("issue", "CSP-240311", "--days", "30", secrets: ["correct horse", "never asked for"])
        #expect(issued.status == 0 && issued.output == "649118926\n")
        #expect(issued.talk.hasPrefix("passphrase of the key file registry.key:\n"))
        #expect(issued.talk.components(separatedBy: "passphrase of").count == 2)
        for words in [["unit", "list"], ["audit", "events"], ["dispatch", "list"], ["key", "status"]] {
            let run = bench.payg(words)
            #expect(run.status == 0 && !run.talk.contains("passphrase of"), "\(words)")
        }
        #expect(bench.payg("audit", "verify", secrets: ["correct horse"]).status == 0)
    }

    @Test func `the passphrase is the first line of a file, of a variable's file or of a descriptor`() throws {
        let bench = try protected()
        for (place, text) in ["correct horse\n", "correct horse\r\nmore\n", "correct horse"].enumerated() {
            _ = try bench.folder.write(text, to: "phrase\(place)")
            let byOption = bench.payg("issue", "CSP-240311", "--days", "1", "--passphrase-file", "phrase\(place)")
            #expect(byOption.status == 0, "\(byOption.talk)")
            let byVariable = bench.payg(
                "issue", "CSP-240311", "--days", "1", environment: ["PAYG_PASSPHRASE_FILE": "phrase\(place)"])
            #expect(byVariable.status == 0 && !byVariable.talk.contains("passphrase of"))
        }
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("correct horse\nthe next line".utf8))
        try pipe.fileHandleForWriting.close()
        let number = pipe.fileHandleForReading.fileDescriptor
        #expect(bench.payg("audit", "verify", "--passphrase-fd", "\(number)").status == 0)
        let rest = try pipe.fileHandleForReading.readToEnd()
        #expect(rest == Data("the next line".utf8), "what follows is not read")

        // The option is meant, whatever the variable says.
        let both = bench.payg(
            "audit", "verify", "--passphrase-file", "phrase0", environment: ["PAYG_PASSPHRASE_FILE": "none"])
        #expect(both.status == 0)
    }

    @Test func `what has no passphrase to give is told of`() throws {
        let bench = try protected()
        let none = bench.payg("audit", "verify")
        #expect(
            none.status == 77
                && none.talk.contains(
                    """
                    error: the key file \(bench.folder.file("registry.key")) has a passphrase, and there is nobody here to ask for it; nothing was changed
                    hint: --passphrase-file FILE, --passphrase-fd N or PAYG_PASSPHRASE_FILE says where it is read from

                    """),
            "\(none.talk)")
        let wrong = bench.payg("audit", "verify", secrets: ["incorrect horse"])
        #expect(wrong.status == 77 && wrong.talk.contains("error: that is not the passphrase of the key file"))
        _ = try bench.folder.write("", to: "empty")
        let empty = bench.payg("audit", "verify", "--passphrase-file", "empty")
        #expect(
            empty.talk == """
                error: the passphrase file empty has nothing on its first line, where the passphrase is read from; nothing \
                was changed
                hint: write it there, as one line
                hint: payg audit verify --without-key checks what needs no key

                """ && empty.status == 77, "\(empty.talk)")
        let nothing = bench.payg("audit", "verify", "--passphrase-file", "/dev/null")
        #expect(nothing.status == 77 && nothing.talk.contains("the passphrase file /dev/null has nothing on its first"))
        #expect(bench.payg("audit", "verify", "--passphrase-file", "none").status == 66)
        #expect(bench.payg("audit", "verify", "--passphrase-fd", "199").status == 64)
        for words in [["--passphrase-fd", "-3"], ["--passphrase-fd=-3"]] {
            let run = bench.payg(["audit", "verify"] + words)
            #expect(
                run.status == 64
                    && run.talk.contains("the file descriptor is -3, and those that there are begin with 0"),
                "\(run.talk)")
        }
        #expect(bench.payg("audit", "verify", "--passphrase-fd", "1", "--passphrase-file", "empty").status == 64)

        var damaged = try bytes(bench)
        damaged[70] ^= 1
        try damaged.write(to: URL(fileURLWithPath: bench.folder.file("registry.key")))
        let run = bench.payg("audit", "verify", secrets: ["correct horse"])
        #expect(run.status == 77 && run.talk.contains("is damaged: it is not as it was written"), "\(run.talk)")
        #expect(!run.talk.contains("passphrase of"), "it is not asked for")
    }

    // MARK: - key status

    @Test func `key status tells of the key and what it seals, and never the key`() throws {
        let bench = try protected()
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
        let before = try bytes(bench)
        let piped = bench.payg("key", "rotate")
        #expect(piped.status == 64 && piped.talk.contains("--yes confirms it"))
        let refused = bench.payg("key", "rotate", answers: "n\n")
        #expect(
            refused.status == 4 && refused.talk.contains("35 units will be sealed under a new key: change it? [y/N]"))
        #expect(try bytes(bench) == before)

        bench.now = bench.now + 86_400
        let run = bench.payg("key", "rotate", answers: "yes\n")
        let json = try bench.payg("key", "status", "--json").json()
        let (id, former) = (try #require(json["keyID"] as? String).prefix(16), try formerID(bench))
        #expect(run.status == 0)
        #expect(run.talk.contains("the key is \(id) now, in registry.key: 35 units sealed anew\n"), "\(run.talk)")
        #expect(run.talk.contains("the former key \(former) is kept in registry.key.\(former): copies of the registry"))
        #expect(json["rotatedAt"] as? String == "2026-11-04T09:00:00Z" && json["rotations"] as? Int == 1)
        #expect(try bytes(bench, "registry.key.\(former)") == before)
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

    // MARK: - Recovery

    /// The lines of a sheet, out of its page.
    private func lines(_ bench: CommandBench, _ name: String = "sheet.html") throws -> [String] {
        let page = try text(of: bench.folder.file(name))
        let start = try #require(page.range(of: "<pre>\n")), end = try #require(page.range(of: "\n</pre>"))
        return page[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
    }

    @Test func `a recovery sheet is private, says what it is, and is on record`() throws {
        let bench = try protected()
        let unasked = bench.payg("key", "export-recovery", "-o", "sheet.html", secrets: ["correct horse"])
        #expect(unasked.status == 64 && unasked.talk.contains("the page has the master key in the clear"))
        let refused = bench.payg(
            "key", "export-recovery", "-o", "sheet.html", answers: "n\n", secrets: ["correct horse"])
        #expect(refused.status == 4)
        #expect(try !bench.folder.names().contains("sheet.html"))

        let run = bench.payg(
            "key", "export-recovery", "-o", "sheet.html", environment: path, answers: "y\n", secrets: ["correct horse"])
        let status = try bench.payg("key", "status", "--json").json()
        let id = try #require(status["keyID"] as? String).prefix(16)
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.talk.contains("the key \(id) is in sheet.html, in the clear"))
        #expect(run.talk.contains("warning: the key file's passphrase does not protect the page"))
        #expect(try permissions(of: bench.folder.file("sheet.html")) == 0o600)
        let page = try text(of: bench.folder.file("sheet.html"))
        let registry = try sqlite3(bench.folder.file("registry.sqlite"), "SELECT registry_id FROM registry").output
        for words in [
            "<dd>\(id)</dd>", String(registry.prefix(16)), "(registry.sqlite)", "2026-11-03 09:00 UTC, by amina",
            "The key file has a passphrase. This page does without it", "payg key restore", "<svg ",
        ] { #expect(page.contains(words), "\(words)") }
        #expect(!page.contains(bench.folder.path) && !page.contains("<script"))
        for line in try lines(bench) { #expect(!run.screen.contains(line)) }
        #expect(try lines(bench).count == 5)
        let last = try bench.payg("audit", "events", "--json").jsonRows().last
        #expect(last?["action"] as? String == "recoveryExported")
        #expect(bench.payg("audit", "verify", secrets: ["correct horse"]).status == 0)

        let events = try bench.payg("audit", "events", "--json").jsonRows().count
        let again = bench.payg(
            "key", "export-recovery", "-o", "sheet.html", "--yes", environment: path, secrets: ["correct horse"])
        #expect(again.status == 4 && again.talk.contains("never overwritten"))
        let after = try bench.payg("audit", "events", "--json").jsonRows().count
        #expect(after == events, "what was not written is not on record")
    }

    @Test func `the sheet of a key file without a passphrase does not speak of one`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr").status == 0)
        let page = try text(of: bench.folder.file("sheet.html"))
        #expect(!page.contains("has a passphrase") && !page.contains("<svg ") && !page.contains("zbarimg"))
    }

    @Test func `without qrencode it is told how to get it, or to do without, and nothing is on record`() throws {
        let bench = try CommandBench.withFleet()
        let events = try bench.payg("audit", "events", "--json").jsonRows().count
        let run = bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", environment: ["PATH": "/nowhere"])
        #expect(run.status == 73)
        #expect(
            run.talk == """
                error: there is no program qrencode here, which draws the QR code; nothing was changed
                hint: apt-get install qrencode, or brew install qrencode; --no-qr does without

                """)
        #expect(try bench.payg("audit", "events", "--json").jsonRows().count == events)
        #expect(try !bench.folder.names().contains("sheet.html"))
    }

    private var path: [String: String] { ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""] }

    @Test func `a reader of QR codes reads the lines, and the key file is made again of what it says`() throws {
        let bench = try CommandBench.withFleet()
        #expect(
            bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", environment: path).status == 0)
        let page = try text(of: bench.folder.file("sheet.html"))
        let start = try #require(page.range(of: "<svg ")), end = try #require(page.range(of: "</svg>"))
        let svg = try bench.folder.write(String(page[start.lowerBound..<end.upperBound]), to: "code.svg")
        let png = bench.folder.file("code.png")
        #expect(try ProgramRun("rsvg-convert", ["--width", "600", "-o", png, svg]).status == 0)
        let scanned = try ProgramRun("zbarimg", ["--quiet", "--raw", png])
        #expect(
            try scanned.output == (["PAYG KEY 1"] + lines(bench)).joined(separator: "\n") + "\n", "\(scanned.errors)")

        let before = try bytes(bench)
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        _ = try bench.folder.write("QR-Code:" + scanned.output, to: "scanned.txt")
        let run = bench.payg("key", "restore", "scanned.txt")
        #expect(run.status == 0 && run.talk.contains("it is the key of the registry registry.sqlite"), "\(run.talk)")
        #expect(try bytes(bench) == before && permissions(of: bench.folder.file("registry.key")) == 0o600)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `the key file comes back from lines that are typed, with a slip told and asked for again`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr")
        let (lines, before) = (try lines(bench), try bytes(bench))
        let there = bench.payg("key", "restore", answers: lines.joined(separator: "\n"))
        #expect(there.status == 4 && there.talk.contains("never overwritten"))
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))

        let slip = lines[1].dropLast() + (lines[1].hasSuffix("7") ? "8" : "7")
        let answers = [lines[0].lowercased(), String(slip), lines[0], lines[1], "?", lines[2], lines[3], lines[4]]
        let run = bench.payg("key", "restore", answers: answers.joined(separator: "\n") + "\n")
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.talk.contains("line 2: there is a slip in block 4; type it again"))
        #expect(run.talk.contains("line 2: it is line 1 of a sheet; type it again"))
        #expect(run.talk.contains("line 3: “?” is in none; type it again"))
        #expect(try bytes(bench) == before)

        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        let given = bench.payg("key", "restore", answers: lines[0] + "\n\n")
        #expect(given.status == 4 && given.talk.contains("no key file was made"))
        #expect(try !bench.folder.names().contains("registry.key"))
    }

    @Test func `from a pipe, a file or the page itself, and protected anew`() throws {
        let bench = try protected()
        bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr", secrets: ["correct horse"])
        let typed = try lines(bench).map { $0.lowercased().replacing(" ", with: "") }.joined(separator: "\r\n\r\n")
        _ = try bench.folder.write(typed, to: "typed.txt")
        for file in ["typed.txt", "sheet.html", "-"] {
            try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
            let input = try #require(FileHandle(forReadingAtPath: bench.folder.file("typed.txt")))
            let run = bench.payg(["key", "restore", file, "--json"], input: input)
            #expect(try run.status == 0 && run.json()["isRegistrys"] as? Bool == true, "\(run.talk)")
            #expect(bench.payg("audit", "verify").status == 0)
        }
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        let run = bench.payg(
            "key", "restore", "typed.txt", "--passphrase", secrets: ["battery staple", "battery staple"])
        #expect(run.status == 0 && bench.payg("audit", "verify", secrets: ["battery staple"]).status == 0)
    }

    @Test func `a sheet of another key, or that is none, makes no key file`() throws {
        let (bench, other) = (try CommandBench.withFleet(), try CommandBench.withFleet())
        bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr")
        other.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr")
        let (mine, theirs) = (try lines(bench), try lines(other))
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        let cases: [(text: [String], status: Int, told: String)] = [
            (theirs, 77, "and the registry is sealed with"), (Array(mine.dropLast()), 65, "it has 4 lines"),
            (mine + ["hello"], 65, "it has 6 lines"),
            ([mine[0], mine[2], mine[1], mine[3], mine[4]], 65, "line 2: it is line 3"),
            (mine.prefix(4) + [theirs[4]], 65, "they are not of one sheet"), ([], 65, "there is nothing in it"),
            (["PAYG KEY 1"] + mine.prefix(4) + [mine[4] + " 7"], 65, "line 5: it has 18 characters"),
        ]
        for one in cases {
            _ = try bench.folder.write(one.text.joined(separator: "\n") + "\n", to: "typed.txt")
            let run = bench.payg("key", "restore", "typed.txt")
            #expect(Int(run.status) == one.status && run.talk.contains(one.told), "\(run.talk)")
        }
        #expect(bench.payg("key", "restore", "none.txt").status == 66)
        let null = try #require(FileHandle(forReadingAtPath: "/dev/null"))
        let nothing = bench.payg(["key", "restore"], input: null)
        #expect(
            nothing.talk == """
                error: that is no recovery sheet of a key: there is nothing in it; no key file was made
                hint: payg key restore, in a terminal, asks for it line by line

                """ && nothing.status == 65)
        #expect(try !bench.folder.names().contains("registry.key"))
        // Without a registry there is nothing to compare it with.
        let apart = bench.payg(["key", "restore", "sheet.html", "--registry", "none.sqlite"])
        #expect(apart.status == 0 && apart.talk.contains("there is no registry at none.sqlite to compare it with"))
    }
}
