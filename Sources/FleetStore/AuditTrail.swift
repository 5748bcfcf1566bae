import Crypto
import Fleet
import Foundation
import GRDB
import KeyVault

/// Appends to the audit trail, inside the transaction of what it records: it
/// remembers the last event, and must not outlive that transaction.
final class AuditTrail {
    private let db: Database
    private let at: String
    private let actor: String
    private let vault: Vault?
    private var last: (sequence: Int, hash: [UInt8])?
    /// When the last event before these was recorded, once it was looked at.
    private var before: Timestamp?

    /// - Parameter vault: what authenticates the events, where the key is at hand.
    init(_ db: Database, at: Timestamp, actor: ActorName, vault: Vault? = nil) {
        self.db = db
        self.at = at.text
        self.actor = actor.text
        self.vault = vault
    }

    /// The rows that an event is found by, besides its own words.
    struct Subjects: Equatable {
        var unit: Int64?
        var customer: Int64?
        var dispatch: Int?
        var export: Int?
    }

    /// Appends one event.
    ///
    /// - Returns: its sequence.
    @discardableResult
    func append(_ action: AuditAction, _ detail: some Encodable, about subjects: Subjects = Subjects()) throws -> Int {
        try append(action, detail: try detail.auditDetail, about: subjects)
    }

    /// Appends one event whose detail is JSON already, its keys in order.
    ///
    /// - Returns: its sequence.
    func append(_ action: AuditAction, detail: String, about subjects: Subjects) throws -> Int {
        let (sequence, previous) = try last ?? lastStored()
        let words = AuditEventWords(
            sequence: sequence + 1, at: at, actor: actor, action: action.rawValue, detail: detail
        )
        let hash = words.hash(after: previous)
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO event (sequence, at, actor, action, detail, hash, mac,
                                   unit_id, customer_id, dispatch_id, export_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        var row = BoundRow(statement)
        row.bind(Int64(words.sequence))
        row.bind(words.at)
        row.bind(words.actor)
        row.bind(words.action)
        row.bind(words.detail)
        row.bind(hash)
        row.bind(vault?.signer.authenticationCode(for: hash))
        row.bind(subjects.unit)
        row.bind(subjects.customer)
        row.bind(subjects.dispatch.map(Int64.init))
        row.bind(subjects.export.map(Int64.init))
        try row.execute(db)
        last = (words.sequence, hash)
        return words.sequence
    }

    /// The last event there is; nil where there is none.
    static func lastEvent(_ db: Database) throws -> (sequence: Int, at: Timestamp)? {
        let row = BoundRow(try db.cachedStatement(sql: "SELECT sequence, at FROM event ORDER BY sequence DESC LIMIT 1"))
        return try row.first(db) { row in (row.number(0), try moment(row.text(1))) }
    }

    private func lastStored() throws -> (sequence: Int, hash: [UInt8]) {
        let row = BoundRow(
            try db.cachedStatement(sql: "SELECT sequence, hash, at FROM event ORDER BY sequence DESC LIMIT 1"))
        var stored = (sequence: 0, hash: AuditEventWords.beginning)
        _ = try row.first(db) { row in
            stored = (row.number(0), row.bytes(1))
            before = try moment(row.text(2))
        }
        last = stored
        return stored
    }

    /// When the last event before these was recorded.
    func lastMoment() throws -> Timestamp? {
        if last == nil { _ = try lastStored() }
        return before
    }
}

/// What an event's hash is taken over.
struct AuditEventWords {
    let sequence: Int
    let at: String
    let actor: String
    let action: String
    let detail: String

    /// The hash before the first event.
    static let beginning = [UInt8](repeating: 0, count: 32)

    /// SHA-256 over the hash before and these words, each on a line of its
    /// own. None of them can hold a line break: names have no control
    /// characters, and JSON writes them as `\n`.
    func hash(after previous: [UInt8]) -> [UInt8] {
        var hash = SHA256()
        hash.update(data: previous)
        hash.update(data: Data("payg event 1\n\(sequence)\n\(at)\n\(actor)\n\(action)\n\(detail)\n".utf8))
        return Array(hash.finalize())
    }
}

extension Encodable {
    /// JSON with its keys in order, so that the same facts are the same bytes.
    var auditDetail: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}

extension AuditAction {
    /// Whether it is done with the key at hand, and so authenticated.
    var isAuthenticated: Bool {
        switch self {
        case .registryCreated, .dispatchImported, .tokenIssued, .credentialsExported, .unitReclaimed,
            .countAccepted, .credentialsReplaced, .countSet, .unitReplaced, .exportedAgain, .deviceMade,
            .credentialsRevealed, .registryRestored, .countSkipped, .unitAwaited,
            .keyRotated, .recoveryExported:
            true
        case .customerAdded, .customerChanged, .unitAssigned, .unitUnassigned, .unitRetired, .unitReturned,
            .productNamed, .backupMade, .schemaMended:
            false
        }
    }
}

// MARK: - What each action tells

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
