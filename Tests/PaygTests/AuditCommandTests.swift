import Foundation
import TestSupport
import Testing

@testable import payg

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
                "actor", "test",
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
        #expect(
            run.output
                == #"{"checkpoints":0,"events":12,"ok":true,"problems":[],"tokens":1,"warnings":[],"withoutKey":false}"#
                + "\n"
        )
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        let broken = bench.payg("audit", "verify")
        #expect(broken.status == 2)
        #expect(broken.output == "unit CSP-240318: its count is 8, and its last event says 1\n")
        #expect(broken.talk.hasPrefix("12 events and 1 token checked: 1 problem\nhint: issue nothing"))
        #expect(try bench.payg("audit", "verify", "--json").json()["ok"] as? Bool == false)
    }
}
