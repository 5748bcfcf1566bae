import OpenPAYGO

/// How a unit is built: what a dispatch list says of it besides its credentials.
public struct UnitBuild: Hashable, Sendable {
    /// Steps a day.
    public var timeDivider: TimeDivider
    /// Whether its keypad has the digits 1 to 4 only.
    public var digitSet: Token.DigitSet
    /// The model, as the maker names it.
    public var hardwareModel: String?
    /// The version, as the maker names it.
    public var firmwareVersion: String?
    /// The digits of its factory test, which no token may equal.
    public var testCode: TestCode?

    /// A build; without arguments, the standard's defaults.
    public init(
        timeDivider: TimeDivider = .wholeDays,
        digitSet: Token.DigitSet = .full,
        hardwareModel: String? = nil,
        firmwareVersion: String? = nil,
        testCode: TestCode? = nil
    ) {
        self.timeDivider = timeDivider
        self.digitSet = digitSet
        self.hardwareModel = hardwareModel
        self.firmwareVersion = firmwareVersion
        self.testCode = testCode
    }
}

/// Who makes the tokens of a unit. Two makers would use the same counts, so
/// there is exactly one.
public enum TokeningAuthority: Hashable, Sendable {
    /// This registry.
    case here
    /// A provider that the unit's credentials were handed to.
    case provider(String)

    /// `here`, or the provider's name: as stored, listed and searched for.
    public var name: String {
        switch self {
        case .here: "here"
        case .provider(let name): name
        }
    }

    /// The authority of a stored name.
    public init(name: String) {
        self = name == "here" ? .here : .provider(name)
    }

    /// A provider that somebody names. The name is kept in lower case, so that
    /// one provider is never two.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(provider: String) throws(FleetError) {
        let name = try Name.checked(provider, as: "provider", most: 64).lowercased()
        guard name != "here" else {
            throw .badValue(what: "provider", problem: "is “here”; --copy goes on making the tokens here")
        }
        self = .provider(name)
    }
}

/// One charge controller of the fleet as the registry holds it, without its
/// credentials.
public struct FleetUnit: Hashable, Sendable {
    /// Its name.
    public let id: PaygID
    /// The number of the dispatch that brought it.
    public let dispatch: Int
    /// How it is built.
    public let build: UnitBuild
    /// The count it was dispatched with.
    public let dispatchedCount: TokenCount
    /// The count of the last token made for it.
    public let count: TokenCount
    /// What was paid, and given.
    public let credit: Credit
    /// When it was taken out of service for good; nil while it is in.
    public let retiredAt: Timestamp?
    /// Who makes its tokens.
    public let authority: TokeningAuthority
    /// The customer who holds it now.
    public let customer: CustomerReference?

    /// A unit, as stored.
    public init(
        id: PaygID, dispatch: Int, build: UnitBuild, dispatchedCount: TokenCount, count: TokenCount,
        credit: Credit, authority: TokeningAuthority, customer: CustomerReference?, retiredAt: Timestamp? = nil
    ) {
        self.id = id
        self.dispatch = dispatch
        self.build = build
        self.dispatchedCount = dispatchedCount
        self.count = count
        self.credit = credit
        self.retiredAt = retiredAt
        self.authority = authority
        self.customer = customer
    }

    /// When what was paid runs out; nil before the first token, and while it is
    /// unlocked.
    public var paidUntil: Timestamp? { credit.paidUntil }
}
