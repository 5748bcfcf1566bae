import Fleet
import GRDB

/// Simulated units made of the registry's.
extension Registry {
    /// Opens a unit's credentials for a simulated unit, and records that they
    /// left the registry.
    ///
    /// - Parameters:
    ///   - file: the name of the state file they go to, without its folder.
    ///   - prepare: gets the unit and its credentials; where it throws, nothing
    ///     is recorded.
    /// - Throws: not found; the key file's errors; what `prepare` throws.
    public func makeDevice(
        of id: PaygID, file: String, at now: Timestamp, actor: ActorName,
        prepare: (FleetUnit, Credentials) throws -> Void
    ) throws(FleetError) {
        let vault = try openVault()
        try write { db in
            let stored = try UnitRows.existing(id, db)
            try prepare(stored.unit, try stored.credentials(vault))
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .deviceMade, DeviceMadeDetail(unit: stored.unit.id.text, file: file), about: .init(unit: stored.rowID)
            )
        }
    }
}
