import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct CorrectionCommandTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
    }

    @Test func `the check of a token has the JSON that other programs rely on`() throws {
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        let run = bench.payg("token", "check", "CSP-240311", "649 118 926", "--json")
        #expect(run.status == 0)
        #expect(
            run.output
                == #"{"actor":"amina","count":2,"customer":"KIS-0001","days":30,"issued":true,"issuedAt":"2026-11-03T09:00:00Z","outcome":"accepted","reference":"MP-1","token":"649118926","type":"addTime","unit":"CSP-240311","value":30}"#
                + "\n"
        )
        let other = bench.payg("token", "check", "CSP-240318", "649118926", "--json")
        #expect(other.status == 2)
        let json = try other.json()
        #expect(json["outcome"] as? String == "invalid" && json["issued"] as? Bool == false && json["count"] is NSNull)
    }

    @Test func `a token is told in words, grouped as it is read out`() throws {
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1")
        let run = bench.payg("token", "check", "CSP-240311", "649", "118", "926#", forPerson: true)
        #expect(
            run.screen == """
                649 118 926  accepted
                add time 30 days for unit CSP-240311, count 2
                issued on 2026-11-03 09:00 UTC by amina for customer KIS-0001, payment MP-1
                the unit takes it, unless it was entered before

                """
        )
        bench.payg("issue", "CSP-240311", "--set-days", "3")
        let closed = bench.payg("token", "check", "CSP-240311", "649118926")
        #expect(closed.status == 2 && closed.output == "649118926\talreadyUsed\n")
        #expect(closed.talk.contains("set time of 2026-11-03 09:00 UTC, count 3, closed the way back to it"))
        let wrong = bench.payg("token", "check", "CSP-240311", "649118927")
        #expect(wrong.talk.contains("hint: payg token find 649118927 finds whose it is"))
        #expect(bench.payg("token", "check", "CSP-240311", "64911892").status == 64)
    }

    @Test func `a token is found by history, and one made elsewhere by computation`() throws {
        bench.payg("issue", "CSP-240311", "--days", "30")
        let found = bench.payg("token", "find", "649118926")
        #expect(found.status == 0 && found.output.contains("649118926\tCSP-240311"))
        // openpaygo 0.6.3: generate_token(secret_key="f3b7…5aa4", starting_code=96225896, count=1, value=30)
        let other = try CommandBench.withFleet()
        let missing = other.payg("token", "find", "649118926")
        #expect(missing.status == 3 && missing.talk.contains("hint: --compute looks at every unit"))
        let json = try other.payg("token", "find", "649118926", "--compute", "--json").json()
        let match = try #require((json["computed"] as? [[String: Any]])?.first)
        #expect(match["unit"] as? String == "CSP-240311" && match["count"] as? Int == 2)
        #expect(match["outcome"] as? String == "accepted" && match["type"] as? String == "addTime")
        #expect(other.payg("token", "find", "000000000", "--compute").status == 3)
    }

    @Test func `a count is recovered from a token, or set with a reason, and told`() throws {
        let other = try CommandBench.withFleet()
        other.payg("unit", "set-count", "CSP-240311", "300", "--reason", "made elsewhere", "--yes")
        let token = other.payg("issue", "CSP-240311", "--days", "5").output.trimmingCharacters(in: .newlines)
        let run = bench.payg("unit", "count-from-token", "CSP-240311", token)
        #expect(run.status == 0)
        #expect(run.talk.contains("it is add time at count 302 of unit CSP-240311"))
        #expect(run.talk.contains("was 1 and is 302: the next token goes on from there"))
        #expect(run.talk.contains("what it gave is not in this registry's paid-until"))
        #expect(try bench.payg("issue", "CSP-240311", "--days", "5", "--json").json()["count"] as? Int == 304)
        #expect(bench.payg("unit", "set-count", "CSP-240318", "50").status == 64, "a reason is needed")
        let far = bench.payg("unit", "set-count", "CSP-240318", "500", "--reason", "typo")
        #expect(far.status == 64 && far.talk.contains("it looks 64 counts ahead"))
        #expect(bench.payg("unit", "set-count", "CSP-240318", "500", "--reason", "typo", "--yes").status == 0)
        let back = bench.payg("unit", "set-count", "CSP-240318", "50", "--reason", "mistyped")
        #expect(back.status == 64 && back.talk.contains("hint: --yes confirms it"))
        #expect(bench.payg("unit", "set-count", "CSP-240318", "50", "--reason", "mistyped", "--yes").status == 0)
        let nobody = bench.payg(
            "unit", "count-from-token", "CSP-240318", "000000000", "--reach", "9223372036854775807")
        #expect(nobody.status == 4)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a unit is replaced with the tokens for both, after a dry run that changes nothing`() throws {
        bench.payg("issue", "CSP-240311", "--days", "30")
        bench.now = bench.now + 10 * 86_400
        let words = ["unit", "replace", "CSP-240311", "CSP-240318", "--reason", "keypad broken", "--retire"]
        let before = bench.payg("audit", "events", "--json").output
        let dry = bench.payg(words + ["--dry-run"])
        #expect(
            dry.status == 0 && dry.output == "" && dry.talk.contains("add time 20 days (value 20) for unit CSP-240318"))
        #expect(bench.payg("audit", "events", "--json").output == before)
        let today = bench.now
        bench.now = try #require(Timestamp(text: "2020-01-01T00:00:00Z"))
        #expect(bench.payg(words).status == 64 && bench.payg(words + ["--yes", "--dry-run"]).status == 0)
        bench.now = today
        let run = bench.payg(words)
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n").map { $0.split(separator: "\t")[0] }
        #expect(lines == ["CSP-240311", "CSP-240318"])
        #expect(run.talk.contains("unit CSP-240318 takes the place of unit CSP-240311 of customer KIS-0001"))
        #expect(run.talk.contains("set time 0 days for unit CSP-240311"))
        let units = try bench.payg("unit", "list", "--json", "--search", "CSP-2403").jsonRows()
        #expect(units[0]["retiredAt"] as? String == "2026-11-13T09:00:00Z" && units[0]["customer"] is NSNull)
        #expect(units[1]["customer"] as? String == "KIS-0001")
        #expect(units[1]["paidUntil"] as? String == "2026-12-03T09:00:00Z")
        let again = bench.payg(words)
        #expect(again.status == 4, "the old one is retired")
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a retired unit is told as that, and comes back`() throws {
        let run = bench.payg("unit", "retire", "CSP-240311", "--reason", "stolen")
        #expect(
            run.talk
                == "unit CSP-240311 is retired, and was taken from customer KIS-0001; no token is made for it any more\n"
        )
        let refused = bench.payg("issue", "CSP-240311", "--days", "1")
        #expect(refused.status == 4 && refused.talk.contains("was retired on 2026-11-03 09:00 UTC"))
        #expect(refused.talk.contains("payg unit retire CSP-240311 --undo --reason TEXT"))
        #expect(bench.payg("unit", "list", forPerson: true).output.contains("retired"))
        #expect(
            bench.payg("unit", "show", "CSP-240311", forPerson: true).output.contains("retired           2026-11-03"))
        #expect(bench.payg("unit", "retire", "CSP-240311", "--undo", "--reason", "found").status == 0)
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0)
    }
}
