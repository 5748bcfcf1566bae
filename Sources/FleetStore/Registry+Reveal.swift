import Fleet
import GRDB

extension Registry {
    /// Opens a unit's credentials for somebody to see, on record before they can.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``; the key file's errors.
    public func reveal(
        _ id: PaygID, reason: Reason, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> (credentials: Credentials, event: Int) {
        let vault = try openVault()
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            let credentials = try stored.credentials(vault)
            let event = try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .credentialsRevealed, CredentialsRevealedDetail(unit: stored.unit.id.text, reason: reason.text),
                about: .init(unit: stored.rowID)
            )
            return (credentials, event)
        }
    }
}
