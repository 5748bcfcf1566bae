import Fleet
import Foundation
import GRDB
import OpenPAYGO

/// What each event tells, beside the rows that it left behind.
extension AuditVerification {
    mutating func replay(
        _ detail: RegistryCreatedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        let columns = ExactText.columns(["registry_id", "created_at"], of: "registry")
        let row = try Row.fetchOne(db, sql: "SELECT \(columns) FROM registry")
        keys.told = detail.keyID
        guard let row, row.exact("registry_id").isExactly(detail.registry), row.exact("created_at").isExactly(event.at)
        else {
            found("event \(event.sequence): the registry's own row is not the one it was created with")
            return nil
        }
        return .init()
    }

    mutating func replay(
        _ detail: DispatchImportedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        toldDispatches.insert(detail.dispatch)
        keys.units += detail.added
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

    mutating func replay(
        _ detail: CustomerAddedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let customer = try row(ofCustomer: detail.customer, event) else { return nil }
        toldCustomers.insert(customer)
        return .init(customer: customer)
    }

    mutating func replay(
        _ detail: CustomerChangedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let customer = try row(ofCustomer: detail.customer, event) else { return nil }
        toldChanges[customer, default: 0] += 1
        return .init(customer: customer)
    }

    mutating func replay(
        _ detail: AssignmentDetail, _ event: AuditEventWords, assigned: Bool
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event), let customer = try row(ofCustomer: detail.customer, event)
        else { return nil }
        var assignments = told[unit]?.assignments ?? []
        if assigned {
            assignments.append(ToldAssignment(customer: detail.customer, since: detail.date ?? event.at))
        } else if !assignments.isEmpty {
            assignments[assignments.count - 1].until = detail.date ?? event.at
        }
        told[unit, default: ToldUnit()].assignments = assignments
        return .init(unit: unit, customer: customer)
    }

    mutating func replay(
        _ detail: UnitReclaimedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        told[unit, default: ToldUnit()].count = detail.count
        told[unit]?.hasTimeFromElsewhere = true
        told[unit]?.handedOverBy = nil
        told[unit]?.handedOverTo = nil
        return .init(unit: unit)
    }

    mutating func replay(
        _ detail: CountAcceptedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        told[unit, default: ToldUnit()].count = detail.to
        told[unit]?.hasTimeFromElsewhere = true
        return .init(unit: unit)
    }

    mutating func replay(_ detail: CountSetDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        told[unit, default: ToldUnit()].count = detail.to
        told[unit]?.hasTimeFromElsewhere = true
        return .init(unit: unit)
    }

    mutating func replay(
        _ detail: UnitServiceDetail, _ event: AuditEventWords, isRetired: Bool
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        told[unit, default: ToldUnit()].retiredAt = isRetired ? event.at : nil
        return .init(unit: unit)
    }

    /// Beside the file, which is not the registry's, it left nothing behind.
    mutating func replay(_ detail: DeviceMadeDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        try row(of: detail.unit, event).map { unit in .init(unit: unit) }
    }

    /// Somebody saw the credentials, which left nothing behind.
    mutating func replay(
        _ detail: CredentialsRevealedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        try row(of: detail.unit, event).map { unit in .init(unit: unit) }
    }

    /// What it did is told by the events before it.
    mutating func replay(_ detail: UnitReplacedDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        var subjects = AuditTrail.Subjects(unit: unit)
        if let customer = detail.customer { subjects.customer = try row(ofCustomer: customer, event) }
        return subjects
    }

    mutating func replay(
        _ detail: CredentialsReplacedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        let former = try former(unit)
        let place = told[unit]?.replacements ?? 0
        told[unit, default: ToldUnit()].replacements = place + 1
        keys.formerCredentials += 1
        // The next token is made with the ones that came after.
        makers[unit] = nil
        told[unit, default: ToldUnit()].sealedSHA256 = detail.sealedSHA256
        // What was sealed before the key was changed is sealed otherwise by now.
        let isSealedAsThen = event.sequence > keys.lastRotation
        if !former.indices.contains(place) || former[place].lastCount != detail.lastCount
            || (isSealedAsThen && former[place].sealed.sha256 != detail.formerSHA256)
        {
            found("event \(event.sequence): the credentials that unit \(detail.unit) had before are missing")
        }
        return .init(unit: unit)
    }
}
