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

    /// Problems after this many are only more of the same.
    private static let most = 100

    private struct ToldUnit {
        var count: Int?
        var paidUntil: String?
        var authority = TokeningAuthority.here.name
        var customer: String?
    }

    init(_ db: Database, _ vault: Vault) {
        self.db = db
        self.vault = vault
    }

    mutating func run() throws -> AuditReport {
        try checkEvents()
        try checkTokensWithoutEvents()
        try checkUnits()
        return report
    }

    private mutating func found(_ problem: String) {
        if report.problems.count < Self.most { report.problems.append(problem) }
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
            try replay(words)
        }
        guard report.events > 0 else { return found("there is no event, not even the registry's first") }
    }

    private mutating func replay(_ event: AuditEventWords) throws {
        guard let action = AuditAction(rawValue: event.action) else { return }
        do {
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
        } catch is DecodingError {
            found("event \(event.sequence) (\(event.action)) does not say what such an event says")
        }
    }

    private func row(of unit: String) throws -> Int64? {
        try Int64.fetchOne(db.cachedStatement(sql: "SELECT id FROM unit WHERE payg_id = ?"), arguments: [unit])
    }
}

extension AuditEventWords {
    fileprivate func told<Detail: Decodable>(as type: Detail.Type) throws -> Detail {
        try JSONDecoder().decode(type, from: Data(detail.utf8))
    }
}

// MARK: - What each event left behind

extension AuditVerification {
    private mutating func replay(_ detail: RegistryCreatedDetail, _ event: AuditEventWords) throws {
        let row = try Row.fetchOne(db, sql: "SELECT registry_id, key_id FROM registry")
        if row?["registry_id"] != detail.registry || (row?["key_id"] as Data?)?.hex != detail.keyID {
            found("event \(event.sequence): the registry's own row is not the one it was created with")
        }
    }

    private mutating func replay(_ detail: DispatchImportedDetail, _ event: AuditEventWords) throws {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM dispatch WHERE id = ?", arguments: [detail.dispatch])
        guard let row, row["file"] == detail.file, row["sha256"] == detail.sha256, row["unit_count"] == detail.added,
            row["imported_at"] == event.at, row["actor"] == event.actor
        else {
            return found("event \(event.sequence): dispatch \(detail.dispatch) is missing, or is not what was recorded")
        }
        var digest = UnitsDigest()
        var units = 0
        do {
            try UnitRows.forEach(db, where: "dispatch_id = \(detail.dispatch) ORDER BY unit.id") { stored in
                digest.add(stored.unit.id, stored.unit.dispatchedCount, stored.unit.build)
                units += 1
            }
        } catch {
            return found("event \(event.sequence): a unit of dispatch \(detail.dispatch) holds what no unit can")
        }
        if units != detail.added {
            found(
                "event \(event.sequence): dispatch \(detail.dispatch) brought \(detail.added) units, and \(units) are there"
            )
        } else if digest.value.hex != detail.unitsSHA256 {
            found("event \(event.sequence): a unit of dispatch \(detail.dispatch) is not as it was imported")
        }
    }

    private mutating func replay(_ detail: CustomerAddedDetail, _ event: AuditEventWords) throws {
        let there = try Bool.fetchOne(
            db, sql: "SELECT EXISTS (SELECT 1 FROM customer WHERE reference = ?)", arguments: [detail.customer]
        )
        if there != true { found("event \(event.sequence): customer \(detail.customer) is missing") }
    }

    private mutating func replay(_ detail: AssignmentDetail, _ event: AuditEventWords, assigned: Bool) throws {
        guard let unit = try row(of: detail.unit) else {
            return found("event \(event.sequence): unit \(detail.unit) is missing")
        }
        told[unit, default: ToldUnit()].customer = assigned ? detail.customer : nil
    }

    private mutating func replay(_ detail: UnitReclaimedDetail, _ event: AuditEventWords) throws {
        guard let unit = try row(of: detail.unit) else {
            return found("event \(event.sequence): unit \(detail.unit) is missing")
        }
        told[unit, default: ToldUnit()].count = detail.count
        told[unit, default: ToldUnit()].authority = TokeningAuthority.here.name
    }

    private mutating func replay(_ detail: CredentialsExportedDetail, _ event: AuditEventWords) throws {
        let row = try Row.fetchOne(db, sql: "SELECT * FROM export WHERE id = ?", arguments: [detail.export])
        let units = try Int64.fetchAll(
            db, sql: "SELECT unit_id FROM export_unit WHERE export_id = ?", arguments: [detail.export]
        )
        guard let row, row["profile"] == detail.profile, row["file"] == detail.file, row["sha256"] == detail.sha256,
            row["unit_count"] == detail.units, row["authority"] == detail.authority, row["actor"] == event.actor,
            row["exported_at"] == event.at, units.count == detail.units
        else {
            return found("event \(event.sequence): export \(detail.export) is missing, or is not what was recorded")
        }
        guard detail.authority != TokeningAuthority.here.name else { return }
        for unit in units { told[unit, default: ToldUnit()].authority = detail.authority }
    }
}

// MARK: - Tokens

extension AuditVerification {
    private mutating func replay(_ detail: TokenIssuedDetail, _ event: AuditEventWords) throws {
        report.tokens += 1
        let name = "the token of unit \(detail.unit) with count \(detail.count)"
        guard let unit = try row(of: detail.unit),
            let row = try Row.fetchOne(
                db.cachedStatement(sql: TokenRows.select + " WHERE token.unit_id = ? AND token.count = ?"),
                arguments: [unit, detail.count]
            )
        else {
            report.tokens -= 1
            return found("event \(event.sequence): \(name) is missing")
        }
        told[unit, default: ToldUnit()].count = detail.count
        told[unit, default: ToldUnit()].paidUntil = detail.paidUntil
        guard let token = try? TokenRows.issued(row), try TokenIssuedDetail(token).auditDetail == event.detail,
            token.issuedAt.text == event.at, token.actor == event.actor
        else {
            return found("event \(event.sequence): \(name) is not the one that was issued")
        }
        guard let maker = try maker(of: unit) else { return }
        if maker.make(token.instruction, at: token.count) != token.token {
            found("event \(event.sequence): \(name) is not the one that its credentials make")
        }
    }

    /// Nil when the unit's credentials do not open, which is told of the unit.
    private mutating func maker(of unit: Int64) throws -> TokenMaker? {
        if let maker = makers[unit] { return maker }
        var maker: TokenMaker?
        try? UnitRows.forEach(db, where: "unit.id = \(unit)") { stored in
            maker = TokenMaker(try stored.credentials(vault), stored.unit.build)
        }
        makers[unit] = maker
        return maker
    }

    private mutating func checkTokensWithoutEvents() throws {
        guard try Int.fetchOne(db, sql: "SELECT count(*) FROM token") != report.tokens else { return }
        let strangers = try Row.fetchCursor(
            db,
            sql: """
                SELECT unit.payg_id, token.count FROM token JOIN unit ON unit.id = token.unit_id
                WHERE NOT EXISTS (
                    SELECT 1 FROM event WHERE event.unit_id = token.unit_id AND action = 'tokenIssued'
                    AND json_extract(detail, '$.count') = token.count)
                ORDER BY token.id
                """
        )
        while let row = try strangers.next() {
            found("the token of unit \(row["payg_id"] as String) with count \(row["count"] as Int) has no event")
        }
    }
}

// MARK: - Units

extension AuditVerification {
    /// Every unit is as the events left it, and its credentials open.
    private mutating func checkUnits() throws {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT unit.*, customer.reference AS customer FROM unit
                LEFT JOIN assignment ON assignment.unit_id = unit.id AND assignment.until IS NULL
                LEFT JOIN customer ON customer.id = assignment.customer_id
                ORDER BY unit.id
                """
        )
        while let row = try rows.next() {
            let name: String = row["payg_id"]
            guard let id = try? PaygID(name), (try? vault.credentials(Array(row["sealed"] as Data), of: id)) != nil
            else {
                found("unit \(name): its sealed credentials do not open")
                continue
            }
            let told = told[row["id"]] ?? ToldUnit()
            if row["count"] != told.count ?? row["dispatched_count"] {
                found("unit \(name): its count \(row["count"] as Int) is not that of its last event")
            }
            if row["paid_until"] != told.paidUntil {
                found("unit \(name): its paid-until is not that of its last token")
            }
            if row["authority"] != told.authority {
                found("unit \(name): its tokening authority is not that of its last event")
            }
            if row["customer"] != told.customer {
                found("unit \(name): its customer is not that of its last event")
            }
        }
    }
}
