import Fleet
import GRDB
import OpenPAYGO

/// A finished file of credentials.
public struct ExportedFile: Sendable {
    /// Its name, without its folder.
    public let name: String
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    public let sha256: String

    /// A file that is complete.
    public init(name: String, sha256: String) {
        self.name = name
        self.sha256 = sha256
    }
}

extension Registry {
    /// Opens the credentials of units for a provider's file, records it, and
    /// hands the making of their tokens over, in one transaction.
    ///
    /// The file is given its name after this returns: a file that is there is
    /// always on record, and two never make tokens for one unit.
    ///
    /// - Parameters:
    ///   - keepingAuthority: the file is a copy, and tokens go on being made here.
    ///   - dryRun: do everything, and keep nothing of it.
    ///   - write: called for each unit, by PAYG ID. Throws to give up.
    ///   - finish: called after the last unit, when the file must be complete.
    /// - Throws: ``FleetError/nothingToExport``,
    ///   ``FleetError/alreadyHandedOver(_:provider:)``, not found, the key
    ///   file's errors, what `write` and `finish` throw.
    public func export(
        _ selection: ExportSelection, profile: String, provider: String, keepingAuthority: Bool = false,
        dryRun: Bool = false, at now: Timestamp, actor: ActorName,
        write: (ExportedUnit) throws -> Void, finish: () throws -> ExportedFile
    ) throws(FleetError) -> ExportSummary {
        let vault = try openVault()
        return try self.write(dryRun: dryRun) { db in
            let number = 1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM export") ?? 0)
            let condition = try Self.condition(selection, provider: provider, db)
            let record = try db.makeStatement(
                sql: "INSERT INTO export_unit (export_id, unit_id, count) VALUES (?, ?, ?)"
            )
            var (units, unitsAgain) = (0, 0)
            var digest = UnitsDigest()
            try UnitRows.forEach(db, where: condition) { stored in
                try write(ExportedUnit(unit: stored.unit, credentials: try stored.credentials(vault)))
                try record.execute(arguments: [number, stored.rowID, stored.unit.count.number])
                digest.add(stored.unit.id, count: stored.unit.count)
                units += 1
                if stored.unit.authority != .here { unitsAgain += 1 }
            }
            guard units > 0 else { throw FleetError.nothingToExport }
            let file = try finish()

            let authority: TokeningAuthority = keepingAuthority ? .here : .provider(provider)
            if !keepingAuthority {
                try db.execute(
                    sql: """
                        UPDATE unit SET authority = ?
                        WHERE id IN (SELECT unit_id FROM export_unit WHERE export_id = ?)
                        """,
                    arguments: [authority.name, number]
                )
            }
            try db.execute(
                sql: """
                    INSERT INTO export (id, profile, file, sha256, unit_count, authority, exported_at, actor)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [number, profile, file.name, file.sha256, units, authority.name, now.text, actor.text]
            )
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .credentialsExported,
                CredentialsExportedDetail(
                    export: number, profile: profile, file: file.name, sha256: file.sha256, units: units,
                    unitsSHA256: digest.value.hex, authority: authority.name
                ),
                about: .init(export: number)
            )
            return ExportSummary(
                number: dryRun ? nil : number, profile: profile, file: file.name, units: units,
                unitsAgain: unitsAgain, sha256: file.sha256, authority: authority, dryRun: dryRun
            )
        }
    }

    /// The units selected, as a condition that lists them by PAYG ID. A unit
    /// that another provider has is only ever named by mistake.
    private static func condition(_ selection: ExportSelection, provider: String, _ db: Database) throws -> SQL {
        if case .units(let ids) = selection.part {
            for id in ids {
                let unit = try UnitRows.existing(id, db).unit
                if let moment = unit.retiredAt { throw FleetError.unitRetired(unit.id, at: moment) }
                guard case .provider(let name) = unit.authority, !(selection.again && name == provider) else {
                    continue
                }
                throw FleetError.alreadyHandedOver(unit.id, provider: name)
            }
        }
        let makers: SQL = selection.again ? "authority IN ('here', \(provider))" : "authority = 'here'"
        return
            "\(try UnitRows.condition(selection.part, db)) AND \(makers) AND retired_at IS NULL ORDER BY unit.payg_id"
    }

    /// Takes the making of a unit's tokens back from a provider.
    ///
    /// - Parameter count: the count of the last token the provider made; never
    ///   below the one it was given.
    /// - Returns: the provider it was taken from.
    /// - Throws: ``FleetError/tokensMadeHere(_:)``,
    ///   ``FleetError/countTooLow(_:given:registry:)``; not found; the key
    ///   file's errors.
    public func reclaim(
        _ id: PaygID, count: TokenCount, reason: Reason, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> String {
        let vault = try openVault()
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            let unit = stored.unit
            guard case .provider(let provider) = unit.authority else { throw FleetError.tokensMadeHere(unit.id) }
            guard count >= unit.count else {
                throw FleetError.countTooLow(unit.id, given: count, registry: unit.count)
            }
            try db.execute(
                sql: "UPDATE unit SET authority = 'here', count = ? WHERE id = ?",
                arguments: [count.number, stored.rowID]
            )
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .unitReclaimed,
                UnitReclaimedDetail(unit: unit.id.text, from: provider, count: Int(count.number), reason: reason.text),
                about: .init(unit: stored.rowID)
            )
            return provider
        }
    }
}
