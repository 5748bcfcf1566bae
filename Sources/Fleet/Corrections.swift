import OpenPAYGO

/// What a token is, for one unit.
public struct TokenCheck: Sendable {
    /// The unit.
    public let unit: PaygID
    /// The token that was asked about.
    public let token: Token
    /// What the unit would answer, having taken every token that was issued for
    /// it, and not this one.
    public let outcome: TokenReader.Outcome
    /// The token on record, where it was issued here for this unit.
    public let issued: IssuedToken?
    /// The last token issued that closed the way back to what came before it:
    /// Set Time, disable PAYG or counter sync.
    public let closing: IssuedToken?

    /// A check.
    public init(
        unit: PaygID, token: Token, outcome: TokenReader.Outcome, issued: IssuedToken?, closing: IssuedToken?
    ) {
        self.unit = unit
        self.token = token
        self.outcome = outcome
        self.issued = issued
        self.closing = closing
    }
}

/// A unit that a token may be for, found by computation.
public struct TokenMatch: Sendable {
    /// The unit.
    public let unit: PaygID
    /// What the unit would do with it.
    public let outcome: TokenReader.Outcome

    /// A match.
    public init(unit: PaygID, outcome: TokenReader.Outcome) {
        self.unit = unit
        self.outcome = outcome
    }
}

/// A unit's count that was set.
public struct CountChange: Sendable {
    /// The unit.
    public let unit: PaygID
    /// The count it had here.
    public let from: TokenCount
    /// The count it has now; the same where nothing was changed.
    public let to: TokenCount
    /// What the token that showed it says, and the count it uses.
    public let shown: (instruction: TokenInstruction, count: TokenCount)?
    /// Higher counts that the token could have by chance.
    public let alsoPossible: [TokenCount]

    /// A change.
    public init(
        unit: PaygID, from: TokenCount, to: TokenCount,
        shown: (instruction: TokenInstruction, count: TokenCount)? = nil, alsoPossible: [TokenCount] = []
    ) {
        self.unit = unit
        self.from = from
        self.to = to
        self.shown = shown
        self.alsoPossible = alsoPossible
    }
}

/// One unit put in another's place.
public struct UnitReplacement: Sendable {
    /// The unit that went.
    public let old: PaygID
    /// The unit that came.
    public let new: PaygID
    /// Who had the one and has the other; nil where nobody had it.
    public let customer: CustomerReference?
    /// The token that locks the old one; nil where it has no time left.
    public let lock: TokenDelivery?
    /// The tokens that give the new one what was left; nil where nothing was.
    public let tokens: TokenDelivery?
    /// Whether somebody else made tokens for the old one: what they gave is not
    /// known here, and did not move.
    public let hasTimeFromElsewhere: Bool

    /// A replacement.
    public init(
        old: PaygID, new: PaygID, customer: CustomerReference?, lock: TokenDelivery?, tokens: TokenDelivery?,
        hasTimeFromElsewhere: Bool = false
    ) {
        self.hasTimeFromElsewhere = hasTimeFromElsewhere
        self.old = old
        self.new = new
        self.customer = customer
        self.lock = lock
        self.tokens = tokens
    }
}

extension Token {
    /// A token as somebody reads it out: 9 digits, or 15 of 1 to 4, in any
    /// groups, with or without the `#` after it.
    ///
    /// - Parameter digitSet: the digits on the unit's keypad; nil for whichever fits.
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(typed text: String, digitSet: DigitSet? = nil) throws(FleetError) {
        let digits = text.filter { !" -.#*\u{00A0}\u{202F}".contains($0) }
        let sets: [DigitSet] = digitSet.map { [$0] } ?? [.full, .restricted]
        guard let token = sets.lazy.compactMap({ try? Token(digits: digits, digitSet: $0) }).first else {
            let wanted =
                switch digitSet {
                case .full: "9 digits"
                case .restricted: "15 digits of 1 to 4"
                case nil: "9 digits, or 15 of 1 to 4"
                }
            throw .badValue(what: "token", problem: "is not \(wanted)")
        }
        self = token
    }
}
