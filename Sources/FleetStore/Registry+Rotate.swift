import Crypto
import Fleet
import Foundation
import GRDB
import KeyVault
import PrivateFiles

extension Registry {
    /// Changes the master key: everything sealed is sealed anew under a new one,
    /// in one transaction.
    ///
    /// Killed anywhere, the registry and a key file that is found fit together:
    /// the new key has its file, under a name of its own, before the registry
    /// knows it; the former one keeps its place until afterwards, and is kept
    /// beside it for good, for copies of the registry from before need it.
    /// Whatever else is at work with the former key meanwhile is refused when it
    /// next writes, ``FleetError/keyChanged(path:)``.
    ///
    /// - Parameter progress: how many units are done, of how many.
    /// - Throws: ``FleetError/credentialsDoNotOpen(_:)`` where anything sealed is
    ///   not as it was written, and nothing was changed; ``FleetError/keyChanged(path:)``
    ///   where somebody else changed it first; the key file's errors.
    public func rotateKey(
        _ change: KeyProtectionChange = .kept, at now: Timestamp, actor: ActorName,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(FleetError) -> KeyRotation {
        let opened = try openKey()
        let new = MasterKey()
        let (from, to) = (KeyID(opened.master.keyID), KeyID(new.keyID))
        let file = keyPlace.waiting(to)
        let protection: KeyProtection =
            switch (change, opened.passphrase) {
            case (.to(let protection), _): protection
            case (.kept, let passphrase?): .passphrase(passphrase, cost: opened.stored.cost.map(KeyCost.init))
            case (.kept, nil): .none
            }
        try Self.write(new, to: file, protection)
        PrivateFile.give(file, toOwnerOf: opened.path)

        useVault(opened.master.vault)
        let detail: KeyRotatedDetail
        do throws(FleetError) {
            detail = try write { db in
                var rotation = OneRotation(db, path: path, from: opened.master.vault, to: new.vault)
                let detail = try rotation.run(at: now, actor: actor, progress)
                // On a stick that was pulled out meanwhile, it would open nothing.
                try keyPlace.check(to, at: file)
                return detail
            }
        } catch {
            // It has sealed nothing; where that is not known, it is kept.
            useVault(nil)
            if (try? read { db in try Self.hasHad(to, db) }) == false { unlink(file) }
            throw error
        }
        useVault(new.vault)
        keyPlace.complete(from: from, to: to)
        // What was sealed with the former key is to be nowhere in the file.
        emptyLog()
        return KeyRotation(
            former: from, key: to, units: detail.units, formerCredentials: detail.formerCredentials,
            keyFile: (try? keyPlace.find(to))?.path ?? file,
            formerKeyFile: (try? keyPlace.find(from))?.path ?? opened.path
        )
    }
}

extension Registry {
    /// Whether a key is, or ever was, the registry's.
    fileprivate static func hasHad(_ key: KeyID, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db,
            sql: """
                SELECT EXISTS (SELECT 1 FROM registry WHERE key_id = ?1)
                    OR EXISTS (SELECT 1 FROM former_key WHERE key_id = ?1)
                """, arguments: [Data(key.bytes)]
        ) ?? true
    }
}

/// A change of the master key, inside its transaction.
private struct OneRotation {
    private let db: Database
    private let path: String
    private let former: Vault
    private let new: Vault
    /// The digests of what is sealed by now of each unit whose credentials were
    /// ever replaced.
    private var replaced: [Int64: ReplacedDigest.Unit] = [:]

    init(_ db: Database, path: String, from former: Vault, to new: Vault) {
        self.db = db
        self.path = path
        self.former = former
        self.new = new
    }

    mutating func run(
        at now: Timestamp, actor: ActorName, _ progress: (_ done: Int, _ of: Int) -> Void
    ) throws -> KeyRotatedDetail {
        // Freed places are overwritten: what the former key opens is not left there.
        try db.execute(sql: "PRAGMA secure_delete = ON")
        let formerCredentials = try db.without(trigger: "former_credentials_never_changed") {
            try resealFormerCredentials()
        }
        let units = try db.without(trigger: "unit_credentials_kept") { try resealUnits(progress) }
        try db.without(trigger: "former_key_never_changed") { try resealFormerKeys() }
        let number = 1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM former_key") ?? 0)
        try db.execute(
            sql: "INSERT INTO former_key (id, key_id, sealed) VALUES (?, ?, ?)",
            arguments: [number, Data(former.keyID), Data(try new.seal(former.signer, ofKey: former.keyID))]
        )
        try db.execute(sql: "UPDATE registry SET key_id = ?", arguments: [Data(new.keyID)])
        var digest = ReplacedDigest()
        for (_, unit) in replaced.sorted(by: { $0.key < $1.key }) { digest.add(unit) }
        let detail = KeyRotatedDetail(
            from: former.keyID.hex, to: new.keyID.hex, units: units, formerCredentials: formerCredentials,
            replacedSHA256: digest.value
        )
        try AuditTrail(db, at: now, actor: actor, vault: new).append(.keyRotated, detail)
        return detail
    }

    private mutating func resealUnits(_ progress: (_ done: Int, _ of: Int) -> Void) throws -> Int {
        let all = try Int.fetchOne(db, sql: "SELECT count(*) FROM unit") ?? 0
        let update = try db.makeStatement(sql: "UPDATE unit SET sealed = ?1 WHERE id = ?2")
        var done = 0
        progress(done, all)
        try Resealing(path: path, from: former, to: new).forEach { part in
            for (index, unit) in part.rows.enumerated() where replaced[unit] != nil {
                replaced[unit]?.name = part.names[index]
                replaced[unit]?.sealed = Array(part.sealed[part.place(index)]).sha256
            }
            try part.sealed.withUnsafeBufferPointer { bytes in
                for (index, unit) in part.rows.enumerated() {
                    var row = BoundRow(update)
                    row.bind(blob: bytes[part.place(index)])
                    row.bind(unit)
                    try row.execute(db)
                }
            }
            done += part.rows.count
            progress(done, all)
        }
        guard done == all else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "\(all) units are there, and \(done) are found")
        }
        return done
    }

    private mutating func resealFormerCredentials() throws -> Int {
        var sealer = new.sealer()
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT former_credentials.id, unit_id, payg_id, former_credentials.sealed
                FROM former_credentials JOIN unit ON unit.id = unit_id ORDER BY former_credentials.id
                """
        )
        for row in rows {
            let sealed = try former.resealed(Array(row["sealed"] as Data), of: try PaygID(row["payg_id"]), &sealer)
            replaced[row["unit_id"], default: .init()].former.append(sealed.sha256)
            try db.cachedStatement(sql: "UPDATE former_credentials SET sealed = ? WHERE id = ?")
                .execute(arguments: [Data(sealed), row["id"] as Int64])
        }
        return rows.count
    }

    private func resealFormerKeys() throws {
        for row in try Row.fetchAll(db, sql: "SELECT id, key_id, sealed FROM former_key ORDER BY id") {
            let key = Array(row["key_id"] as Data)
            guard let signer = try? former.signer(Array(row["sealed"] as Data), ofKey: key) else {
                throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the former key \(KeyID(key)) does not open")
            }
            try db.execute(
                sql: "UPDATE former_key SET sealed = ? WHERE id = ?",
                arguments: [Data(try new.seal(signer, ofKey: key)), row["id"] as Int64]
            )
        }
    }
}

/// A digest over what is sealed of each unit whose credentials were ever
/// replaced: a line for each with its name, the digests of those put away, the
/// first ones first, and that of those it has.
struct ReplacedDigest {
    struct Unit {
        var name = ""
        var former: [String] = []
        var sealed = ""
    }

    private var hash = SHA256()

    /// Adds a unit. They come in the order of their rows.
    mutating func add(_ unit: Unit) {
        hash.update(data: Array(([unit.name] + unit.former + [unit.sealed]).joined(separator: "\t").utf8 + [10]))
    }

    /// The digest, in lower-case hexadecimal.
    var value: String { hash.finalize().hex }
}
