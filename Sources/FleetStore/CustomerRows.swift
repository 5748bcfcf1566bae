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
    /// - Parameter suggesting: whether to look at all references for those that
    ///   may have been meant.
    /// - Throws: ``FleetError/customerNotFound(_:nearest:)``.
    static func existing(_ reference: CustomerReference, suggesting: Bool = true, _ db: Database) throws -> Row {
        if let row = try find(reference, db) { return row }
        guard suggesting else { throw FleetError.customerNotFound(reference, nearest: []) }
        let names = try String.fetchAll(db, sql: "SELECT reference FROM customer")
        throw FleetError.customerNotFound(reference, nearest: Nearness(to: reference.text).nearest(names))
    }

    static func customer(_ row: Row, units: [PaygID]) throws -> Customer {
        Customer(
            reference: try CustomerReference(row.stored("reference")), name: try row.stored("name"),
            phone: try row.storedOrNil("phone"), language: try row.storedOrNil("language"),
            note: try row.storedOrNil("note"), units: units
        )
    }

    static func insert(_ customer: Customer, phone: PhoneNumber?, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO customer (reference, name, phone, language, note, folded_name) VALUES (?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            customer.reference.text, customer.name, phone?.text, customer.language, customer.note,
            folded(customer.name),
        ])
    }

    static func update(_ row: Row, _ changed: Customer, _ db: Database) throws {
        try db.execute(
            sql: """
                UPDATE customer SET name = ?, phone = ?, language = ?, note = ?, folded_name = ?, changes = changes + 1
                WHERE id = ?
                """,
            arguments: [
                changed.name, changed.phone, changed.language, changed.note, folded(changed.name),
                row["id"] as Int64,
            ]
        )
    }

    /// What a listed customer says that the registry does not. A list without
    /// phones says nothing against the one we have; so with the rest.
    static func differences(_ row: Row, _ listed: Customer, country: Country?) -> [CustomerFact] {
        func differs(_ fact: CustomerFact, _ value: String?) -> Bool {
            value != nil && row[fact.rawValue] as String? != value
        }
        return CustomerFact.allCases.filter { fact in
            switch fact {
            case .name: differs(fact, listed.name)
            case .phone:
                listed.phone.map { phone in
                    !((row["phone"] as String?).map { PhoneNumber.isSame(phone, country: country, asStored: $0) }
                        ?? false)
                } ?? false
            case .language: differs(fact, listed.language)
            case .note: differs(fact, listed.note)
            }
        }
    }

    /// Gives the names of older versions what a search looks in.
    static func foldNames(_ db: Database) throws {
        let update = try db.makeStatement(sql: "UPDATE customer SET folded_name = ? WHERE id = ?")
        var last: Int64 = 0
        while true {
            let rows = try Row.fetchAll(
                db, sql: "SELECT id, name FROM customer WHERE id > ? ORDER BY id LIMIT 1000", arguments: [last]
            )
            guard let end = rows.last else { return }
            for row in rows { try update.execute(arguments: [folded(row["name"]), row["id"] as Int64]) }
            last = end["id"]
        }
    }

    /// Nil for a name that has nothing to look for.
    private static func folded(_ name: String) -> String? {
        let folded = name.foldedForSearch
        return folded.isEmpty ? nil : folded
    }
}
