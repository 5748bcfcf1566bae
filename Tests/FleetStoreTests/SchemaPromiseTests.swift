import Fleet
import FleetStore
import TestSupport
import Testing

/// What the schema refuses to anyone, whatever the program does.
struct SchemaPromiseTests {
    @Test(arguments: [
        "UPDATE token SET digits = '000000000'",
        "DELETE FROM token",
        "UPDATE event SET actor = 'Nobody'",
        "DELETE FROM event WHERE sequence = 3",
        "DELETE FROM unit",
        "DELETE FROM registry",
        "UPDATE unit SET count = count - 1",
        "UPDATE unit SET dispatched_count = 0",
        "UPDATE unit SET payg_id = 'OTHER' WHERE id = 1",
        // A count twice, a count below the unit's, and one by way of REPLACE.
        "INSERT INTO token SELECT NULL, unit_id, count, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, id FROM token",
        "INSERT OR REPLACE INTO token SELECT NULL, unit_id, count, type, value, time_divider, '000000000', NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, id FROM token",
        "INSERT OR REPLACE INTO token SELECT id, unit_id, count + 2, type, value, time_divider, '000000000', NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, id FROM token",
        "INSERT OR REPLACE INTO token SELECT NULL, 2, count, type, value, time_divider, '000000000', NULL, reference, NULL, issued_at, actor, NULL, NULL, event, NULL, NULL FROM token",
        "INSERT INTO token SELECT NULL, unit_id, count + 1, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, id FROM token",
        "INSERT INTO token SELECT NULL, unit_id, count + 2, type, value, time_divider, '12345678', NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, id FROM token",
        "INSERT INTO token SELECT NULL, 3, 2, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, NULL FROM token",
        // A further token of an order that is another unit's, or that has a reference of its own.
        "INSERT INTO token SELECT NULL, 2, 4, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, NULL, id, event, NULL, NULL FROM token",
        "INSERT INTO token SELECT NULL, unit_id, 4, type, value, time_divider, digits, NULL, 'MP-2', NULL, issued_at, actor, NULL, id, event, NULL, id FROM token",
        "INSERT INTO token SELECT NULL, unit_id, 4, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, 'a wish', NULL, event, NULL, id FROM token",
        "BEGIN; UPDATE unit SET retired_at = '2026-11-03T09:00:00Z'; INSERT INTO token SELECT NULL, unit_id, 4, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, id FROM token",
        "UPDATE unit SET furthest = '2026-11-03T09:00:00Z' WHERE id = 1",
        "UPDATE unit SET unlocked = 2",
        // A count goes back only where no token was made, and no provider goes on from.
        "BEGIN; UPDATE unit SET count = 9 WHERE id = 1; UPDATE unit SET count = 1 WHERE id = 1",
        "BEGIN; UPDATE unit SET count = 9 WHERE id = 2; UPDATE unit SET count = 0 WHERE id = 2",
        "INSERT OR REPLACE INTO event SELECT sequence, at, 'Nobody', action, detail, hash, mac, NULL, NULL, NULL, NULL FROM event WHERE sequence = 2",
        "INSERT INTO event SELECT 99, at, actor, action, detail, hash, mac, NULL, NULL, NULL, NULL FROM event WHERE sequence = 2",
        "INSERT OR REPLACE INTO unit SELECT * FROM unit WHERE id = 2",
        "INSERT INTO unit (payg_id, dispatch_id, sealed, dispatched_count, count, time_divider, restricted_digits, last_token_id) SELECT 'CSP-0009', 1, sealed, 1, 1, 1, 0, 1 FROM unit WHERE id = 2",
        "INSERT INTO unit (payg_id, dispatch_id, sealed, dispatched_count, count, time_divider, restricted_digits) SELECT 'csp-0001', 1, sealed, 1, 1, 1, 0 FROM unit WHERE id = 2",
        "UPDATE unit SET payg_id = lower(payg_id)",
        "UPDATE dispatch SET file = 'other.csv'",
        "DELETE FROM dispatch",
        "INSERT INTO dispatch SELECT 9, file, sha256, unit_count, imported_at, actor FROM dispatch",
        "UPDATE export SET file = 'other.csv'",
        "DELETE FROM export",
        "UPDATE export_unit SET unit_id = 1",
        "DELETE FROM export_unit",
        "INSERT INTO export_unit VALUES (1, 1, 2, NULL)",
        "INSERT OR REPLACE INTO export_unit SELECT export_id, unit_id, 99, NULL FROM export_unit",
        // An export of other units than it counts.
        "BEGIN; INSERT INTO export_unit VALUES (2, 1, 2, NULL); INSERT INTO export SELECT 2, profile, file, sha256, 2, authority, exported_at, actor, NULL, NULL, NULL FROM export",
        "INSERT INTO export SELECT 2, profile, file, sha256, 1, authority, exported_at, actor, NULL, NULL, NULL FROM export",
        // A count goes back below what a provider was given only when the unit comes back from it.
        "BEGIN; UPDATE unit SET count = 9 WHERE id = 3; DELETE FROM handed_over WHERE unit_id = 3; UPDATE unit SET count = 0 WHERE id = 3",
        // A unit is handed over by an export that has it, and by the last one.
        "INSERT INTO handed_over VALUES (1, 1, NULL)",
        "INSERT INTO handed_over VALUES (1, 2, NULL)",
        "INSERT OR REPLACE INTO handed_over VALUES (3, 2, NULL)",
        "INSERT INTO handed_over VALUES (1, NULL, NULL)",
        "INSERT INTO handed_over VALUES (1, NULL, 'here')",
        "INSERT INTO handed_over VALUES (99, NULL, 'paygops')",
        "UPDATE handed_over SET provider = 'paygops'",
        "UPDATE handed_over SET unit_id = 1",
        "UPDATE handed_over SET export_id = 0",
        "UPDATE handed_over SET export_id = export_id",
        "BEGIN; INSERT INTO export_unit VALUES (2, 1, 2, NULL); INSERT INTO handed_over VALUES (1, 2, NULL); INSERT INTO export SELECT 2, profile, file, sha256, 1, 'here', exported_at, actor, NULL, NULL, NULL FROM export",
        "INSERT INTO product_name VALUES ('Angaza', 'product-1', 'X')",
        "INSERT INTO product_name VALUES ('angaza', 'product-1', '')",
        "DELETE FROM product_name",
        "UPDATE unit SET sealed = zeroblob(49)",
        "UPDATE unit SET sealed = (SELECT sealed FROM unit WHERE id = 2) WHERE id = 1",
        "BEGIN; INSERT INTO former_credentials VALUES (2, 1, zeroblob(49), 0); UPDATE unit SET sealed = zeroblob(50) WHERE id = 1",
        "INSERT INTO former_credentials VALUES (9, 1, zeroblob(49), 0)",
        "UPDATE former_credentials SET last_count = 3",
        "DELETE FROM former_credentials",
        "INSERT OR REPLACE INTO former_credentials SELECT id, unit_id, zeroblob(49), 0 FROM former_credentials",
        "UPDATE unit SET time_divider = 256",
        "UPDATE unit SET count = 'many'",
        "UPDATE unit SET paid_until = 'tomorrow'",
    ])
    func `the schema refuses`(sql: String) throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.issue("CSP-0001", ref: "MP-1")
        try bench.export(ExportSelection(.units([try PaygID("CSP-0003")])))
        try bench.replace("CSP-0002")
        _ = try bench.registry.nameProduct("product-2", of: "angaza", "Kit", at: bench.now, actor: bench.actor)
        let before = try bench.sql(".dump").output
        let run = try bench.sql("PRAGMA foreign_keys = ON; \(sql)")
        #expect(run.status != 0, "\(run.output)")
        #expect(try bench.sql(".dump").output == before)
        #expect(try bench.registry.verify().ok)
    }

    /// What adds a token to a unit, after the one that is there.
    private static func token(
        _ way: String = "INSERT", unit: Int = 1, count: Int, previous: String, id: String = "NULL"
    ) -> String {
        """
        \(way) INTO token (id, unit_id, count, type, value, time_divider, digits, issued_at, actor, previous_id)
        VALUES (\(id), \(unit), \(count), 'addTime', 1, 1, '123456789', '2026-11-03T09:00:00Z', 'x', \(previous));
        """
    }

    private static let refusals: [(String, String)] = [
        (token(count: 2, previous: "1"), "this count is used"),
        (token("INSERT OR REPLACE", count: 2, previous: "NULL"), "this count is used"),
        (token("INSERT OR IGNORE", count: 2, previous: "1"), "this count is used"),
        (token(count: 4, previous: "1") + token(count: 4, previous: "2"), "this count is used"),
        (token(count: 8, previous: "1") + token(count: 6, previous: "2"), "this count is used"),
        (token(count: 4, previous: "NULL"), "a token follows the last one of its unit"),
        (token(count: 4, previous: "1") + token(count: 6, previous: "1"), "a token follows the last one of its unit"),
        (token(unit: 2, count: 2, previous: "1"), "a token follows the last one of its unit"),
        (
            token(count: 4, previous: "1") + "UPDATE unit SET count = 3 WHERE id = 1;", "a count is never used again"
        ),
        ("UPDATE unit SET count = 1 WHERE id = 1", "a count is never used again"),
        ("UPDATE unit SET last_token_count = 1 WHERE id = 1", "the last token of a unit is the one that was made last"),
        (token(unit: 9, count: 2, previous: "NULL"), "of a unit that is there"),
        ("UPDATE OR REPLACE unit SET rowid = 1 WHERE id = 2", "a unit keeps its name"),
        ("UPDATE unit SET _ROWID_ = 9 WHERE id = 2", "a unit keeps its name"),
        ("UPDATE customer SET oid = 9", "a customer keeps its reference"),
        (
            "CREATE TEMP TRIGGER skip BEFORE UPDATE ON main.unit BEGIN SELECT RAISE(IGNORE); END;"
                + token(count: 4, previous: "1"), "of a unit that is there"
        ),
        (
            """
            DROP TRIGGER unit_count_never_used_again; DROP TRIGGER unit_last_token;
            UPDATE unit SET count = 1 WHERE id = 1
            """, "CHECK constraint failed: last_token_count <= count"
        ),
        (token(count: 4, previous: "1", id: "-1"), "id BETWEEN 1 AND"),
        (token(count: 4, previous: "1", id: "0"), "a token follows the one before it"),
        (token(count: 4, previous: "1", id: "3"), "a token follows the one before it"),
        (token("INSERT OR REPLACE", count: 4, previous: "1", id: "1"), "a token follows the one before it"),
        ("UPDATE unit SET last_token_id = NULL WHERE id = 1", "the last token of a unit is the one that was made last"),
        ("UPDATE unit SET last_token_id = 1 WHERE id = 2", "the last token of a unit is the one that was made last"),
        ("UPDATE unit SET last_token_id = 1 WHERE id = 1", "the last token of a unit is the one that was made last"),
        (
            token(count: 4, previous: "1") + "UPDATE unit SET last_token_id = 1 WHERE id = 1;",
            "the last token of a unit is the one that was made last"
        ),
    ]

    @Test(arguments: refusals)
    func `whoever writes to the registry, no count of a unit is used twice`(sql: String, refusal: String) throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        try bench.issue("CSP-0001")
        // The shell looks at references only where it is told to, outside a transaction.
        let run = try bench.sql("BEGIN; \(sql)")
        #expect(run.status != 0 && run.errors.contains(refusal), "\(run.errors)")
    }

    @Test func `where the schema lacks what uses counts, no token is issued until it is mended`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001")
        #expect(try bench.sql("DROP TRIGGER token_uses_count").status == 0)
        for _ in 0..<2 {
            #expect(
                throws: FleetError.registryFailed(
                    path: bench.path,
                    reason: "its schema does not keep counts from being used twice (payg doctor --fix mends it)")
            ) { try bench.issue("CSP-0001") }
        }
        #expect(try bench.sql("SELECT count(*) FROM token").output == "1\n")
        #expect(try bench.registry.mendSchema(at: bench.now, actor: bench.actor).problems.count == 1)
        #expect(try bench.issue("CSP-0001").tokens.map(\.count.number) == [4])
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a missing trigger is noticed also where the digits of thousands are put on record`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        let filled = """
            INSERT INTO token (unit_id, count, type, value, time_divider, digits, issued_at, actor, previous_id)
            SELECT 1, 2 * value, 'addTime', 1, 1, '123456789', '2026-11-03T09:00:00Z', 'x',
                   nullif(value, 1) - 1
            FROM (WITH RECURSIVE n (value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT 4095) SELECT value FROM n)
            """
        #expect(try bench.sql(filled).status == 0)
        #expect(try bench.sql("DROP TRIGGER token_uses_count").status == 0)
        #expect(throws: FleetError.self) { try bench.issue("CSP-0002") }
        #expect(try bench.sql("SELECT count(*), (SELECT count(*) FROM token_digits) FROM token").output == "4095|0\n")
        _ = try bench.registry.mendSchema(at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0002")
        #expect(
            try bench.sql("SELECT count(*), (SELECT count(*) FROM token_digits) FROM token").output == "4096|4096\n")
    }

    @Test func `a token that somebody adds uses its count, is its unit's last, and says until when it is paid`() throws
    {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.issue("CSP-0001")
        #expect(try bench.sql(Self.token(count: 40, previous: "1")).status == 0)
        let units = "SELECT count, last_token_id, last_token_count, paid_until IS NULL FROM unit"
        #expect(try bench.sql(units).output == "40|2|40|1\n1|||1\n")
        #expect(try bench.issue("CSP-0001").tokens.map(\.count.number) == [42])
        #expect(try bench.sql("SELECT id, previous_id FROM token").output == "1|\n2|1\n3|2\n")
        #expect(try bench.sql(units).output == "42|3|42|0\n1|||1\n")
        #expect(
            try bench.sql("SELECT unit.paid_until = token.paid_until FROM token JOIN unit ON last_token_id = token.id")
                .output == "1\n")
    }

    @Test func `a token outgrows what was given beyond what is paid, and one of a test changes neither`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001")
        let given = "UPDATE unit SET paid_until = '2026-12-01T00:00:00Z', furthest = '2026-12-31T00:00:00Z';"
        #expect(try bench.sql(given).status == 0)
        for (row, paidUntil, test, expected) in [
            (2, "2026-12-30T00:00:00Z", "NULL", "2026-12-30T00:00:00Z|2026-12-31T00:00:00Z"),
            (3, "2027-06-01T00:00:00Z", "'G7A'", "2026-12-30T00:00:00Z|2026-12-31T00:00:00Z"),
            (4, "2026-12-31T00:00:00Z", "NULL", "2026-12-31T00:00:00Z|"),
        ] {
            let added = """
                INSERT INTO token (unit_id, count, type, value, time_divider, digits, paid_until, issued_at, actor,
                                   test, previous_id)
                VALUES (1, \(2 * row), 'addTime', 1, 1, '123456789', '\(paidUntil)', '2026-11-03T09:00:00Z', 'x',
                        \(test), \(row - 1));
                """
            let run = try bench.sql(added + "SELECT paid_until, furthest FROM unit")
            #expect(run.output == expected + "\n", "\(row) \(run.errors)")
        }
    }
}
