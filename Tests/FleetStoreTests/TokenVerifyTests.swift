import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

/// Tokens that are not where they were put, and events that tell of none, once
/// the triggers are out of the way.
struct TokenVerifyTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.issue("CSP-0001")
        try bench.issue("CSP-0001")
        try bench.issue("CSP-0002")
        return bench
    }

    @Test func `a count that was set back behind the triggers and used again is noticed`() throws {
        let bench = try bench()
        let run = try bench.unguardedSQL("UPDATE unit SET count = 1, last_token_count = 1 WHERE id = 1")
        #expect(run.status == 0, "\(run.errors)")
        try bench.issue("CSP-0001")
        #expect(
            try bench.registry.verify().problems == [
                "event 6: the token of unit CSP-0001 with count 2 has a count that was used before"
            ])
    }

    @Test func `of two tokens with one count the one that was issued is known`() throws {
        let bench = try bench()
        let run = try bench.unguardedSQL(
            """
            INSERT INTO token SELECT 4, unit_id, count, type, value, time_divider, digits, NULL, NULL, paid_until,
                issued_at, actor, NULL, NULL, 1, NULL, NULL FROM token WHERE id = 1;
            UPDATE token SET id = 10 + id; UPDATE token SET id = 1 WHERE id = 14; UPDATE token SET previous_id = 11
            WHERE previous_id = 1; UPDATE unit SET last_token_id = 10 + last_token_id WHERE last_token_id IS NOT NULL
            """)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try bench.registry.verify().problems == ["the token of unit CSP-0001 with count 2 has no event"])
    }

    @Test(arguments: ["5", "1e300", "null", "[1]"])
    func `a change of the key that names no key is told as damage`(former: String) throws {
        let bench = try bench()
        let run = try bench.unguardedSQL(
            "UPDATE event SET action = 'keyRotated', detail = '{\"from\":\(former)}' WHERE sequence = 4")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try bench.registry.verify().problems.contains("event 4 (keyRotated) does not say what such an event says"))
    }

    @Test func `behind an event that tells of a token in no known words, no other token is told as out of place`()
        throws
    {
        let bench = try bench()
        #expect(try bench.unguardedSQL("UPDATE event SET detail = '{}' WHERE sequence = 3").status == 0)
        let problems = try bench.registry.verify().problems
        #expect(problems.contains("event 3 (tokenIssued) does not say what such an event says"))
        #expect(!problems.contains { $0.contains("does not name") }, "\(problems)")
    }

    @Test func `a token that is put to the order of another unit is noticed`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        for unit in ["CSP-0001", "CSP-0002"] { #expect(try bench.issue(unit, days: "2000").tokens.count == 3) }
        #expect(try bench.unguardedSQL("UPDATE token SET first_id = 1 WHERE id = 5").status == 0)
        #expect(
            try bench.registry.verify().problems == [
                "event 7: the token of unit CSP-0002 with count 4 is not the one that was issued"
            ])
    }

    @Test func `tokens whose rows changed places are found all the same, and their places are told as damage`() throws {
        let bench = try bench()
        try bench.issue("CSP-0002")
        let run = try bench.unguardedSQL(
            """
            PRAGMA ignore_check_constraints = ON;
            UPDATE token SET id = 99 WHERE id = 1; UPDATE token SET id = 1 WHERE id = 3;
            UPDATE token SET id = 3 WHERE id = 99;
            UPDATE token SET previous_id = 3 WHERE id = 2; UPDATE token SET previous_id = 1 WHERE id = 4
            """)
        #expect(run.status == 0, "\(run.errors)")
        let report = try bench.registry.verify()
        #expect(report.tokens == 4)
        #expect(report.problems == ["the file is damaged: CHECK constraint failed in token"])
    }

    @Test(arguments: [#""x""#, "null", "[1]", "1e300", #"{"a":1}"#])
    func `an event whose count is none is told as damage, and its token as one without an event`(count: String) throws {
        let bench = try bench()
        let run = try bench.unguardedSQL("UPDATE event SET detail = '{\"count\":\(count)}' WHERE sequence = 3")
        #expect(run.status == 0, "\(run.errors)")
        let problems = try bench.registry.verify().problems
        #expect(problems.contains("event 3 (tokenIssued) does not say what such an event says"), "\(problems)")
        #expect(problems.contains("the token of unit CSP-0001 with count 2 has no event"), "\(problems)")
    }

    @Test func `an altered event does not make a count of the unit look unused`() throws {
        let bench = try bench()
        let run = try bench.unguardedSQL(
            #"UPDATE event SET action = 'countSet', detail = '{"to":"x","token":"1"}', unit_id = 1 WHERE sequence = 3"#)
        #expect(run.status == 0, "\(run.errors)")
        let error = #expect(throws: FleetError.self) {
            try bench.registry.setCount(
                of: try PaygID("CSP-0001"), to: try TokenCount(2), isConfirmed: true, reason: try Reason("x"),
                at: bench.now, actor: bench.actor)
        }
        if case .countUsed = error {} else { Issue.record("\(String(describing: error))") }
    }
}
