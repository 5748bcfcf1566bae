import Fleet
import GRDB

extension Registry {
    /// Proves the history: recomputes the hash chain over every event, makes
    /// every token again from the sealed credentials, and replays the events
    /// against the rows of today.
    ///
    /// What it does not see: the end of the history cut off, events and rows
    /// together; what was done since the last event made with the key, when
    /// somebody rewrites it and its hashes; anything, when they have the key
    /// file too; what a customer's name, phone, language and note say, for the
    /// history keeps only that they were changed.
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
