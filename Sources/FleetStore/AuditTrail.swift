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
