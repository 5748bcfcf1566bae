/// What an audit event records. The raw values are stored, and shown.
public enum AuditAction: String, CaseIterable, Hashable, Sendable {
    case registryCreated, dispatchImported, customerAdded, unitAssigned, unitUnassigned
    case customerChanged
    case tokenIssued, credentialsExported, unitReclaimed, countAccepted, credentialsReplaced
    case countSet, unitRetired, unitReturned, unitReplaced
    case exportedAgain, productNamed, deviceMade
    case credentialsRevealed
    case backupMade, registryRestored, countSkipped, unitAwaited, schemaMended
    case keyRotated, recoveryExported
}

/// One line of the registry's history. Each carries a hash over itself and
/// the one before it, so that none can be changed or left out unnoticed.
public struct AuditEvent: Hashable, Sendable {
    /// 1, 2, 3… without a gap.
    public let sequence: Int
    /// When it was recorded.
    public let at: Timestamp
    /// Who did it.
    public let actor: String
    /// An ``AuditAction``, or what a newer program calls its own.
    public let action: String
    /// A JSON object, as it was hashed. It holds no credential.
    public let detail: String
    /// 32 bytes, SHA-256.
    public let hash: [UInt8]

    /// An event, as stored.
    public init(sequence: Int, at: Timestamp, actor: String, action: String, detail: String, hash: [UInt8]) {
        self.sequence = sequence
        self.at = at
        self.actor = actor
        self.action = action
        self.detail = detail
        self.hash = hash
    }
}

/// Which part of the history is asked for. What is nil filters nothing.
public struct HistoryFilter: Sendable {
    /// Only this unit.
    public var unit: PaygID?
    /// Only this customer.
    public var customer: CustomerReference?
    /// Only the units of this dispatch.
    public var dispatch: Int?
    /// The first moment wanted.
    public var since: Timestamp?
    /// The moment after the last one wanted.
    public var before: Timestamp?

    /// A filter; without arguments, the whole history.
    public init(
        unit: PaygID? = nil, customer: CustomerReference? = nil, dispatch: Int? = nil, since: Timestamp? = nil,
        before: Timestamp? = nil
    ) {
        self.unit = unit
        self.customer = customer
        self.dispatch = dispatch
        self.since = since
        self.before = before
    }
}

/// What `audit verify` found.
public struct AuditReport: Hashable, Sendable {
    /// Events whose hashes were recomputed.
    public var events = 0
    /// Tokens that were made again from the sealed credentials.
    public var tokens = 0
    /// What does not fit, the first thing first; empty when everything does.
    /// At most 10 000, for the rest are only more of the same.
    public var problems: [String] = []
    /// How many there are in all.
    public var problemCount = 0
    /// How many of them are told.
    public static let mostProblems = 10_000
    /// What is odd and no problem: where the clock was set back, for the order of
    /// the events is that of their sequence. At most 1000.
    public var warnings: [String] = []
    /// Checkpoints that fit.
    public var checkpoints = 0
    /// Whether the key was left out: then no token was made again, no sealed
    /// credential opened, and no event's authentication code checked.
    public var withoutKey = false

    /// Nothing checked yet.
    public init() {}

    /// Whether everything fits.
    public var ok: Bool { problemCount == 0 }
}
