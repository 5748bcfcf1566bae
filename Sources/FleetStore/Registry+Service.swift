import Fleet
import GRDB
import KeyVault
import OpenPAYGO

extension Registry {
    /// Takes a unit out of service for good: no token is made for it, and
    /// nobody holds it.
    ///
    /// - Returns: the unit as it is now, and who held it.
    /// - Throws: ``FleetError/unitRetired(_:at:)`` when it was before; not found.
    public func retire(
        _ id: PaygID, reason: Reason, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> (unit: FleetUnit, takenFrom: CustomerReference?) {
        try write { db in
            let stored = try UnitRows.existing(id, db)
            try Self.retire(stored, reason: reason, at: now, AuditTrail(db, at: now, actor: actor), db)
            return (try UnitRows.existing(id, db).unit, stored.unit.customer)
        }
    }

    /// Takes a retired unit back into service.
    ///
    /// - Throws: ``FleetError/notRetired(_:)``; not found.
    public func returnToService(
        _ id: PaygID, reason: Reason, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> FleetUnit {
        try write { db in
            let stored = try UnitRows.existing(id, db)
            guard stored.unit.retiredAt != nil else { throw FleetError.notRetired(stored.unit.id) }
            try db.execute(sql: "UPDATE unit SET retired_at = NULL WHERE id = ?", arguments: [stored.rowID])
            try AuditTrail(db, at: now, actor: actor).append(
                .unitReturned, UnitServiceDetail(unit: stored.unit.id.text, reason: reason.text),
                about: .init(unit: stored.rowID)
            )
            return try UnitRows.existing(id, db).unit
        }
    }

    /// Puts one unit in another's place: the customer and the days that are
    /// left move to it, in one transaction with the tokens for both. The old
    /// one gets a token that locks it, where it may still have time.
    ///
    /// - Parameters:
    ///   - isRetired: whether the old one goes out of service.
    ///   - dryRun: do everything, and keep nothing of it.
    ///   - trustsClock: issue though the last event is in the future.
    /// - Throws: ``FleetError/unitHeld(_:by:)`` when somebody else holds the
    ///   new one, ``FleetError/unitRetired(_:at:)``,
    ///   ``FleetError/tokensMadeElsewhere(_:provider:export:)`` of either; what
    ///   ``Credit/plan(_:unit:divider:at:)`` refuses; not found; the key file's
    ///   errors.
    public func replace(
        _ old: PaygID, by new: PaygID, reason: Reason, isRetired: Bool = false, dryRun: Bool = false,
        trustsClock: Bool = false, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> UnitReplacement {
        guard old != new else { throw .badValue(what: "new unit", problem: "is the old one; nothing was changed") }
        let vault = try openVault()
        return try write(dryRun: dryRun) { db in
            let (oldStored, newStored) = (try UnitRows.existing(old, db), try UnitRows.existing(new, db))
            for stored in [oldStored, newStored] {
                try Self.checkMadeHere(stored, db)
                let unit = stored.unit
                if let moment = unit.retiredAt { throw FleetError.unitRetired(unit.id, at: moment) }
            }
            try Self.checkNotReplaced(oldStored, by: newStored.unit.id, db)
            if let holder = newStored.unit.customer, holder != oldStored.unit.customer {
                throw FleetError.unitHeld(newStored.unit.id, by: holder)
            }
            let issuer = TokenIssuer(db, vault: vault, at: now, actor: actor, trustsClock: trustsClock)
            let credit = oldStored.unit.credit
            let elsewhere = try UnitRows.hasTimeFromElsewhere(oldStored.rowID, db)
            let lock =
                credit.mayBeOn(at: now) || elsewhere ? try issuer.issue(.setDays(try Days(0)), for: oldStored) : nil
            try Self.move(oldStored, to: newStored, at: now, issuer.trail, db)
            try issuer.trail.append(
                .unitReplaced,
                UnitReplacedDetail(
                    unit: oldStored.unit.id.text, by: newStored.unit.id.text, customer: oldStored.unit.customer?.text,
                    reason: reason.text
                ), about: .init(unit: oldStored.rowID, customer: oldStored.customerRowID)
            )
            let tokens = try credit.left(at: now, divider: newStored.unit.build.timeDivider).map { request in
                try issuer.issue(request, for: try UnitRows.existing(new, db))
            }
            if isRetired {
                try Self.retire(try UnitRows.existing(old, db), reason: reason, at: now, issuer.trail, db)
            }
            return UnitReplacement(
                old: oldStored.unit.id, new: newStored.unit.id, customer: oldStored.unit.customer, lock: lock,
                tokens: tokens, hasTimeFromElsewhere: elsewhere
            )
        }
    }

    /// Said again, because its answer was lost, it would lock the old unit with
    /// another token and move nothing.
    private static func checkNotReplaced(_ old: StoredUnit, by new: PaygID, _ db: Database) throws {
        guard old.unit.customer == nil else { return }
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT json_extract(detail, '$.by'), at FROM event
                WHERE unit_id = ? AND action <> 'tokenIssued' AND action = 'unitReplaced' ORDER BY sequence DESC
                """, arguments: [old.rowID]
        )
        guard let row, let by = try row.storedOrNil(0) as String?, by.lowercased() == new.text.lowercased() else {
            return
        }
        throw FleetError.replacedAlready(old.unit.id, by: new, at: try moment(row.stored(1)))
    }

    private static func move(
        _ old: StoredUnit, to new: StoredUnit, at now: Timestamp, _ trail: AuditTrail, _ db: Database
    ) throws {
        guard let customer = old.unit.customer, let row = old.customerRowID else { return }
        let held = try AssignmentRows.open(old, customer, db)
        _ = try AssignmentRows.end(held, of: old, on: max(now, held.since), at: now, trail, db)
        guard new.unit.customer == nil else { return }
        let assignment = Assignment(unit: new.unit.id, customer: customer, since: now, until: nil)
        try AssignmentRows.begin(assignment, unit: new.rowID, customer: row, at: now, trail, db)
    }

    private static func retire(
        _ stored: StoredUnit, reason: Reason, at now: Timestamp, _ trail: AuditTrail, _ db: Database
    ) throws {
        if let moment = stored.unit.retiredAt { throw FleetError.unitRetired(stored.unit.id, at: moment) }
        if let customer = stored.unit.customer {
            let held = try AssignmentRows.open(stored, customer, db)
            _ = try AssignmentRows.end(held, of: stored, on: max(now, held.since), at: now, trail, db)
        }
        try db.execute(sql: "UPDATE unit SET retired_at = ? WHERE id = ?", arguments: [now.text, stored.rowID])
        try trail.append(
            .unitRetired, UnitServiceDetail(unit: stored.unit.id.text, reason: reason.text),
            about: .init(unit: stored.rowID)
        )
    }
}
