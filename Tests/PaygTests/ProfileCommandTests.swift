import Foundation
import TestSupport
import Testing

@testable import payg

struct ProfileCommandTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
    }

    private func addProfile(_ name: String, _ yaml: String) throws {
        let folder = bench.folder.file("profiles")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try bench.folder.write(yaml, to: "profiles/\(name).yaml")
    }

    private let own = """
        title: Own
        source: a letter
        provider: sunking
        delimiter: semicolon
        columns:
          - {header: Serial, field: paygID, required: true}
          - {header: Secret, field: key, required: true}
          - {header: Code, field: startingCode}
          - {header: Last, field: count}
          - {header: Client, field: customerName}
        """

    private var environment: [String: String] { ["PAYG_PROFILES": "profiles"] }

    @Test func `profiles are listed, one's own and the broken ones among them`() throws {
        try addProfile("own", own)
        try addProfile("broken", "title: X\ncolumns: 3\n")
        let run = bench.payg(["profile", "list", "--json"], environment: environment)
        let rows = try run.jsonRows()
        #expect(
            rows.map { $0["profile"] as? String } == [
                "openpaygo", "paygops", "angaza", "airlink", "json", "broken", "own",
            ])
        #expect(
            rows[2]["verified"] as? Bool == false && rows[2]["products"] as? [String] == ["product-1", "product-2"])
        #expect(rows[6]["provider"] as? String == "sunking" && rows[6]["builtIn"] as? Bool == false)
        #expect(run.talk.contains("warning: the profile broken cannot be used: line 2"), "\(run.talk)")
        #expect(bench.payg("profile", "list", forPerson: true).output.contains("OpenPAYGO device list"))
    }

    @Test func `a profile is shown as it is written`() throws {
        let run = bench.payg("profile", "show", "paygops")
        #expect(run.output == (try text(of: projectFolder + "/Sources/CredentialFiles/Profiles/paygops.yaml")))
        #expect(try bench.payg("profile", "show", "paygops", "--json").json()["provider"] as? String == "paygops")
        #expect(bench.payg("profile", "show", "nobody").status == 3)
    }

    @Test func `a profile is checked with the first units, and what tokens are made with stays away`() throws {
        try addProfile("own", own)
        let run = bench.payg(["profile", "check", "profiles/own.yaml"], environment: environment)
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.output.hasPrefix("Serial\tSecret\tCode\tLast\tClient\n"))
        #expect(run.output.split(separator: "\n").count == 6)
        #expect(!run.output.contains("f3b7d66e9a5b271d04fb4af084555aa4") && run.output.contains("<redacted>"))
        let list = try text(of: bench.folder.file("cloud-solar-dispatch.csv"))
        #expect(list.contains("096225896") && !run.output.contains("096225896"))
        let named = bench.payg(["profile", "check", "own", "--unit", "SLK-0071", "--json"], environment: environment)
        #expect(try named.json()["rows"] as? [[String]] == [["SLK-0071", "<redacted>", "<redacted>", "1", ""]])

        _ = try bench.folder.write(own + "\n  - {header: Model, feild: hardwareModel}\n", to: "bad.yaml")
        let bad = bench.payg("profile", "check", "bad.yaml")
        #expect(bad.status == 65 && bad.talk.contains("line 11") && bad.talk.contains("feild"), "\(bad.talk)")
    }

    @Test func `a profile is checked where there is no registry`() throws {
        let empty = try CommandBench(sampleData: false)
        _ = try empty.folder.write(own, to: "own.yaml")
        let run = empty.payg("profile", "check", "own.yaml")
        #expect(run.status == 0 && run.output == "Serial\tSecret\tCode\tLast\tClient\n", "\(run.talk)")
        #expect(try empty.folder.names() == ["own.yaml"])
    }

    @Test func `angaza is exported once its products have names, and each unit goes by its model`() throws {
        let arguments = ["export", "angaza", "--dispatch", "2", "-o", "angaza.csv"]
        let refused = bench.payg(arguments)
        #expect(refused.status == 4 && refused.talk.contains("hint: payg profile set angaza product-1 NAME"))
        #expect(bench.payg("profile", "set", "angaza", "product-9", "X").status == 64)
        #expect(bench.payg("profile", "set", "paygops", "product-1", "X").status == 64)
        let formula = bench.payg("profile", "set", "angaza", "product-1", "=cmd|x")
        #expect(formula.status == 64 && formula.talk.contains("would run as a formula"), "\(formula.talk)")
        let first = bench.payg("profile", "set", "angaza", "product-1", "Cloud Solar 10", "--json")
        #expect(first.status == 0 && first.talk.contains("product-1 of angaza is called “Cloud Solar 10”"))
        #expect(try first.json()["before"] is NSNull)
        bench.payg("profile", "set", "angaza", "product-2", "Cloud Solar 20")
        #expect(
            bench.payg("profile", "set", "angaza", "product-2", "Cloud Solar 20").talk.contains("nothing was changed"))
        let run = bench.payg(arguments)
        #expect(run.status == 0, "\(run.talk)")
        // Which model each unit has, the list itself says.
        let models = try text(of: bench.folder.file("openpaygo-device-list.csv")).split(separator: "\n").dropFirst()
            .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
        let products = try text(of: bench.folder.file("angaza.csv")).split(separator: "\r\n").dropFirst()
            .map { $0.split(separator: ",") }
        #expect(products.count == models.count)
        for product in products {
            let model = try #require(models.first { $0[0] == product[0] })[6]
            #expect(product[4] == (model.hasPrefix("CSC-10") ? "Cloud Solar 10" : "Cloud Solar 20"))
        }
        #expect(bench.payg("audit", "verify").status == 0)
        #expect(bench.payg("audit", "events").output.contains("productNamed"))
    }

    @Test func `a profile of one's own hands units over to the provider it names`() throws {
        try addProfile("own", own)
        let run = bench.payg(
            ["export", "own", "--unit", "CSP-240311", "-o", "own.csv"], environment: environment)
        #expect(run.status == 0 && run.talk.contains("sunking makes its tokens"), "\(run.talk)")
        #expect(try text(of: bench.folder.file("own.csv")).hasPrefix("Serial;Secret;Code;Last;Client\r\nCSP-240311;"))
        let other = bench.payg("export", "--profile", "profiles/own.yaml", "--unit", "CSP-240318", "-o", "file.csv")
        #expect(other.status == 0)
        // The profile is kept with the export: the file comes again without it.
        try FileManager.default.removeItem(atPath: bench.folder.file("profiles"))
        #expect(bench.payg("export", "again", "1", "-o", "again.csv").status == 0)
        #expect(
            try text(of: bench.folder.file("again.csv")) == text(of: bench.folder.file("own.csv")))
    }

    @Test func `a file without what tokens are made with hands nothing over`() throws {
        try addProfile(
            "crm", "title: Customers\ncolumns: [{header: Unit, field: paygID}, {header: Holder, field: customerName}]")
        let run = bench.payg(["export", "crm", "-o", "crm.csv"], environment: environment)
        #expect(run.status == 0 && run.talk.contains("nothing changes hands"), "\(run.talk)")
        #expect(!run.talk.contains("warning"), "\(run.talk)")
        bench.payg("export", "paygops", "--unit", "CSP-240318", "-o", "p.csv")
        let taken = bench.payg(
            ["export", "crm", "--unit", "CSP-240318", "--count", "9", "--reason", "x", "-o", "x.csv"],
            environment: environment)
        #expect(taken.status == 4 && taken.talk.contains("handed to nobody"), "\(taken.talk)")
        #expect(bench.payg("issue", "CSP-240318", "--days", "1").status == 4)
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0)
    }

    @Test func `the README's profile can be used as it stands`() throws {
        let readme = try text(of: projectFolder + "/README.md")
        let start = try #require(readme.range(of: "```yaml\n"))
        let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
        _ = try bench.folder.write(String(readme[start.upperBound..<end.lowerBound]), to: "sunpay.yaml")
        let checked = bench.payg("profile", "check", "sunpay.yaml", "--unit", "SLK-0071", "--product", "Small")
        #expect(checked.status == 0, "\(checked.talk)")
        #expect(
            checked.output.split(separator: "\n").last == "SLK-0071\t<redacted>\t<redacted>\t1\tno\tSmall\tin stock\tKE"
        )
    }

    @Test func `a file with keys, and without the count to go on from, is a copy or nothing`() throws {
        try addProfile(
            "half",
            "title: Half\ncolumns: [{header: Unit, field: paygID}, {header: Key, field: key}, {header: Count, field: dispatchedCount}]"
        )
        let run = bench.payg(["export", "half", "-o", "half.csv"], environment: environment)
        #expect(run.status == 4 && run.talk.contains("has secret keys and no count"), "\(run.talk)")
        #expect(bench.payg(["export", "half", "--copy", "-o", "half.csv"], environment: environment).status == 0)
    }

    @Test func `the holder's reference is in the file, in its preview, and in the same file again`() throws {
        bench.payg("assign", "SLK-0071", "KIS-0001")
        try addProfile(
            "held",
            "title: Held\ncolumns: [{header: Unit, field: paygID}, {header: Holder, field: customer, required: true}]")
        let preview = bench.payg(["profile", "check", "held", "--unit", "SLK-0071"], environment: environment)
        #expect(preview.output.hasSuffix("SLK-0071\tKIS-0001\n"))
        bench.payg(["export", "held", "--unit", "SLK-0071", "-o", "held.csv"], environment: environment)
        #expect(try text(of: bench.folder.file("held.csv")) == "Unit,Holder\r\nSLK-0071,KIS-0001\r\n")
        bench.payg("unassign", "SLK-0071")
        bench.payg("assign", "SLK-0071", "KIS-0002")
        #expect(bench.payg("export", "again", "1", "-o", "again.csv").status == 0)
        #expect(try text(of: bench.folder.file("again.csv")) == text(of: bench.folder.file("held.csv")))
    }
}
