import Fleet
import FleetStore
import OpenPAYGO

/// Setting right what the registry holds of a unit.
extension FleetDesk {
    /// Takes the making of a unit's tokens back from a provider.
    ///
    /// - Parameters:
    ///   - count: the count of the last token the provider made.
    ///   - isForced: whether it may be below the one that the provider was given.
    /// - Returns: the provider it was taken from, and the registry's count before.
    /// - Throws: ``FleetError/tokensMadeHere(_:)``,
    ///   ``FleetError/countTooLow(_:given:registry:)``,
    ///   ``FleetError/countUsed(_:given:highest:)``; not found.
    public func reclaim(
        _ unit: PaygID, count: TokenCount, isForced: Bool = false, reason: Reason
    ) throws(FleetError) -> (provider: String, before: TokenCount) {
        try registry.reclaim(unit, count: count, isForced: isForced, reason: reason, at: now(), actor: actor)
    }

    /// Sets a unit's count: what its last token used, wherever it was made.
    ///
    /// - Parameter isConfirmed: whether a count below the registry's, or further
    ///   above it than a unit looks, is what is meant.
    /// - Throws: ``FleetError/countUsed(_:given:highest:)``,
    ///   ``FleetError/notConfirmed(_:option:)``,
    ///   ``FleetError/tokensMadeElsewhere(_:provider:export:)``; not found; the key
    ///   file's errors.
    public func setCount(
        of unit: PaygID, to count: TokenCount, isConfirmed: Bool = false, reason: Reason
    ) throws(FleetError) -> CountChange {
        try registry.setCount(of: unit, to: count, isConfirmed: isConfirmed, reason: reason, at: now(), actor: actor)
    }

    /// Sets a unit's count to that of a token which the unit accepted.
    ///
    /// - Parameters:
    ///   - token: as somebody reads it out.
    ///   - reach: how far above the registry's count to look; nil for the usual.
    /// - Throws: ``FleetError/notATokenOf(_:lookedUpTo:)``,
    ///   ``FleetError/tokensMadeElsewhere(_:provider:export:)``; not found; the key
    ///   file's errors.
    public func setCount(of unit: PaygID, from token: String, reach: Int? = nil) throws(FleetError) -> CountChange {
        try registry.setCount(
            of: unit, from: token, reach: reach ?? Registry.usualReach, at: now(), actor: actor
        )
    }

    /// Takes a unit out of service.
    ///
    /// - Returns: the unit as it is now, and who held it.
    /// - Throws: ``FleetError/unitRetired(_:at:)``; not found.
    public func retire(
        _ unit: PaygID, reason: Reason
    ) throws(FleetError) -> (unit: FleetUnit, takenFrom: CustomerReference?) {
        try registry.retire(unit, reason: reason, at: now(), actor: actor)
    }

    /// Takes a retired unit back into service.
    ///
    /// - Throws: ``FleetError/notRetired(_:)``; not found.
    public func returnToService(_ unit: PaygID, reason: Reason) throws(FleetError) -> FleetUnit {
        try registry.returnToService(unit, reason: reason, at: now(), actor: actor)
    }

    /// Puts one unit in another's place: the customer and the days that are left
    /// move to it, with the tokens for both.
    ///
    /// - Throws: ``FleetError/unitHeld(_:by:)`` and what else a rule stands
    ///   against; not found; the key file's errors.
    public func replace(
        _ old: PaygID, by new: PaygID, reason: Reason, isRetired: Bool = false, dryRun: Bool = false,
        trustsClock: Bool = false
    ) throws(FleetError) -> UnitReplacement {
        try registry.replace(
            old, by: new, reason: reason, isRetired: isRetired, dryRun: dryRun, trustsClock: trustsClock, at: now(),
            actor: actor
        )
    }
}
