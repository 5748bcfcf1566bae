import Fleet
import GRDB

extension Registry {
    /// Proves the history: recomputes the hash chain over every event, makes
    /// every token again from the sealed credentials, and replays the events
    /// against the rows of today.
    ///
    /// What it does not see: the end of the history cut off, events and rows
    /// together, unless a checkpoint of it is at hand; what was done since the
    /// last event made with the key, when somebody rewrites it and its hashes,
    /// unless a later checkpoint is; anything since the last checkpoint, when
    /// they have the key file too; what a customer's name, phone, language and
    /// note say, for the history keeps only that they were changed.
    ///
    /// - Parameters:
    ///   - withoutKey: leave out what needs the key: making tokens again, opening
    ///     sealed credentials, and the events' authentication codes.
    ///   - checkpoints: what was once taken of this history.
    /// - Returns: what does not fit, named by row, the first thing first.
    /// - Throws: the key file's errors; ``FleetError/registryBusy(path:)``.
    public func verify(
        withoutKey: Bool = false, against checkpoints: [Checkpoint] = []
    ) throws(FleetError) -> AuditReport {
        let vault = withoutKey ? nil : try openVault()
        return try read { db in
            var verification = AuditVerification(db, vault, against: checkpoints)
            return try verification.run()
        }
    }
}
