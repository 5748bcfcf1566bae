import Foundation
import TestSupport
import Testing

@testable import payg

struct InitCommandTests {
    @Test func `init makes a private registry and key file, and says where`() throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg("init")
        #expect(run.status == 0 && run.output == "")
        #expect(
            run.talk == """
                made the registry registry.sqlite
                made the key file registry.key: keep a copy, apart from the registry

                """
        )
        #expect(try bench.folder.names() == ["registry.key", "registry.sqlite"])
        for name in try bench.folder.names() { #expect(try permissions(of: bench.folder.file(name)) == 0o600) }
    }

    @Test func `without options or variables they go where such files live`() throws {
        let bench = try CommandBench(sampleData: false)
        let bare = ["PAYG_REGISTRY": "", "PAYG_KEY_FILE": ""]
        #expect(bench.payg("init", environment: bare).talk.contains(".local/share/payg/registry.sqlite"))
        #expect(try permissions(of: bench.folder.file(".local/share/payg/registry.sqlite")) == 0o600)
        #expect(try permissions(of: bench.folder.file(".config/payg/registry.key")) == 0o600)
        #expect(bench.payg("unit", "list", environment: bare).status == 0)

        let xdg = bare.merging([
            "XDG_DATA_HOME": bench.folder.file("data"), "XDG_CONFIG_HOME": bench.folder.file("config"),
        ]) { $1 }
        #expect(bench.payg("init", environment: xdg).status == 0)
        #expect(FileManager.default.fileExists(atPath: bench.folder.file("data/payg/registry.sqlite")))
        #expect(FileManager.default.fileExists(atPath: bench.folder.file("config/payg/registry.key")))
        let named = bench.payg(
            "init", "--registry", "own.sqlite", "--key-file", "own.key", "--json", environment: xdg
        )
        #expect(try named.json()["registry"] as? String == bench.folder.file("own.sqlite"))
    }

    @Test func `init never replaces a registry or a key file`() throws {
        let bench = try CommandBench(sampleData: false)
        bench.payg("init")
        let before = try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key")))
        let again = bench.payg("init")
        #expect(again.status == 4 && again.talk.contains("a registry is never overwritten"))
        let other = bench.payg("init", "--registry", "other.sqlite")
        #expect(other.status == 4 && other.talk.contains("a key file is never overwritten"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key"))) == before)
        #expect(try bench.folder.names() == ["registry.key", "registry.sqlite"])
    }

    @Test func `a log that another registry left is not played into a new one`() throws {
        let bench = try CommandBench(sampleData: false)
        for leftover in ["registry.sqlite-wal", "registry.sqlite-shm", "registry.sqlite-journal"] {
            _ = try bench.folder.write("old frames", to: leftover)
            let run = bench.payg("init")
            #expect(run.status == 4 && run.talk.contains("\(leftover) is left of a registry that is not there"))
            #expect(try bench.folder.names() == [leftover])
            try FileManager.default.removeItem(atPath: bench.folder.file(leftover))
        }
    }

    @Test func `a key file that cannot be made is told so, and there is no registry either`() throws {
        let bench = try CommandBench(sampleData: false)
        _ = try bench.folder.write("", to: "file")
        let long = String(repeating: "k", count: 300)
        for keyFile in ["file/registry.key", long] {
            let run = bench.payg("init", "--key-file", keyFile)
            #expect(run.status == 73 && run.talk.contains("cannot be written"), "\(run.talk)")
        }
        #expect(bench.payg("init", "--key-file", "registry.sqlite").status == 64)
        #expect(try bench.folder.names() == ["file"])
    }
}

struct MissingFileTests {
    private static let commands: [[String]] = [
        ["import", "cloud-solar-dispatch.csv"], ["issue", "CSP-240311", "--days", "1"], ["unit", "list"],
        ["unit", "show", "X"], ["dispatch", "list"], ["customer", "list"], ["audit", "tokens"], ["audit", "events"],
        ["audit", "verify"], ["export", "paygops", "-o", "out.csv"], ["assign", "X", "Y"],
    ]

    @Test(arguments: commands)
    func `without a registry every command says how to make one, and leaves none behind`(command: [String]) throws {
        let bench = try CommandBench()
        let before = try bench.folder.names()
        let run = bench.payg(command)
        #expect(run.status == 66)
        #expect(run.output == "")
        #expect(run.talk.hasPrefix("error: no registry at \(bench.folder.file("registry.sqlite"))\n"))
        #expect(run.talk.contains("hint: payg init makes one"))
        #expect(try bench.folder.names() == before)
    }

    @Test(arguments: [
        ["import", "cloud-solar-dispatch.csv"], ["issue", "CSP-240311", "--days", "1"], ["audit", "verify"],
        ["export", "paygops", "-o", "out.csv"],
    ])
    func `without the key file, or with another, nothing is sealed or opened and the way out is told`(
        command: [String]
    ) throws {
        let bench = try CommandBench.withFleet()
        try write([UInt8](repeating: 7, count: 32), to: bench.folder.file("wrong.key"))
        for (keyFile, told) in [
            ("none.key", "no key file at"), ("wrong.key", "is not the one this registry was sealed with"),
        ] {
            let run = bench.payg(command + ["--key-file", keyFile])
            #expect(run.status == 77)
            #expect(run.output == "")
            #expect(run.talk.contains(told) && run.talk.contains("nothing was changed"), "\(run.talk)")
            #expect(run.talk.contains("hint: ") && run.talk.contains("--key-file FILE"))
        }
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("out.csv")))
        #expect(bench.payg("audit", "tokens", "--json").output == "[]\n")
        #expect(bench.payg("unit", "list", "--key-file", "none.key").status == 0, "lists need no key")
    }

    @Test func `a registry of a newer program is exit 78`() throws {
        let bench = try CommandBench.withFleet()
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "INSERT INTO grdb_migrations VALUES ('9999_later')")
        #expect(bench.payg("unit", "list").status == 78)
        #expect(bench.payg("unit", "list", "--registry", "customers.csv").status == 65)
    }
}

struct ImportCommandTests {
    @Test func `the JSON is the one that other programs rely on`() throws {
        let bench = try CommandBench()
        bench.payg("init")
        #expect(
            bench.payg("import", "cloud-solar-dispatch.csv", "--json").output
                == #"{"added":25,"dispatch":1,"dryRun":false,"file":"cloud-solar-dispatch.csv","problems":[],"rejected":0,"rows":25,"unchanged":0}"#
                + "\n"
        )
        let again = bench.payg("import", "cloud-solar-dispatch.csv", "--json")
        #expect(again.status == 0)
        #expect(try again.json()["unchanged"] as? Int == 25)
        #expect(again.talk == "cloud-solar-dispatch.csv is dispatch 1 again: nothing was changed\n")
    }

    @Test func `a file that is not understood is exit 65 with row, column and reason, and nothing is imported`() throws
    {
        let bench = try CommandBench()
        bench.payg("init")
        _ = try bench.folder.write(
            "PAYG ID,Secret Key,Starting Code,Count\nCSP-1,a29ab82edc5fbbc41ec9530f6dac86b1,1,1\nCSP-2,a29a,2,1\n",
            to: "bad.csv"
        )
        let run = bench.payg("import", "bad.csv")
        #expect(run.status == 65 && run.output == "")
        #expect(
            run.talk == """
                error: bad.csv was not imported: 1 problem; nothing was changed
                  row 3, Secret Key: a secret key has 32 hexadecimal digits, and this one has 4
                hint: mend what is named and import the file again; it is all or nothing

                """
        )
        let json = bench.payg("import", "bad.csv", "--json")
        #expect(json.status == 65)
        #expect(
            json.output
                == #"{"added":0,"dispatch":null,"dryRun":false,"file":"bad.csv","problems":[{"column":"Secret Key","problem":"a secret key has 32 hexadecimal digits, and this one has 4","row":3}],"rejected":1,"rows":2,"unchanged":0}"#
                + "\n"
        )
        #expect(bench.payg("unit", "list", "--json").output == "[]\n")
        #expect(bench.payg("import", "none.csv").status == 66)
    }

    @Test func `columns that mean nothing here are named, and so is what was restored`() throws {
        let bench = try CommandBench()
        bench.payg("init")
        _ = try bench.folder.write(
            "PAYG ID,Secret Key,Starting Code,Count,Colour\nCSP-1,a29ab82edc5fbbc41ec9530f6dac86b1,1,1,red\n",
            to: "list.csv"
        )
        #expect(
            bench.payg("import", "list.csv", "--dry-run").talk == """
                1 unit would be added from list.csv
                dry run: nothing was changed
                1 starting code had lost leading zeros: restored
                kept out of the registry: Colour

                """
        )
        #expect(bench.payg("unit", "list", "--json").output == "[]\n")
    }
}

struct CustomerCommandTests {
    @Test func `customers are added, imported, listed, and given units`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("customer", "add", "KIS-0100", "--name", "Otieno, Juma", "--phone", "+254 700").status == 0)
        #expect(bench.payg("customer", "add", "KIS-0100", "--name", "Otieno, Juma", "--phone", "+254 700").status == 0)
        let other = bench.payg("customer", "add", "kis-0100", "--name", "Somebody Else")
        #expect(other.status == 4 && other.talk.contains("with another name or phone"))
        #expect(bench.payg("assign", "csp-240311", "KIS-0100").status == 0)
        #expect(bench.payg("assign", "CSP-240311", "KIS-0100").talk.contains("already: nothing was changed"))
        let taken = bench.payg("assign", "CSP-240311", "KIS-0001")
        #expect(taken.status == 4)
        #expect(taken.talk.contains("hint: payg unassign CSP-240311"))
        let customers = try bench.payg("customer", "list", "--json").jsonRows()
        #expect(customers.count == 9)
        #expect(customers.last?["units"] as? [String] == ["CSP-240311"])
        #expect(bench.payg("unassign", "CSP-240311").status == 0)
        #expect(bench.payg("unassign", "CSP-240311").status == 4)
        #expect(bench.payg("assign", "CSP-240311", "KIS-9999").status == 3)
        #expect(bench.payg("customer", "import", "cloud-solar-dispatch.csv").status == 65)
    }

    @Test func `names are answered as the registry spells them, and refused where two would look alike`() throws {
        let bench = try CommandBench.withFleet()
        let held = try bench.payg("assign", "csp-240311", "kis-0001", "--json").json()
        #expect(held["unit"] as? String == "CSP-240311" && held["customer"] as? String == "KIS-0001")
        let again = try bench.payg("customer", "add", "kis-0001", "--name", "Achieng Odhiambo", "--json").json()
        #expect(again["customer"] as? String == "KIS-0001" && again["units"] as? [String] == ["CSP-240311"])
        #expect(bench.payg("customer", "add", "É-1", "--name", "Amina").status == 64)
        #expect(bench.payg("customer", "add", "K-9", "--name", "Amina\u{1B}[2J").status == 64)
        #expect(bench.payg("unit", "reclaim", "CSP-240311", "--count", "1", "--reason", " ").status == 64)
    }

    @Test func `names in wide and joined scripts keep the columns straight`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("customer", "add", "A-1", "--name", "山田太郎", "--phone", "+81 3")
        bench.payg("customer", "add", "A-2", "--name", "ශ්\u{200D}රී", "--phone", "+94 1")
        let lines = bench.payg("customer", "list", forPerson: true).output.split(separator: "\n")
        let phones = lines.dropFirst().prefix(2).map { line in
            String(line.prefix { $0 != "+" }).cellWidth
        }
        #expect(phones.count == 2 && phones[0] == phones[1], "\(lines)")
    }
}

struct ListCommandTests {
    @Test func `units are shown without their credentials`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "SLK-0076", "KIS-0003")
        bench.payg("issue", "SLK-0076", "--days", "10")
        let run = bench.payg("unit", "show", "slk-0076", forPerson: true)
        #expect(
            run.output == """
                unit              SLK-0076
                customer          KIS-0003
                paid until        2026-11-13 09:00 UTC
                count             14
                dispatched count  12
                tokens made by    here
                dispatch          2
                time divider      1
                digits            all
                hardware model    CSC-10
                firmware version  2.2
                test code         643328325

                TOKEN        UNIT      DAYS  COUNT  ISSUED                CUSTOMER  REFERENCE  TYPE      BY
                \(grouped(try token(bench)))  SLK-0076    10     14  2026-11-03 09:00 UTC  KIS-0003             add time  amina

                """
        )
        let json = try bench.payg("unit", "show", "SLK-0076", "--json").json()
        #expect((json["unit"] as? [String: Any])?["count"] as? Int == 14)
        #expect((json["tokens"] as? [[String: Any]])?.first?["days"] as? Int == 10)
    }

    private func token(_ bench: CommandBench) throws -> String {
        try #require(bench.payg("audit", "tokens", "--json").jsonRows().first?["token"] as? String)
    }

    private func grouped(_ digits: String) -> String {
        [digits.prefix(3), digits.dropFirst(3).prefix(3), digits.suffix(3)].joined(separator: " ")
    }

    @Test func `lists are tab-separated in a pipe, and filtered`() throws {
        let bench = try CommandBench.withFleet()
        let lines = bench.payg("unit", "list", "--search", "slr").output.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[1].split(separator: "\t", omittingEmptySubsequences: false).first == "SLR-0013")
        #expect(try bench.payg("unit", "list", "--dispatch", "1", "--json").jsonRows().count == 25)
        #expect(bench.payg("unit", "list", "--dispatch", "7").status == 3)
        let dispatches = try bench.payg("dispatch", "list", "--json").jsonRows()
        #expect(dispatches.map { $0["units"] as? Int } == [25, 10])
        #expect(dispatches.first?["actor"] as? String == "amina")
        #expect(try bench.payg("dispatch", "show", "2", "--json").json()["units"] as? [Any] != nil)
        #expect(bench.payg("dispatch", "show", "3").status == 3)
    }
}

struct ExportCommandTests {
    @Test func `units go to paygops with the count of now, and no token is made for them here`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "SLK-0071", "--days", "30")
        let run = bench.payg("export", "paygops", "--dispatch", "2", "-o", "paygops.csv", "--json")
        #expect(run.status == 0)
        #expect(try run.json()["units"] as? Int == 10)
        let lines = try text(of: bench.folder.file("paygops.csv")).split(separator: "\r\n")
        #expect(lines.count == 11)
        #expect(lines[1] == "SLK-0071,359449289,5f9bcbc644574d8fab284173577ba8aa,2,1,0,CSC-10,2.1,")
        #expect(try permissions(of: bench.folder.file("paygops.csv")) == 0o600)
        let sum = try ProgramRun("sha256sum", [bench.folder.file("paygops.csv")]).output.prefix(64)
        #expect(try run.json()["sha256"] as? String == String(sum))

        let refused = bench.payg("issue", "SLK-0071", "--days", "30")
        #expect(refused.status == 4 && refused.talk.contains("paygops makes the tokens of unit SLK-0071"))
        #expect(refused.talk.contains("hint: payg unit reclaim SLK-0071"))
        #expect(bench.payg("unit", "reclaim", "SLK-0071", "--count", "1", "--reason", "moved").status == 4)
        #expect(bench.payg("unit", "reclaim", "SLK-0071", "--count", "-1", "--reason", "moved").status == 64)
        #expect(bench.payg("unit", "reclaim", "SLK-0071", "--count", "9", "--reason", "moved").status == 0)
        #expect(try bench.payg("issue", "SLK-0071", "--days", "30", "--json").json()["count"] as? Int == 10)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `angaza wants a product, and says that its file is unverified`() throws {
        let bench = try CommandBench.withFleet()
        let arguments = ["export", "angaza", "--unit", "CSP-240311", "csp-240318", "-o", "angaza.csv"]
        let refused = bench.payg(arguments)
        #expect(refused.status == 4)
        #expect(refused.talk.contains("Angaza wants a product's name for every unit; no file was written"))
        #expect(refused.talk.contains("hint: --product NAME"))
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("angaza.csv")))
        let run = bench.payg(arguments + ["--product", "Sample product"])
        #expect(run.status == 0 && run.talk.contains("unverified: "))
        #expect(
            try text(of: bench.folder.file("angaza.csv")) == """
                Unit Number,Secret Key,Starting Code,Count,Product\r
                CSP-240311,f3b7d66e9a5b271d04fb4af084555aa4,096225896,1,Sample product\r
                CSP-240318,d888349ae297bb42a262d6be4d5905fd,793321196,1,Sample product\r

                """
        )
    }

    @Test func `whoever gets the file can be named, and a selection is one thing`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("export", "openpaygo", "--provider", "Solaris", "--dispatch", "2", "-o", "out.csv")
        #expect(run.status == 0 && run.talk.contains("solaris makes their tokens from now on"))
        #expect(try bench.payg("unit", "list", "--authority", "SOLARIS", "--json").jsonRows().count == 10)
        let again = bench.payg("export", "openpaygo", "--provider", "solaris", "--all", "-o", "again.csv")
        #expect(again.talk.contains("warning: 10 units handed over before"))
        #expect(bench.payg("export", "paygops", "--provider", "here", "-o", "x.csv").status == 64)
        let both = bench.payg("export", "paygops", "--dispatch", "1", "--unit", "SLK-0071", "-o", "x.csv")
        #expect(both.status == 64 && both.talk.contains("--dispatch or --unit, not both"))
        for name in ["-", ""] { #expect(bench.payg("export", "paygops", "-o", name).status == 64) }
        #expect(bench.payg("import", "-").status == 64)
    }

    @Test func `a file is never written over another, nor where none can be`() throws {
        let bench = try CommandBench.withFleet()
        let over = bench.payg("export", "paygops", "-o", "customers.csv")
        #expect(over.status == 73 && over.talk.contains("never overwritten"))
        #expect(bench.payg("export", "paygops", "-o", "none/out.csv").status == 73)
        #expect(bench.payg("export", "nobody", "-o", "out.csv").status == 3)
        #expect(bench.payg("export", "paygops").status == 64)
        #expect(bench.payg("export", "paygops", "--dry-run", "-o", "out.csv").talk.contains("nothing was written"))
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("out.csv")))
        #expect(bench.payg("export", "openpaygo", "--copy", "-o", "out.csv").talk.contains("warning: tokens go on"))
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0)
    }
}

struct AuditCommandTests {
    @Test func `tokens are listed in the JSON that other programs rely on`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        bench.payg("issue", "CSP-240318", "--days", "7", "--actor", "juma")
        let rows = try bench.payg("audit", "tokens", "--json").jsonRows()
        #expect(rows.count == 2)
        #expect(
            Set(rows[0].keys) == [
                "token", "unit", "customer", "type", "value", "days", "count", "reference", "paidUntil", "issuedAt",
                "actor",
            ]
        )
        #expect(rows[0]["issuedAt"] as? String == "2026-11-03T09:00:00Z")
        #expect(rows[0]["type"] as? String == "addTime")
        #expect(rows[1]["actor"] as? String == "juma")
        #expect(rows[1]["customer"] is NSNull)
        let filtered = bench.payg("audit", "tokens", "--customer", "KIS-0001", "--since", "2026-11-03", "--json")
        #expect(try filtered.jsonRows().count == 1)
        #expect(bench.payg("audit", "tokens", "--since", "yesterday").status == 64)
        for since in ["2026-11-03 09:01 UTC", "2026-11-03 09:01", "2026-11-03T09:00:01Z", "2026-11-04"] {
            #expect(bench.payg("audit", "tokens", "--since", since, "--json").output == "[]\n", "\(since)")
        }
        #expect(try bench.payg("audit", "events", "--unit", "CSP-240311", "--json").jsonRows().count == 3)
    }

    @Test func `verify is exit 0 when everything fits and 2 when a row does not`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "30")
        let run = bench.payg("audit", "verify", "--json")
        #expect(run.status == 0)
        #expect(run.output == #"{"events":12,"ok":true,"problems":[],"tokens":1}"# + "\n")
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        let broken = bench.payg("audit", "verify")
        #expect(broken.status == 2)
        #expect(broken.output == "unit CSP-240318: its count is 8, and its last event says 1\n")
        #expect(broken.talk.hasPrefix("12 events and 1 token checked: 1 problem\nhint: issue nothing"))
        #expect(try bench.payg("audit", "verify", "--json").json()["ok"] as? Bool == false)
    }
}
