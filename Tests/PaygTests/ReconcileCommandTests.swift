import Foundation
import TestSupport
import Testing

@testable import payg

struct ReconcileCommandTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
    }

    private var registry: String { bench.folder.file("registry.sqlite") }

    private func dump() throws -> String { try sqlite3(registry, ".dump").output }

    /// The dispatch list with something in it replaced.
    @discardableResult
    private func list(_ name: String = "list.csv", _ changes: (String, String)...) throws -> String {
        var list = try text(of: bench.folder.file("cloud-solar-dispatch.csv"))
        for (old, new) in changes {
            #expect(list.contains(old))
            list = list.replacing(old, with: new)
        }
        return try bench.folder.write(list, to: name)
    }

    /// A list with a difference of each kind, for dispatch 1.
    private func differingList() throws {
        let rows = try text(of: bench.folder.file("cloud-solar-dispatch.csv")).split(separator: "\n")
        let last = try #require(rows.last)
        let key = last.split(separator: ",")[1]
        try list(
            "list.csv", ("CSP-240311,f", "CSP-240311,0"), ("793321196,1", "793321196,4"),
            (String(last), "X-1,\(key),5,1\n\"<b>&'\"\"x\",00112233445566778899aabbccddeef1,5,1")
        )
    }

    @Test func `what an export writes is the same as the registry`() throws {
        #expect(bench.payg("issue", "CSP-240311", "--days", "30").status == 0)
        for profile in ["openpaygo", "paygops"] {
            let file = "\(profile).csv"
            #expect(bench.payg("export", profile, "--copy", "-o", file).status == 0)
            let before = try dump()
            let run = bench.payg("reconcile", file)
            #expect(
                run.status == 0 && run.output == "UNIT\tDIFFERENCE\tFIELD\tHERE\tTHERE\tBY\tROW\tCUSTOMER\tMADE BY\n")
            #expect(run.talk.hasPrefix("35 rows of \(file) and 35 units compared: everything fits\n"), "\(run.talk)")
            #expect(try dump() == before)
        }
    }

    @Test func `the JSON is the one that other programs rely on`() throws {
        try list("list.csv", ("793321196,1", "793321196,4"))
        let run = bench.payg("reconcile", "list.csv", "--dispatch", "1", "--json")
        #expect(run.status == 2)
        #expect(
            run.output
                == #"{"applied":0,"countsDiffer":1,"credentialsDiffer":0,"differences":[{"applied":false,"authority":"here","by":3,"customer":null,"difference":"count","fields":["count"],"formerCredentials":false,"here":1,"row":3,"sameKeyAs":null,"settings":null,"there":4,"unit":"CSP-240318"}],"file":"list.csv","notCompared":["timeDivider","restrictedDigits","testCode"],"ok":false,"onlyHere":0,"onlyThere":0,"otherModels":0,"outsideSelection":0,"problems":[],"retiredNotListed":0,"rows":25,"same":24,"settingsDiffer":0,"units":25}"#
                + "\n"
        )
        let fits = bench.payg("reconcile", "openpaygo-device-list.csv", "--dispatch", "2", "--json")
        #expect(fits.status == 0 && fits.output.contains(#""differences":[],"#) && fits.output.contains(#""ok":true"#))
        let person = bench.payg(["reconcile", "list.csv", "--json"], forPerson: true)
        let same = try person.json()["differences"] as? [[String: Any]]
        #expect(same?.count == 11 && person.output.split(separator: "\n").count < 50)
    }

    @Test func `every kind of difference is told in a terminal, in a pipe and in JSON`() throws {
        try differingList()
        let person = bench.payg("reconcile", "list.csv", "--dispatch", "1", forPerson: true)
        #expect(person.status == 2)
        #expect(
            person.screen == """
                UNIT        DIFFERENCE   FIELD        HERE        THERE  BY  ROW  CUSTOMER  MADE BY
                CSP-240311  credentials  key                                   2            here
                CSP-240318  count        count        1           4      +3    3            here
                CSP-240479  only here                                                       here
                X-1         only there   same key as  CSP-240479              26
                <b>&'"x     only there                                        27
                26 rows of list.csv and 25 chosen units compared: 22 the same, 1 with other credentials, 1 with another count, 1 only here, 2 only in the list
                not in the list, and not compared: time divider, restricted digit mode, test code
                hint: make no token with either until it is known which are right; payg import FILE --replace UNIT --reason TEXT takes the list's for one unit
                hint: --apply-counts takes higher counts from the list, where somebody else did make tokens
                hint: units with the same key may be one device under two names: imported, its counts would be used twice
                hint: payg import adds units that are only in the list, from the list that their maker sent

                """
        )
        let pipe = bench.payg("reconcile", "list.csv", "--dispatch", "1").output.split(separator: "\n")
        try #require(pipe.count == 6)
        #expect(pipe[1] == "CSP-240311\tcredentials\tkey\t\t\t\t2\t\there")
        #expect(pipe[2] == "CSP-240318\tcount\tcount\t1\t4\t+3\t3\t\there")
        #expect(pipe[4] == "X-1\tonlyThere\t\tCSP-240479\t\t\t26\t\t")
        let json = try bench.payg("reconcile", "list.csv", "--dispatch", "1", "--json").json()
        for (key, value) in [
            ("same", 22), ("credentialsDiffer", 1), ("countsDiffer", 1), ("onlyHere", 1), ("onlyThere", 2),
            ("rows", 26),
        ] {
            #expect(json[key] as? Int == value, "\(key)")
        }
    }

    @Test func `settings are compared where the list has them, whatever its columns are called and where they are`()
        throws
    {
        let rows = try text(of: bench.folder.file("openpaygo-device-list.csv")).split(separator: "\n").dropFirst()
        let swapped = rows.enumerated().map { place, row in
            let cells = row.split(separator: ",", omittingEmptySubsequences: false)
            let (divider, restricted) = (place == 0 ? "24" : cells[4], place == 1 ? "1" : cells[5])
            return "blue;\(restricted);\(place == 2 ? "012345678" : "");\(cells[2]);\(divider);\(cells[0])"
        }
        _ = try bench.folder.write(
            "Colour;Mode;Essai;Secret;Steps;Apparatus\n" + swapped.joined(separator: "\n"), to: "provider.csv")
        #expect(bench.payg("reconcile", "provider.csv").status == 65, "nobody foresaw these")
        let run = bench.payg(
            "reconcile", "provider.csv", "--dispatch", "2", "--json", "--map", "payg-id=Apparatus", "--map",
            "key=Secret", "--map", "time-divider=Steps", "--map", "restricted=Mode", "--map", "test-code=Essai",
            "--ignore-column", "Colour"
        )
        #expect(run.status == 2, "\(run.talk)")
        let differences = try run.json()["differences"] as? [[String: Any]] ?? []
        #expect(differences.map { $0["difference"] as? String } == ["settings", "settings", "settings"])
        let settings = differences.map { $0["settings"] as? [String: [String: Any]] ?? [:] }
        #expect(settings.map { $0.keys.sorted() } == [["timeDivider"], ["restrictedDigits"], ["testCode"]])
        #expect(settings[0]["timeDivider"]?["here"] as? Int == 1 && settings[0]["timeDivider"]?["there"] as? Int == 24)
        #expect(settings[1]["restrictedDigits"]?["there"] as? Bool == true)
        #expect(settings[2]["testCode"]?["here"] is NSNull)
        #expect(settings[2]["testCode"]?["there"] as? String == "012345678")
        #expect(try run.json()["notCompared"] as? [String] == ["startingCode", "count"])
        #expect(run.talk.contains("read as separated by semicolons"))
        let person = bench.payg(
            ["reconcile", "provider.csv", "--dispatch", "2", "--map", "payg-id=Apparatus", "--map", "key=Secret"]
                + ["--map", "time-divider=Steps", "--map", "restricted=Mode", "--map", "test-code=Essai"]
                + ["--ignore-column", "Colour"], forPerson: true
        )
        #expect(person.output.contains("settings    time divider           1     24"), "\(person.output)")
        #expect(person.output.contains("settings    restricted digit mode  no    yes"))
    }

    @Test func `units that are not chosen are counted, and a set is named in one way`() throws {
        bench.payg("assign", "CSP-240311", "KIS-0001")
        let run = bench.payg("reconcile", "cloud-solar-dispatch.csv", "--customer", "kis-0001", "--json")
        #expect(run.status == 0)
        #expect(try run.json()["outsideSelection"] as? Int == 24 && run.json()["units"] as? Int == 1)
        #expect(run.talk.contains("24 rows of units that were not chosen: not compared"))
        let units = ["reconcile", "cloud-solar-dispatch.csv", "--unit", "csp-240311", "SLK-0071"]
        #expect(bench.payg(units).output.contains("SLK-0071\tonlyHere"))
        #expect(bench.payg("reconcile", "cloud-solar-dispatch.csv", "--authority", "HERE").status == 2)
        for (options, status) in [
            (["--dispatch", "1", "--customer", "KIS-0001"], 64), (["--header-row", "0"], 64), (["--html", "-"], 64),
            (["--dispatch", "9"], 3), (["--unit", "CSP-9"], 3), (["--customer", "NOBODY"], 3),
            (["--authority", "angaza"], 3), (["--customer", "KIS-0002"], 3),
        ] {
            #expect(bench.payg(["reconcile", "cloud-solar-dispatch.csv"] + options).status == status, "\(options)")
        }
        #expect(bench.payg("reconcile", "none.csv").status == 66)
    }

    @Test func `a list that is not understood is exit 65 with its rows, and neither compared nor half applied`() throws
    {
        let before = try dump()
        try list("bad.csv", ("793321196,1", "793321196,9"), ("CSP-240332,", "CSP-240311,"), ("CSP-240339,", ","))
        let run = bench.payg("reconcile", "bad.csv", "--apply-counts", "--html", "r.html")
        #expect(run.status == 65 && run.output == "")
        #expect(
            run.talk == """
                error: bad.csv was not compared: 2 problems; nothing was changed
                  row 5, PAYG ID: CSP-240311 is in row 2 too
                  row 6, PAYG ID: the cell is empty
                hint: ask the sender which is right: one of the two is wrong
                hint: mend what is named and compare the file again; it is all or nothing

                """
        )
        #expect(try !bench.folder.names().contains { $0 == "r.html" || $0.hasSuffix(".part") })
        let json = bench.payg("reconcile", "bad.csv", "--json")
        #expect(json.status == 65)
        #expect((try json.json()["problems"] as? [[String: Any]])?.map { $0["row"] as? Int } == [5, 6])
        #expect(try json.json()["ok"] as? Bool == false)
        let workbook = projectFolder + "/Tests/CredentialFilesTests/Corpus/excel-workbook.xlsx"
        #expect(bench.payg("reconcile", workbook).talk.contains("xlsx2csv excel-workbook.xlsx | payg reconcile -"))
        #expect(try dump() == before)
    }

    @Test func `higher counts are taken when they are asked for, and the rest stays a difference`() throws {
        try list("list.csv", ("793321196,1", "793321196,4"))
        let input = try #require(FileHandle(forReadingAtPath: bench.folder.file("list.csv")))
        let run = bench.payg(["reconcile", "-", "--dispatch", "1", "--apply-counts"], input: input)
        #expect(run.status == 0 && run.output.contains("CSP-240318\tcountApplied\tcount\t1\t4\t+3\t3\t\there\n"))
        #expect(
            run.talk.hasPrefix(
                """
                25 rows of standard input and 25 chosen units compared: everything fits
                1 unit with a higher count in the list: taken, and on record

                """
            ), "\(run.talk)"
        )
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(try bench.payg("issue", "CSP-240318", "--days", "1", "--json").json()["count"] as? Int == 6)
        let before = try dump()
        let again = bench.payg("reconcile", "list.csv", "--dispatch", "1", "--apply-counts", "--json")
        #expect(again.status == 2, "the list is behind now")
        let difference = (try again.json()["differences"] as? [[String: Any]])?.first
        #expect(difference?["by"] as? Int == -2 && difference?["applied"] as? Bool == false)
        #expect(again.talk.contains("hint: a lower count in the list"))
        #expect(try dump() == before)
    }

    @Test func `credentials from before they were replaced are told from wrong ones`() throws {
        try list("new.csv", ("CSP-240311,f", "CSP-240311,0"))
        let replaced = bench.payg("import", "new.csv", "--replace", "CSP-240311", "--reason", "a letter")
        #expect(replaced.status == 0)
        let run = bench.payg("reconcile", "cloud-solar-dispatch.csv", "--dispatch", "1", forPerson: true)
        #expect(run.status == 2 && run.output.contains("CSP-240311  credentials  key (former)"))
        #expect(run.talk.contains("hint: former credentials are those from before payg import --replace"))
        #expect(!run.talk.contains("make no token with either"))
        #expect(
            bench.payg("reconcile", "cloud-solar-dispatch.csv", "--json").output.contains(#""formerCredentials":true"#))
        #expect(bench.payg("reconcile", "new.csv", "--dispatch", "1").status == 0)
    }

    @Test func `a terminal shows the first of many, and the others are counted`() throws {
        let rows = (0..<600).map { "X-\($0),\(String(repeating: "0", count: 29))\(100 + $0),5,1\n" }
        _ = try bench.folder.write("PAYG ID,Secret Key,Starting Code,Count\n" + rows.joined(), to: "many.csv")
        let person = bench.payg("reconcile", "many.csv", forPerson: true)
        #expect(person.output.split(separator: "\n").count == 1 + 35 + 50)
        #expect(person.talk.hasPrefix("and 550 more only in the list: --html FILE or --json has them all\n"))
        #expect(bench.payg("reconcile", "many.csv").output.split(separator: "\n").count == 1 + 35 + 600)
        let json = bench.payg("reconcile", "many.csv", "--json")
        #expect(json.output.utf8.count > 1 << 17, "more than is held as text at a time")
        let differences = try json.json()["differences"] as? [[String: Any]] ?? []
        #expect(differences.count == 635 && differences.last?["unit"] as? String == "X-599")
    }

    @Test func `a report is private, whole or not there, and never in another file's place`() throws {
        try differingList()
        let run = bench.payg("reconcile", "list.csv", "--html", "r.html", "--dispatch", "1")
        #expect(run.status == 2 && run.talk.contains("the report is in r.html"))
        #expect(try permissions(of: bench.folder.file("r.html")) == 0o600)
        let html = try text(of: bench.folder.file("r.html"))
        #expect(html.hasSuffix("</html>\n") && html.contains("the units of dispatch 1 of the registry registry.sqlite"))
        #expect(html.contains("<td>&lt;b&gt;&amp;&#39;&quot;x</td>") && !html.contains("<b>"))
        let again = bench.payg("reconcile", "list.csv", "--html", "r.html", "--apply-counts")
        #expect(again.status == 4 && again.output == "")
        #expect(try text(of: bench.folder.file("r.html")) == html)
        #expect(bench.payg("unit", "show", "CSP-240318", "--json").output.contains("\"count\":1,"))
        let gone = bench.payg("reconcile", "list.csv", "--html", "no/such/r.html", "--apply-counts")
        #expect(gone.status == 73 && gone.talk.contains("nothing was changed"))
    }
}
