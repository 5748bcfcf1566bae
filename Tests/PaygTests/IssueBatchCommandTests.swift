import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct IssueBatchCommandTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240318", "KIS-0001")
    }

    private func batch(_ list: String, _ arguments: String..., to output: String = "out.csv") throws -> CommandBench.Run
    {
        _ = try bench.folder.write(list, to: "pay.csv")
        return bench.payg(["issue-batch", "pay.csv", "-o", output] + arguments)
    }

    private func rows(_ file: String = "out.csv") throws -> [[String: String]] {
        let lines = try text(of: bench.folder.file(file)).split(separator: "\r\n").map { line -> [String] in
            // Commas between quotation marks separate nothing.
            var plain = ""
            for (place, part) in line.split(separator: "\"", omittingEmptySubsequences: false).enumerated() {
                plain += place.isMultiple(of: 2) ? String(part) : String(part).replacing(",", with: ";")
            }
            return plain.replacing("\u{FEFF}", with: "").split(separator: ",", omittingEmptySubsequences: false).map(
                String.init)
        }
        return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
    }

    private func tokensIssued() throws -> Int { try bench.payg("audit", "tokens", "--json").jsonRows().count }

    @Test(arguments: [
        ("2.54712E+11", "CSP-240311", "the payment reference was turned into a rounded number by a spreadsheet"),
        ("#####", "CSP-240311", "the payment reference is “#####”"),
        ("#N/A", "CSP-240311", "the payment reference is a spreadsheet's error"),
        ("=Q16", "CSP-240311", "the payment reference is a formula, and not the value it gives"),
        ("@SUM(A1)", "CSP-240311", "the payment reference begins as a formula does"),
        ("+1+cmd", "CSP-240311", "the payment reference begins as a formula does"),
        ("MP-1", "=1+1", "the PAYG ID is a formula"),
    ])
    func `what a spreadsheet made of a name, or would run, is no payment`(
        reference: String, unit: String, told: String
    ) throws {
        let run = try batch("Reference,Unit,Days\n\(reference),\(unit),7\nMP-2,CSP-240325,7\n")
        #expect(run.status == 65 && run.talk.contains("row 2, ") && run.talk.contains(told), "\(run.talk)")
        #expect(try tokensIssued() == 0 && !run.talk.contains("has the columns"))
    }

    @Test func `references that only look like that are taken`() throws {
        let run = try batch(
            "Reference,Unit,Days\n+254712345678,CSP-240311,7\n1E5,CSP-240325,7\n-12,CSP-240339,7\n#7,CSP-240346,1\n")
        #expect(run.status == 0, "\(run.talk)")
    }

    @Test func `every payment has its row, with the tokens that issue gives for it`() throws {
        let run = try batch(
            """
            Reference;Unit;Customer;Days;Until
            MP-1;CSP-240311;;30;
            MP-2;;kis-0001;7;
            MP-3;CSP-240325;;;2026-11-10
            MP-4;CSP-240339;;1000;

            """
        )
        #expect(run.status == 0 && run.output == "")
        #expect(run.talk == "4 payments got tokens: see out.csv\n")
        let rows = try rows()
        // openpaygo 0.6.3: generate_token(secret_key="f3b7…5aa4", starting_code=96225896, count=1, value=30)
        #expect(rows.map { $0["Tokens"] ?? "" }.first == "649-118-926")
        #expect(rows.map { $0["Row"] } == ["2", "3", "4", "5"])
        #expect(rows[1]["Unit"] == "CSP-240318" && rows[1]["Customer"] == "KIS-0001")
        #expect(rows.map { $0["Paid Until"]?.prefix(10) } == ["2026-12-03", "2026-11-10", "2026-11-10", "2029-07-30"])
        #expect(rows[3]["Tokens"]?.split(separator: " ").count == 2)
        #expect(try rows.allSatisfy { $0["Error"] == "" } && permissions(of: bench.folder.file("out.csv")) == 0o600)
        #expect(bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1").output == "649118926\n")
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `the same list again gives the same tokens and issues nothing`() throws {
        let list = "ref,unit,days\nMP-1,CSP-240311,30\nMP-2,CSP-240318,7\n"
        #expect(try batch(list).status == 0)
        bench.now = bench.now + 700_000
        let again = try batch(list + "MP-3,CSP-240311,1\n", to: "again.csv")
        #expect(again.talk == "1 payment got tokens, 2 had them already: see again.csv\n")
        let (first, second) = (try rows(), try rows("again.csv"))
        #expect(first.map { $0["Tokens"] } == second.prefix(2).map { $0["Tokens"] })
        #expect(second.map { $0["Already Issued"] } == ["1", "1", "0"])
        #expect(try tokensIssued() == 3)
    }

    @Test(arguments: [
        "Référence;Unité;Jours", "Receipt No.,Account Number,Days", "Recibo;Cliente;Dias", "Malipo;Kifaa;Siku",
        "Pago;Unidad;Días",
    ])
    func `the headers of a list are known in the languages of its senders`(header: String) throws {
        let separator = header.contains(";") ? ";" : ","
        let whose = header.contains("Account") || header.contains("Cliente") ? "KIS-0001" : "CSP-240318"
        let run = try batch("\(header)\nMP-1\(separator)\(whose)\(separator)7\n")
        #expect(run.status == 0, "\(run.talk)")
        #expect(try rows().first?["Unit"] == "CSP-240318")
    }

    @Test(arguments: [
        ("Ref,Days\nMP-1,30\n", "the header names neither Unit nor Customer"),
        ("Unit,Days\nCSP-240311,30\n", "the header names no such column"),
        (
            "Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-1,CSP-240318,30\n",
            "row 3, Ref: row 2 has the payment reference MP-1 too"
        ),
        ("Ref,Unit,Days\nMP-1,CSP-240311,30\n,CSP-240318,30\n", "row 3: the payment reference is empty"),
        ("Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,CSP-240318,thirty\n", "row 3: the number of days is “thirty”"),
        ("Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,CSP-240318,0\n", "row 3: the number of days is “0”"),
        ("Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,CSP-240318,-3\n", "row 3: the number of days is “-3”"),
        ("Ref,Unit,Until\nMP-1,CSP-240311,2026-12-01\nMP-2,CSP-240318,31/12/2026\n", "row 3: the date is “31/12/2026”"),
        ("Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,,30\n", "row 3: the payment names neither unit nor customer"),
        ("Ref,Unit,Customer,Days\nMP-1,CSP-240311,KIS-0001,30\n", "row 2: the payment names a unit and a customer"),
        ("Ref,Unit,Days,Until\nMP-1,CSP-240311,30,2026-12-01\n", "row 2: the payment has days and a date"),
        ("Ref,Unit,Days\nMP-1,CSP-240311,30,extra\n", "row 2"),
        ("Receipt,Unit,Amount,Date\nMP-1,CSP-240311,500,2026-12-03\n", "the header names neither Days nor Until"),
        ("Ref,Unit,Days\n", "there is no payment in the file"),
    ])
    func `a list that is not understood issues nothing and leaves no file`(list: String, told: String) throws {
        let run = try batch(list)
        #expect(run.status == 65, "\(run.talk)")
        #expect(run.talk.contains("no token was issued for pay.csv") && run.talk.contains(told), "\(run.talk)")
        #expect(try tokensIssued() == 0)
        #expect(try !bench.folder.names().contains("out.csv"))
    }

    @Test func `what one payment is refused for concerns no other, and is told in its row`() throws {
        bench.payg("export", "paygops", "--unit", "CSP-240325", "-o", "paygops.csv")
        let run = try batch(
            "Ref,Unit,Days\nMP-1,CSP-240325,30\nMP-2,CSP-2403,1\nMP-3,CSP-240311,30\nMP-4,CSP-240318,1.5\n", "--json"
        )
        #expect(run.status == 1)
        let json = try run.json()
        #expect(json["issued"] as? Int == 1 && json["failed"] as? Int == 3 && json["rows"] as? Int == 4)
        let rows = try rows()
        #expect(rows[0]["Error"]?.contains("paygops makes the tokens of unit CSP-240325") == true)
        #expect(rows[1]["Error"]?.contains("no unit CSP-2403 in the registry") == true)
        #expect(rows[2]["Tokens"] == "649-118-926" && rows[2]["Error"] == "")
        #expect(rows[3]["Error"]?.contains("it takes whole days") == true)
        #expect(rows[3]["Tokens"] == "")
        #expect(run.talk.contains("hint: mend these rows and run the same list again"))
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `all or nothing means nothing when one payment is refused`() throws {
        let list = "Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,CSP-NOPE,1\n"
        let run = try batch(list, "--atomic")
        #expect(run.status == 4)
        #expect(run.talk.contains("row 3: no unit CSP-NOPE in the registry"))
        #expect(try tokensIssued() == 0 && !bench.folder.names().contains("out.csv"))
        #expect(try batch("Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,CSP-240318,1\n", "--atomic").status == 0)
        #expect(try tokensIssued() == 2)
    }

    @Test func `a file that is there is kept, and no token is made before that is known`() throws {
        _ = try bench.folder.write("mine", to: "out.csv")
        let run = try batch("Ref,Unit,Days\nMP-1,CSP-240311,30\n")
        #expect(run.status == 4)
        #expect(try text(of: bench.folder.file("out.csv")) == "mine")
        #expect(try tokensIssued() == 0)
    }
}
