import OpenPAYGO

/// What a token, or several, shall do.
public enum TokenRequest: Hashable, Sendable {
    /// Credit these days: more than none, on top of what is paid.
    case days(Days)
    /// Credit what is missing until this moment.
    case until(Timestamp)
    /// Leave exactly these days from now on, however many were left; 0 locks.
    case setDays(Days)
    /// Unlock the unit for good.
    case unlock
    /// Bring the unit's count to the registry's. It can make spent tokens
    /// valid again: only for a technician.
    case sync
}

/// What somebody asks a token for.
public struct TokenOrder: Sendable {
    /// Whose unit.
    public enum Recipient: Hashable, Sendable {
        case unit(PaygID)
        /// The one unit that this customer holds.
        case customer(CustomerReference)
    }

    /// Whose unit.
    public let recipient: Recipient
    /// What for.
    public let request: TokenRequest
    /// The payment it is for.
    public let reference: PaymentReference?

    /// An order.
    public init(recipient: Recipient, request: TokenRequest, reference: PaymentReference?) {
        self.recipient = recipient
        self.request = request
        self.reference = reference
    }
}

/// The answer to an order.
public struct TokenDelivery: Sendable {
    /// The tokens, made now or before, in the order in which they are entered;
    /// at least one. More than one where one does not carry all the time.
    public let tokens: [IssuedToken]
    /// Whether the order's payment reference had got them before.
    public let alreadyIssued: Bool
    /// Why tokens of their type.
    public let choice: TokenChoice
    /// What was asked for.
    public let request: TokenRequest
    /// Seconds that the unit is on beyond what is paid, because its steps are
    /// no shorter; 0 for most.
    public let rounding: Int
    /// Whether a token issued since closed the way back to tokens that were
    /// issued before.
    public let isClosed: Bool
    /// Until when the unit was paid before these; nil where nothing was, or they
    /// were issued before.
    public let paidBefore: Timestamp?

    /// A delivery.
    public init(
        tokens: [IssuedToken], alreadyIssued: Bool, choice: TokenChoice, request: TokenRequest, rounding: Int = 0,
        isClosed: Bool = false, paidBefore: Timestamp? = nil
    ) {
        self.isClosed = isClosed
        self.paidBefore = paidBefore
        self.tokens = tokens
        self.alreadyIssued = alreadyIssued
        self.choice = choice
        self.request = request
        self.rounding = rounding
    }
}

/// Why a token has its type.
public enum TokenChoice: Hashable, Sendable {
    /// Add Time: time only grew.
    case timeOnlyGrew
    /// Set Time: time was removed, or the unit was unlocked, and the token that
    /// did it may not have been entered. Nil where the history does not say when.
    case removalNotOutgrown(Removal?)
    /// The type that was asked for.
    case asked
}

/// Time that was taken from a unit.
public enum Removal: Hashable, Sendable {
    /// Seconds that were removed by Set Time.
    case time(seconds: Int, at: Timestamp)
    /// The unit was unlocked, and locked again later.
    case unlock(at: Timestamp)
}

extension TokenRequest: CustomStringConvertible {
    /// In a few words: “30 days”, “until 2026-12-31 00:00 UTC”, “set to 0 days”.
    public var description: String {
        switch self {
        case .days(let days): days.counted
        case .until(let date): "until \(date.readable)"
        case .setDays(let days): "set to \(days.counted)"
        case .unlock: "unlock"
        case .sync: "counter sync"
        }
    }
}

extension Days {
    /// “1 day”, “1.5 days”.
    public var counted: String { "\(self) \(numerator == 1 && denominator == 1 ? "day" : "days")" }
}

extension [IssuedToken] {
    /// What the order asked for that got these tokens; nil for none.
    public var request: TokenRequest? {
        guard let first else { return nil }
        if let request = first.request { return request }
        switch first.instruction {
        case .addTime:
            let steps = reduce(0) { $0 + ($1.instruction.time?.number ?? 0) }
            return .days(first.timeDivider.days(steps: steps))
        case .setTime(let time): return .setDays(time.days(divider: first.timeDivider))
        case .disablePayg: return .unlock
        case .counterSync: return .sync
        }
    }
}
