import CredentialFiles
import Fleet
import FleetStore
import OpenPAYGO

extension FleetDesk {
    /// Issues tokens, or finds those that the payment reference got before.
    ///
    /// - Parameters:
    ///   - dryRun: do everything, and keep nothing of it.
    ///   - trustsClock: issue though the last event is in the future.
    /// - Throws: ``FleetError``: not found, refused by a rule, the key file's
    ///   errors; ``FleetError/badValue(what:problem:)`` for what a spreadsheet made
    ///   of a reference, if it is not on record: it may be the same for many payments.
    public func issue(
        _ order: TokenOrder, dryRun: Bool = false, trustsClock: Bool = false
    ) throws(FleetError) -> TokenDelivery {
        if let reference = order.reference, let damage = reference.spreadsheetDamage,
            try registry.order(reference).isEmpty
        {
            throw .badValue(
                what: "payment reference", problem: "\(damage); no token was made: take it from the payment itself")
        }
        return try registry.issue(order, dryRun: dryRun, trustsClock: trustsClock, at: now(), actor: actor)
    }

    /// The tokens that a payment got, in the order in which they are entered;
    /// none for one that got none.
    public func tokens(of payment: PaymentReference) throws(FleetError) -> [IssuedToken] {
        try registry.order(payment)
    }

    /// The tokens issued, oldest first.
    public func tokens(_ filter: HistoryFilter) throws(FleetError) -> [IssuedToken] {
        try registry.tokens(filter)
    }

    /// The audit events, first to last.
    public func events(_ filter: HistoryFilter) throws(FleetError) -> [AuditEvent] {
        try registry.events(filter)
    }

    /// What a token is for a unit: whether it was issued, and whether the unit
    /// would take it.
    ///
    /// - Parameter token: as somebody reads it out.
    /// - Throws: ``FleetError/badValue(what:problem:)``; not found; the key
    ///   file's errors.
    public func check(_ token: String, of unit: PaygID) throws(FleetError) -> TokenCheck {
        try registry.check(token, of: unit)
    }

    /// The units that a token is for: those it was issued for, and where asked
    /// for, by computation, those that would take it.
    ///
    /// - Parameter token: as somebody reads it out.
    /// - Throws: ``FleetError/badValue(what:problem:)``; the key file's errors.
    public func find(
        _ token: String, computing: Bool
    ) throws(FleetError) -> (issued: [IssuedToken], matches: [TokenMatch]) {
        let token = try Token(typed: token)
        return (try registry.issued(token), computing ? try registry.matches(of: token) : [])
    }
}
