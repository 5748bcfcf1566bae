/// Somebody who holds, or held, a unit.
public struct Customer: Hashable, Sendable {
    public let reference: CustomerReference
    public let name: String
    public let phone: String?
    /// The units held now.
    public let units: [PaygID]

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
    public let unit: PaygID
    public let customer: CustomerReference
    /// Whether this is what has just been arranged.
    public let isNew: Bool

    public init(unit: PaygID, customer: CustomerReference, isNew: Bool) {
        self.unit = unit
        self.customer = customer
        self.isNew = isNew
    }
}

/// What a customer import did.
public struct CustomerImportSummary: Hashable, Sendable {
    public var rows = 0
    public var added = 0
    public var unchanged = 0
    public var ignoredColumns: [String] = []

    public init() {}
}
