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
    private var last: LastEvent?
    /// When the last event before these was recorded, once it was looked at.
    private var before: Timestamp?

    /// - Parameters:
    ///   - vault: what authenticates the events, where the key is at hand.
    ///   - last: the last event before these, for who has looked at it.
    init(_ db: Database, at: Timestamp, actor: ActorName, vault: Vault? = nil, after last: LastEvent? = nil) {
        self.db = db
        self.at = at.text
        self.actor = actor.text
        self.vault = vault
        self.last = last
        before = last?.at
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
        let last = try last ?? lastStored()
        let words = AuditEventWords(
            sequence: last.sequence + 1, at: at, actor: actor, action: action.rawValue, detail: detail
        )
        let hash = words.hash(after: last.hash)
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
        self.last = LastEvent(sequence: words.sequence, hash: hash, at: nil)
        return words.sequence
    }

    private func lastStored() throws -> LastEvent {
        let stored = try LastEvent.stored(db)
        last = stored
        before = stored.at
        return stored
    }

    /// When the last event before these was recorded.
    func lastMoment() throws -> Timestamp? {
        if last == nil { _ = try lastStored() }
        return before
    }
}

/// The event that the next one follows.
struct LastEvent {
    /// 0 before the first one.
    let sequence: Int
    let hash: [UInt8]
    /// When it was recorded, where that is known.
    let at: Timestamp?

    static func stored(_ db: Database) throws -> LastEvent {
        let row = BoundRow(
            try db.cachedStatement(sql: "SELECT sequence, hash, at FROM event ORDER BY sequence DESC LIMIT 1"))
        return try row.first(db) { row in try LastEvent(row, from: 0) }
            ?? LastEvent(sequence: 0, hash: AuditEventWords.beginning, at: nil)
    }

    /// An event whose sequence, hash and time are three columns, one after the other.
    init(_ row: ColumnValues, from place: Int32) throws {
        self.init(sequence: row.number(place), hash: row.bytes(place + 1), at: try moment(row.text(place + 2)))
    }

    init(sequence: Int, hash: [UInt8], at: Timestamp?) {
        self.sequence = sequence
        self.hash = hash
        self.at = at
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
        previous.withUnsafeBytes { hash.update(bufferPointer: $0) }
        var lines = "payg event 1\n"
        lines.reserveCapacity(96 + actor.utf8.count + detail.utf8.count)
        for line in [String(sequence), at, actor, action, detail] {
            lines += line
            lines += "\n"
        }
        lines.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return hash.finalize().withUnsafeBytes { Array($0) }
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
