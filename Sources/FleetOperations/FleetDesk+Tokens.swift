import Fleet
import FleetStore
import OpenPAYGO

extension FleetDesk {
    /// Issues tokens, or finds those that the payment reference got before.
    ///
    /// - Parameter dryRun: do everything, and keep nothing of it.
    /// - Throws: ``FleetError``: not found, refused by a rule, the key file's errors.
    public func issue(_ order: TokenOrder, dryRun: Bool = false) throws(FleetError) -> TokenDelivery {
        try registry.issue(order, dryRun: dryRun, at: now(), actor: actor)
    }

    /// The tokens issued, oldest first.
    public func tokens(_ filter: HistoryFilter) throws(FleetError) -> [IssuedToken] {
        try registry.tokens(filter)
    }

    /// The audit events, first to last.
    public func events(_ filter: HistoryFilter) throws(FleetError) -> [AuditEvent] {
        try registry.events(filter)
    }

    /// Proves the history against the events' hashes and the sealed credentials.
    ///
    /// - Throws: the key file's errors.
    public func verify() throws(FleetError) -> AuditReport {
        try registry.verify()
    }

    /// Takes the making of a unit's tokens back from a provider.
    ///
    /// - Parameter count: the count of the last token the provider made.
    /// - Returns: the provider it was taken from.
    /// - Throws: ``FleetError/tokensMadeHere(_:)``,
    ///   ``FleetError/countTooLow(_:given:registry:)``; not found.
    public func reclaim(_ unit: PaygID, count: TokenCount, reason: Reason) throws(FleetError) -> String {
        try registry.reclaim(unit, count: count, reason: reason, at: now(), actor: actor)
    }
}
