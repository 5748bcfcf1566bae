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
    /// The payment it was issued for; nil for the further tokens of an order too.
    public let reference: PaymentReference?
    /// What was asked for, where the tokens do not say it themselves.
    public let request: TokenRequest?
    /// Whether it follows another token of the same order.
    public let isFollowing: Bool
    /// The step of a test plan that it was made for; nil for a token that
    /// somebody gets.
    public let test: String?
    /// When what is paid runs out, as of this token; nil when it set no end.
    public let paidUntil: Timestamp?
    /// When it was made.
    public let issuedAt: Timestamp
    /// Who had it made.
    public let actor: String

    /// A token, as stored.
    public init(
        token: Token, instruction: TokenInstruction, count: TokenCount, unit: PaygID, timeDivider: TimeDivider,
        customer: CustomerReference?, reference: PaymentReference?, request: TokenRequest? = nil,
        isFollowing: Bool = false, test: String? = nil, paidUntil: Timestamp?, issuedAt: Timestamp, actor: String
    ) {
        self.token = token
        self.instruction = instruction
        self.count = count
        self.unit = unit
        self.timeDivider = timeDivider
        self.customer = customer
        self.reference = reference
        self.request = request
        self.isFollowing = isFollowing
        self.test = test
        self.paidUntil = paidUntil
        self.issuedAt = issuedAt
        self.actor = actor
    }

    /// The days it stands for; nil for the types that carry no time.
    public var days: Days? { instruction.time?.days(divider: timeDivider) }
}
