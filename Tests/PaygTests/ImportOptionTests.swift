import Foundation
import TestSupport
import Testing

@testable import payg

/// What an import is told beside its list, and what it tells.
struct ImportOptionTests {
    private let bench: CommandBench
    private let keys = (1...6).map { "a39ab82edc5fbbc41ec9530f6dac860\($0)" }
    private let header = "PAYG ID,Secret Key,Starting Code,Count\n"

    init() throws {
        bench = try CommandBench()
        bench.payg("init")
    }

    private func units() throws -> [String] {
        try bench.payg("unit", "list", "--json").jsonRows().compactMap { $0["unit"] as? String }
    }

    private func row(_ unit: String) throws -> [String: Any]? {
        try bench.payg("unit", "list", "--json").jsonRows().first { $0["unit"] as? String == unit }
    }

    private func count(_ unit: String) throws -> Int? { try row(unit)?["count"] as? Int }

    @Test func `several lists are one dispatch each, all of them or none`() throws {
        _ = try bench.folder.write(header + "A,\(keys[0]),100000001,1\n", to: "one.csv")
        _ = try bench.folder.write(header + "B,\(keys[1]),100000002,x\n", to: "two.csv")
        let refused = bench.payg("import", "one.csv", "two.csv")
        #expect(refused.status == 65 && refused.talk.contains("two.csv was not imported"))
        #expect(try units() == [])
        let both = bench.payg("import", "one.csv", "cloud-solar-dispatch.csv", "--json")
        #expect(both.status == 0)
        #expect(try both.jsonRows().map { $0["dispatch"] as? Int } == [1, 2])
        #expect(try units().count == 26)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `standard input is a list too`() throws {
        let list = try bench.folder.write(header + "A,\(keys[0]),100000001,1\n", to: "one.csv")
        let input = try #require(FileHandle(forReadingAtPath: list))
        let run = bench.payg(["import", "-"], input: input)
        #expect(run.status == 0 && run.talk == "dispatch 1: 1 unit added from standard input\n")
        #expect(bench.payg("import", "-").status == 65, "nothing is no list")
        #expect(bench.payg("import", "-", "-").status == 64)
    }

    @Test func `headers that nobody foresaw are named, and so are columns that mean nothing`() throws {
        _ = try bench.folder.write("Apparaat;Sleutel;Start;Teller\nA;\(keys[0]);100000001;3\n", to: "dutch.csv")
        #expect(bench.payg("import", "dutch.csv").status == 65)
        let run = bench.payg(
            "import", "dutch.csv", "--map", "payg-id=apparaat", "--map", "key=Sleutel", "--map", "startingCode=Start",
            "--map", "count=Teller", "--delimiter", "semicolon"
        )
        #expect(run.status == 0 && run.talk.contains("read as separated by semicolons"))
        #expect(try count("A") == 3)
        _ = try bench.folder.write("PAYG ID,Key,Lot\nB,\(keys[1]),7\n", to: "lot.csv")
        #expect(bench.payg("import", "lot.csv").talk.contains("row 1, Lot: it is not clear"))
        #expect(bench.payg("import", "lot.csv", "--ignore-column", "lot").status == 0)
        let missing = bench.payg("import", "lot.csv", "--map", "count=Teller", "--ignore-column", "Lot")
        #expect(missing.status == 65 && missing.talk.contains("row 1, Teller: the header has no such column"))
        for wrong in ["key", "key=", "colour=Lot"] {
            #expect(bench.payg("import", "lot.csv", "--map", wrong).status == 64)
        }
        for option in ["--delimiter", "--encoding"] {
            #expect(bench.payg("import", "lot.csv", option, "x").status == 64)
        }
    }

    @Test func `what is found out can be said instead`() throws {
        _ = try bench.folder.write(
            "Key,PAYG ID\n,\nPAYG ID,Secret Key,Starting Code,Count\nA,\(keys[0]),100000001,1\nsigned: the maker,,,\n",
            to: "list.csv"
        )
        #expect(bench.payg("import", "list.csv").status == 65)
        let run = bench.payg("import", "list.csv", "--header-row", "3", "--last-row", "4")
        #expect(run.status == 0 && run.talk.contains("read as headers in row 3"))
        #expect(bench.payg("import", "list.csv", "--header-row", "9").talk.contains("there is no such row"))
        #expect(bench.payg("import", "list.csv", "--header-row", "0").status == 64)
        try write(Array("PAYG ID,Key,Model\nB,\(keys[1]),".utf8) + [0x80, 0x0A], to: bench.folder.file("euro.csv"))
        let utf8 = bench.payg("import", "euro.csv", "--encoding", "utf-8", "--ignore-column", "Model")
        #expect(utf8.status == 65 && utf8.talk.contains("row 2: cell 3 is not UTF-8 text"))
        #expect(bench.payg("import", "euro.csv", "--encoding", "windows-1252").talk.contains("in Windows-1252"))
        #expect(try row("B")?["hardwareModel"] as? String == "€")
    }

    @Test func `good rows are imported and the others can be mended and imported`() throws {
        let bad = "\"B\u{201D} \"\"x\"\"\",short,100000002,1"
        _ = try bench.folder.write(
            header + "A,\(keys[0]),100000001,1\n\(bad)\nC,\(keys[2]),100000003,1\nD,\(keys[3])\n", to: "list.csv"
        )
        for half in [["--keep-going"], ["--rejects", "r.csv"]] {
            #expect(bench.payg(["import", "list.csv"] + half).status == 64)
        }
        let dry = bench.payg("import", "list.csv", "--keep-going", "--rejects", "r.csv", "--dry-run")
        #expect(dry.status == 0 && dry.talk.contains("2 rows would be left out"))
        #expect(try units() == [] && !bench.folder.names().contains("r.csv"))

        let run = bench.payg("import", "list.csv", "--keep-going", "--rejects", "r.csv", "--json")
        #expect(run.status == 0)
        #expect(try run.json()["added"] as? Int == 2 && run.json()["rejected"] as? Int == 2)
        #expect(try units() == ["A", "C"])
        let rejects = bench.folder.file("r.csv")
        #expect(try permissions(of: rejects) == 0o600)
        let text = try String(contentsOfFile: rejects, encoding: .utf8)
        #expect(text.contains("\"B\u{201D} \"\"x\"\"\",short,100000002,1"), "as it was written")
        #expect(text.contains("\r\n5,\"it has 2 cells, and the header has 4\",D,\(keys[3])\r\n"))
        #expect(bench.payg("audit", "verify").status == 0)

        let again = bench.payg("import", "list.csv", "--keep-going", "--rejects", "r.csv")
        #expect(again.status == 4, "no file is written over")
        let mended = text.replacing("\"B\u{201D} \"\"x\"\"\",short", with: "B,\(keys[1])")
            .replacing("D,\(keys[3])", with: "D,\(keys[3]),100000004,1")
        _ = try bench.folder.write(mended, to: "mended.csv")
        #expect(bench.payg("import", "mended.csv").talk == "dispatch 2: 2 units added from mended.csv\n")
        #expect(try units() == ["A", "B", "C", "D"])
        #expect(bench.payg("import", "list.csv").status == 65, "it is not the same as when it was imported in part")
    }

    @Test func `rejects are separated as the list is, and are rejects again without a second set of columns`() throws {
        let list = "PAYG ID;Clé secrète;Modèle\nA;\(keys[0]);un; deux\nB;x;lampe, grande\nC;\(keys[2]);m\n"
        _ = try bench.folder.write(list, to: "list.csv")
        #expect(
            bench.payg("import", "list.csv", "--keep-going", "--rejects", "r.csv", "--ignore-column", "x").status == 65)
        let run = bench.payg("import", "list.csv", "--keep-going", "--rejects", "r.csv")
        #expect(run.status == 0, "\(run.talk)")
        // Foundation reads past the mark that spreadsheets want.
        #expect(try Data(contentsOf: URL(filePath: bench.folder.file("r.csv"))).starts(with: [0xEF, 0xBB, 0xBF]))
        let text = try String(contentsOfFile: bench.folder.file("r.csv"), encoding: .utf8)
        #expect(text.hasPrefix("payg row;payg problem;PAYG ID;Clé secrète;Modèle\r\n2;"))
        #expect(text.contains("\r\n3;") && text.hasSuffix(";B;x;lampe, grande\r\n"))
        _ = try bench.folder.write(
            text.replacing("x;lampe", with: "\(keys[1]);lampe"), to: "mended.csv")
        #expect(bench.payg("import", "mended.csv", "--keep-going", "--rejects", "r2.csv").status == 0)
        let second = try String(contentsOfFile: bench.folder.file("r2.csv"), encoding: .utf8)
        #expect(second.hasPrefix("payg row;payg problem;PAYG ID;Clé secrète;Modèle\r\n2;"))
        #expect(try units() == ["B", "C"])
    }

    @Test func `a list of which every row is good leaves no file of rejects`() throws {
        let run = bench.payg("import", "cloud-solar-dispatch.csv", "--keep-going", "--rejects", "r.csv")
        #expect(run.status == 0 && run.talk == "dispatch 1: 25 units added from cloud-solar-dispatch.csv\n")
        #expect(try !bench.folder.names().contains { $0.hasPrefix("r.csv") || $0.hasPrefix(".r.csv") })
    }

    @Test func `a lower count is ours, and a higher one is refused, or taken and on record`() throws {
        _ = try bench.folder.write(header + "A,\(keys[0]),100000001,4\n", to: "4.csv")
        _ = try bench.folder.write(header + "A,\(keys[0]),100000001,3\n", to: "3.csv")
        _ = try bench.folder.write(header + "A,\(keys[0]),100000001,9\n", to: "9.csv")
        #expect(bench.payg("import", "4.csv").status == 0)
        #expect(bench.payg("import", "3.csv").talk.contains("1 unit with a lower count in the list: ours was kept"))
        #expect(try count("A") == 4)
        let refused = bench.payg("import", "9.csv")
        #expect(refused.status == 65 && refused.talk.contains("has count 4 in the registry and 9 in the list"))
        #expect(refused.talk.contains("--accept-counts"))
        #expect(try count("A") == 4)
        let dry = bench.payg("import", "9.csv", "--accept-counts", "--dry-run")
        #expect(try dry.status == 0 && count("A") == 4)
        let taken = bench.payg("import", "9.csv", "--accept-counts")
        #expect(taken.talk.contains("1 unit with a higher count in the list: taken, and on record"))
        #expect(try count("A") == 9)
        #expect(try bench.payg("issue", "A", "--days", "1", "--json").json()["count"] as? Int == 10)
        #expect(
            try bench.payg("audit", "events", "--json").jsonRows().contains {
                $0["action"] as? String == "countAccepted"
            })
        #expect(bench.payg("audit", "verify").status == 0)
        // What else differs is refused all the same.
        _ = try bench.folder.write(header + "A,\(keys[1]),100000001,20\n", to: "20.csv")
        #expect(bench.payg("import", "20.csv", "--accept-counts").status == 65)
        #expect(try count("A") == 10)
    }

    @Test func `a unit is given other credentials, and its old tokens are still proven`() throws {
        let old = header + "A,\(keys[0]),100000001,1\nB,\(keys[1]),100000002,1\n"
        let new = header + "A,\(keys[2]),100000003,1\nC,\(keys[3]),100000004,1\n"
        _ = try bench.folder.write(old, to: "old.csv")
        _ = try bench.folder.write(new, to: "new.csv")
        bench.payg("import", "old.csv")
        bench.payg("issue", "A", "--days", "7", "--ref", "MP-1")
        let refused = bench.payg("import", "new.csv")
        #expect(refused.status == 65 && refused.talk.contains("is in the registry with another secret key"))
        #expect(!refused.talk.contains(keys[0]) && !refused.talk.contains(keys[2]))

        let events = bench.payg("audit", "events", "--json").output
        for (arguments, status) in [
            (["--replace", "A"], 64), (["--reason", "x"], 64), (["--replace", "A", "--reason", " "], 64),
            (["--replace", "Z", "--reason", "x"], 3), (["--replace", "B", "--reason", "x"], 3),
            (["--replace", "A", "--replace", "B", "--reason", "x"], 64),
            (["--replace", "A", "--reason", "x", "--dry-run"], 0),
        ] as [([String], Int32)] {
            #expect(bench.payg(["import", "new.csv"] + arguments).status == status, "\(arguments)")
        }
        #expect(bench.payg("audit", "events", "--json").output == events, "nothing was changed")

        let run = bench.payg("import", "new.csv", "--replace", "a", "--reason", "the maker's letter of 3 Nov", "--json")
        #expect(run.status == 0 && run.output == #"{"dryRun":false,"replaced":true,"unit":"A"}"# + "\n")
        #expect(try units() == ["A", "B"], "and nothing else of the list")
        #expect(try count("A") == 2, "its count stays")
        let next = try bench.payg("issue", "A", "--days", "7", "--json").json()
        #expect(bench.payg("audit", "verify").talk.hasSuffix("everything fits\n"))
        // What another registry makes that never had other credentials.
        let elsewhere = try CommandBench()
        elsewhere.payg("init")
        _ = try elsewhere.folder.write(header + "A,\(keys[2]),100000003,2\n", to: "list.csv")
        elsewhere.payg("import", "list.csv")
        let expected = try elsewhere.payg("issue", "A", "--days", "7", "--json").json()
        func digits(_ answer: [String: Any]) -> String? {
            (answer["tokens"] as? [[String: Any]])?.first?["token"] as? String
        }
        #expect(digits(next) != nil && digits(next) == digits(expected))

        #expect(bench.payg("import", "new.csv").status == 0, "it says what is in the registry")
        #expect(
            bench.payg("import", "old.csv").talk == """
                old.csv is dispatch 1 again: nothing was changed
                1 unit given other credentials since: they stay as they are

                """
        )
        let again = bench.payg("import", "new.csv", "--replace", "A", "--reason", "x")
        #expect(again.talk.contains("has these credentials already"))
        let back = bench.payg("import", "old.csv", "--replace", "A", "--reason", "the letter was wrong")
        #expect(back.status == 0)
        bench.payg("issue", "A", "--days", "1")
        #expect(bench.payg("audit", "verify").status == 0, "three times, and each token with its own")
    }

    @Test func `a replacement takes credentials and nothing else, and not without a starting code`() throws {
        _ = try bench.folder.write(header + "A,\(keys[0]),100000001,6\n", to: "list.csv")
        bench.payg("import", "list.csv")
        func replaced(_ list: String, _ more: String...) throws -> CommandBench.Run {
            _ = try bench.folder.write(list, to: "new.csv")
            return bench.payg(["import", "new.csv", "--replace", "A", "--reason", "x", "--json"] + more)
        }
        let events = bench.payg("audit", "events", "--json").output
        #expect(try replaced(header + "A,\(keys[1]),100000001,900\n").status == 65, "a count is accepted by name")
        let divider = "PAYG ID,Key,Starting Code,Count,Time Divider\nA,\(keys[1]),100000001,6,24\n"
        #expect(try replaced(divider).talk.contains("time divider 1 in the registry"))
        #expect(try replaced("PAYG ID,Key\nA,\(keys[0])\n").output.contains(#""replaced":false"#))
        #expect(try replaced("PAYG ID,Key\nA,\(keys[1])\n").talk.contains("a new key needs one"))
        #expect(bench.payg("audit", "events", "--json").output == events, "nothing was changed")
        #expect(try replaced(header + "A,\(keys[1]),100000001,900\n", "--accept-counts").status == 0)
        #expect(try count("A") == 900)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `rows that are left out leave nothing to be made up`() throws {
        let lost = """
            PAYG ID,Starting Code,Key,Count
            A2,,\(keys[1]),7
            A1,123456789,\(keys[0]),5
            A3,223456789,\(keys[2]),

            """
        _ = try bench.folder.write(lost, to: "lost.csv")
        let run = bench.payg("import", "lost.csv", "--keep-going", "--rejects", "r.csv")
        #expect(run.status == 0 && run.talk.contains("2 rows left out"))
        #expect(try units() == ["A1"], "not the one that came first and lost its starting code")
        let unmended = bench.payg("import", "r.csv")
        #expect(unmended.status == 65 && unmended.talk.contains("row 2, Starting Code: the cell is empty"))
        #expect(try units() == ["A1"])

        let twice = header + "B,\(keys[0]),100000001,1\nB,\(keys[1]),100000002,1\nC,\(keys[2]),100000003,1\n"
        let cut = header + "D,\(keys[3]),100000001,1\nTotal: 3,,,\n"
        let bad = header + "D,x,100000001,1\n"
        for (list, told) in [
            (twice, "B is in row 2 too, with other credentials"), (cut, "--last-row N"), (bad, "row 2, Secret Key"),
        ] {
            _ = try bench.folder.write(list, to: "list.csv")
            let run = bench.payg("import", "list.csv", "--keep-going", "--rejects", "t.csv")
            #expect(run.status == 65 && run.talk.contains(told), "\(run.talk)")
        }
        #expect(try units() == ["A1"] && !bench.folder.names().contains("t.csv"))
    }

    @Test func `the same bytes read otherwise are not the same list`() throws {
        _ = try bench.folder.write("PAYG ID,Key,Real key\nA,\(keys[0]),\(keys[1])\n", to: "list.csv")
        #expect(bench.payg("import", "list.csv", "--ignore-column", "Real key").status == 0)
        let other = bench.payg("import", "list.csv", "--map", "key=Real key", "--ignore-column", "Key")
        #expect(other.status == 65 && other.talk.contains("is in the registry with another secret key"))
        for twice in [
            ["--map", "key=Key", "--map", "key=Real key"], ["--map", "key=Key", "--map", "count=Key"],
            ["--map", "key=Key", "--ignore-column", "key"],
        ] {
            #expect(bench.payg(["import", "list.csv"] + twice).status == 64, "\(twice)")
        }
    }

    @Test func `a list that contradicts the one before it in the same call is told so`() throws {
        _ = try bench.folder.write(header + "A,\(keys[0]),100000001,1\n", to: "one.csv")
        _ = try bench.folder.write(header + "A,\(keys[1]),100000001,1\n", to: "two.csv")
        let run = bench.payg("import", "one.csv", "two.csv")
        #expect(run.status == 65 && run.talk.contains("A is in the list before this one with another secret key"))
        #expect(!run.talk.contains("--replace") && run.talk.contains("one of the two is wrong"))
        #expect(try units() == [])
    }

    @Test func `weak credentials are taken, and warned about by row`() throws {
        let zeros = String(repeating: "0", count: 32)
        _ = try bench.folder.write(
            header + "A,\(zeros),100000001,1\nB,\(String(repeating: "0badcafe", count: 4)),100000002,1\n"
                + "C,a29ab82edc5fbbc41ec9530f6dac86b1,100000003,1\nD,\(keys[0]),100000004,1\nE,\(keys[0]),100000005,1\n"
                + "F-000000042,\(keys[1]),000000042,1\n4353502d303037\(String(repeating: "0", count: 17)),"
                + "\(keys[2]),7,1\nCSP-007,4353502d303037\(String(repeating: "0", count: 18)),8,1\n",
            to: "weak.csv"
        )
        let run = bench.payg("import", "weak.csv", "--json")
        #expect(run.status == 0)
        let warnings = try (run.json()["warnings"] as? [[String: Any]] ?? []).map {
            "\($0["row"] ?? 0) \($0["column"] ?? "") \($0["problem"] ?? "")"
        }
        #expect(
            warnings == [
                "2 Secret Key the secret key is all zeros", "3 Secret Key the secret key repeats itself",
                "4 Secret Key the secret key is one of the standard's examples",
                "6 Secret Key the secret key is also that of row 5: whoever learns one has both units",
                "7 Starting Code the starting code is the number in the PAYG ID",
                "9 Secret Key the secret key is the PAYG ID",
            ]
        )
        #expect(bench.payg("import", "cloud-solar-dispatch.csv").talk.contains("warning") == false)
    }

    @Test func `a key that a unit of the registry has is warned about, for both may be one device`() throws {
        _ = try bench.folder.write(
            header + "00012340,\(keys[0]),100000001,1\n00012341,\(keys[1]),100000002,1\n", to: "one.csv")
        // As a spreadsheet writes it back.
        _ = try bench.folder.write(header + "12341,\(keys[1]),100000002,1\nNEW,\(keys[2]),100000003,1\n", to: "two.csv")
        #expect(!bench.payg("import", "one.csv").talk.contains("warning"))
        let warning = "row 2, Key: the secret key is also that of unit 00012341 in the registry: if both are one device"
        for options in [["--dry-run"], []] {
            let run = bench.payg(["import", "two.csv"] + options)
            #expect(run.status == 0 && run.talk.contains("warning: 1 weak credential"), "\(run.talk)")
            #expect(run.talk.contains(warning), "\(run.talk)")
        }
        #expect(bench.payg("audit", "verify").status == 0)
        // And across the lists of one call.
        _ = try bench.folder.write(header + "X,\(keys[3]),100000004,1\n", to: "three.csv")
        _ = try bench.folder.write(header + "Y,\(keys[3]),100000004,1\n", to: "four.csv")
        #expect(bench.payg("import", "three.csv", "four.csv").talk.contains("also that of unit X in the registry"))
    }

    @Test func `a file that is no list is refused with what it is and the way out`() throws {
        try write([0x50, 0x4B, 0x03, 0x04] + Array("....xl/workbook.xml".utf8), to: bench.folder.file("my list.csv"))
        let run = bench.payg("import", "my list.csv")
        #expect(run.status == 65)
        #expect(
            run.talk.hasPrefix(
                """
                error: my list.csv is an Excel workbook (.xlsx), and no list of separated values; nothing was changed
                hint: xlsx2csv 'my list.csv' | payg import -
                """
            )
        )
    }
}
