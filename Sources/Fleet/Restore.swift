/// Why a registry is not replaced without being told to.
public enum Loss: Hashable, Sendable {
    /// It has events that the copy does not have.
    case newer
    /// It is another registry.
    case another
    /// It cannot be read, so nobody knows what it has.
    case unreadable

    var why: String {
        switch self {
        case .newer: "has what the copy does not have"
        case .another: "is another one than the copy's"
        case .unreadable: "cannot be read, so that nobody knows what would be lost"
        }
    }
}

/// What is in the place where a registry is restored.
public enum ReplacedRegistry: Sendable {
    /// Nothing, or only what SQLite left beside one.
    case none
    /// A file that cannot be read as a registry; the reason.
    case unreadable(String)
    /// A registry.
    case readable(RegistryFacts)
}

/// What a restored registry would lack of the one in its place.
public struct LostHistory: Sendable {
    /// The last event that both have; 0 for two registries with nothing in common.
    public var common = 0
    /// How many events come after it, by action, those of backups left out.
    public var events: [String: Int] = [:]
    /// The tokens issued since, by unit.
    public var units: [LostTokens] = []
    /// The exports made since, by their numbers, with who got them.
    public var exports: [(number: Int, authority: String, units: Int)] = []
    /// The units whose credentials were replaced since.
    public var replacedCredentials: [PaygID] = []
    /// The lists imported since, by the names of their files.
    public var dispatches: [String] = []
    /// Customers that only it has, by their references.
    public var customers: [String] = []

    /// Nothing is lost.
    public init() {}

    /// How many tokens were issued since.
    public var tokens: Int { units.reduce(0) { $0 + $1.tokens } }
    /// Whether there is nothing to lose.
    public var isEmpty: Bool { events.isEmpty }
}

/// The tokens of a unit that a restored registry does not know.
public struct LostTokens: Sendable {
    /// The unit.
    public let unit: PaygID
    /// Who held the unit when the last of them was made.
    public let customer: String?
    /// How many there are.
    public let tokens: Int
    /// The count of the last of them.
    public let count: Int

    /// Tokens, as counted.
    public init(unit: PaygID, customer: String?, tokens: Int, count: Int) {
        self.unit = unit
        self.customer = customer
        self.tokens = tokens
        self.count = count
    }
}

/// What a restored registry must know of a unit, for no count to be used again
/// and no unit to have two makers.
public struct CountSkip: Hashable, Sendable {
    /// The unit.
    public let unit: PaygID
    /// The copy's count; nil for a unit that the copy does not have.
    public let from: Int?
    /// The count to go on from.
    public let to: Int
    /// Who makes its tokens, where the copy says otherwise.
    public let authority: String?
    /// Whether a count up to it was used, or may have been: nobody knows.
    public let isKnown: Bool

    /// What is known.
    public init(unit: PaygID, from: Int?, to: Int, authority: String?, isKnown: Bool) {
        self.unit = unit
        self.from = from
        self.to = to
        self.authority = authority
        self.isKnown = isKnown
    }
}

/// What was found before a registry is restored: nothing was changed yet.
public struct RestoreFinding: Sendable {
    /// What is in the copy.
    public let copy: RegistryFacts
    /// What the copy's own proof found.
    public let problems: [String]
    /// How many problems there are in all.
    public let problemCount: Int
    /// What is in its place.
    public let replaced: ReplacedRegistry
    /// What the copy lacks of it; empty where that is not known.
    public let lost: LostHistory
    /// The counts and makers that it knows better.
    public let skips: [CountSkip]
    /// Why it takes being told to; nil where it does not.
    public let loss: Loss?

    /// A finding.
    public init(
        copy: RegistryFacts, problems: [String], problemCount: Int, replaced: ReplacedRegistry, lost: LostHistory,
        skips: [CountSkip], loss: Loss?
    ) {
        self.copy = copy
        self.problems = problems
        self.problemCount = problemCount
        self.replaced = replaced
        self.lost = lost
        self.skips = skips
        self.loss = loss
    }

    /// Whether counts that were used cannot be known from what is in its place.
    public var isBlind: Bool {
        switch replaced {
        case .none, .unreadable: true
        case .readable: false
        }
    }

    /// How far a count is skipped ahead where nobody knows how many were used.
    ///
    /// A unit tries counts up to 64 above that of the last token it took. Ten
    /// tokens a unit since the copy was made use 20; where the customer entered
    /// none of them, the next one is still within reach, and even after three
    /// such restores in a row.
    public static let usualSkip = 20
    /// How far above the last token that it took a unit looks.
    public static let window = 64
}

/// What restoring a registry did.
public struct RestoreResult: Sendable {
    /// Where what was replaced is kept; nil where there was nothing.
    public let kept: String?
    /// The units whose counts were skipped or whose maker was set, as on record.
    public let skipped: [CountSkip]
    /// What is in the registry now.
    public let facts: RegistryFacts
    /// Where the key is that it is sealed with.
    public let keyFile: String

    /// A result.
    public init(kept: String?, skipped: [CountSkip], facts: RegistryFacts, keyFile: String) {
        self.keyFile = keyFile
        self.kept = kept
        self.skipped = skipped
        self.facts = facts
    }
}
