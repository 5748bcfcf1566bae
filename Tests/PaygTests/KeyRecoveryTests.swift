import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

/// `payg key export-recovery` and `payg key restore`.
struct KeyRecoveryTests {
    /// The lines of a sheet, out of its page.
    private func lines(_ bench: CommandBench, _ name: String = "sheet.html") throws -> [String] {
        let page = try text(of: bench.folder.file(name))
        let start = try #require(page.range(of: "<pre>\n")), end = try #require(page.range(of: "\n</pre>"))
        return page[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
    }

    @Test func `a recovery sheet is private, says what it is, and is on record`() throws {
        let bench = try CommandBench.protected()
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

        let before = try bench.bytes("registry.key")
        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        _ = try bench.folder.write("QR-Code:" + scanned.output, to: "scanned.txt")
        let run = bench.payg("key", "restore", "scanned.txt")
        #expect(run.status == 0 && run.talk.contains("it is the key of the registry registry.sqlite"), "\(run.talk)")
        #expect(
            try bench.bytes("registry.key") == before && permissions(of: bench.folder.file("registry.key")) == 0o600)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `the key file comes back from lines that are typed, with a slip told and asked for again`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("key", "export-recovery", "-o", "sheet.html", "--yes", "--no-qr")
        let (lines, before) = (try lines(bench), try bench.bytes("registry.key"))
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
        #expect(try bench.bytes("registry.key") == before)

        try FileManager.default.removeItem(atPath: bench.folder.file("registry.key"))
        let given = bench.payg("key", "restore", answers: lines[0] + "\n\n")
        #expect(given.status == 4 && given.talk.contains("no key file was made"))
        #expect(try !bench.folder.names().contains("registry.key"))
    }

    @Test func `from a pipe, a file or the page itself, and protected anew`() throws {
        let bench = try CommandBench.protected()
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
