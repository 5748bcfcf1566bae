import Fleet
import Foundation
import GRDB

/// What the events tell of copies, beside what is there.
extension AuditVerification {
    mutating func replay(_ detail: BackupMadeDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        try check(copyUpTo: detail.events, detail.head, before: event)
        return .init()
    }

    mutating func replay(
        _ detail: RegistryRestoredDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        if detail.events != event.sequence - 1 {
            found("event \(event.sequence): the copy ended with event \(detail.events), and others came before it")
        }
        try check(copyUpTo: detail.events, detail.head, before: event)
        return .init()
    }

    /// The last event of a copy is the one that the registry has in its place.
    private mutating func check(copyUpTo last: Int, _ head: String, before event: AuditEventWords) throws {
        let hash = try Data.fetchOne(
            db.cachedStatement(sql: "SELECT hash FROM event WHERE sequence = ?"), arguments: [last]
        )
        guard last < event.sequence, hash?.hex == head else {
            found("event \(event.sequence): event \(last) is not the one that the copy ended with")
            return
        }
    }

    mutating func replay(_ detail: CountSkippedDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        guard let unit = try row(of: detail.unit, event) else { return nil }
        var told = told[unit] ?? ToldUnit()
        told.count = detail.to
        told.hasTimeFromElsewhere = true
        if let authority = detail.authority {
            told.handedOverBy = nil
            told.handedOverTo = authority == TokeningAuthority.here.name ? nil : authority
        }
        self.told[unit] = told
        return .init(unit: unit)
    }

    mutating func replay(_ detail: UnitAwaitedDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        toldAwaited[detail.unit.lowercased()] = detail
        return .init()
    }

    /// What it did to the schema is seen there.
    mutating func replay(_ detail: SchemaMendedDetail, _ event: AuditEventWords) throws -> AuditTrail.Subjects? {
        .init()
    }

    /// The units that a list is to bring again are as the last events say.
    mutating func checkAwaitedUnits() throws {
        var rest = toldAwaited
        let columns = ExactText.columns(["payg_id", "authority"], of: "awaited_unit")
        let rows = try Row.fetchCursor(db, sql: "SELECT \(columns), count FROM awaited_unit ORDER BY payg_id")
        while let row = try rows.next() {
            let unit = row.exact("payg_id")
            guard let told = rest.removeValue(forKey: unit.lowercased()), row["count"] == told.count,
                row.exact("authority").isExactly(told.authority)
            else {
                found("the count that unit \(unit) is awaited with is not the one on record")
                continue
            }
        }
        for unit in rest.values.map(\.unit).sorted() {
            found("the count that unit \(unit) is awaited with is missing")
        }
    }
}
