import Fleet
import GRDB

extension Registry {
    /// Gives a unit to a customer.
    ///
    /// - Parameter since: from when on, if not from now on.
    /// - Returns: who holds what now, as the registry spells them; `isNew` is
    ///   false when it was so already, and nothing was done.
    /// - Throws: ``FleetError/unitHeld(_:by:)`` when another holds it;
    ///   ``FleetError/unitHeldSince(_:by:since:)`` when the same does, from
    ///   another date on; ``FleetError/unitHeldUntil(_:by:until:)`` when
    ///   somebody held it then; ``FleetError/badValue(what:problem:)`` for a
    ///   date to come; not found.
    public func assign(
        _ id: PaygID, to reference: CustomerReference, since: Timestamp? = nil, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> (assignment: Assignment, isNew: Bool) {
        let start = try Self.past(since, at: now)
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            if let moment = stored.unit.retiredAt { throw FleetError.unitRetired(stored.unit.id, at: moment) }
            let customer = try CustomerRows.existing(reference, db)
            let customerRowID: Int64 = customer["id"]
            if let holder = stored.unit.customer {
                guard stored.customerRowID == customerRowID else {
                    throw FleetError.unitHeld(stored.unit.id, by: holder)
                }
                let held = try AssignmentRows.open(stored, holder, db)
                guard since == nil || since == held.since else {
                    throw FleetError.unitHeldSince(held.unit, by: holder, since: held.since)
                }
                return (held, isNew: false)
            }
            if let last = try AssignmentRows.last(of: stored, db), let until = last.until, start < until {
                throw FleetError.unitHeldUntil(last.unit, by: last.customer, until: until)
            }
            let assignment = Assignment(
                unit: stored.unit.id, customer: try CustomerReference(customer["reference"]), since: start, until: nil
            )
            try AssignmentRows.begin(
                assignment, unit: stored.rowID, customer: customerRowID, at: now,
                AuditTrail(db, at: now, actor: actor), db
            )
            return (assignment, isNew: true)
        }
    }

    /// Takes a unit back from the customer who holds it.
    ///
    /// - Parameter date: when they no longer had it, if not now.
    /// - Returns: who held what, and when.
    /// - Throws: ``FleetError/unitNotHeld(_:)``;
    ///   ``FleetError/unitHeldSince(_:by:since:)`` for a date before they had
    ///   it; ``FleetError/badValue(what:problem:)`` for a date to come; not found.
    public func unassign(
        _ id: PaygID, on date: Timestamp? = nil, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> Assignment {
        let end = try Self.past(date, at: now)
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            guard let customer = stored.unit.customer else { throw FleetError.unitNotHeld(stored.unit.id) }
            let held = try AssignmentRows.open(stored, customer, db)
            guard held.since <= end else {
                throw FleetError.unitHeldSince(held.unit, by: customer, since: held.since)
            }
            return try AssignmentRows.end(held, of: stored, on: end, at: now, AuditTrail(db, at: now, actor: actor), db)
        }
    }

    /// The units that a customer holds or held, the latest last.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func assignments(of reference: CustomerReference) throws(FleetError) -> [Assignment] {
        try read { db in
            let customer: Int64 = try CustomerRows.existing(reference, db)["id"]
            return try Row.fetchAll(
                db,
                sql: AssignmentRows.select
                    + " WHERE assignment.customer_id = ? ORDER BY assignment.since, assignment.id",
                arguments: [customer]
            ).map(AssignmentRows.assignment)
        }
    }

    /// Who holds a unit or held it, the latest last.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``.
    public func assignments(of unit: PaygID) throws(FleetError) -> [Assignment] {
        try read { db in
            try Row.fetchAll(
                db,
                sql: AssignmentRows.select + " WHERE assignment.unit_id = ? ORDER BY assignment.since, assignment.id",
                arguments: [try UnitRows.existing(unit, db).rowID]
            ).map(AssignmentRows.assignment)
        }
    }

    /// A date that may be given, or now.
    private static func past(_ date: Timestamp?, at now: Timestamp) throws(FleetError) -> Timestamp {
        guard let date else { return now }
        guard date <= now else {
            throw .badValue(what: "date", problem: "\(date.exactlyReadable) is yet to come; nothing was changed")
        }
        return date
    }
}

/// The rows of `assignment`.
enum AssignmentRows {
    static let select = """
        SELECT unit.payg_id, customer.reference, assignment.since, assignment.until
        FROM assignment JOIN unit ON unit.id = unit_id JOIN customer ON customer.id = customer_id
        """

    static func assignment(_ row: Row) throws -> Assignment {
        Assignment(
            unit: try PaygID(row.stored(0)), customer: try CustomerReference(row.stored(1)),
            since: try moment(row.stored(2)),
            until: try (row.storedOrNil(3) as String?).map(moment)
        )
    }

    /// Writes down that a customer has a unit, with its event.
    static func begin(
        _ assignment: Assignment, unit: Int64, customer: Int64, at now: Timestamp, _ trail: AuditTrail, _ db: Database
    ) throws {
        try db.execute(
            sql: "INSERT INTO assignment (unit_id, customer_id, since) VALUES (?, ?, ?)",
            arguments: [unit, customer, assignment.since.text]
        )
        try trail.append(
            .unitAssigned, AssignmentDetail(assignment, from: assignment.since, recordedAt: now),
            about: .init(unit: unit, customer: customer)
        )
    }

    /// Writes down that a customer no longer has a unit, with its event.
    static func end(
        _ held: Assignment, of stored: StoredUnit, on end: Timestamp, at now: Timestamp, _ trail: AuditTrail,
        _ db: Database
    ) throws -> Assignment {
        try db.execute(
            sql: "UPDATE assignment SET until = ? WHERE unit_id = ? AND until IS NULL",
            arguments: [end.text, stored.rowID]
        )
        let ended = Assignment(unit: held.unit, customer: held.customer, since: held.since, until: end)
        try trail.append(
            .unitUnassigned, AssignmentDetail(ended, from: end, recordedAt: now),
            about: .init(unit: stored.rowID, customer: stored.customerRowID)
        )
        return ended
    }

    /// The one that has not ended.
    static func open(_ unit: StoredUnit, _ customer: CustomerReference, _ db: Database) throws -> Assignment {
        let since = try String.fetchOne(
            db, sql: "SELECT since FROM assignment WHERE unit_id = ? AND until IS NULL", arguments: [unit.rowID]
        )
        return Assignment(unit: unit.unit.id, customer: customer, since: try moment(since ?? ""), until: nil)
    }

    /// The one that ended last; nil for a unit that nobody ever held.
    static func last(of unit: StoredUnit, _ db: Database) throws -> Assignment? {
        try Row.fetchOne(
            db, sql: select + " WHERE unit_id = ? ORDER BY until DESC LIMIT 1", arguments: [unit.rowID]
        ).map(assignment)
    }
}
