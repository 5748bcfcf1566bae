import Fleet
import Foundation
import GRDB
import KeyVault

/// The master keys that the registry had: each event is checked with the one
/// of its time.
extension AuditVerification {
    /// What the events tell of the master keys, and what checks them.
    struct ToldKeys {
        /// Those put away, the first ones first. What does not open checks nothing.
        var former: [(id: String, signer: Vault.Signer?)] = []
        /// The former key that each change tells of, and the last event that
        /// tells of one; 0 for none.
        var eras: [String] = []
        var lastRotation = 0
        /// How often it was changed before the event that is looked at.
        var passed = 0
        /// The key that the events before it tell of.
        var told: String?
        /// What the key seals, by what the events tell.
        var units = 0
        var formerCredentials = 0
    }

    mutating func readKeys() throws {
        let rotations = try Row.fetchAll(
            db,
            sql: """
                SELECT sequence, CASE WHEN json_valid(detail) THEN CAST(json_extract(detail, '$.from') AS TEXT) END AS former
                FROM event
                WHERE action = '\(AuditAction.keyRotated.rawValue)' ORDER BY sequence
                """
        )
        keys.eras = rotations.map { $0["former"] as String? ?? "" }
        keys.lastRotation = rotations.last?["sequence"] ?? 0
        keys.former = try Row.fetchAll(db, sql: "SELECT key_id, sealed FROM former_key ORDER BY id").map { row in
            let id = Array(row["key_id"] as Data)
            return (id.hex, try? vault?.signer(Array(row["sealed"] as Data), ofKey: id))
        }
    }

    /// Whether the key of an event's time wrote it, as far as that can be told.
    ///
    /// A change of the key is written with the new one. Its hash covers all
    /// before it: whoever has the former key could alter that and authenticate
    /// it, but not the change that follows.
    func isGenuine(_ code: [UInt8]?, _ hash: [UInt8], _ action: AuditAction) -> Bool {
        guard let code else { return !action.isAuthenticated }
        // Without the key, that there is a code where there must be one.
        guard let vault else { return true }
        let place = keys.passed + (action == .keyRotated ? 1 : 0)
        guard place < keys.eras.count else { return vault.signer.isAuthentic(code, for: hash) }
        // A key that is missing is told of once, and not with every event.
        guard let signer = keys.former.first(where: { $0.id == keys.eras[place] })?.signer else { return true }
        return signer.isAuthentic(code, for: hash)
    }

    mutating func replay(_ detail: KeyRotatedDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        let former = keys.former.indices.contains(keys.passed) ? keys.former[keys.passed] : nil
        if former?.id != detail.from {
            found("event \(event.sequence): the key that was changed is not among the former ones")
        } else if former?.signer == nil, vault != nil {
            found("event \(event.sequence): the former key does not open, and what it wrote cannot be checked")
        }
        if let told = keys.told, told != detail.from {
            found("event \(event.sequence): the key that was changed is not the one that the events before tell of")
        }
        if detail.units != keys.units || detail.formerCredentials != keys.formerCredentials {
            found("event \(event.sequence): other units were sealed anew than there were")
        }
        keys.passed += 1
        keys.told = detail.to
        // Later changes sealed everything once more.
        guard event.sequence == keys.lastRotation else { return .init() }
        var digest = ReplacedDigest()
        for unit in told.keys.sorted() {
            guard let replacements = told[unit]?.replacements, replacements > 0 else { continue }
            let former = try self.former(unit)
            let row = try Row.fetchOne(
                db.cachedStatement(sql: "SELECT payg_id, sealed FROM unit WHERE id = ?"), arguments: [unit]
            )
            // Credentials that were replaced since are among those put away.
            let then =
                former.indices.contains(replacements)
                ? former[replacements].sealed : (row?["sealed"] as Data?).map { Array($0) } ?? []
            digest.add(
                .init(
                    name: row?["payg_id"] ?? "", former: former.prefix(replacements).map(\.sealed.sha256),
                    sealed: then.sha256
                )
            )
            told[unit]?.sealedSHA256 = nil
        }
        if digest.value != detail.replacedSHA256 {
            found("event \(event.sequence): credentials that were replaced are not those that were sealed anew then")
        }
        return .init()
    }

    /// Beside the sheet, which is not the registry's, it left nothing behind.
    mutating func replay(
        _ detail: RecoveryExportedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        if let told = keys.told, told != detail.keyID {
            found("event \(event.sequence): the key of the recovery sheet is not the one that the events tell of")
        }
        return .init()
    }

    /// The registry's key is the one that the last event tells of, and no other
    /// was put away.
    mutating func checkKeys() throws {
        let id = try Registry.keyID(db)?.hex
        if let told = keys.told, id != told {
            found("the registry's key is not the one that its events tell of")
        }
        for key in keys.former.dropFirst(keys.passed) { found("the former key \(key.id) has no event") }
    }
}
