import Fleet
import FleetStore
import TestSupport
import Testing

/// Each way to alter a registry that somebody with the file has, once the
/// triggers are out of the way.
struct VerifyTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        _ = try bench.registry.assign(
            try PaygID("CSP-0001"), to: try CustomerReference("K-1"), at: bench.now, actor: bench.actor
        )
        try bench.issue("CSP-0001", ref: "MP-1")
        try bench.issue("CSP-0001")
        try bench.issue("CSP-0002")
        try bench.export(ExportSelection(units: [try PaygID("CSP-0003")]))
        return bench
    }

    @Test func `an untouched registry verifies`() throws {
        let bench = try bench()
        let report = try bench.registry.verify()
        #expect(report.ok && report.events == 8 && report.tokens == 3, "\(report)")
    }

    private static let noTriggers =
        "DROP TRIGGER token_never_changed; DROP TRIGGER token_never_deleted; DROP TRIGGER token_adds; "
        + "DROP TRIGGER event_never_changed; DROP TRIGGER event_never_deleted; DROP TRIGGER event_follows; "
        + "DROP TRIGGER unit_kept; DROP TRIGGER unit_count_rises; DROP TRIGGER unit_named_once; "

    @Test(arguments: [
        // A token's digits, value, time, payer, and all of it.
        (
            "UPDATE token SET digits = '000000001' WHERE id = 2",
            "event 6: the token of unit CSP-0001 with count 4 is not the one that was issued"
        ),
        (
            "UPDATE token SET value = 30 WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        (
            "UPDATE token SET issued_at = '2020-01-01T00:00:00Z' WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        (
            "UPDATE token SET customer_id = NULL WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        (
            "UPDATE token SET actor = 'Nobody' WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        ("DELETE FROM token WHERE id = 2", "event 6: the token of unit CSP-0001 with count 4 is missing"),
        (
            "INSERT INTO token SELECT NULL, unit_id, 10, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor FROM token WHERE id = 1",
            "the token of unit CSP-0001 with count 10 has no event"
        ),
        // An event's words, its hash, its place.
        (
            "UPDATE event SET actor = 'Nobody' WHERE sequence = 4",
            "event 4 does not fit the chain: it, or the one before it, is not what was written"
        ),
        (
            "UPDATE event SET hash = zeroblob(32) WHERE sequence = 4",
            "event 4 does not fit the chain: it, or the one before it, is not what was written"
        ),
        (
            "UPDATE event SET at = '2020-01-01T00:00:00Z' WHERE sequence = 1",
            "event 1 does not fit the chain: it, or the one before it, is not what was written"
        ),
        ("DELETE FROM event WHERE sequence = 4", "event 4 is missing: the one after event 3 is 5"),
        ("DELETE FROM event WHERE sequence = 8", "unit CSP-0003: its tokening authority is not that of its last event"),
        ("DELETE FROM event", "there is no event, not even the registry's first"),
        // Units.
        ("UPDATE unit SET count = 2 WHERE id = 1", "unit CSP-0001: its count 2 is not that of its last event"),
        ("UPDATE unit SET count = 9 WHERE id = 3", "unit CSP-0003: its count 9 is not that of its last event"),
        (
            "UPDATE unit SET authority = 'here' WHERE id = 3",
            "unit CSP-0003: its tokening authority is not that of its last event"
        ),
        (
            "UPDATE unit SET paid_until = '2099-01-01T00:00:00Z' WHERE id = 2",
            "unit CSP-0002: its paid-until is not that of its last token"
        ),
        ("UPDATE unit SET time_divider = 24 WHERE id = 2", "event 2: a unit of dispatch 1 is not as it was imported"),
        (
            "UPDATE unit SET restricted_digits = 1 WHERE id = 3",
            "event 2: a unit of dispatch 1 is not as it was imported"
        ),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM unit WHERE id = 3",
            "event 2: dispatch 1 brought 3 units, and 2 are there"
        ),
        (
            "UPDATE unit SET sealed = (SELECT sealed FROM unit WHERE id = 2) WHERE id = 3",
            "unit CSP-0003: its sealed credentials do not open"
        ),
        ("DELETE FROM assignment", "unit CSP-0001: its customer is not that of its last event"),
        (
            "UPDATE dispatch SET sha256 = replace(sha256, '0', '1')",
            "event 2: dispatch 1 is missing, or is not what was recorded"
        ),
        ("UPDATE export SET file = 'other.csv'", "event 8: export 1 is missing, or is not what was recorded"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM customer", "event 3: customer K-1 is missing"),
    ])
    func `verify names the first row that does not fit`(sql: String, problem: String) throws {
        let bench = try bench()
        let run = try bench.sql(Self.noTriggers + sql)
        #expect(run.status == 0, "\(run.errors)")
        let report = try bench.registry.verify()
        #expect(report.problems.first == problem, "\(report.problems)")
    }

    @Test func `a token rewritten together with its event still breaks the chain`() throws {
        let bench = try bench()
        let run = try bench.sql(
            Self.noTriggers
                + """
                UPDATE event SET detail = replace(detail, '"token":"' || (SELECT digits FROM token WHERE id = 3), '"token":"000000001') WHERE sequence = 7;
                UPDATE token SET digits = '000000001' WHERE id = 3;
                """
        )
        #expect(run.status == 0, "\(run.errors)")
        let problems = try bench.registry.verify().problems
        #expect(
            problems == [
                "event 7 does not fit the chain: it, or the one before it, is not what was written",
                "event 7: the token of unit CSP-0002 with count 2 is not the one that its credentials make",
            ]
        )
    }
}
