import Fleet
import FleetStore
import Foundation
import TestSupport
import Testing

/// Each way to alter what a change of the key left behind.
struct RotationVerifyTests {
    /// Three units, one with other credentials than it came with; the key
    /// changed twice, at events 6 and 8.
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.issue("CSP-0001", ref: "MP-1")
        try bench.replace("CSP-0002")
        try bench.issue("CSP-0002")
        _ = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0001")
        _ = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0001")
        #expect(try bench.registry.verify().problems == [])
        return bench
    }

    private func alter(_ bench: StoreBench, _ sql: String) throws {
        let run = try bench.unguardedSQL("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF; " + sql)
        #expect(run.status == 0, "\(run.errors)")
    }

    private static let unread = "the former key does not open, and what it wrote cannot be checked"

    @Test(arguments: [
        // Former keys.
        ("DELETE FROM former_key WHERE id = 1", "event 6: the key that was changed is not among the former ones"),
        ("DELETE FROM former_key", "event 6: the key that was changed is not among the former ones"),
        ("UPDATE former_key SET sealed = zeroblob(61) WHERE id = 2", "event 8: \(unread)"),
        (
            """
            UPDATE former_key SET sealed = (SELECT sealed FROM former_key AS other WHERE other.id = 3 - former_key.id)
            """, "event 6: \(unread)"
        ),
        (
            "UPDATE former_key SET id = -id; UPDATE former_key SET id = 3 + id",
            "event 6: the key that was changed is not among the former ones"
        ),
        (
            "UPDATE former_key SET key_id = randomblob(16) WHERE id = 2",
            "event 8: the key that was changed is not among the former ones"
        ),
        (
            "INSERT INTO former_key SELECT 3, x'000102030405060708090a0b0c0d0e0f', sealed FROM former_key WHERE id = 1",
            "the former key 000102030405060708090a0b0c0d0e0f has no event"
        ),
        // What they wrote.
        ("UPDATE event SET mac = zeroblob(32) WHERE sequence = 3", "event 3 was not written with this registry's key"),
        ("UPDATE event SET mac = zeroblob(32) WHERE sequence = 6", "event 6 was not written with this registry's key"),
        ("UPDATE event SET mac = NULL WHERE sequence = 8", "event 8 was not written with this registry's key"),
        (
            "UPDATE event SET mac = (SELECT mac FROM event WHERE sequence = 5) WHERE sequence = 7",
            "event 7 was not written with this registry's key"
        ),
        // What was sealed anew.
        (
            "UPDATE unit SET sealed = (SELECT sealed FROM former_credentials) WHERE id = 2",
            "event 8: credentials that were replaced are not those that were sealed anew then"
        ),
        (
            "UPDATE former_credentials SET sealed = (SELECT sealed FROM unit WHERE id = 2)",
            "event 8: credentials that were replaced are not those that were sealed anew then"
        ),
        ("DELETE FROM former_credentials", "event 4: the credentials that unit CSP-0002 had before are missing"),
        (
            "UPDATE former_credentials SET last_count = 3",
            "event 4: the credentials that unit CSP-0002 had before are missing"
        ),
    ])
    func `verify names what does not fit a change of the key`(sql: String, problem: String) throws {
        let bench = try bench()
        try alter(bench, sql)
        let problems = try bench.registry.verify().problems
        #expect(problems.contains(problem), "\(problems)")
    }

    @Test func `a unit that is left under the former key is named`() throws {
        let bench = try bench()
        let old = try bench.sql("SELECT hex(sealed) FROM unit WHERE id = 3").output.dropLast()
        _ = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
        try alter(bench, "UPDATE unit SET sealed = x'\(old)' WHERE id = 3")
        #expect(try bench.registry.verify().problems == ["unit CSP-0003: its sealed credentials do not open"])
    }

    @Test func `a key set back to a former one, whose file is there, is noticed`() throws {
        let bench = try bench()
        try alter(bench, "UPDATE registry SET key_id = (SELECT key_id FROM former_key WHERE id = 2)")
        let registry = try Registry.open(bench.path, keyFile: bench.keyFile)
        let problems = try registry.verify().problems
        #expect(problems.contains("the registry's key is not the one that its events tell of"), "\(problems)")
        #expect(problems.contains("event 8 was not written with this registry's key"), "\(problems)")
    }

    @Test func `a registry whose key was changed without an event is noticed`() throws {
        let bench = try bench()
        try alter(bench, "DELETE FROM event WHERE sequence > 7; DELETE FROM token WHERE event > 7")
        let problems = try bench.registry.verify().problems
        #expect(problems.contains("the registry's key is not the one that its events tell of"), "\(problems)")
    }

    /// Whoever found the former key can authenticate with it. What was before
    /// the change they cannot alter all the same, for the change covers it.
    @Test func `a history rewritten with the former key at hand is noticed`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.issue("CSP-0001")
        try bench.issue("CSP-0002")
        let done = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
        let script = """
            import hashlib, hmac, sqlite3, sys
            master = open(sys.argv[2], "rb").read()
            signing = hmac.digest(hmac.digest(bytes(32), master, "sha256"), b"payg 1 audit\\x01", "sha256")
            db = sqlite3.connect(sys.argv[1])
            triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                db.execute(f"DROP TRIGGER {name}")
            db.execute("UPDATE event SET actor = 'Nobody' WHERE sequence = 3")
            db.execute("UPDATE token SET actor = 'Nobody' WHERE event = 3")
            previous, upto = bytes(32), int(sys.argv[3])
            for row in db.execute("SELECT sequence, at, actor, action, detail FROM event ORDER BY sequence").fetchall():
                text = "payg event 1\\n" + "".join(f"{word}\\n" for word in row)
                previous = hashlib.sha256(previous + text.encode()).digest()
                mac = hmac.digest(signing, previous, "sha256")
                db.execute("UPDATE event SET hash = ? WHERE sequence = ?", (previous, row[0]))
                if row[0] <= upto: db.execute("UPDATE event SET mac = ? WHERE sequence = ?", (mac, row[0]))
            for _, sql in triggers:
                db.execute(sql)
            db.commit()
            """
        let run = try ProgramRun("python3", ["-c", script, bench.path, done.formerKeyFile, "4"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try bench.registry.verify().problems == ["event 5 was not written with this registry's key"])
        // Nor with the change itself written by the former key.
        _ = try ProgramRun("python3", ["-c", script, bench.path, done.formerKeyFile, "5"])
        #expect(try bench.registry.verify().problems == ["event 5 was not written with this registry's key"])
    }

    @Test func `the schema keeps former keys, and puts a key away before it is changed`() throws {
        let bench = try bench()
        for sql in [
            "DELETE FROM former_key", "UPDATE former_key SET sealed = zeroblob(61)",
            "INSERT OR REPLACE INTO former_key SELECT id, key_id, zeroblob(61) FROM former_key WHERE id = 2",
            "INSERT INTO former_key SELECT 3, key_id, sealed FROM former_key WHERE id = 1",
            "INSERT INTO former_key SELECT 5, randomblob(16), sealed FROM former_key WHERE id = 1",
            "UPDATE registry SET key_id = randomblob(16)",
        ] {
            let run = try bench.sql(sql)
            #expect(run.status != 0, "\(sql)")
        }
        #expect(try bench.registry.verify().problems == [])
    }
}
