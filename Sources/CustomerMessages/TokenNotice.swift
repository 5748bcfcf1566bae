import Fleet
import OpenPAYGO

/// What a customer is told: which tokens to type, and what they do.
public struct TokenNotice: Sendable {
    /// What the tokens do, all together.
    public enum Effect: Hashable, Sendable {
        /// Days are added to what is left.
        case days(Days)
        /// What is left is exactly this from then on, more than 0: a correction.
        case setDays(Days)
        /// Nothing is left: the unit is off until a token adds time.
        case locked
        /// The unit asks for no token ever again.
        case unlocked
        /// The unit counts right again, and no time is added: a technician's work.
        case synced
    }

    /// The unit that they are for.
    public let unit: PaygID
    /// The tokens in the order they are typed, one at least.
    public let tokens: [Token]
    /// What they do, all together.
    public let effect: Effect
    /// When the time paid for runs out; nil where there is no such end.
    public let paidUntil: Timestamp?
    /// Who holds the unit, if anybody.
    public let customerName: String?
    /// Where to call for help, a phone number as a rule.
    public let contact: String?

    /// A notice. A name or contact of nothing but white space is none.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` where there is no token.
    public init(
        unit: PaygID, tokens: [Token], effect: Effect, paidUntil: Timestamp?, customerName: String?, contact: String?
    ) throws(FleetError) {
        guard !tokens.isEmpty else { throw .badValue(what: "message", problem: "for \(unit) has no token to tell") }
        func told(_ text: String?) -> String? {
            guard let text = text?.trimmingSpaces, !text.isEmpty else { return nil }
            return text
        }
        self.unit = unit
        self.tokens = tokens
        self.effect = effect
        self.paidUntil = paidUntil
        self.customerName = told(customerName)
        self.contact = told(contact)
    }

    /// The days, for the effects that are a number of them.
    var days: Days? {
        switch effect {
        case .days(let days), .setDays(let days): days
        case .locked, .unlocked, .synced: nil
        }
    }
}
