import Crypto
import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

extension Registry {
    /// Gives a unit the credentials that a list has for it. The former ones are
    /// kept, sealed, for the tokens that were made with them; everything else
    /// of the unit stays as it is, and where the list says otherwise it is refused.
    ///
    /// - Parameters:
    ///   - list: what reads the list. All of it is read, and must be right.
    ///   - acceptsCount: take the list's count where it is higher.
    ///   - reason: why, for the audit trail.
    /// - Returns: whether they differ from those it had; else nothing was changed.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/unitNotListed(_:file:)``, not found; the key file's errors.
    public func replaceCredentials(
        of id: PaygID, from list: ListFeed, acceptsCount: Bool = false, reason: Reason, dryRun: Bool = false,
        at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> Bool {
        let vault = try openVault()
        return try write(dryRun: dryRun) { db in
            let stored = try UnitRows.existing(id, db)
            var problems = ProblemList()
            var rows = 0
            var found: (listed: ListedUnit, sealed: [UInt8])?
            let source = try ListPipeline(list, vault: vault).forEach { sealed in
                rows += sealed.rows.count
                for (place, row) in sealed.rows.enumerated() {
                    switch row.content {
                    case .problems(let wrong): problems.add(wrong)
                    case .unit(let listed) where listed.id == id:
                        if let found {
                            let problem = "\(id) is in row \(found.listed.row) too"
                            problems.add([RowProblem(row: listed.row, column: ListField.paygID.title, problem: problem)]
                            )
                        } else {
                            found = (listed, sealed.sealed(place))
                        }
                    case .unit: break
                    }
                }
            }
            try problems.refuse(list.file, rows: rows)
            guard let found else { throw FleetError.unitNotListed(stored.unit.id, file: list.file) }
            let unit = stored.unit
            var others = found.listed.contradictions(with: unit, credentials: found.listed.credentials)
            if acceptsCount { others.removeAll { $0.kind == .higherCount } }
            problems.add(others)
            try problems.refuse(list.file, rows: rows)
            let old = try stored.credentials(vault)
            guard old.key != found.listed.credentials.key || !found.listed.isStartingCodeDerived else { return false }
            guard old != found.listed.credentials else { return false }
            if found.listed.isStartingCodeDerived, old.startingCode != StartingCode(derivedFrom: old.key) {
                let problem = "the list has none, and the unit's own does not come from its key: a new key needs one"
                problems.add([RowProblem(row: found.listed.row, column: ListField.startingCode.title, problem: problem)]
                )
                try problems.refuse(list.file, rows: rows)
            }

            let number = 1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM former_credentials") ?? 0)
            try db.execute(
                sql: "INSERT INTO former_credentials (id, unit_id, sealed, last_count) VALUES (?, ?, ?, ?)",
                arguments: [number, stored.rowID, Data(stored.sealed), unit.count.number]
            )
            // It is sealed for the name as it is listed, which may differ in case.
            let sealed =
                unit.id.text == found.listed.id.text
                ? found.sealed : try vault.resealed(found.listed.credentials, of: unit.id)
            try db.execute(
                sql: "UPDATE unit SET sealed = ? WHERE id = ?", arguments: [Data(sealed), stored.rowID]
            )
            let trail = AuditTrail(db, at: now, actor: actor, vault: vault)
            try trail.append(
                .credentialsReplaced,
                CredentialsReplacedDetail(
                    unit: unit.id.text, lastCount: Int(unit.count.number), file: source.file, sha256: source.sha256,
                    formerSHA256: stored.sealed.sha256, sealedSHA256: sealed.sha256, reason: reason.text
                ),
                about: .init(unit: stored.rowID)
            )
            if let count = found.listed.count, count > unit.count {
                try UnitRows.update(stored.rowID, count: count, db)
                try trail.append(
                    .countAccepted,
                    CountAcceptedDetail(
                        unit: unit.id.text, from: Int(unit.count.number), to: Int(count.number), file: source.file),
                    about: .init(unit: stored.rowID)
                )
            }
            return true
        }
    }
}

extension [UInt8] {
    /// The digest of the bytes, in lower-case hexadecimal.
    var sha256: String { SHA256.hash(data: self).hex }
}

extension Vault {
    fileprivate func resealed(_ credentials: Credentials, of unit: PaygID) throws -> [UInt8] {
        var sealer = sealer()
        var sealed: [UInt8] = []
        try sealer.seal(credentials, of: unit, into: &sealed)
        return sealed
    }
}
