import Foundation
import TestSupport
import Testing

@testable import payg

struct ImportCommandTests {
    @Test func `the JSON is the one that other programs rely on`() throws {
        let bench = try CommandBench()
        bench.payg("init")
        #expect(
            bench.payg("import", "cloud-solar-dispatch.csv", "--json").output
                == #"{"acceptedCounts":0,"added":25,"dispatch":1,"dryRun":false,"file":"cloud-solar-dispatch.csv","format":{"delimiter":"comma","encoding":"utf-8","endRow":null,"headerRow":1},"olderCounts":0,"problems":[],"rejected":0,"rows":25,"unchanged":0,"warnings":[]}"#
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
            "PAYG ID,Secret Key,Starting Code,Count,Colour\nCSP-1,a39ab82edc5fbbc41ec9530f6dac86b1,5,1,red\n",
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
