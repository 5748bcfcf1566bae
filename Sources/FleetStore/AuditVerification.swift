import Crypto
import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

/// One run of the proof, in a snapshot of the registry.
struct AuditVerification {
    private let db: Database
    private let vault: Vault
    private var report = AuditReport()
    /// What the events say of each unit that they speak of.
    private var told: [Int64: ToldUnit] = [:]
    private var makers: [Int64: TokenMaker] = [:]
    private var customers = 0

    private struct ToldUnit {
        var count: Int?
        var paidUntil: String?
        var authority = TokeningAuthority.here.name
        var assignments: [ToldAssignment] = []
    }

    private struct ToldAssignment: Equatable {
        let customer: String
        let since: String
        var until: String?
    }

    init(_ db: Database, _ vault: Vault) {
        self.db = db
        self.vault = vault
    }

    mutating func run() throws -> AuditReport {
        try checkEvents()
        try checkRowsWithoutEvents()
        try checkUnits()
        return report
    }

    private mutating func found(_ problem: String) {
        report.problemCount += 1
        if report.problems.count < 100 { report.problems.append(problem) }
    }
}

// MARK: - The chain

extension AuditVerification {
    private mutating func checkEvents() throws {
        var previous = AuditEventWords.beginning
        let events = try Row.fetchCursor(db, sql: "SELECT * FROM event ORDER BY sequence")
        while let row = try events.next() {
            let sequence: Int = row["sequence"]
            report.events += 1
            if sequence != report.events {
                found("event \(report.events) is missing: the one after event \(report.events - 1) is \(sequence)")
                report.events = sequence
            }
            let words = AuditEventWords(
                sequence: sequence, at: row["at"], actor: row["actor"], action: row["action"], detail: row["detail"]
            )
            let hash = Array(row["hash"] as Data)
            if words.hash(after: previous) != hash {
                found("event \(sequence) does not fit the chain: it, or the one before it, is not what was written")
            }
            previous = hash
            try check(words, hash: hash, row)
        }
        guard report.events > 0 else { return found("there is no event, not even the registry's first") }
    }

    private mutating func check(_ event: AuditEventWords, hash: [UInt8], _ row: Row) throws {
        // A newer program's own action is only part of the chain.
        guard let action = AuditAction(rawValue: event.action) else { return }
        let code = (row["mac"] as Data?).map { Array($0) }
        if action.isAuthenticated, code.map({ vault.isAuthentic($0, for: hash) }) != true {
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
        let row = try Row.fetchOne(db, sql: "SELECT registry_id, key_id FROM registry")
        if row?["registry_id"] != detail.registry || (row?["key_id"] as Data?)?.hex != detail.keyID {
            found("event \(event.sequence): the registry's own row is not the one it was created with")
        }
        return .init()
    }

    private mutating func replay(
        _ detail: DispatchImportedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM dispatch WHERE id = ?", arguments: [detail.dispatch])
        guard let row, row["file"] == detail.file, row["sha256"] == detail.sha256, row["unit_count"] == detail.added,
            row["imported_at"] == event.at, row["actor"] == event.actor
        else {
            found("event \(event.sequence): dispatch \(detail.dispatch) is missing, or is not what was recorded")
            return nil
        }
        var digest = UnitsDigest()
        var units = 0
        do {
            try UnitRows.forEach(db, where: "dispatch_id = \(detail.dispatch) ORDER BY unit.id") { stored in
                digest.add(stored.unit.id, stored.unit.dispatchedCount, stored.unit.build)
                units += 1
            }
        } catch is FleetError {
            found("event \(event.sequence): a unit of dispatch \(detail.dispatch) has a name that no unit can have")
            return .init(dispatch: detail.dispatch)
        }
        if units != detail.added {
            found(
                "event \(event.sequence): dispatch \(detail.dispatch) brought \(detail.added) units, and \(units) are there"
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
        customers += 1
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
        let row = try Row.fetchOne(db, sql: "SELECT * FROM export WHERE id = ?", arguments: [detail.export])
        guard let row, row["profile"] == detail.profile, row["file"] == detail.file, row["sha256"] == detail.sha256,
            row["unit_count"] == detail.units, row["authority"] == detail.authority, row["actor"] == event.actor,
            row["exported_at"] == event.at
        else {
            found("event \(event.sequence): export \(detail.export) is missing, or is not what was recorded")
            return nil
        }
        let units = try Row.fetchAll(
            db,
            sql: """
                SELECT unit.id, unit.payg_id, export_unit.count FROM export_unit JOIN unit ON unit.id = unit_id
                WHERE export_id = ? ORDER BY unit.payg_id
                """,
            arguments: [detail.export]
        )
        var digest = UnitsDigest()
        for unit in units {
            if let id = try? PaygID(unit["payg_id"]), let count = try? TokenCount(unit["count"] as Int) {
                digest.add(id, count: count)
            }
            guard detail.authority != TokeningAuthority.here.name else { continue }
            told[unit["id"], default: ToldUnit()].authority = detail.authority
        }
        if digest.value.hex != detail.unitsSHA256 {
            found("event \(event.sequence): the units of export \(detail.export) are not those that were exported")
        }
        return .init(export: detail.export)
    }

    private mutating func replay(
        _ detail: TokenIssuedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        let name = "the token of unit \(detail.unit) with count \(detail.count)"
        guard let unit = try row(of: detail.unit, event) else { return nil }
        var subjects = AuditTrail.Subjects(unit: unit)
        if let customer = detail.customer { subjects.customer = try row(ofCustomer: customer, event) }
        guard
            let row = try Row.fetchOne(
                db.cachedStatement(sql: TokenRows.select + " WHERE token.unit_id = ? AND token.count = ?"),
                arguments: [unit, detail.count]
            )
        else {
            found("event \(event.sequence): \(name) is missing")
            return subjects
        }
        report.tokens += 1
        told[unit, default: ToldUnit()].count = detail.count
        told[unit, default: ToldUnit()].paidUntil = detail.paidUntil
        guard let token = try? TokenRows.issued(row), TokenIssuedDetail(token) == detail,
            token.issuedAt.text == event.at, token.actor == event.actor
        else {
            found("event \(event.sequence): \(name) is not the one that was issued")
            return subjects
        }
        if let maker = try maker(of: unit), maker.make(token.instruction, at: token.count) != token.token {
            found("event \(event.sequence): \(name) is not the one that its credentials make")
        }
        return subjects
    }

    /// Nil when the unit's credentials do not open, which is told of the unit.
    private mutating func maker(of unit: Int64) throws -> TokenMaker? {
        if let maker = makers[unit] { return maker }
        var maker: TokenMaker?
        try UnitRows.forEach(db, where: "unit.id = \(unit)") { stored in
            maker = (try? stored.credentials(vault)).map { TokenMaker($0, stored.unit.build) }
        }
        makers[unit] = maker
        return maker
    }
}

// MARK: - What is there besides

extension AuditVerification {
    private mutating func checkRowsWithoutEvents() throws {
        if try Int.fetchOne(db, sql: "SELECT count(*) FROM token") != report.tokens {
            let strangers = try Row.fetchAll(
                db,
                sql: """
                    SELECT unit.payg_id, token.count FROM token JOIN unit ON unit.id = token.unit_id
                    WHERE NOT EXISTS (
                        SELECT 1 FROM event WHERE event.unit_id = token.unit_id AND action = 'tokenIssued'
                        AND json_extract(detail, '$.count') = token.count)
                    ORDER BY token.id
                    """
            )
            for row in strangers {
                found("the token of unit \(row["payg_id"] as String) with count \(row["count"] as Int) has no event")
            }
        }
        if try Int.fetchOne(db, sql: "SELECT count(*) FROM customer") != customers {
            let strangers = try String.fetchAll(
                db,
                sql: """
                    SELECT reference FROM customer WHERE NOT EXISTS (
                        SELECT 1 FROM event WHERE customer_id = customer.id AND action = 'customerAdded')
                    ORDER BY id
                    """
            )
            for reference in strangers { found("customer \(reference) has no event") }
        }
    }

    /// Every unit is as the events left it, and its credentials open.
    private mutating func checkUnits() throws {
        let statement = try db.makeStatement(
            sql: """
                SELECT customer.reference, since, until FROM assignment
                JOIN customer ON customer.id = customer_id WHERE unit_id = ? ORDER BY assignment.id
                """
        )
        let rows = try Row.fetchCursor(db, sql: "SELECT * FROM unit ORDER BY id")
        while let row = try rows.next() {
            let name: String = row["payg_id"]
            let told = told[row["id"]] ?? ToldUnit()
            let credentials = try? vault.credentials(Array(row["sealed"] as Data), of: try PaygID(name))
            if credentials == nil { found("unit \(name): its sealed credentials do not open") }
            let count: Int = row["count"]
            let expected: Int = told.count ?? row["dispatched_count"]
            if count != expected { found("unit \(name): its count is \(count), and its last event says \(expected)") }
            if row["paid_until"] != told.paidUntil {
                found("unit \(name): its paid-until is not that of its last token")
            }
            if row["authority"] != told.authority {
                found("unit \(name): its tokening authority is not that of its last event")
            }
            let assignments = try Row.fetchAll(statement, arguments: [row["id"] as Int64]).map {
                ToldAssignment(customer: $0["reference"], since: $0["since"], until: $0["until"])
            }
            if assignments != told.assignments {
                found("unit \(name): its customers are not those that its events tell of")
            }
        }
    }
}
