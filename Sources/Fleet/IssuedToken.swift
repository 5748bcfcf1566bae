import OpenPAYGO

/// A token that the registry made, as it stays on record for ever.
public struct IssuedToken: Hashable, Sendable {
    public let token: Token
    public let instruction: TokenInstruction
    public let count: TokenCount
    public let unit: PaygID
    /// The divider its value was counted with.
    public let timeDivider: TimeDivider
    /// Who held the unit then.
    public let customer: CustomerReference?
    public let reference: PaymentReference?
    /// When the time bought runs out, as of this token; nil when it set no end.
    public let paidUntil: Timestamp?
    public let issuedAt: Timestamp
    public let actor: String

    public init(
        token: Token, instruction: TokenInstruction, count: TokenCount, unit: PaygID, timeDivider: TimeDivider,
        customer: CustomerReference?, reference: PaymentReference?, paidUntil: Timestamp?, issuedAt: Timestamp,
        actor: String
    ) {
        self.token = token
        self.instruction = instruction
        self.count = count
        self.unit = unit
        self.timeDivider = timeDivider
        self.customer = customer
        self.reference = reference
        self.paidUntil = paidUntil
        self.issuedAt = issuedAt
        self.actor = actor
    }

    /// The days it stands for; nil for the types that carry no time.
    public var days: Days? { instruction.time?.days(divider: timeDivider) }
}

/// What somebody asks a token for.
public struct TokenOrder: Sendable {
    /// Whose unit.
    public enum Recipient: Sendable {
        case unit(PaygID)
        /// The one unit that this customer holds.
        case customer(CustomerReference)
    }

    public let recipient: Recipient
    public let days: Days
    public let reference: PaymentReference?

    public init(recipient: Recipient, days: Days, reference: PaymentReference?) {
        self.recipient = recipient
        self.days = days
        self.reference = reference
    }
}

/// The answer to an order.
public struct TokenDelivery: Sendable {
    public let token: IssuedToken
    /// Whether the order's payment reference had got it before.
    public let alreadyIssued: Bool

    public init(token: IssuedToken, alreadyIssued: Bool) {
        self.token = token
        self.alreadyIssued = alreadyIssued
    }
}
