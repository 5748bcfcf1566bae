import OpenPAYGO

/// The time a unit's customer has paid for.
public struct Credit: Hashable, Sendable {
    /// When it runs out; nil before the first token.
    public var paidUntil: Timestamp?

    /// The credit of a unit that is paid until a moment; nil before the first token.
    public init(paidUntil: Timestamp?) {
        self.paidUntil = paidUntil
    }

    /// The instruction that grants a number of days on a unit with this divider.
    ///
    /// - Throws: ``FleetError/daysNotAllowed(_:unit:smallest:largest:)``, days
    ///   between two steps, above one token's limit, or none at all: a token
    ///   of 0 days would use up a count for nothing.
    public static func instruction(
        for days: Days, unit: PaygID, divider: TimeDivider
    ) throws(FleetError) -> TokenInstruction {
        guard days.numerator > 0, let time = try? TimeValue(days, divider: divider) else {
            throw .daysNotAllowed(days, unit: unit, smallest: divider.step, largest: divider.longest)
        }
        return .addTime(time)
    }

    /// The last moment that is written with a year of four digits.
    public static let limit = Timestamp(seconds: 253_402_300_799)

    /// The credit after Add Time. Days are added to what is left, never to a
    /// time already past. Source: the standard's "Add Time".
    public func adding(_ days: Days, at now: Timestamp) -> Credit {
        Credit(paidUntil: max(paidUntil ?? now, now) + days.seconds)
    }
}
