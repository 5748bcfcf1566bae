import Fleet
import GRDB

extension Registry {
    /// Adds customers, all or none. One that is there and is said nothing else
    /// of is left as it is.
    ///
    /// - Parameters:
    ///   - country: where national phone numbers are.
    ///   - list: calls its argument for each customer, which answers whether
    ///     the customer was new. Throws to refuse the list.
    /// - Throws: ``FleetError/customerDiffers(_:in:)``,
    ///   ``FleetError/phoneWithoutCountry`` and
    ///   ``FleetError/badValue(what:problem:)`` from the argument; what `list` throws.
    public func addCustomers(
        country: Country? = nil, at now: Timestamp, actor: ActorName,
        _ list: (_ add: (Customer) throws -> Bool) throws -> Void
    ) throws(FleetError) {
        try write { db in
            let trail = AuditTrail(db, at: now, actor: actor)
            try list { customer in
                if let row = try CustomerRows.find(customer.reference, db) {
                    let differences = CustomerRows.differences(row, customer, country: country)
                    if differences.contains(.phone), let typed = customer.phone {
                        // It may be the same, and nobody can tell.
                        _ = try PhoneNumber(typed, country: country)
                    }
                    guard differences.isEmpty else {
                        throw FleetError.customerDiffers(customer.reference, in: differences)
                    }
                    return false
                }
                let phone = try customer.phone.map { typed in try PhoneNumber(typed, country: country) }
                try CustomerRows.insert(customer, phone: phone, db)
                try trail.append(
                    .customerAdded, CustomerAddedDetail(customer: customer.reference.text),
                    about: .init(customer: db.lastInsertedRowID)
                )
                return true
            }
        }
    }

    /// Changes what is known of a customer. The history keeps which facts were
    /// changed, and not what they were: they are personal.
    ///
    /// - Returns: the customer as they are now, and what is not as it was.
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func editCustomer(
        _ reference: CustomerReference, _ edit: CustomerEdit, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> (customer: Customer, changed: [CustomerFact]) {
        try write { db in
            let row = try CustomerRows.existing(reference, db)
            let id: Int64 = row["id"]
            let before = try CustomerRows.customer(row, units: try UnitRows.held(by: id, db).map(\.unit.id))
            let after = edit.applied(to: before)
            let changed = after.differences(from: before)
            guard !changed.isEmpty else { return (before, []) }
            try CustomerRows.update(row, after, db)
            try AuditTrail(db, at: now, actor: actor).append(
                .customerChanged,
                CustomerChangedDetail(customer: before.reference.text, changed: changed.map(\.rawValue)),
                about: .init(customer: id)
            )
            return (after, changed)
        }
    }

    /// The customers, by reference, with the units they hold.
    ///
    /// - Parameter search: any part of their reference, name or phone, or of
    ///   the PAYG ID of a unit they hold.
    /// - Throws: ``FleetError/badValue(what:problem:)`` for a text that cannot
    ///   be searched for.
    public func customers(search: String? = nil) throws(FleetError) -> [Customer] {
        let search = try search.map { text throws(FleetError) in try SearchText(text) }
        return try read { db in
            var condition: SQL = "TRUE"
            if let search {
                condition = """
                    \(search.isInCustomer) OR customer.id IN (
                        SELECT customer_id FROM assignment WHERE until IS NULL AND unit_id IN (\(search.unitsNamedSo))
                    )
                    """
            }
            let rows = try Row.fetchAll(
                db, SQLRequest<Row>(literal: "SELECT * FROM customer WHERE \(condition) ORDER BY reference")
            )
            let found = search == nil ? nil : "[\(rows.map { "\($0["id"] as Int64)" }.joined(separator: ","))]"
            let held = try Row.fetchCursor(
                db,
                sql: """
                    SELECT assignment.customer_id AS customer, unit.payg_id AS unit FROM assignment JOIN unit ON unit.id = unit_id
                    WHERE until IS NULL \(found == nil ? "" : "AND customer_id IN (SELECT value FROM json_each(?))")
                    ORDER BY unit.payg_id
                    """,
                arguments: found.map { [$0] } ?? []
            )
            var units: [Int64: [PaygID]] = [:]
            while let row = try held.next() {
                units[try row.stored("customer"), default: []].append(try PaygID(row.stored("unit")))
            }
            return try rows.map { row in try CustomerRows.customer(row, units: units[row["id"]] ?? []) }
        }
    }

    /// One customer.
    ///
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    public func customer(_ reference: CustomerReference) throws(FleetError) -> Customer {
        try read { db in
            let row = try CustomerRows.existing(reference, db)
            return try CustomerRows.customer(row, units: try UnitRows.held(by: row["id"], db).map(\.unit.id))
        }
    }
}
