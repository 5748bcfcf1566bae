import Fleet

// What each action tells, beside who did it and when: the JSON that an event
// keeps as its detail. Names and values are part of what is hashed, so that one
// is added and none is ever renamed.

struct RegistryCreatedDetail: Codable {
    let registry: String
    let keyID: String
}

struct DispatchImportedDetail: Codable {
    let dispatch: Int
    let file: String
    let sha256: String
    let added: Int
    let unchanged: Int
    /// Rows that were left out; absent where none was.
    var rejected: Int?
    /// A digest over what was imported of each added unit besides its
    /// credentials, which are sealed and so prove themselves.
    let unitsSHA256: String
}

struct CustomerAddedDetail: Codable {
    let customer: String
}

/// Which facts of a customer were changed. What they were, and are, is
/// personal and no part of the history.
struct CustomerChangedDetail: Codable {
    let customer: String
    let changed: [String]
}

struct AssignmentDetail: Codable {
    let unit: String
    let customer: String
    /// From when on, or until when; absent where that is when it was recorded.
    var date: String?

    init(_ assignment: Assignment, from date: Timestamp, recordedAt now: Timestamp) {
        unit = assignment.unit.text
        customer = assignment.customer.text
        self.date = date == now ? nil : date.text
    }
}

struct TokenIssuedDetail: Codable, Equatable {
    let unit: String
    let token: String
    let type: String
    let count: Int
    let value: Int?
    let timeDivider: Int
    let customer: String?
    let reference: String?
    let paidUntil: String?
    /// What was asked for, where the token does not say it itself.
    var request: String?
    /// The count of the first token of the same order; nil for the first itself.
    var first: Int?
    /// The step of a test plan that it was made for.
    var test: String?
}

struct CredentialsExportedDetail: Codable {
    let export: Int
    let profile: String
    let file: String
    let sha256: String
    let units: Int
    /// A digest over which units, and with which counts.
    let unitsSHA256: String
    let authority: String
    /// Digests of the profile and of the products' names; absent in the events
    /// of older versions, which kept neither.
    var profileSHA256: String?
    var productsSHA256: String?
    /// A digest of the encrypted file.
    var encryptedSHA256: String?
}

/// The same bytes were written once more.
struct ExportedAgainDetail: Codable {
    let export: Int
    let file: String
    let sha256: String
    var encryptedSHA256: String?
}

/// A unit's credentials went into the state file of a simulated unit.
struct DeviceMadeDetail: Codable {
    let unit: String
    let file: String
}

/// Somebody was shown a unit's credentials.
struct CredentialsRevealedDetail: Codable {
    let unit: String
    let reason: String
}

/// A provider's name for one of its products.
struct ProductNamedDetail: Codable {
    let profile: String
    let product: String
    let name: String
}

/// A list said that somebody else had made tokens for a unit.
struct CountAcceptedDetail: Codable {
    let unit: String
    let from: Int
    let to: Int
    let file: String
}

struct CredentialsReplacedDetail: Codable {
    let unit: String
    /// The unit's count then: tokens up to it were made with the former ones.
    let lastCount: Int
    let file: String
    let sha256: String
    /// Digests of what was sealed before and after, so that neither can be put
    /// in the other's place.
    let formerSHA256: String
    let sealedSHA256: String
    let reason: String
}

struct UnitReclaimedDetail: Codable {
    let unit: String
    let from: String
    let count: Int
    let reason: String
    /// The registry's count before, where it was above: somebody insisted.
    var countBefore: Int?
}

/// Somebody said what a unit's count is, or a token that it accepted showed it.
struct CountSetDetail: Codable {
    let unit: String
    let from: Int
    let to: Int
    /// The token that showed it.
    var token: String?
    var reason: String?
}

/// A unit went out of service, or came back.
struct UnitServiceDetail: Codable {
    let unit: String
    let reason: String
}

struct UnitReplacedDetail: Codable {
    let unit: String
    let by: String
    let customer: String?
    let reason: String
}

/// A copy of the registry was made; the copy does not have this event.
struct BackupMadeDetail: Codable {
    let file: String
    let sha256: String
    /// The last event in it, and its hash.
    let events: Int
    let head: String
}

/// A copy took the place of the registry. What it did to units is told by the
/// events after it.
struct RegistryRestoredDetail: Codable {
    /// The copy's file, and its digest.
    let file: String
    let sha256: String
    /// The last event that it had, and its hash: the one before this.
    let events: Int
    let head: String
    /// The last event of what was replaced, and its hash, where it could be read.
    var replacedEvents: Int?
    var replacedHead: String?
    /// Where that is another registry.
    var replacedRegistry: String?
    /// How far counts were skipped that nobody knows of; absent where all are known.
    var skippedAhead: Int?
    /// How many units the events after this tell of.
    let units: Int
}

/// A unit's counts up to one are not used: they were, or may have been, by a
/// registry that a copy of before replaced.
struct CountSkippedDetail: Codable {
    let unit: String
    let from: Int
    let to: Int
    /// Who makes its tokens from here on; absent where that did not change.
    var authority: String?
    /// Whether a count up to it was used; otherwise it may have been.
    let isKnown: Bool
}

/// A unit that only the replaced registry had goes on from this count when a
/// list brings it again.
struct UnitAwaitedDetail: Codable {
    let unit: String
    let count: Int
    let authority: String
}

/// Triggers or indexes were not as the schema has them, and are again.
struct SchemaMendedDetail: Codable {
    let objects: [String]
}

/// The master key was changed, and everything sealed anew.
///
/// The event is authenticated with the new key, and its hash covers every event
/// before it: with the old key alone, nobody can alter what was before, nor add
/// to what comes after. What the old key does open is every copy of the registry
/// from before.
struct KeyRotatedDetail: Codable {
    let from: String
    let to: String
    let units: Int
    let formerCredentials: Int
    /// A digest over what is sealed, by now, of each unit whose credentials were
    /// ever replaced: the digests in the events of that are of what was sealed
    /// before.
    let replacedSHA256: String
}

/// The master key was written down for print.
struct RecoveryExportedDetail: Codable {
    let keyID: String
    let file: String
}
