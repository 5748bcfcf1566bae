import Fleet
import GRDB

extension Registry {
    /// Proves the history: recomputes the hash chain over every event, makes
    /// every token again from the sealed credentials, and replays the events
    /// against the rows of today.
    ///
    /// What it does not see is the end cut off whole, events and rows
    /// together, or everything rewritten by someone who has the key file too.
    ///
    /// - Returns: what does not fit, named by row, the first thing first.
    /// - Throws: the key file's errors; ``FleetError/registryBusy(path:)``.
    public func verify() throws(FleetError) -> AuditReport {
        let vault = try openVault()
        return try read { db in
            var verification = AuditVerification(db, vault)
            return try verification.run()
        }
    }
}
