import OpenPAYGO

/// A token that the registry made, as it stays on record for ever.
public struct IssuedToken: Hashable, Sendable {
    /// What the customer types.
    public let token: Token
    /// What it says.
    public let instruction: TokenInstruction
    /// The count it uses.
    public let count: TokenCount
    /// The unit it is for.
    public let unit: PaygID
    /// The divider its value was counted with.
    public let timeDivider: TimeDivider
    /// Who held the unit then.
    public let customer: CustomerReference?
    /// The payment it was issued for.
    public let reference: PaymentReference?
    /// When the time bought runs out, as of this token; nil when it set no end.
    public let paidUntil: Timestamp?
    /// When it was made.
    public let issuedAt: Timestamp
    /// Who had it made.
    public let actor: String

    /// A token, as stored.
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

    /// Whose unit.
    public let recipient: Recipient
    /// Days to add, more than none.
    public let days: Days
    /// The payment it is for.
    public let reference: PaymentReference?

    /// An order.
    public init(recipient: Recipient, days: Days, reference: PaymentReference?) {
        self.recipient = recipient
        self.days = days
        self.reference = reference
    }
}

/// The answer to an order.
public struct TokenDelivery: Sendable {
    /// The token, made now or before.
    public let token: IssuedToken
    /// Whether the order's payment reference had got it before.
    public let alreadyIssued: Bool

    /// A delivery.
    public init(token: IssuedToken, alreadyIssued: Bool) {
        self.token = token
        self.alreadyIssued = alreadyIssued
    }
}
