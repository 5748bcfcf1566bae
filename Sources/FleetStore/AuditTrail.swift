import Crypto
import Fleet
import Foundation
import GRDB
import KeyVault

/// Appends to the audit trail, inside the transaction of what it records.
struct AuditTrail {
    private let db: Database
    private let at: Timestamp
    private let actor: ActorName
    private let vault: Vault?

    /// - Parameter vault: what authenticates the events, where the key is at hand.
    init(_ db: Database, at: Timestamp, actor: ActorName, vault: Vault? = nil) {
        self.db = db
        self.at = at
        self.actor = actor
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
    func append(_ action: AuditAction, _ detail: some Encodable, about subjects: Subjects = Subjects()) throws {
        let last = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT sequence, hash FROM event ORDER BY sequence DESC LIMIT 1")
        )
        let sequence = (last?["sequence"] ?? 0) + 1
        let words = AuditEventWords(
            sequence: sequence, at: at.text, actor: actor.text, action: action.rawValue,
            detail: try detail.auditDetail
        )
        let hash = words.hash(after: last.map { Array($0["hash"] as Data) } ?? AuditEventWords.beginning)
        try db.cachedStatement(
            sql: """
                INSERT INTO event (sequence, at, actor, action, detail, hash, mac,
                                   unit_id, customer_id, dispatch_id, export_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            sequence, words.at, words.actor, words.action, words.detail, Data(hash),
            vault.map { Data($0.authenticationCode(for: hash)) },
            subjects.unit, subjects.customer, subjects.dispatch, subjects.export,
        ])
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
            .countAccepted, .credentialsReplaced:
            true
        case .customerAdded, .customerChanged, .unitAssigned, .unitUnassigned: false
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
}
