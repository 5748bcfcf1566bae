import Foundation
import TestSupport
import Testing

@testable import payg

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
        #expect(refused.talk.contains("no product of Angaza is for the hardware model of CSP-240311, CSP-240318"))
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

    @Test func `angaza's products are named before the first export, and the refusal says how`() throws {
        let bench = try CommandBench.withFleet()
        let refused = bench.payg("export", "angaza", "--dispatch", "2", "-o", "angaza.csv")
        #expect(refused.status == 4)
        #expect(refused.talk.contains("the names of product-1, product-2 were not given yet; no file was written"))
        #expect(refused.talk.contains("hint: payg profile set angaza product-1 NAME"))
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("angaza.csv")))
    }

    @Test func `whoever gets the file can be named, and a selection is one thing`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("export", "openpaygo", "--provider", "Solaris", "--dispatch", "2", "-o", "out.csv")
        #expect(run.status == 0 && run.talk.contains("solaris makes their tokens from now on"))
        #expect(try bench.payg("unit", "list", "--authority", "SOLARIS", "--json").jsonRows().count == 10)
        let mistyped = bench.payg("unit", "list", "--authority", "solari", "--json")
        #expect(mistyped.status == 0 && mistyped.output == "[]\n")
        #expect(mistyped.talk == "hint: solari makes no unit's tokens; here, solaris do\n")
        let again = bench.payg("export", "openpaygo", "--provider", "solaris", "--all", "-o", "again.csv")
        #expect(again.talk.contains("warning: 10 units handed over before"))
        #expect(bench.payg("export", "paygops", "--provider", "here", "-o", "x.csv").status == 64)
        let both = bench.payg("export", "paygops", "--dispatch", "1", "--unit", "SLK-0071", "-o", "x.csv")
        #expect(both.status == 64 && both.talk.contains("one of --dispatch, --customer and --unit, not several"))
        for name in ["-", ""] { #expect(bench.payg("export", "paygops", "-o", name).status == 64) }
    }

    @Test func `a file is never written over another, nor where none can be`() throws {
        let bench = try CommandBench.withFleet()
        let over = bench.payg("export", "paygops", "-o", "customers.csv")
        #expect(over.status == 4 && over.talk.contains("never overwritten"))
        #expect(bench.payg("export", "paygops", "-o", "none/out.csv").status == 73)
        #expect(bench.payg("export", "nobody", "-o", "out.csv").status == 3)
        let nameless = bench.payg("export", "paygops")
        #expect(nameless.status == 64 && nameless.talk.contains("name the file, or the folder for it, with -o"))
        #expect(bench.payg("export", "paygops", "--dry-run", "-o", "out.csv").talk.contains("nothing was written"))
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("out.csv")))
        #expect(bench.payg("export", "openpaygo", "--copy", "-o", "out.csv").talk.contains("warning: tokens go on"))
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0)
    }
}
