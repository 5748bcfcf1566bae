/// Somebody who holds, or held, a unit.
public struct Customer: Hashable, Sendable {
    /// What the service provider calls them.
    public let reference: CustomerReference
    /// Their name.
    public let name: String
    /// Their phone number, as given.
    public let phone: String?
    /// The units held now.
    public let units: [PaygID]

    /// A customer, as stored.
    public init(reference: CustomerReference, name: String, phone: String?, units: [PaygID] = []) {
        self.reference = reference
        self.name = name
        self.phone = phone
        self.units = units
    }

    /// A customer as typed or listed, checked.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(reference: String, name: String, phone: String?) throws(FleetError) {
        let phone = phone?.trimmingSpaces
        self.init(
            reference: try CustomerReference(reference),
            name: try Name.checked(name, as: "name", most: 128),
            phone: phone?.isEmpty ?? true ? nil : try Self.checkedPhone(phone ?? "")
        )
    }

    private static func checkedPhone(_ text: String) throws(FleetError) -> String {
        let checked = try Name.checked(text, as: "phone", most: 32)
        guard checked.unicodeScalars.allSatisfy({ "+0123456789 ()-./".unicodeScalars.contains($0) }),
            checked.unicodeScalars.contains(where: { ("0"..."9").contains($0) })
        else {
            throw .badValue(what: "phone", problem: "has characters that no phone number has")
        }
        return checked
    }
}

/// That a customer holds a unit, or held it.
public struct Assignment: Hashable, Sendable {
    /// The unit.
    public let unit: PaygID
    /// Who holds it, or held it.
    public let customer: CustomerReference
    /// Whether this is what has just been arranged.
    public let isNew: Bool

    /// An assignment.
    public init(unit: PaygID, customer: CustomerReference, isNew: Bool) {
        self.unit = unit
        self.customer = customer
        self.isNew = isNew
    }
}

/// What a customer import did.
public struct CustomerImportSummary: Hashable, Sendable {
    /// Rows with a customer.
    public var rows = 0
    /// Customers the registry did not have.
    public var added = 0
    /// Customers the registry had, just as listed.
    public var unchanged = 0
    /// Headers of the columns that mean nothing here.
    public var ignoredColumns: [String] = []

    /// Nothing done yet.
    public init() {}
}
