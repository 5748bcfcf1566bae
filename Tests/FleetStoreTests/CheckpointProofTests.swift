import Fleet
import FleetStore
import Foundation
import TestSupport
import Testing

/// What a checkpoint sees that the registry alone cannot.
struct CheckpointProofTests {
    /// Made, two units, a customer, a token: 4 events; `issue` and `assign` add more.
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        try bench.issue("CSP-0001", ref: "MP-1")
        return bench
    }

    private func checkpoint(_ bench: StoreBench) throws -> Checkpoint { try bench.registry.auditHead().checkpoint }

    private let dropTriggers = """
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")

        """

    /// Hashes every event anew, as anybody can; with the key file, makes their
    /// codes anew too.
    private let rehash = """

        import hashlib, hmac
        signing = None
        if len(sys.argv) > 2:
            master = hmac.new(bytes(32), open(sys.argv[2], "rb").read(), hashlib.sha256).digest()
            signing = hmac.new(master, b"payg 1 audit\\x01", hashlib.sha256).digest()
        previous = bytes(32)
        for row in db.execute("SELECT sequence, at, actor, action, detail FROM event ORDER BY sequence").fetchall():
            text = "payg event 1\\n" + "".join(f"{word}\\n" for word in row)
            previous = hashlib.sha256(previous + text.encode()).digest()
            db.execute("UPDATE event SET hash = ? WHERE sequence = ?", (previous, row[0]))
            if signing:
                code = hmac.new(signing, previous, hashlib.sha256).digest()
                db.execute("UPDATE event SET mac = ? WHERE sequence = ? AND mac IS NOT NULL", (code, row[0]))
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
        """

    private func python(_ script: String, _ arguments: String...) throws {
        let run = try ProgramRun("python3", ["-c", script] + arguments)
        #expect(run.status == 0, "\(run.errors)")
    }

    @Test func `every checkpoint that was taken fits, with the key and without`() throws {
        let bench = try bench()
        var checkpoints = [try checkpoint(bench)]
        for number in 2...5 {
            try bench.issue("CSP-0002", ref: "MP-\(number)")
            checkpoints.append(try checkpoint(bench))
        }
        #expect(Set(checkpoints).count == 5)
        for withoutKey in [false, true] {
            let report = try bench.registry.verify(withoutKey: withoutKey, against: checkpoints.shuffled())
            #expect(report.ok && report.checkpoints == 5 && report.withoutKey == withoutKey, "\(report)")
        }
        let head = try bench.registry.auditHead()
        #expect(
            try bench.sql("SELECT lower(hex(hash)) FROM event ORDER BY sequence DESC LIMIT 1").output == head.hash.hex
                + "\n")
        #expect(head.sequence == 8 && head.at == bench.now)
    }

    @Test func `an end that was cut off with all it did is seen against a checkpoint, and by nothing else`() throws {
        let bench = try bench()
        let before = try checkpoint(bench)
        try bench.issue("CSP-0001", ref: "MP-2")
        let after = try checkpoint(bench)
        let run = try bench.unguardedSQL(
            """
            UPDATE unit SET count = 2, last_token_id = 1, last_token_count = 2, paid_until = (SELECT paid_until FROM token WHERE id = 1)
            WHERE id = 1;
            DELETE FROM token WHERE event = 5; DELETE FROM event WHERE sequence = 5;
            """
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(try bench.registry.verify().ok, "this is what the registry alone cannot tell")
        #expect(try bench.registry.verify(against: [before]).checkpoints == 1)
        let report = try bench.registry.verify(against: [after, before])
        #expect(
            report.problems == [
                "the history ends with event 4, and the checkpoint of event 5 (2026-11-03 09:00 UTC) was taken later: "
                    + "the end was cut off"
            ]
        )
        #expect(try bench.registry.verify(withoutKey: true, against: [after]).problems == report.problems)
        // What is issued next cannot hide it.
        try bench.issue("CSP-0002", ref: "MP-3")
        #expect(
            try bench.registry.verify(against: [after]).problems == [
                "event 5 is not the one of the checkpoint of event 5 (2026-11-03 09:00 UTC): it, or an event before it, "
                    + "was altered"
            ]
        )
    }

    @Test func `an end that was rewritten and hashed anew without the key is seen against a checkpoint`() throws {
        let bench = try bench()
        _ = try bench.registry.assign(
            try PaygID("CSP-0001"), to: try CustomerReference("K-1"), at: bench.now, actor: bench.actor
        )
        let taken = try checkpoint(bench)
        // Nothing since the token was recorded with the key.
        try python(
            dropTriggers
                + """
                db.execute("UPDATE event SET actor = 'Somebody' WHERE sequence = 5")
                """ + rehash, bench.path
        )
        #expect(try bench.registry.verify().ok)
        let problems = try bench.registry.verify(against: [taken]).problems
        #expect(
            problems == [
                "event 5 is not the one of the checkpoint of event 5 (2026-11-03 09:00 UTC): it, or an event before it, "
                    + "was altered"
            ]
        )
    }

    @Test func `a history rewritten by somebody who has the key file is seen against a checkpoint`() throws {
        let bench = try bench()
        let taken = try checkpoint(bench)
        try bench.issue("CSP-0002", ref: "MP-2")
        try python(
            dropTriggers
                + """
                db.execute("UPDATE event SET actor = 'Somebody' WHERE sequence = 4")
                db.execute("UPDATE token SET actor = 'Somebody' WHERE event = 4")
                """ + rehash, bench.path, bench.keyFile
        )
        let report = try bench.registry.verify()
        #expect(report.ok, "the key file makes everything again: \(report.problems)")
        #expect(try bench.registry.verify(against: [taken]).problems.count == 1)
    }

    @Test func `a checkpoint of another registry, and one whose event is missing, are told`() throws {
        let (bench, other) = (try bench(), try bench())
        let foreign = try checkpoint(other)
        let own = try checkpoint(bench)
        #expect(
            try bench.registry.verify(against: [foreign, own]).problems == [
                "the checkpoint of event 4 (2026-11-03 09:00 UTC) is of another registry, \(foreign.registry), and this "
                    + "one is \(own.registry)"
            ]
        )
        try bench.issue("CSP-0001", ref: "MP-2")
        let run = try bench.sql(
            "DROP TRIGGER event_never_deleted; PRAGMA foreign_keys = OFF; DELETE FROM event WHERE sequence = 4"
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try bench.registry.verify(against: [own]).problems.contains(
                "the event of the checkpoint of event 4 (2026-11-03 09:00 UTC) is missing"
            )
        )
    }

    @Test func `a clock that was set back is warned about, and proves nothing`() throws {
        let bench = try bench()
        _ = try bench.registry.assign(
            try PaygID("CSP-0001"), to: try CustomerReference("K-1"), at: bench.now + -3600, actor: bench.actor
        )
        let report = try bench.registry.verify()
        #expect(report.ok)
        #expect(
            report.warnings == [
                "the clock was set back: event 5 is dated 2026-11-03 08:00 UTC, and the one before it 2026-11-03 09:00 UTC; "
                    + "the order is that of their numbers"
            ]
        )
    }
}
