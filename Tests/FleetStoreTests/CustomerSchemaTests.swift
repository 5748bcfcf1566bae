import Fleet
import FleetStore
import TestSupport
import Testing

/// What the schema refuses of customers and assignments to anyone, whatever
/// the program does.
struct CustomerSchemaTests {
    /// K-1 held CSP-0001 from day 1 to day 5 and CSP-0002 since; K-2 holds
    /// CSP-0001 from day 7 on; K-3 never had anything.
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            for reference in ["K-1", "K-2", "K-3"] {
                _ = try add(Customer(reference: reference, name: "Amina", phone: "+254 712 345 678"))
            }
        }
        func assign(_ unit: String, _ customer: String, _ day: Int) throws {
            _ = try bench.registry.assign(
                try PaygID(unit), to: try CustomerReference(customer),
                since: Timestamp(text: "2026-01-0\(day)T00:00:00Z"), at: bench.now, actor: bench.actor
            )
        }
        try assign("CSP-0001", "K-1", 1)
        _ = try bench.registry.unassign(
            try PaygID("CSP-0001"), on: Timestamp(text: "2026-01-05T00:00:00Z"), at: bench.now, actor: bench.actor
        )
        try assign("CSP-0001", "K-2", 7)
        try assign("CSP-0002", "K-1", 5)
        return bench
    }

    @Test(arguments: [
        "DELETE FROM customer WHERE id = 3",
        "UPDATE customer SET reference = 'K-9', changes = changes + 1 WHERE id = 1",
        "UPDATE customer SET reference = lower(reference)",
        "UPDATE customer SET id = 9 WHERE id = 3",
        "UPDATE OR REPLACE customer SET id = 3 WHERE id = 2",
        "INSERT OR REPLACE INTO customer (id, reference, name) VALUES (1, 'K-9', 'Ghost')",
        "INSERT OR REPLACE INTO customer (reference, name) VALUES ('k-1', 'Ghost')",
        "INSERT INTO customer (reference, name, changes) VALUES ('K-9', 'Ghost', 1)",
        // A change that is not counted, or counted twice.
        "UPDATE customer SET name = 'Ghost' WHERE id = 1",
        "UPDATE customer SET note = 'owes' WHERE id = 1",
        "UPDATE customer SET name = 'Ghost', changes = changes + 2 WHERE id = 1",
        "UPDATE customer SET changes = 0",
        // What no phone, language or note is.
        "UPDATE customer SET phone = '0712345678', changes = changes + 1",
        "UPDATE customer SET phone = '+254 712345678', changes = changes + 1",
        "UPDATE customer SET phone = '+0712345678', changes = changes + 1",
        "UPDATE customer SET phone = '+254712', changes = changes + 1",
        "UPDATE customer SET phone = '+2547123456781234', changes = changes + 1",
        "INSERT INTO customer (reference, name, phone) VALUES ('K-9', 'Ghost', '0712345678')",
        "UPDATE customer SET language = 'SW', changes = changes + 1",
        "UPDATE customer SET language = 'swahili', changes = changes + 1",
        "UPDATE customer SET language = 'sw-ken', changes = changes + 1",
        "UPDATE customer SET note = '', changes = changes + 1",
        "UPDATE customer SET note = 'two' || char(10) || 'lines', changes = changes + 1",
        "UPDATE customer SET note = 'more' || char(0) || 'behind', changes = changes + 1",
        "UPDATE customer SET note = printf('%513d', 1), changes = changes + 1",
        // Assignments.
        "DELETE FROM assignment",
        "UPDATE assignment SET until = NULL WHERE id = 1",
        "UPDATE assignment SET until = '2026-01-06T00:00:00Z' WHERE id = 1",
        "UPDATE assignment SET unit_id = 3 WHERE id = 2",
        "UPDATE assignment SET customer_id = 1 WHERE id = 2",
        "UPDATE assignment SET since = '2026-01-06T00:00:00Z' WHERE id = 2",
        "UPDATE assignment SET since = '2026-01-06T00:00:00Z', until = '2026-01-08T00:00:00Z' WHERE id = 2",
        "UPDATE assignment SET id = 9 WHERE id = 2",
        "UPDATE assignment SET until = '2026-01-06T00:00:00Z' WHERE id = 2",
        "UPDATE OR REPLACE assignment SET id = 1, until = '2026-01-08T00:00:00Z' WHERE id = 2",
        "INSERT INTO assignment VALUES (NULL, 3, 1, '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 2, 2, '2026-01-09T00:00:00Z', NULL)",
        "INSERT OR REPLACE INTO assignment VALUES (NULL, 2, 2, '2026-01-09T00:00:00Z', NULL)",
        "INSERT OR REPLACE INTO assignment VALUES (3, 3, 2, '2026-01-09T00:00:00Z', NULL)",
        // Within, around, over the beginning and over the end of another's time.
        "INSERT INTO assignment VALUES (NULL, 1, 2, '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 2, '2026-01-02T00:00:00Z', '2026-01-02T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 2, '2025-12-01T00:00:00Z', '2026-01-06T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 2, '2025-12-01T00:00:00Z', '2026-01-01T00:00:01Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 1, '2026-01-04T23:59:59Z', '2026-01-06T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 1, '2026-01-06T00:00:00Z', '2026-01-07T00:00:01Z')",
        "UPDATE assignment SET until = '2026-01-04T23:59:59Z' WHERE id = 3",
        // Where two overlap whatever the reason, none is ended over the other.
        """
        BEGIN; DROP TRIGGER assignment_adds;
        INSERT INTO assignment VALUES (NULL, 1, 1, '2026-01-08T00:00:00Z', '2026-01-09T00:00:00Z');
        UPDATE assignment SET until = '2026-01-10T00:00:00Z' WHERE id = 2
        """,
    ])
    func `the schema refuses`(sql: String) throws {
        let bench = try bench()
        let before = try bench.sql(".dump").output
        let run = try bench.sql("PRAGMA foreign_keys = ON; \(sql)")
        #expect(run.status != 0, "\(run.output)")
        #expect(try bench.sql(".dump").output == before)
        #expect(try bench.registry.verify().ok)
    }

    @Test(arguments: [
        "INSERT INTO assignment VALUES (NULL, 1, 2, '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 2, '2026-01-05T00:00:00Z', '2026-01-07T00:00:00Z')",
        "INSERT INTO assignment VALUES (NULL, 1, 1, '2026-01-06T00:00:00Z', '2026-01-06T00:00:00Z')",
        "UPDATE assignment SET until = '2026-01-07T00:00:00Z' WHERE id = 2",
        "UPDATE customer SET name = 'Amina Otieno', changes = changes + 1 WHERE id = 1",
        "UPDATE customer SET phone = NULL, language = 'pt-br', note = printf('%512d', 1), changes = changes + 1",
    ])
    func `the schema takes what fits beside it`(sql: String) throws {
        let bench = try bench()
        let run = try bench.sql("PRAGMA foreign_keys = ON; \(sql)")
        #expect(run.status == 0, "\(run.errors)")
        #expect(try !bench.registry.verify().ok, "and the proof, that no event tells of it")
    }
}
