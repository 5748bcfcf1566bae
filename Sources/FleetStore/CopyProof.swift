import Fleet
import Foundation
import GRDB
import KeyVault

/// What a copy of a registry has to prove before it is relied on.
struct CopyProof {
    let facts: RegistryFacts
    /// What the registry's own proof found.
    let report: AuditReport

    /// - Parameters:
    ///   - path: how the copy is called in errors.
    ///   - vault: makes the whole proof, where the key is at hand; otherwise what
    ///     needs no key is proven.
    ///   - expected: what the copied registry has; nil where that is not known.
    /// - Throws: ``FleetError/copyBroken(path:problems:total:)`` for one that is
    ///   damaged, or is not what was copied.
    init(_ db: Database, called path: String, vault: Vault?, expected: RegistryFacts? = nil) throws {
        try Self.checkIntegrity(db, called: path)
        facts = try RegistryFacts(db)
        if let expected, expected != facts {
            throw FleetError.copyBroken(path: path, problems: ["it is not what was copied"], total: 1)
        }
        var verification = AuditVerification(db, vault)
        report = try verification.run()
    }

    /// - Throws: ``FleetError/copyBroken(path:problems:total:)``.
    static func checkIntegrity(_ db: Database, called path: String) throws {
        let problems = try integrityProblems(db)
        guard problems.isEmpty else {
            throw FleetError.copyBroken(path: path, problems: problems, total: problems.count)
        }
    }

    /// What SQLite finds wrong with the pages, tables and indexes of a file;
    /// at most a hundred things.
    static func integrityProblems(_ db: Database) throws -> [String] {
        do {
            let found = try String.fetchAll(db, sql: "PRAGMA integrity_check(100)")
            return found == ["ok"] ? [] : found
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CORRUPT {
            return [error.message ?? "it is malformed"]
        }
    }
}

/// The chain of the events, without the key: whoever rewrites all of it is not
/// noticed here.
enum EventChain {
    /// Recomputes the hash of every event.
    static func check(_ db: Database, _ events: inout Int, _ found: (String) -> Void) throws {
        var previous = AuditEventWords.beginning
        let words = ExactText.columns(["at", "actor", "action", "detail"], of: "event")
        let rows = try Row.fetchCursor(db, sql: "SELECT sequence, \(words), hash FROM event ORDER BY sequence")
        while let row = try rows.next() {
            let sequence: Int = row["sequence"]
            events += 1
            if sequence != events {
                found("event \(events) is missing: the one after event \(events - 1) is \(sequence)")
                events = sequence
            }
            let event = AuditEventWords(
                sequence: sequence, at: row.exact("at"), actor: row.exact("actor"), action: row.exact("action"),
                detail: row.exact("detail")
            )
            let hash = Array(row["hash"] as Data)
            if event.hash(after: previous) != hash {
                found("event \(sequence) does not fit the chain: it, or the one before it, is not what was written")
            }
            previous = hash
        }
        if events == 0 { found("there is no event, not even the registry's first") }
    }
}

extension RegistryFacts {
    /// - Throws: a `DatabaseError` for a registry without its own row or its
    ///   first event.
    init(_ db: Database) throws {
        guard let own = try Row.fetchOne(db, sql: "SELECT registry_id, key_id FROM registry"),
            let last = try Row.fetchOne(
                db, sql: "SELECT sequence, hash, at FROM event ORDER BY sequence DESC LIMIT 1"
            )
        else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "it has no beginning") }
        func number(_ table: String) throws -> Int {
            try Int.fetchOne(db, sql: "SELECT count(*) FROM \(table)") ?? 0
        }
        self.init(
            registryID: own["registry_id"], keyID: (own["key_id"] as Data).hex, events: last["sequence"],
            head: (last["hash"] as Data).hex, lastEventAt: try moment(last["at"]), tokens: try number("token"),
            units: try number("unit"), customers: try number("customer")
        )
    }
}
