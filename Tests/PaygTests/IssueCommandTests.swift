import Fleet
import Foundation
import Testing

@testable import payg

struct IssueCommandTests {
    @Test func `in a pipe the token, and only the token, is printed`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("issue", "CSP-240311", "--days", "30")
        #expect(run.status == 0)
        // openpaygo 0.6.3: generate_token(secret_key="f3b7…5aa4", starting_code=96225896, count=1, value=30)
        #expect(run.output == "649118926\n")
        #expect(
            run.talk == """
                add time 30 days for unit CSP-240311, count 2, paid until 2026-12-03 09:00 UTC
                Add Time: 30 days on top of the time that is left

                """
        )
    }

    @Test(arguments: ["2.54712E+11", "#####", "=SUM(A1)", "#REF!"])
    func `a reference that a spreadsheet made of another is refused as it is in a list`(reference: String) throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("issue", "CSP-240311", "--days", "30", "--ref", reference)
        #expect(run.status == 64 && run.output == "")
        #expect(run.talk.contains("the payment reference "), "\(run.talk)")
        #expect(bench.payg("audit", "tokens").output.split(separator: "\n").count == 1, "nothing was issued")
        #expect(bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-2.5E11").status == 0)
    }

    @Test func `in a terminal the token is grouped for reading aloud`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "CSP-240311", "--days", "30", forPerson: true).output == "649 118 926\n")
    }

    @Test func `the JSON is the one that other programs rely on`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "SLK-0074", "KIS-0002")
        let run = bench.payg("issue", "--customer", "KIS-0002", "--days", "1.5", "--ref", "MP-1", "--json")
        #expect(
            run.output
                == #"{"alreadyIssued":false,"count":2,"customer":"KIS-0002","dryRun":false,"explanation":"Add Time: 1.5 days on top of the time that is left","paidUntil":"2026-11-04T21:00:00Z","reference":"MP-1","tokens":[{"count":2,"days":1.5,"token":"542092757","type":"addTime","value":36}],"unit":"SLK-0074"}"#
                + "\n"
        )
        let plain = try bench.payg("issue", "CSP-240311", "--days", "30", "--json").json()
        #expect(plain["customer"] is NSNull && plain["reference"] is NSNull)
    }

    @Test func `the same reference prints the same token, says so, and exits 0`() throws {
        let bench = try CommandBench.withFleet()
        let first = bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        let again = bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        #expect(again.status == 0)
        #expect(again.output == first.output)
        #expect(again.talk.contains("payment MP-1 got this token on 2026-11-03 09:00 UTC already"))
        let json = try bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1", "--json").json()
        #expect(json["alreadyIssued"] as? Bool == true)
    }

    @Test func `the same reference for something else is refused with exit 4`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        let run = bench.payg("issue", "CSP-240318", "--days", "30", "--ref", "MP-1")
        #expect(run.status == 4)
        #expect(run.output == "")
        #expect(
            run.talk == """
                error: payment MP-1 was already used for unit CSP-240311 (30 days, token 649 118 926, 2026-11-03 09:00 UTC); no token was made
                hint: a new payment needs a reference of its own

                """
        )
    }

    @Test func `an unknown unit is exit 3 with the nearest PAYG IDs`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("issue", "CSP-24031", "--days", "30")
        #expect(run.status == 3)
        #expect(
            run.talk == "error: no unit CSP-24031 in the registry; the nearest: CSP-240311, CSP-240318, CSP-240381\n"
        )
        let unlike = bench.payg("issue", "QQQQQQQQ", "--days", "30")
        #expect(unlike.talk.contains("hint: payg unit list --search QQQQ\n"))
    }

    @Test(arguments: [
        ("0", 4, "it takes whole days, from 1 to 31840"), ("0.5", 4, "it takes whole days, from 1 to 31840"),
        ("31841", 4, "it takes whole days, from 1 to 31840"), ("-3", 64, "write 30, 1.5 or 1/3, more than 0"),
        ("thirty", 64, "write 30, 1.5 or 1/3, more than 0"), ("1e9", 64, "write 30, 1.5 or 1/3, more than 0"),
        ("9999999999999999999", 64, "write 30, 1.5 or 1/3, more than 0"),
    ])
    func `days that cannot be are refused with the allowed range`(days: String, status: Int32, told: String) throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("issue", "CSP-240311", "--days", days)
        #expect(run.status == status)
        #expect(run.talk.contains(told), "\(run.talk)")
        #expect(run.talk.contains("no token was made"))
        #expect(bench.payg("audit", "tokens", "--json").output == "[]\n")
    }

    @Test func `a unit with a time divider takes its steps and says which`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "SLK-0074", "--days", "1/24").status == 0)
        let run = bench.payg("issue", "SLK-0074", "--days", "1/48")
        #expect(run.status == 4)
        #expect(run.talk.contains("it takes from 1/24 to 3980/3 days, in steps of 1/24"))
    }

    @Test func `neither unit nor customer, or both, is wrong usage`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "--days", "1").status == 64)
        #expect(bench.payg("issue", "CSP-240311", "--customer", "KIS-0001", "--days", "1").status == 64)
        #expect(bench.payg("issue", "CSP-240311").status == 64)
        #expect(bench.payg("issue", "--customer", "KIS-0001", "--days", "1").status == 4, "holds no unit")
        #expect(bench.payg("issue", "--customer", "KIS-9", "--days", "1").status == 3)
    }

    @Test func `days beyond one token's limit are told as several tokens, one a line`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("issue", "CSP-240311", "--days", "1000", "--ref", "MP-1")
        #expect(run.output.split(separator: "\n").count == 2)
        #expect(
            run.talk.contains("add time 995 days, then add time 5 days for unit CSP-240311, counts 2, 4, paid until"))
        #expect(run.talk.contains("one token carries at most 995 days, so enter all 2 in this order"))
        let again = bench.payg("issue", "CSP-240311", "--days", "1000", "--ref", "MP-1")
        #expect(again.output == run.output && again.status == 0)
        #expect(again.talk.contains("payment MP-1 got these tokens on 2026-11-03 09:00 UTC already"))
        #expect(bench.payg("issue", "CSP-240311", "--days", "995", "--ref", "MP-1").status == 4)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `after a removal the choice of Set Time is explained, and the payment is known again`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "28")
        let removed = bench.payg("issue", "CSP-240311", "--set-days", "18")
        #expect(
            removed.talk.contains(
                "leaves 18 days from the moment it is entered, whatever was left: 10 days less, it was paid until 2026-12-01"
            ))
        let wait = 10 * 24 - 9
        bench.now = bench.now + wait * 3600
        let paid = bench.payg("issue", "CSP-240311", "--days", "7", "--ref", "MP-1")
        #expect(
            paid.talk == """
                set time 16 days for unit CSP-240311, count 5, paid until 2026-11-28 09:00 UTC
                Set Time: 10 days were removed on 3 Nov 2026 and may not have been entered; the unit takes whole days, so it is on 15 hours longer than paid

                """
        )
        #expect(bench.payg("issue", "CSP-240311", "--days", "7", "--ref", "MP-1").output == paid.output)
        #expect(bench.payg("issue", "CSP-240311", "--set-days", "16", "--ref", "MP-1").status == 4)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a dry run tells type, value, count and paid-until, no token, and changes nothing`() throws {
        let bench = try CommandBench.withFleet()
        let before = bench.payg("audit", "events", "--json").output
        let run = bench.payg("issue", "CSP-240311", "--until", "2026-12-03", "--dry-run")
        #expect(run.status == 0 && run.output == "")
        #expect(
            run.talk.hasPrefix(
                "dry run: nothing was issued\nadd time 30 days (value 30) for unit CSP-240311, count 2, paid until")
        )
        let json = try bench.payg("issue", "CSP-240311", "--set-days", "0", "--dry-run", "--json").json()
        let token = try #require((json["tokens"] as? [[String: Any]])?.first)
        #expect(token["token"] is NSNull && token["type"] as? String == "setTime" && token["value"] as? Int == 0)
        #expect(json["dryRun"] as? Bool == true && json["paidUntil"] as? String == "2026-11-03T09:00:00Z")
        #expect(bench.payg("audit", "events", "--json").output == before)
    }

    @Test func `unlocking is confirmed, in words or by --yes, and counter sync by --yes only`() throws {
        let bench = try CommandBench.withFleet()
        let refused = bench.payg("issue", "CSP-240311", "--unlock")
        #expect(refused.status == 64 && refused.talk.contains("--unlock gives the light away for good"))
        #expect(refused.talk.contains("hint: --yes confirms it"))
        let sync = bench.payg("issue", "CSP-240311", "--sync", answers: "y\n")
        #expect(sync.status == 64 && sync.talk.contains("makes tokens that were not entered yet worthless"))
        let no = bench.payg("issue", "CSP-240311", "--unlock", answers: "\n")
        #expect(
            no.status == 4
                && no.talk.contains("unlock unit CSP-240311 for good, so that it never needs a token again? [y/N]"))
        #expect(bench.payg("audit", "tokens", "--json").output == "[]\n")
        let yes = bench.payg("issue", "CSP-240311", "--unlock", answers: "Yes\n")
        #expect(yes.status == 0 && yes.talk.contains("disable PAYG for unit CSP-240311, count 3\n"))
        #expect(bench.payg("issue", "CSP-240311", "--days", "3").status == 4, "it needs none")
        #expect(bench.payg("issue", "CSP-240311", "--sync", "--yes").status == 0)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a customer with several units is asked for one where somebody can answer`() throws {
        let bench = try CommandBench.withFleet()
        for unit in ["CSP-240311", "CSP-240318"] { bench.payg("assign", unit, "KIS-0001") }
        let words = ["issue", "--customer", "KIS-0001", "--days", "3"]
        let refused = bench.payg(words)
        #expect(refused.status == 4 && refused.talk.contains("holds 2 units: CSP-240311, CSP-240318"))
        let chosen = bench.payg(words, answers: "2\n")
        #expect(chosen.status == 0 && chosen.talk.contains("for unit CSP-240318 of customer KIS-0001"))
        #expect(bench.payg(words, answers: "csp-240311\n").talk.contains("for unit CSP-240311 of"))
        #expect(bench.payg(words, answers: "3\n").status == 4)
    }

    @Test func `several requests at once are wrong usage`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "CSP-240311", "--days", "1", "--unlock", "--yes").status == 64)
        #expect(bench.payg("issue", "CSP-240311", "--until", "someday").status == 64)
        #expect(bench.payg("issue", "CSP-240311", "--until", "2026-11-01").status == 4, "it is past")
    }

    @Test func `a clock that is behind the last event issues nothing until it is confirmed`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "30")
        bench.now = try #require(Timestamp(text: "2020-01-01T00:00:00Z"))
        let run = bench.payg("issue", "CSP-240311", "--until", "2026-12-31")
        #expect(run.status == 64 && run.output == "")
        #expect(
            run.talk.contains(
                "the clock says 2020-01-01 00:00 UTC, and the last event was on 2026-11-03 09:00 UTC: one of them is wrong"
            ))
        _ = try bench.folder.write("Ref,Unit,Days\nMP-1,CSP-240318,30\n", to: "pay.csv")
        #expect(bench.payg("issue-batch", "pay.csv", "-o", "out.csv").status == 64)
        #expect(try bench.payg("audit", "tokens", "--json").jsonRows().count == 1)
        #expect(bench.payg("issue", "CSP-240318", "--days", "1", "--yes").status == 0)
        bench.now = try #require(Timestamp(text: "2026-11-02T10:00:00Z"))
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0, "within a day it may be a time zone")
    }

    @Test func `an own text that does not suit is refused before a token is made`() throws {
        let bench = try CommandBench.withFleet()
        _ = try bench.folder.write("{days}: {token}", to: "own.txt")
        for request in [["--set-days", "0"], ["--unlock", "--yes"], ["--sync", "--yes"]] {
            #expect(bench.payg(["issue", "CSP-240311", "--template", "own.txt"] + request).status == 65)
        }
        #expect(bench.payg("audit", "tokens", "--json").output == "[]\n")
    }

    @Test func `a retry for a token that the unit no longer takes is told with a warning`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "28", "--ref", "MP-1")
        let fresh = bench.payg("issue", "CSP-240311", "--days", "28", "--ref", "MP-1")
        #expect(!fresh.talk.contains("warning"))
        bench.payg("issue", "CSP-240311", "--set-days", "18")
        let closed = bench.payg("issue", "CSP-240311", "--days", "28", "--ref", "MP-1")
        #expect(closed.status == 0 && closed.output == fresh.output)
        #expect(closed.talk.contains("warning: unless it was entered, the unit no longer takes it"))
    }

    @Test func `more than a year of days is asked about where somebody can answer`() throws {
        let bench = try CommandBench.withFleet()
        let no = bench.payg("issue", "CSP-240311", "--days", "3000", answers: "n\n")
        #expect(no.status == 4 && no.talk.contains("credit 3000 days? [y/N]"))
        #expect(bench.payg("issue", "CSP-240311", "--days", "3000", answers: "y\n").status == 0)
        #expect(bench.payg("issue", "CSP-240311", "--days", "3000", "--yes").status == 0)
    }
}
