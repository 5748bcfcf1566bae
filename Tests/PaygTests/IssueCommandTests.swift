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
        #expect(run.talk == "add time 30 days for unit CSP-240311, count 2, paid until 2026-12-03 09:00 UTC\n")
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
                == #"{"alreadyIssued":false,"count":2,"customer":"KIS-0002","paidUntil":"2026-11-04T21:00:00Z","reference":"MP-1","tokens":[{"count":2,"days":1.5,"token":"542092757","type":"addTime","value":36}],"unit":"SLK-0074"}"#
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
        ("0", 4, "it takes whole days, from 1 to 995"), ("0.5", 4, "it takes whole days, from 1 to 995"),
        ("996", 4, "it takes whole days, from 1 to 995"), ("-3", 64, "above 0 and at most 995"),
        ("thirty", 64, "above 0 and at most 995"), ("1e9", 64, "above 0 and at most 995"),
        ("9999999999999999999", 64, "above 0 and at most 995"),
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
        let run = bench.payg("issue", "SLK-0074", "--days", "42")
        #expect(run.status == 4)
        #expect(run.talk.contains("it takes from 1/24 to 995/24 days, in steps of 1/24"))
    }

    @Test func `neither unit nor customer, or both, is wrong usage`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "--days", "1").status == 64)
        #expect(bench.payg("issue", "CSP-240311", "--customer", "KIS-0001", "--days", "1").status == 64)
        #expect(bench.payg("issue", "CSP-240311").status == 64)
        #expect(bench.payg("issue", "--customer", "KIS-0001", "--days", "1").status == 4, "holds no unit")
        #expect(bench.payg("issue", "--customer", "KIS-9", "--days", "1").status == 3)
    }
}
