import Fleet
import Foundation
import GRDB
import KeyVault

extension Registry {
    /// Gives a unit the credentials that a list has for it. The former ones are
    /// kept, sealed, for the tokens that were made with them; everything else
    /// of the unit stays as it is, its count included, unless the list's is higher.
    ///
    /// - Parameters:
    ///   - list: what reads the list. All of it is read, and must be right.
    ///   - reason: why, for the audit trail.
    /// - Returns: whether they differ from those it had; else nothing was changed.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/unitNotListed(_:file:)``, not found; the key file's errors.
    public func replaceCredentials(
        of id: PaygID, from list: ListFeed, reason: Reason, dryRun: Bool = false, at now: Timestamp, actor: ActorName
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
            guard try stored.credentials(vault) != found.listed.credentials else { return false }

            let unit = stored.unit
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
                    reason: reason.text
                ),
                about: .init(unit: stored.rowID)
            )
            if let count = found.listed.count, count > unit.count {
                try UnitRows.update(stored.rowID, count: count, paidUntil: unit.paidUntil, db)
                try trail.append(
                    .countAccepted,
                    CountAcceptedDetail(unit: unit.id.text, from: Int(unit.count.number), to: Int(count.number)),
                    about: .init(unit: stored.rowID)
                )
            }
            return true
        }
    }
}

extension Vault {
    fileprivate func resealed(_ credentials: Credentials, of unit: PaygID) throws -> [UInt8] {
        var sealer = sealer()
        var sealed: [UInt8] = []
        try sealer.seal(credentials, of: unit, into: &sealed)
        return sealed
    }
}
