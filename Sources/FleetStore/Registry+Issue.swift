import Fleet
import GRDB

extension Registry {
    /// Issues what an order asks for: reads the count, makes the tokens, stores
    /// them, brings count and credit forward and appends the audit events, all
    /// in one transaction.
    ///
    /// An order whose payment reference got tokens before gets those tokens,
    /// and nothing is made.
    ///
    /// - Parameters:
    ///   - dryRun: do everything, and keep nothing of it.
    ///   - trustsClock: issue though the last event is in the future.
    /// - Throws: ``FleetError/referenceUsed(by:)`` when the reference was for
    ///   something else; ``FleetError/tokensMadeElsewhere(_:provider:export:)``;
    ///   ``FleetError/unitRetired(_:at:)``; ``FleetError/countsExhausted(_:)``;
    ///   what ``Credit/plan(_:unit:divider:at:)`` refuses; not found; the key
    ///   file's errors.
    public func issue(
        _ order: TokenOrder, dryRun: Bool = false, trustsClock: Bool = false, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> TokenDelivery {
        let vault = try openVault()
        return try write(dryRun: dryRun, at: now) { db, last in
            try TokenIssuer(db, vault: vault, at: now, actor: actor, after: last, trustsClock: trustsClock).issue(order)
        }
    }
}
