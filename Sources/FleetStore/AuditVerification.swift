import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

/// One run of the proof, in a snapshot of the registry.
///
/// Rows are read as they are, not as the model would have them: what cannot
/// be is named like anything else that does not fit.
struct AuditVerification {
    let db: Database
    /// Nil where only what needs no key is checked.
    let vault: Vault?
    let checkpoints: [Checkpoint]
    var report = AuditReport()
    /// What the events say of each unit that they speak of.
    var told: [Int64: ToldUnit] = [:]
    var toldDispatches: Set<Int> = []
    var toldExports: Set<Int> = []
    var toldCustomers: Set<Int64> = []
    /// The products' names, by profile and key.
    var toldProducts: [[String]: String] = [:]
    /// What is known of units that a list is to bring again.
    var toldAwaited: [String: UnitAwaitedDetail] = [:]
    /// How often each customer was changed.
    var toldChanges: [Int64: Int] = [:]
    /// The row of the last token that was told of, of whatever unit.
    var lastToken: Int64 = 0
    /// Nil for a unit that no tokens can be made for.
    var makers: [Int64: TokenMaker?] = [:]
    /// The keys that the events tell of.
    var keys = ToldKeys()

    struct ToldUnit {
        var count: Int?
        var lastToken = ToldToken()
        var credit = Credit(paidUntil: nil)
        /// Whether somebody else made tokens for it.
        var hasTimeFromElsewhere = false
        var retiredAt: String?
        /// The export that handed it over; nil while its tokens are made here.
        var handedOverBy: Int?
        /// The provider that has it, where an export that is not here handed it over.
        var handedOverTo: String?
        var assignments: [ToldAssignment] = []
        /// How often its credentials were replaced.
        var replacements = 0
        /// The digest of what was sealed by the last of them.
        var sealedSHA256: String?
    }

    /// The last token of a unit that was told of.
    struct ToldToken {
        /// Its row; nil where there is none, or it is missing.
        var row: Int64?
        var count = 0
        var isMissing = false
    }

    struct ToldAssignment {
        let customer: String
        let since: String
        var until: String?

        func isExactly(_ other: ToldAssignment) -> Bool {
            customer.isExactly(other.customer) && since.isExactly(other.since) && until.isExactly(other.until)
        }
    }

    init(_ db: Database, _ vault: Vault?, against checkpoints: [Checkpoint] = []) {
        self.db = db
        self.vault = vault
        self.checkpoints = checkpoints
        report.withoutKey = vault == nil
    }

    mutating func run() throws -> AuditReport {
        let file = try fileFaults()
        // What is read from rows that are none cannot be compared with anything.
        if file.areRowsReadable, try hasTables() {
            try readKeys()
            try checkEvents()
            try checkKeys()
            try checkRowsWithoutEvents()
            try checkTokenDigits()
            try checkUnits()
            try checkProductNames()
            try checkReferences()
            try checkAwaitedUnits()
            try checkSchema()
        }
        for fault in file.faults { found(fault) }
        return report
    }

    mutating func found(_ problem: String) {
        report.problemCount += 1
        if report.problems.count < AuditReport.mostProblems { report.problems.append(problem) }
    }
}

// MARK: - The chain

extension AuditVerification {
    mutating func checkEvents() throws {
        var chain = AuditChain()
        let registry = try String.fetchOne(db, sql: "SELECT registry_id FROM registry") ?? ""
        for problem in chain.expect(checkpoints, registry: registry) { found(problem) }
        let words = ExactText.columns(["at", "actor", "action", "detail"], of: "event")
        let events = try Row.fetchCursor(
            db,
            sql: """
                SELECT sequence, \(words), hash, mac, unit_id, customer_id, dispatch_id, export_id
                FROM event ORDER BY sequence
                """
        )
        while let row = try events.next() {
            let event = AuditEventWords(
                sequence: row["sequence"], at: row.exact("at"), actor: row.exact("actor"),
                action: row.exact("action"), detail: row.exact("detail")
            )
            let hash = Array(row["hash"] as Data)
            for problem in chain.follow(event, hash: hash) { found(problem) }
            report.events = chain.sequence
            try check(event, hash: hash, row)
        }
        if report.events == 0 { found("there is no event, not even the registry's first") }
        for problem in chain.end() { found(problem) }
        report.checkpoints = chain.checkpointsThatFit
        report.warnings = chain.warnings
    }

    mutating func check(_ event: AuditEventWords, hash: [UInt8], _ row: Row) throws {
        // A newer program's own action is only part of the chain.
        guard let action = AuditAction(rawValue: event.action) else { return }
        let code = (row["mac"] as Data?).map { Array($0) }
        if !isGenuine(code, hash, action) {
            found("event \(event.sequence) was not written with this registry's key")
        }
        do {
            guard let subjects = try replay(action, event) else { return }
            let stored = AuditTrail.Subjects(
                unit: row["unit_id"], customer: row["customer_id"], dispatch: row["dispatch_id"],
                export: row["export_id"]
            )
            if stored != subjects { found("event \(event.sequence) is filed under something else than it tells of") }
        } catch is DecodingError {
            found("event \(event.sequence) (\(event.action)) does not say what such an event says")
            // What it would have told of is not known, and nothing follows from that.
            if action == .tokenIssued, let unit = row["unit_id"] as Int64? {
                told[unit, default: ToldUnit()].lastToken.isMissing = true
            }
        }
    }

    /// Compares what an event tells with the rows it left behind.
    ///
    /// - Returns: the rows it tells of; nil when one is missing, which is
    ///   among the problems then.
    mutating func replay(_ action: AuditAction, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        switch action {
        case .registryCreated: try replay(event.told(as: RegistryCreatedDetail.self), event)
        case .dispatchImported: try replay(event.told(as: DispatchImportedDetail.self), event)
        case .customerAdded: try replay(event.told(as: CustomerAddedDetail.self), event)
        case .customerChanged: try replay(event.told(as: CustomerChangedDetail.self), event)
        case .unitAssigned: try replay(event.told(as: AssignmentDetail.self), event, assigned: true)
        case .unitUnassigned: try replay(event.told(as: AssignmentDetail.self), event, assigned: false)
        case .tokenIssued: try replay(event.told(as: TokenIssuedDetail.self), event)
        case .credentialsExported: try replay(event.told(as: CredentialsExportedDetail.self), event)
        case .unitReclaimed: try replay(event.told(as: UnitReclaimedDetail.self), event)
        case .countAccepted: try replay(event.told(as: CountAcceptedDetail.self), event)
        case .credentialsReplaced: try replay(event.told(as: CredentialsReplacedDetail.self), event)
        case .countSet: try replay(event.told(as: CountSetDetail.self), event)
        case .unitRetired: try replay(event.told(as: UnitServiceDetail.self), event, isRetired: true)
        case .unitReturned: try replay(event.told(as: UnitServiceDetail.self), event, isRetired: false)
        case .exportedAgain: try replay(event.told(as: ExportedAgainDetail.self), event)
        case .deviceMade: try replay(event.told(as: DeviceMadeDetail.self), event)
        case .productNamed: try replay(event.told(as: ProductNamedDetail.self), event)
        case .unitReplaced: try replay(event.told(as: UnitReplacedDetail.self), event)
        case .credentialsRevealed: try replay(event.told(as: CredentialsRevealedDetail.self), event)
        case .backupMade: try replay(event.told(as: BackupMadeDetail.self), event)
        case .registryRestored: try replay(event.told(as: RegistryRestoredDetail.self), event)
        case .countSkipped: try replay(event.told(as: CountSkippedDetail.self), event)
        case .unitAwaited: try replay(event.told(as: UnitAwaitedDetail.self), event)
        case .schemaMended: try replay(event.told(as: SchemaMendedDetail.self), event)
        case .keyRotated: try replay(event.told(as: KeyRotatedDetail.self), event)
        case .recoveryExported: try replay(event.told(as: RecoveryExportedDetail.self), event)
        }
    }

    mutating func row(of unit: String, _ event: AuditEventWords) throws -> Int64? {
        let row = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM unit WHERE payg_id = ?"), arguments: [unit]
        )
        if row == nil { found("event \(event.sequence): unit \(unit) is missing") }
        return row
    }

    mutating func row(ofCustomer customer: String, _ event: AuditEventWords) throws -> Int64? {
        let row = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM customer WHERE reference = ?"), arguments: [customer]
        )
        if row == nil { found("event \(event.sequence): customer \(customer) is missing") }
        return row
    }
}

extension AuditEventWords {
    fileprivate func told<Detail: Decodable>(as type: Detail.Type) throws -> Detail {
        try JSONDecoder().decode(type, from: Data(detail.utf8))
    }
}
