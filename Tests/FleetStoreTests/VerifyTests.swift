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
        try bench.export(ExportSelection(.units([try PaygID("CSP-0003")])))
        return bench
    }

    @Test func `an untouched registry verifies`() throws {
        let bench = try bench()
        let report = try bench.registry.verify()
        #expect(report.ok && report.events == 8 && report.tokens == 3, "\(report)")
    }

    private static let alterations: [(String, String)] = [
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
            "INSERT INTO token SELECT NULL, unit_id, 10, type, value, time_divider, digits, NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, NULL FROM token WHERE id = 1",
            "the token of unit CSP-0001 with count 10 has no event"
        ),
        (
            "INSERT INTO token SELECT NULL, unit_id, count, type, value, time_divider, '000000000', NULL, NULL, NULL, issued_at, actor, NULL, NULL, event, NULL, NULL FROM token WHERE id = 1",
            "the token of unit CSP-0001 with count 2 has no event"
        ),
        ("UPDATE token SET unit_id = 3 WHERE id = 1", "event 5: the token of unit CSP-0001 with count 2 is missing"),
        (
            "UPDATE token SET event = NULL WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        // Its place among its unit's.
        (
            "UPDATE token SET previous_id = NULL WHERE id = 2",
            "event 6: the token of unit CSP-0001 with count 4 does not name the unit's token before it"
        ),
        (
            "UPDATE token SET previous_id = 2 WHERE id = 3",
            "event 7: the token of unit CSP-0002 with count 2 does not name the unit's token before it"
        ),
        (
            "UPDATE unit SET last_token_id = 1 WHERE id = 1",
            "unit CSP-0001: the token that it has as its last is another"
        ),
        (
            "UPDATE unit SET last_token_id = NULL WHERE id = 2",
            "unit CSP-0002: the token that it has as its last is another"
        ),
        (
            "UPDATE unit SET last_token_id = 3 WHERE id = 3",
            "unit CSP-0003: the token that it has as its last is another"
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
        (
            "UPDATE unit SET furthest = '2036-11-03T09:00:00Z' WHERE id = 1",
            "unit CSP-0001: what was ever given to it is not what its tokens say"
        ),
        (
            "UPDATE unit SET unlocked = 1 WHERE id = 2",
            "unit CSP-0002: what was ever given to it is not what its tokens say"
        ),
        (
            "UPDATE unit SET retired_at = '2026-11-03T09:00:00Z' WHERE id = 2",
            "unit CSP-0002: whether it is retired is not what its events say"
        ),
        (
            "UPDATE token SET event = 4 WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        (
            "UPDATE token SET request = 'days 7' WHERE id = 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        (
            "UPDATE token SET first_id = 1 WHERE id = 2",
            "event 6: the token of unit CSP-0001 with count 4 is not the one that was issued"
        ),
        ("DELETE FROM event WHERE sequence = 4", "event 4 is missing: the one after event 3 is 5"),
        ("DELETE FROM event WHERE sequence = 8", "export 1 has no event"),
        ("DELETE FROM event", "there is no event, not even the registry's first"),
        // Units.
        // What only looks the same, and what no unit can be.
        (
            "UPDATE token SET reference = CAST(reference || char(0) || 'x' AS TEXT) WHERE id = 1; SELECT 1",
            "event 5: the token of unit CSP-0001 with count 2 is not the one that was issued"
        ),
        (
            "UPDATE event SET detail = detail || char(0) || 'x' WHERE sequence = 4",
            "event 4 does not fit the chain: it, or the one before it, is not what was written"
        ),
        (
            "UPDATE unit SET paid_until = 'aaaa-bb-ccTdd:ee:ffZ' WHERE id = 2",
            "unit CSP-0002: its paid-until is not that of its last token"
        ),
        ("UPDATE customer SET reference = printf('%070d', 0)", "event 3: customer K-1 is missing"),
        ("UPDATE unit SET test_code = '12' WHERE id = 2", "event 2: a unit of dispatch 1 is not as it was imported"),
        (
            "UPDATE unit SET count = 99999999999 WHERE id = 2",
            "unit CSP-0002: its count is 99999999999, and its last event says 2"
        ),
        // What no event tells of.
        ("INSERT INTO dispatch SELECT 2, file, sha256, 0, imported_at, actor FROM dispatch", "dispatch 2 has no event"),
        (
            "INSERT INTO export_unit VALUES (2, 1, 4, NULL); INSERT INTO export SELECT 2, profile, file, sha256, 1, authority, exported_at, actor, NULL, NULL, NULL FROM export",
            "export 2 has no event"
        ),
        (
            "INSERT INTO assignment (unit_id, customer_id, since) SELECT 2, 999, since FROM assignment",
            "unit CSP-0002: its customers are not those that its events tell of"
        ),
        (
            "INSERT INTO assignment (unit_id, customer_id, since) SELECT 999, 1, since FROM assignment",
            "a row of the table assignment points to a row of unit that is not there"
        ),
        (
            "UPDATE registry SET created_at = '2020-01-01T00:00:00Z'",
            "event 1: the registry's own row is not the one it was created with"
        ),
        ("UPDATE event SET mac = zeroblob(32) WHERE sequence = 3", "event 3 was not written with this registry's key"),
        ("UPDATE unit SET count = 2 WHERE id = 1", "unit CSP-0001: its count is 2, and its last event says 4"),
        ("UPDATE unit SET count = 9 WHERE id = 3", "unit CSP-0003: its count is 9, and its last event says 1"),
        (
            "DELETE FROM handed_over WHERE unit_id = 3",
            "unit CSP-0003: its tokening authority is not that of its last event"
        ),
        (
            "INSERT INTO handed_over VALUES (1, NULL, 'paygops')",
            "unit CSP-0001: its tokening authority is not that of its last event"
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
        (
            "UPDATE assignment SET since = '2020-01-01T00:00:00Z'",
            "unit CSP-0001: its customers are not those that its events tell of"
        ),
        (
            "INSERT INTO assignment SELECT NULL, 2, customer_id, since, since FROM assignment",
            "unit CSP-0002: its customers are not those that its events tell of"
        ),
        ("INSERT INTO customer (id, reference, name) VALUES (9, 'GHOST', 'Nobody')", "customer GHOST has no event"),
        (
            "UPDATE event SET unit_id = NULL WHERE sequence = 5",
            "event 5 is filed under something else than it tells of"
        ),
        (
            "UPDATE event SET customer_id = 1 WHERE sequence = 7",
            "event 7 is filed under something else than it tells of"
        ),
        ("UPDATE event SET mac = zeroblob(32) WHERE sequence = 6", "event 6 was not written with this registry's key"),
        ("UPDATE event SET mac = NULL WHERE sequence = 6", "event 6 was not written with this registry's key"),
        ("UPDATE export_unit SET count = 9", "event 8: the units of export 1 are not those that were exported"),
        ("UPDATE export_unit SET unit_id = 2", "event 8: the units of export 1 are not those that were exported"),
        ("DELETE FROM assignment", "unit CSP-0001: its customers are not those that its events tell of"),
        (
            "UPDATE dispatch SET sha256 = replace(sha256, '0', '1')",
            "event 2: dispatch 1 is missing, or is not what was recorded"
        ),
        ("UPDATE export SET file = 'other.csv'", "event 8: export 1 is missing, or is not what was recorded"),
        ("UPDATE export SET profile_text = 'title: X'", "event 8: export 1 is missing, or is not what was recorded"),
        ("UPDATE export SET products = '{}'", "event 8: export 1 is missing, or is not what was recorded"),
        (
            "UPDATE export SET encrypted_sha256 = sha256",
            "event 8: export 1 is missing, or is not what was recorded"
        ),
        (
            "INSERT INTO product_name VALUES ('angaza', 'product-1', 'Kit')",
            "the name of product-1 in the profile angaza is not the one that was given"
        ),
        ("PRAGMA foreign_keys = OFF; DELETE FROM customer", "event 3: customer K-1 is missing"),
    ]

    @Test(arguments: alterations)
    func `verify names the first row that does not fit`(sql: String, problem: String) throws {
        let bench = try bench()
        let run = try bench.unguardedSQL(
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; " + sql)
        #expect(run.status == 0, "\(run.errors)")
        let report = try bench.registry.verify()
        #expect(report.problems.first == problem, "\(report.problems)")
    }

    @Test(arguments: alterations)
    func `without the key all is noticed but what only the key can tell`(sql: String, problem: String) throws {
        let bench = try bench()
        let run = try bench.unguardedSQL(
            "PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; " + sql)
        #expect(run.status == 0, "\(run.errors)")
        // Not even a key file that is there is looked at.
        let registry = try Registry.open(bench.path, keyFile: bench.folder.file("none.key"))
        #expect(throws: FleetError.keyFileMissing(path: bench.folder.file("none.key"))) { try registry.verify() }
        let report = try registry.verify(withoutKey: true)
        #expect(report.withoutKey)
        let needsKey = sql.contains("SET mac = zeroblob") || problem.contains("do not open")
        #expect(needsKey ? report.ok : report.problems.first == problem, "\(report.problems)")
    }

    @Test(
        arguments: [
            ("SELECT 1", nil),
            ("DELETE FROM former_credentials", "event 9: the credentials that unit CSP-0002 had before are missing"),
            (
                "UPDATE former_credentials SET last_count = 3",
                "event 9: the credentials that unit CSP-0002 had before are missing"
            ),
            (
                "UPDATE former_credentials SET unit_id = 1",
                "event 9: the credentials that unit CSP-0002 had before are missing"
            ),
            (
                "UPDATE unit SET sealed = (SELECT sealed FROM former_credentials) WHERE id = 2",
                "unit CSP-0002: its credentials are not those that it was given last"
            ),
            (
                "UPDATE former_credentials SET sealed = zeroblob(49)",
                "unit CSP-0002: the credentials that it had before do not open"
            ),
            (
                "INSERT INTO former_credentials SELECT 2, unit_id, sealed, last_count FROM former_credentials",
                "unit CSP-0002: it has credentials put away that no event tells of, or lacks some"
            ),
            (
                "UPDATE former_credentials SET sealed = (SELECT sealed FROM unit WHERE id = 2)",
                "event 7: the token of unit CSP-0002 with count 2 is not the one that its credentials make"
            ),
        ] as [(String, String?)])
    func `credentials that were replaced are part of the proof`(sql: String, problem: String?) throws {
        let bench = try bench()
        try bench.replace("CSP-0002")
        try bench.issue("CSP-0002")
        let run = try bench.unguardedSQL("PRAGMA ignore_check_constraints = ON; " + sql)
        #expect(run.status == 0, "\(run.errors)")
        let report = try bench.registry.verify()
        #expect(problem.map(report.problems.contains) ?? report.ok, "\(report.problems)")
    }

    @Test func `a history rewritten and hashed anew without the key is noticed`() throws {
        let bench = try bench()
        // The second token and its event are taken out, all after it moves up
        // and is hashed again, as somebody without the key file can.
        let script = """
            import hashlib, sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                db.execute(f"DROP TRIGGER {name}")
            db.execute("DELETE FROM token WHERE id = 2")
            db.execute("DELETE FROM event WHERE sequence = 6")
            db.execute("UPDATE event SET sequence = 6 WHERE sequence = 7")
            db.execute("UPDATE token SET event = 6 WHERE event = 7")
            db.execute("UPDATE event SET sequence = 7 WHERE sequence = 8")
            paid = db.execute("SELECT paid_until FROM token WHERE id = 1").fetchone()[0]
            db.execute("UPDATE unit SET count = 2, last_token_id = 1, last_token_count = 2, paid_until = ? WHERE id = 1", (paid,))
            previous = bytes(32)
            for row in db.execute("SELECT sequence, at, actor, action, detail FROM event ORDER BY sequence").fetchall():
                text = "payg event 1\\n" + "".join(f"{word}\\n" for word in row)
                previous = hashlib.sha256(previous + text.encode()).digest()
                db.execute("UPDATE event SET hash = ? WHERE sequence = ?", (previous, row[0]))
            for _, sql in triggers:
                db.execute(sql)
            db.commit()
            """
        let run = try ProgramRun("python3", ["-c", script, bench.path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try bench.registry.verify().problems == [
                "event 6 was not written with this registry's key", "event 7 was not written with this registry's key",
            ]
        )
    }

    @Test func `a token rewritten together with its event still breaks the chain`() throws {
        let bench = try bench()
        let run = try bench.unguardedSQL(
            """
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
