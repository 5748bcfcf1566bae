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
    private let db: Database
    private let vault: Vault
    private var report = AuditReport()
    /// What the events say of each unit that they speak of.
    private var told: [Int64: ToldUnit] = [:]
    private var toldDispatches: Set<Int> = []
    private var toldExports: Set<Int> = []
    private var toldCustomers: Set<Int64> = []
    /// Nil for a unit that no tokens can be made for.
    private var makers: [Int64: TokenMaker?] = [:]

    private struct ToldUnit {
        var count: Int?
        var paidUntil: String?
        var authority = TokeningAuthority.here.name
        var assignments: [ToldAssignment] = []
    }

    private struct ToldAssignment {
        let customer: String
        let since: String
        var until: String?

        func isExactly(_ other: ToldAssignment) -> Bool {
            customer.isExactly(other.customer) && since.isExactly(other.since) && until.isExactly(other.until)
        }
    }

    init(_ db: Database, _ vault: Vault) {
        self.db = db
        self.vault = vault
    }

    mutating func run() throws -> AuditReport {
        try checkEvents()
        try checkRowsWithoutEvents()
        try checkUnits()
        try checkReferences()
        return report
    }

    private mutating func found(_ problem: String) {
        report.problemCount += 1
        if report.problems.count < 10_000 { report.problems.append(problem) }
    }
}

// MARK: - The chain

extension AuditVerification {
    private mutating func checkEvents() throws {
        var previous = AuditEventWords.beginning
        let words = ExactText.columns(["at", "actor", "action", "detail"], of: "event")
        let events = try Row.fetchCursor(
            db,
            sql: """
                SELECT sequence, \(words), hash, mac, unit_id, customer_id, dispatch_id, export_id
                FROM event ORDER BY sequence
                """
        )
        while let row = try events.next() {
            let sequence: Int = row["sequence"]
            report.events += 1
            if sequence != report.events {
                found("event \(report.events) is missing: the one after event \(report.events - 1) is \(sequence)")
                report.events = sequence
            }
            let event = AuditEventWords(
                sequence: sequence, at: row.exact("at"), actor: row.exact("actor"), action: row.exact("action"),
                detail: row.exact("detail")
            )
            let hash = Array(row["hash"] as Data)
            if event.hash(after: previous) != hash {
                found("event \(sequence) does not fit the chain: it, or the one before it, is not what was written")
            }
            previous = hash
            try check(event, hash: hash, row)
        }
        if report.events == 0 { found("there is no event, not even the registry's first") }
    }

    private mutating func check(_ event: AuditEventWords, hash: [UInt8], _ row: Row) throws {
        // A newer program's own action is only part of the chain.
        guard let action = AuditAction(rawValue: event.action) else { return }
        let code = (row["mac"] as Data?).map { Array($0) }
        let isGenuine = code.map { vault.isAuthentic($0, for: hash) } ?? !action.isAuthenticated
        if !isGenuine {
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
        }
    }

    /// Compares what an event tells with the rows it left behind.
    ///
    /// - Returns: the rows it tells of; nil when one is missing, which is
    ///   among the problems then.
    private mutating func replay(_ action: AuditAction, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        switch action {
        case .registryCreated: try replay(event.told(as: RegistryCreatedDetail.self), event)
        case .dispatchImported: try replay(event.told(as: DispatchImportedDetail.self), event)
        case .customerAdded: try replay(event.told(as: CustomerAddedDetail.self), event)
        case .unitAssigned: try replay(event.told(as: AssignmentDetail.self), event, assigned: true)
        case .unitUnassigned: try replay(event.told(as: AssignmentDetail.self), event, assigned: false)
        case .tokenIssued: try replay(event.told(as: TokenIssuedDetail.self), event)
        case .credentialsExported: try replay(event.told(as: CredentialsExportedDetail.self), event)
        case .unitReclaimed: try replay(event.told(as: UnitReclaimedDetail.self), event)
        }
    }

    private mutating func row(of unit: String, _ event: AuditEventWords) throws -> Int64? {
        let row = try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM unit WHERE payg_id = ?"), arguments: [unit]
        )
        if row == nil { found("event \(event.sequence): unit \(unit) is missing") }
        return row
    }

    private mutating func row(ofCustomer customer: String, _ event: AuditEventWords) throws -> Int64? {
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

// MARK: - What each event left behind

extension AuditVerification {
    private mutating func replay(
        _ detail: RegistryCreatedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        let columns = ExactText.columns(["registry_id", "created_at"], of: "registry")
        let row = try Row.fetchOne(db, sql: "SELECT \(columns), key_id FROM registry")
        guard let row, row.exact("registry_id").isExactly(detail.registry), row.exact("created_at").isExactly(event.at),
            (row["key_id"] as Data).hex == detail.keyID
        else {
            found("event \(event.sequence): the registry's own row is not the one it was created with")
            return nil
        }
        return .init()
    }

    private mutating func replay(
        _ detail: DispatchImportedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        toldDispatches.insert(detail.dispatch)
        let columns = ExactText.columns(["file", "sha256", "imported_at", "actor"], of: "dispatch")
        let row = try Row.fetchOne(
            db, sql: "SELECT \(columns), unit_count FROM dispatch WHERE id = ?", arguments: [detail.dispatch]
        )
        guard let row, row.exact("file").isExactly(detail.file), row.exact("sha256").isExactly(detail.sha256),
            row["unit_count"] == detail.added, row.exact("imported_at").isExactly(event.at),
            row.exact("actor").isExactly(event.actor)
        else {
            found("event \(event.sequence): dispatch \(detail.dispatch) is missing, or is not what was recorded")
            return nil
        }
        let imported = ExactText.columns(
            [
                "payg_id", "dispatched_count", "time_divider", "restricted_digits", "hardware_model",
                "firmware_version", "test_code",
            ], of: "unit"
        )
        let units = try Row.fetchCursor(
            db, sql: "SELECT \(imported) FROM unit WHERE dispatch_id = ? ORDER BY id", arguments: [detail.dispatch]
        )
        var digest = UnitsDigest()
        var count = 0
        while let unit = try units.next() {
            digest.add(imported: unit)
            count += 1
        }
        if count != detail.added {
            found(
                "event \(event.sequence): dispatch \(detail.dispatch) brought \(detail.added) units, and \(count) are there"
            )
        } else if digest.value.hex != detail.unitsSHA256 {
            found("event \(event.sequence): a unit of dispatch \(detail.dispatch) is not as it was imported")
        }
        return .init(dispatch: detail.dispatch)
    }

    private mutating func replay(
        _ detail: CustomerAddedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let customer = try row(ofCustomer: detail.customer, event) else { return nil }
        toldCustomers.insert(customer)
        return .init(customer: customer)
    }

    private mutating func replay(
        _ detail: AssignmentDetail, _ event: AuditEventWords, assigned: Bool
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event), let customer = try row(ofCustomer: detail.customer, event)
        else { return nil }
        var assignments = told[unit]?.assignments ?? []
        if assigned {
            assignments.append(ToldAssignment(customer: detail.customer, since: event.at))
        } else if !assignments.isEmpty {
            assignments[assignments.count - 1].until = event.at
        }
        told[unit, default: ToldUnit()].assignments = assignments
        return .init(unit: unit, customer: customer)
    }

    private mutating func replay(
        _ detail: UnitReclaimedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        told[unit, default: ToldUnit()].count = detail.count
        told[unit, default: ToldUnit()].authority = TokeningAuthority.here.name
        return .init(unit: unit)
    }

    private mutating func replay(
        _ detail: CredentialsExportedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        toldExports.insert(detail.export)
        let columns = ExactText.columns(
            ["profile", "file", "sha256", "authority", "exported_at", "actor"], of: "export"
        )
        let row = try Row.fetchOne(
            db, sql: "SELECT \(columns), unit_count FROM export WHERE id = ?", arguments: [detail.export]
        )
        guard let row, row.exact("profile").isExactly(detail.profile), row.exact("file").isExactly(detail.file),
            row.exact("sha256").isExactly(detail.sha256), row["unit_count"] == detail.units,
            row.exact("authority").isExactly(detail.authority), row.exact("actor").isExactly(event.actor),
            row.exact("exported_at").isExactly(event.at)
        else {
            found("event \(event.sequence): export \(detail.export) is missing, or is not what was recorded")
            return nil
        }
        let exported =
            ExactText.columns(["payg_id"], of: "unit") + ", " + ExactText.columns(["count"], of: "export_unit")
        let units = try Row.fetchCursor(
            db,
            sql: """
                SELECT \(exported), unit_id FROM export_unit LEFT JOIN unit ON unit.id = unit_id
                WHERE export_id = ? ORDER BY unit.payg_id
                """,
            arguments: [detail.export]
        )
        var digest = UnitsDigest()
        while let unit = try units.next() {
            digest.add(exported: unit)
            guard detail.authority != TokeningAuthority.here.name else { continue }
            told[unit["unit_id"], default: ToldUnit()].authority = detail.authority
        }
        if digest.value.hex != detail.unitsSHA256 {
            found("event \(event.sequence): the units of export \(detail.export) are not those that were exported")
        }
        return .init(export: detail.export)
    }
}

// MARK: - Tokens

extension AuditVerification {
    private static let token = """
        SELECT unit_id, customer_id, count, value, time_divider, \(ExactText.columns(
            ["type", "digits", "reference", "paid_until", "issued_at", "actor"], of: "token"
        )) FROM token WHERE unit_id = ? AND count = ?
        """

    private mutating func replay(
        _ detail: TokenIssuedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        let name = "the token of unit \(detail.unit) with count \(detail.count)"
        guard let unit = try row(of: detail.unit, event) else { return nil }
        var subjects = AuditTrail.Subjects(unit: unit)
        if let customer = detail.customer { subjects.customer = try row(ofCustomer: customer, event) }
        guard
            let row = try Row.fetchOne(db.cachedStatement(sql: Self.token), arguments: [unit, detail.count])
        else {
            found("event \(event.sequence): \(name) is missing")
            return subjects
        }
        report.tokens += 1
        told[unit, default: ToldUnit()].count = detail.count
        told[unit, default: ToldUnit()].paidUntil = detail.paidUntil
        guard row["customer_id"] == subjects.customer, row["value"] == detail.value,
            row["time_divider"] == detail.timeDivider, row.exact("type").isExactly(detail.type),
            row.exact("digits").isExactly(detail.token), row.exactOrNil("reference").isExactly(detail.reference),
            row.exactOrNil("paid_until").isExactly(detail.paidUntil), row.exact("issued_at").isExactly(event.at),
            row.exact("actor").isExactly(event.actor)
        else {
            found("event \(event.sequence): \(name) is not the one that was issued")
            return subjects
        }
        guard let maker = try maker(of: unit) else { return subjects }
        guard let type = TokenType(rawValue: detail.type), let count = try? TokenCount(detail.count),
            let instruction = TokenInstruction(type: type, time: detail.value.flatMap { try? TimeValue($0) }),
            maker.make(instruction, at: count).digits == detail.token
        else {
            found("event \(event.sequence): \(name) is not the one that its credentials make")
            return subjects
        }
        return subjects
    }

    /// Nil when the unit's credentials do not open, which is told of the unit.
    private mutating func maker(of unit: Int64) throws -> TokenMaker? {
        if let maker = makers[unit] { return maker }
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT payg_id, sealed, restricted_digits, test_code FROM unit WHERE id = ?"),
            arguments: [unit]
        )
        var maker: TokenMaker?
        if let row, let id = try? PaygID(row["payg_id"]),
            let credentials = try? vault.credentials(Array(row["sealed"] as Data), of: id)
        {
            let isRestricted: Bool = row["restricted_digits"]
            maker = TokenMaker(credentials, UnitBuild(digitSet: isRestricted ? .restricted : .full))
        }
        makers[unit] = .some(maker)
        return maker
    }
}

// MARK: - What is there besides

extension AuditVerification {
    private mutating func checkRowsWithoutEvents() throws {
        if try Int.fetchOne(db, sql: "SELECT count(*) FROM token") != report.tokens { try nameStrangeTokens() }
        let customers = try Row.fetchCursor(db, sql: "SELECT id, reference FROM customer ORDER BY id")
        while let row = try customers.next() {
            if !toldCustomers.contains(row["id"]) { found("customer \(row["reference"] as String) has no event") }
        }
        for dispatch in try Int.fetchAll(db, sql: "SELECT id FROM dispatch ORDER BY id")
        where !toldDispatches.contains(dispatch) {
            found("dispatch \(dispatch) has no event")
        }
        for export in try Int.fetchAll(db, sql: "SELECT id FROM export ORDER BY id") where !toldExports.contains(export)
        {
            found("export \(export) has no event")
        }
    }

    private mutating func nameStrangeTokens() throws {
        struct Issued: Hashable {
            let unit: Int64
            let count: Int
        }
        let events = try Row.fetchCursor(
            db,
            sql: "SELECT unit_id, json_extract(detail, '$.count') AS count FROM event WHERE action = 'tokenIssued'"
        )
        var issued: Set<Issued> = []
        while let row = try events.next() {
            guard let unit = row["unit_id"] as Int64?, let count = row["count"] as Int? else { continue }
            issued.insert(Issued(unit: unit, count: count))
        }
        let tokens = try Row.fetchCursor(
            db,
            sql: "SELECT unit_id, payg_id, token.count FROM token LEFT JOIN unit ON unit.id = unit_id ORDER BY token.id"
        )
        while let row = try tokens.next() {
            guard !issued.contains(Issued(unit: row["unit_id"], count: row["count"])) else { continue }
            let unit: String? = row["payg_id"]
            found("the token of unit \(unit ?? "that is missing") with count \(row["count"] as Int) has no event")
        }
    }

    /// Every unit is as the events left it, and its credentials open.
    private mutating func checkUnits() throws {
        let columns = ExactText.columns(["paid_until", "authority"], of: "unit")
        let statement = try db.makeStatement(
            sql: """
                SELECT \(ExactText.columns(["reference"], of: "customer")),
                       \(ExactText.columns(["since", "until"], of: "assignment"))
                FROM assignment LEFT JOIN customer ON customer.id = customer_id
                WHERE unit_id = ? ORDER BY assignment.id
                """
        )
        let rows = try Row.fetchCursor(
            db, sql: "SELECT id, payg_id, sealed, count, dispatched_count, \(columns) FROM unit ORDER BY id"
        )
        while let row = try rows.next() {
            let name: String = row["payg_id"]
            let told = told[row["id"]] ?? ToldUnit()
            let credentials = try? vault.credentials(Array(row["sealed"] as Data), of: try PaygID(name))
            if credentials == nil { found("unit \(name): its sealed credentials do not open") }
            let count: Int = row["count"]
            let expected: Int = told.count ?? row["dispatched_count"]
            if count != expected { found("unit \(name): its count is \(count), and its last event says \(expected)") }
            if !row.exactOrNil("paid_until").isExactly(told.paidUntil) {
                found("unit \(name): its paid-until is not that of its last token")
            }
            if !row.exact("authority").isExactly(told.authority) {
                found("unit \(name): its tokening authority is not that of its last event")
            }
            let assignments = try Row.fetchAll(statement, arguments: [row["id"] as Int64]).map {
                ToldAssignment(customer: $0.exact("reference"), since: $0.exact("since"), until: $0.exactOrNil("until"))
            }
            if assignments.count != told.assignments.count
                || !zip(assignments, told.assignments).allSatisfy({ $0.isExactly($1) })
            {
                found("unit \(name): its customers are not those that its events tell of")
            }
        }
    }

    /// No row points to one that is not there. Programs other than this one
    /// may not have SQLite see to it.
    private mutating func checkReferences() throws {
        let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
        while let row = try rows.next() {
            found("a row of the table \(row[0] as String) points to a row of \(row[2] as String) that is not there")
        }
    }
}
