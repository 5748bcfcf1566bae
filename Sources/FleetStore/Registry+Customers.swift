import Fleet
import GRDB

/// The rows of `customer`.
enum CustomerRows {
    static func find(_ reference: CustomerReference, _ db: Database) throws -> Row? {
        try Row.fetchOne(
            db.cachedStatement(sql: "SELECT * FROM customer WHERE reference = ?"), arguments: [reference.text]
        )
    }

    /// The row of this customer.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    static func existing(_ reference: CustomerReference, suggesting: Bool = true, _ db: Database) throws -> Row {
        if let row = try find(reference, db) { return row }
        guard suggesting else { throw FleetError.customerNotFound(reference, nearest: []) }
        let names = try String.fetchAll(db, sql: "SELECT reference FROM customer")
        throw FleetError.customerNotFound(reference, nearest: Nearness(to: reference.text).nearest(names))
    }
}

extension Registry {
    /// Adds customers, all or none. One that is there with the same name and
    /// phone is left as it is.
    ///
    /// - Parameter list: calls its argument for each customer, which answers
    ///   whether the customer was new. Throws to refuse the list.
    /// - Throws: ``FleetError/customerDiffers(_:)`` from the argument; what `list` throws.
    public func addCustomers(
        at now: Timestamp, actor: ActorName, _ list: (_ add: (Customer) throws -> Bool) throws -> Void
    ) throws(FleetError) {
        try write { db in
            let trail = AuditTrail(db, at: now, actor: actor)
            try list { customer in
                if let row = try CustomerRows.find(customer.reference, db) {
                    // A list without phones says nothing against the one we have.
                    guard row["name"] == customer.name, customer.phone == nil || row["phone"] == customer.phone else {
                        throw FleetError.customerDiffers(customer.reference)
                    }
                    return false
                }
                try db.cachedStatement(sql: "INSERT INTO customer (reference, name, phone) VALUES (?, ?, ?)")
                    .execute(arguments: [customer.reference.text, customer.name, customer.phone])
                try trail.append(
                    .customerAdded, CustomerAddedDetail(customer: customer.reference.text),
                    about: .init(customer: db.lastInsertedRowID)
                )
                return true
            }
        }
    }

    /// The customers, by reference, with the units they hold.
    public func customers() throws(FleetError) -> [Customer] {
        try read { db in
            let held = try Row.fetchCursor(
                db,
                sql: """
                    SELECT assignment.customer_id, unit.payg_id FROM assignment JOIN unit ON unit.id = unit_id
                    WHERE until IS NULL ORDER BY unit.payg_id
                    """
            )
            var units: [Int64: [PaygID]] = [:]
            while let row = try held.next() {
                units[row[0], default: []].append(try PaygID(row[1]))
            }
            return try Row.fetchAll(db, sql: "SELECT * FROM customer ORDER BY reference").map { row in
                Customer(
                    reference: try CustomerReference(row["reference"]), name: row["name"], phone: row["phone"],
                    units: units[row["id"]] ?? []
                )
            }
        }
    }

    /// One customer.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func customer(_ reference: CustomerReference) throws(FleetError) -> Customer {
        try read { db in
            let row = try CustomerRows.existing(reference, db)
            return Customer(
                reference: try CustomerReference(row["reference"]), name: row["name"], phone: row["phone"],
                units: try UnitRows.held(by: row["id"], db).map(\.unit.id)
            )
        }
    }

    /// Gives a unit to a customer.
    ///
    /// - Returns: who holds what now, as the registry spells them; `isNew` is
    ///   false when it was so already, and nothing was done.
    /// - Throws: ``FleetError/unitHeld(_:by:)`` when another holds it.
    public func assign(
        _ id: PaygID, to reference: CustomerReference, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> Assignment {
        try write { db in
            let stored = try UnitRows.existing(id, db)
            let customer = try CustomerRows.existing(reference, db)
            let customerRowID: Int64 = customer["id"]
            if let holder = stored.unit.customer {
                guard stored.customerRowID == customerRowID else {
                    throw FleetError.unitHeld(stored.unit.id, by: holder)
                }
                return Assignment(unit: stored.unit.id, customer: holder, isNew: false)
            }
            try db.execute(
                sql: "INSERT INTO assignment (unit_id, customer_id, since) VALUES (?, ?, ?)",
                arguments: [stored.rowID, customerRowID, now.text]
            )
            try AuditTrail(db, at: now, actor: actor).append(
                .unitAssigned, AssignmentDetail(unit: stored.unit.id.text, customer: customer["reference"]),
                about: .init(unit: stored.rowID, customer: customerRowID)
            )
            return Assignment(unit: stored.unit.id, customer: try CustomerReference(customer["reference"]), isNew: true)
        }
    }

    /// Takes a unit back from the customer who holds it.
    ///
    /// - Returns: who held what.
    /// - Throws: ``FleetError/unitNotHeld(_:)``.
    public func unassign(
        _ id: PaygID, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> Assignment {
        try write { db in
            let stored = try UnitRows.existing(id, db)
            guard let customer = stored.unit.customer else { throw FleetError.unitNotHeld(stored.unit.id) }
            try db.execute(
                sql: "UPDATE assignment SET until = ? WHERE unit_id = ? AND until IS NULL",
                arguments: [now.text, stored.rowID]
            )
            try AuditTrail(db, at: now, actor: actor).append(
                .unitUnassigned, AssignmentDetail(unit: stored.unit.id.text, customer: customer.text),
                about: .init(unit: stored.rowID, customer: stored.customerRowID)
            )
            return Assignment(unit: stored.unit.id, customer: customer, isNew: false)
        }
    }
}
