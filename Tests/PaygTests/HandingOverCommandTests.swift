import Foundation
import TestSupport
import Testing

@testable import payg

/// Exports as somebody at a terminal, or a script, makes them.
struct HandingOverCommandTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
    }

    private func isThere(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: bench.folder.file(file))
    }

    private func dump() throws -> String { try sqlite3(bench.folder.file("registry.sqlite"), ".dump").output }

    // MARK: - Asking first

    @Test func `in a terminal the export is told and asked about, and no means no`() throws {
        let before = try dump()
        let no = bench.payg("export", "paygops", "--dispatch", "2", answers: "n\n")
        #expect(no.status == 4)
        #expect(no.talk.contains("10 units for PaygOps, into paygops-2026-11-03-1.csv"))
        #expect(no.talk.contains("paygops makes their tokens from then on; none is made here"))
        #expect(no.talk.contains("write it, and hand them over? [y/N]"))
        #expect(try dump() == before && !isThere("paygops-2026-11-03-1.csv"))

        let yes = bench.payg("export", "paygops", "--dispatch", "2", answers: "yes\n")
        #expect(yes.status == 0 && yes.talk.contains("export 1: 10 units written to paygops-2026-11-03-1.csv"))
        #expect(isThere("paygops-2026-11-03-1.csv"))
        let unasked = bench.payg("export", "paygops", "--yes", "-o", "rest.csv", answers: "")
        #expect(unasked.status == 0 && !unasked.talk.contains("[y/N]"))
    }

    @Test func `a file in a folder has the profile's name for it`() throws {
        try FileManager.default.createDirectory(
            atPath: bench.folder.file("out"), withIntermediateDirectories: false)
        let run = bench.payg("export", "openpaygo", "--dispatch", "2", "-o", "out", "--json")
        #expect(run.status == 0)
        let files = try FileManager.default.contentsOfDirectory(atPath: bench.folder.file("out"))
        #expect(files.count == 1 && files[0].hasPrefix("openpaygo") && files[0].hasSuffix("1.csv"), "\(files)")
        #expect(try run.json()["file"] as? String == "out/\(files[0])")
        #expect(run.talk.contains("written to out/\(files[0])\n"), "\(run.talk)")
    }

    // MARK: - On record

    @Test func `exports are listed, shown, and written again byte for byte`() throws {
        #expect(bench.payg("export", "list", forPerson: true).talk.contains("no exports"))
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "first.csv")
        let first = try text(of: bench.folder.file("first.csv"))
        bench.payg("unit", "reclaim", "SLK-0071", "--count", "40", "--reason", "back")
        bench.payg("issue", "SLK-0071", "--days", "3")

        let list = try bench.payg("export", "list", "--json").jsonRows()
        #expect(list.count == 1)
        #expect(list[0]["profile"] as? String == "paygops" && list[0]["units"] as? Int == 10)
        #expect(list[0]["file"] as? String == "first.csv" && list[0]["actor"] as? String == "amina")
        #expect(list[0]["encryptedSha256"] is NSNull)
        let shown = try bench.payg("export", "show", "1", "--json").json()
        let units = shown["units"] as? [[String: Any]] ?? []
        #expect(units.count == 10)
        let back = units.first { $0["unit"] as? String == "SLK-0071" }
        #expect(back?["count"] as? Int == 1 && back?["authority"] as? String == "here", "the count of then")

        let again = bench.payg("export", "again", "1", "-o", "again.csv")
        #expect(again.status == 0 && again.talk.contains("nothing changed hands"), "\(again.talk)")
        #expect(try text(of: bench.folder.file("again.csv")) == first)
        #expect(try permissions(of: bench.folder.file("again.csv")) == 0o600)
        #expect(bench.payg("export", "again", "1", "-o", "again.csv").status == 4, "never over another")
        #expect(bench.payg("export", "again", "2", "-o", "x.csv").status == 3)
        #expect(bench.payg("export", "show", "7").status == 3)
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(bench.payg("issue", "SLK-0072", "--days", "1").talk.contains("since export 1"))
    }

    @Test func `an encrypted export is read by its recipient alone, and its contents can be written again`() throws {
        let keys = try ProgramRun("age-keygen", ["-o", bench.folder.file("provider.key")])
        try #require(keys.status == 0)
        let recipient = try #require(
            keys.errors.split(separator: " ").last.map { $0.trimmingCharacters(in: .newlines) })
        let run = bench.payg("export", "paygops", "--dispatch", "2", "--encrypt-to", recipient, "-o", "out.csv.age")
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.talk.contains("only its recipient can read it") && !run.talk.contains("in the clear"))
        let path = bench.folder.file("out.csv.age")
        #expect(try permissions(of: path) == 0o600)
        let opened = try ProgramRun("age", ["-d", "-i", bench.folder.file("provider.key"), path])
        #expect(opened.output.hasPrefix("Serial Number,Starting Code,Key,Count"))
        let listed = try bench.payg("export", "list", "--json").jsonRows()[0]
        let sum = try ProgramRun("sha256sum", [path]).output.prefix(64)
        #expect(listed["encryptedSha256"] as? String == String(sum))

        let again = bench.payg("export", "again", "1", "-o", "again.csv")
        #expect(again.talk.contains("warning: it was encrypted then"))
        #expect(try text(of: bench.folder.file("again.csv")) == opened.output)
        #expect(
            listed["sha256"] as? String
                == String(try ProgramRun("sha256sum", [bench.folder.file("again.csv")]).output.prefix(64)))
        #expect(bench.payg("audit", "verify").status == 0)

        let before = try dump()
        for recipient in ["age1nobody", "nobody", "AGE-SECRET-KEY-1QQPXSECRET", " age-secret-key-1QQPXSECRET"] {
            let refused = bench.payg("export", "paygops", "--encrypt-to", recipient, "-o", "bad.age")
            #expect(refused.status == 64 && !isThere("bad.age"), "\(refused.talk)")
            #expect(!refused.talk.contains("QQPX"), "\(refused.talk)")
        }
        #expect(try dump() == before)
    }

    @Test func `our own file is no list of what the provider did since`() throws {
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "ours.csv")
        let before = try dump()
        for list in ["ours.csv", "openpaygo-device-list.csv"] {
            let run = bench.payg(
                "export", "json", "--provider", "next", "--counts", list, "--reason", "x", "-o", "n.json")
            #expect(run.status == 4 && run.talk.contains("ask the provider for its own list of today"), "\(run.talk)")
        }
        #expect(try dump() == before)
        // Saved again by a spreadsheet, it is told at least.
        let saved = try text(of: bench.folder.file("ours.csv")).split(separator: "\r\n").dropLast()
        _ = try bench.folder.write(saved.joined(separator: "\n") + "\n", to: "saved.csv")
        let run = bench.payg(
            "export", "json", "--provider", "next", "--counts", "saved.csv", "--reason", "x", "-o", "n.json")
        #expect(run.status == 0 && run.talk.contains("warning: no count is above the registry's"), "\(run.talk)")
        let bad = try bench.folder.write("Serial Number,Count\nSLK-0071,4\n", to: "bad.csv")
        let refused = bench.payg("export", "openpaygo", "--counts", bad, "--reason", "x", "-o", "x.csv")
        #expect(refused.status == 65 && refused.talk.contains("was not compared"), "\(refused.talk)")
    }

    // MARK: - From hand to hand

    @Test func `units go from one provider to another with the counts of its own list`() throws {
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "ours.csv")
        // The provider has made tokens since: its list is ours with other counts.
        let theirs = try text(of: bench.folder.file("ours.csv")).split(separator: "\r\n").enumerated().map {
            row, line in
            var cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            if row > 0 { cells[3] = String(100 + 2 * row) }
            return cells.joined(separator: ",")
        }
        _ = try bench.folder.write(theirs.joined(separator: "\n") + "\n", to: "theirs.csv")
        #expect(bench.payg("export", "openpaygo", "--counts", "theirs.csv", "-o", "x.csv").status == 64, "why?")

        let alone = bench.payg("export", "openpaygo", "--unit", "SLK-0071", "-o", "x.csv")
        #expect(alone.status == 4 && alone.talk.contains("handed over to paygops"))
        let one = bench.payg(
            "export", "openpaygo", "--unit", "SLK-0071", "--count", "102", "--reason", "moving", "-o", "one.csv")
        #expect(one.status == 0, "\(one.talk)")
        #expect(one.talk.contains("1 unit is taken over from another provider, which must make no more tokens for it"))
        #expect(try text(of: bench.folder.file("one.csv")).contains(",5f9bcbc644574d8fab284173577ba8aa,102,"))

        let rest = bench.payg(
            "export", "json", "--provider", "other", "--counts", "theirs.csv", "--reason", "moving", "-o", "rest.json",
            "--json")
        #expect(rest.status == 0, "\(rest.talk)")
        #expect(try rest.json()["unitsTakenOver"] as? Int == 10)
        let counts = try bench.payg("unit", "list", "--authority", "other", "--json").jsonRows().map {
            $0["count"] as? Int
        }
        #expect(counts == (1...10).map { 100 + 2 * $0 })
        #expect(bench.payg("audit", "verify").status == 0)
        for wrong in [
            ["--count", "4", "--reason", "x"], ["--unit", "SLK-0071", "SLK-0072", "--count", "4", "--reason", "x"],
            ["--counts", "theirs.csv", "--dispatch", "2", "--reason", "x"],
            ["--counts", "theirs.csv", "--copy", "--reason", "x"], ["--reason", "x"],
            ["--counts", "theirs.csv", "--count", "3", "--reason", "x"],
        ] {
            #expect(bench.payg(["export", "openpaygo", "-o", "y.csv"] + wrong).status == 64, "\(wrong)")
        }
    }

    @Test func `a unit is taken back below the count it was handed over with only by force`() throws {
        bench.payg("unit", "set-count", "SLK-0071", "900", "--reason", "typed wrong", "--yes")
        bench.payg("export", "paygops", "--unit", "SLK-0071", "-o", "out.csv")
        let refused = bench.payg("unit", "reclaim", "SLK-0071", "--count", "8", "--reason", "back")
        #expect(refused.status == 4 && refused.talk.contains("hint: --force"))
        let forced = bench.payg("unit", "reclaim", "SLK-0071", "--count", "8", "--reason", "back", "--force")
        #expect(forced.status == 0 && forced.talk.contains("warning: counts from 8 to 900 are used again"))
        // Force would not help where another provider told of a higher one.
        bench.payg("export", "paygops", "--unit", "SLK-0073", "-o", "third.csv")
        let moved = bench.payg(
            "export", "openpaygo", "--unit", "SLK-0073", "--count", "700", "--reason", "moved", "-o", "moved.csv")
        #expect(moved.status == 0 && moved.talk.contains("1 unit of those has a count more than 64"), "\(moved.talk)")
        for force in [[], ["--force"]] {
            let used = bench.payg(["unit", "reclaim", "SLK-0073", "--count", "8", "--reason", "back"] + force)
            #expect(
                used.status == 4 && used.talk.contains("count 700") && !used.talk.contains("--force"), "\(used.talk)")
        }
        bench.payg("export", "paygops", "--unit", "SLK-0072", "-o", "again.csv")
        let far = bench.payg("unit", "reclaim", "SLK-0072", "--count", "800", "--reason", "back")
        #expect(far.status == 0 && far.talk.contains("payg unit set-count sets it right"))
        #expect(bench.payg("unit", "set-count", "SLK-0072", "10", "--reason", "it was 10", "--yes").status == 0)
        #expect(bench.payg("audit", "verify").status == 0)
    }
}
