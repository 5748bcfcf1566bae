import Foundation
import TestSupport
import Testing

@testable import payg

struct MessageCommandTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
    }

    @Test func `a message is printed in the token's place, its length is said, and it says where to call`() throws {
        let run = bench.payg(
            "issue", "CSP-240311", "--days", "30", "--ref", "MP-1", "--message", "en", "--contact", "0800 123")
        #expect(run.status == 0)
        for part in ["30 days", "649 118 926", "#", "0800 123"] { #expect(run.output.contains(part), "\(run.output)") }
        let length = run.output.dropLast().count
        #expect(length <= 160 && run.talk.contains("the message: \(length) GSM-7 characters, 1 segment\n"))
        let again = bench.payg(
            "issue", "CSP-240311", "--days", "30", "--ref", "MP-1", "--message", "en", "--contact", "0800 123")
        #expect(again.output == run.output)
    }

    @Test(arguments: ["en", "fr", "sw", "pt", "ha", "ne"])
    func `every language has a message for everything that is issued`(language: String) throws {
        for request in [
            ["--days", "1"], ["--set-days", "3"], ["--set-days", "0"], ["--unlock", "--yes"], ["--sync", "--yes"],
        ] {
            let run = bench.payg(
                ["issue", "CSP-240311", "--message", language, "--json"] + request,
                environment: ["PAYG_CONTACT": "+254 700 000 000"])
            #expect(run.status == 0)
            let message = try #require(try run.json()["message"] as? [String: Any])
            #expect(message["language"] as? String == language)
            #expect(message["segments"] as? Int == (language == "ne" ? message["segments"] as? Int : 1))
            #expect((message["text"] as? String)?.contains("+254 700 000 000") == true)
        }
    }

    @Test func `days credited by Set Time after a removal are told as the days that were paid`() throws {
        bench.payg("issue", "CSP-240311", "--days", "28")
        bench.payg("issue", "CSP-240311", "--set-days", "18")
        let run = bench.payg("issue", "CSP-240311", "--days", "7", "--message", "en")
        #expect(run.output.contains("7 days") && run.talk.contains("set time 25 days"))
        #expect(run.talk.contains("hint: --contact PHONE"))
    }

    @Test func `an own text is filled, and one that cannot be used issues nothing`() throws {
        _ = try bench.folder.write("Dear {name}, {days} days: {token}\n", to: "own.txt")
        let run = bench.payg("issue", "CSP-240311", "--days", "30", "--template", "own.txt")
        #expect(run.output == "Dear Achieng Odhiambo, 30 days: 649 118 926\n")
        _ = try bench.folder.write("Dear {nmae}, {token}\n", to: "bad.txt")
        for (file, status) in [("bad.txt", Int32(65)), ("none.txt", 66)] {
            #expect(bench.payg("issue", "CSP-240318", "--days", "30", "--template", file).status == status)
        }
        #expect(bench.payg("issue", "CSP-240318", "--days", "30", "--message", "xx").status == 64)
        #expect(try bench.payg("audit", "tokens", "--json").jsonRows().count == 1)
    }

    @Test func `a list of payments has each message in the customer's own language`() throws {
        bench.payg("customer", "edit", "KIS-0001", "--language", "sw")
        _ = try bench.folder.write("Ref,Unit,Days\nMP-1,CSP-240311,30\nMP-2,CSP-240318,7\n", to: "pay.csv")
        #expect(bench.payg("issue-batch", "pay.csv", "-o", "out.csv", "--message", "fr").status == 0)
        let rows = try text(of: bench.folder.file("out.csv")).split(separator: "\r\n")
        #expect(rows[1].contains("siku 30") && rows[1].contains("649 118 926"))
        #expect(rows[2].contains("7 jours"))
    }

    @Test func `slips hold the tokens of the last order, or of every payment of a list`() throws {
        bench.payg("issue", "CSP-240311", "--days", "30")
        let last = bench.payg("issue", "CSP-240311", "--days", "1000").output.split(separator: "\n")
        #expect(bench.payg("slip", "CSP-240311", "-o", "one.html", "--contact", "0800 123").status == 0)
        let one = try text(of: bench.folder.file("one.html"))
        let grouped = last.map { token in
            "\(token.prefix(3)) \(token.dropFirst(3).prefix(3)) \(token.suffix(3))"
        }
        #expect(grouped.count == 2 && grouped.allSatisfy { one.contains($0) } && !one.contains("649 118 926"))
        #expect(one.contains("Achieng Odhiambo") && one.contains("0800 123") && one.contains("CSP-240311"))

        _ = try bench.folder.write(
            "Ref,Unit,Days\nMP-1,CSP-240318,30\nMP-2,CSP-NOPE,7\nMP-3,CSP-240325,2\n", to: "pay.csv")
        bench.payg("assign", "CSP-240325", "KIS-0002")
        bench.payg("issue-batch", "pay.csv", "-o", "out.csv")
        let fromAnswer = bench.payg("slip", "--batch", "out.csv", "-o", "a.html", "--language", "pt")
        #expect(fromAnswer.status == 0)
        #expect(fromAnswer.talk.hasPrefix("2 slips in a.html\n1 payment without tokens left out\n"))
        #expect(try text(of: bench.folder.file("a.html")).contains("Barasa Wekesa"))
        #expect(bench.payg("slip", "--batch", "pay.csv", "-o", "b.html", "--language", "pt").status == 0)
        #expect(try text(of: bench.folder.file("a.html")) == text(of: bench.folder.file("b.html")))
        #expect(try permissions(of: bench.folder.file("a.html")) == 0o600)
        #expect(bench.payg("slip", "CSP-240311", "-o", "a.html").status == 4)
        #expect(bench.payg("slip", "CSP-240339", "-o", "c.html").status == 3, "no token yet")
        #expect(bench.payg("slip", "-o", "c.html").status == 64)
        _ = try bench.folder.write("Ref\nMP-1\nMP-3\nMP-1\n", to: "twice.csv")
        #expect(bench.payg("slip", "--batch", "twice.csv", "-o", "e.html").talk.hasPrefix("2 slips in e.html\n"))
        let json = try bench.payg("slip", "--batch", "pay.csv", "-o", "d.html", "--json").json()
        #expect(json["slips"] as? Int == 2 && json["without"] as? Int == 1 && json["file"] as? String == "d.html")
    }
}
