/// Somebody who holds, or held, a unit.
public struct Customer: Hashable, Sendable {
    /// What the service provider calls them.
    public let reference: CustomerReference
    /// Their name.
    public let name: String
    /// Their phone number: `+254712345678`, or as it was typed into an older
    /// version, or into a list that is being read.
    public let phone: String?
    /// The language they are written to in: `sw`, `pt-br`.
    public let language: String?
    /// What else is to be known of them, on one line.
    public let note: String?
    /// The units held now.
    public let units: [PaygID]

    /// A customer, as stored.
    public init(
        reference: CustomerReference, name: String, phone: String?, language: String? = nil, note: String? = nil,
        units: [PaygID] = []
    ) {
        self.reference = reference
        self.name = name
        self.phone = phone
        self.language = language
        self.note = note
        self.units = units
    }

    /// A customer as typed or listed, checked. The phone number is as typed
    /// still: which number it is, the country says.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(
        reference: String, name: String, phone: String?, language: String? = nil, note: String? = nil
    ) throws(FleetError) {
        self.init(
            reference: try CustomerReference(reference),
            name: try Self.checkedName(name),
            phone: try Self.given(phone).map(Self.checkedPhone),
            language: try Self.given(language).map(Self.checkedLanguage),
            note: try Self.given(note).map(Self.checkedNote)
        )
    }

    /// An empty cell says nothing.
    private static func given(_ text: String?) -> String? {
        guard let text = text?.trimmingSpaces, !text.isEmpty else { return nil }
        return text
    }

    static func checkedName(_ text: String) throws(FleetError) -> String {
        try Name.checked(text, as: "name", most: 128)
    }

    static func checkedNote(_ text: String) throws(FleetError) -> String {
        try Name.checked(text, as: "note", most: 512)
    }

    private static func checkedPhone(_ text: String) throws(FleetError) -> String {
        guard text.unicodeScalars.count <= 64 else {
            throw .badValue(what: "phone", problem: "is longer than 64 characters")
        }
        try PhoneNumber.checkCharacters(text)
        return text
    }

    /// A language's code of two or three letters, and a region where it
    /// matters, in lower case (BCP 47, RFC 5646).
    static func checkedLanguage(_ text: String) throws(FleetError) -> String {
        let code = text.trimmingSpaces.lowercased().replacing("_", with: "-")
        let parts = code.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        func areLetters(_ part: Substring.UTF8View) -> Bool {
            part.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        }
        func areDigits(_ part: Substring.UTF8View) -> Bool {
            part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        }
        guard let first = parts.first, (2...3).contains(first.count), areLetters(first), parts.count <= 2,
            parts.dropFirst().allSatisfy({ $0.count == 2 && areLetters($0) || $0.count == 3 && areDigits($0) })
        else {
            throw .badValue(what: "language", problem: "is no language's code: write sw, fr or pt-BR")
        }
        return code
    }
}

/// That a customer holds a unit, or held it.
public struct Assignment: Hashable, Sendable {
    /// The unit.
    public let unit: PaygID
    /// Who holds it, or held it.
    public let customer: CustomerReference
    /// From when on.
    public let since: Timestamp
    /// When they no longer had it; nil where they have it.
    public let until: Timestamp?

    /// An assignment.
    public init(unit: PaygID, customer: CustomerReference, since: Timestamp, until: Timestamp?) {
        self.unit = unit
        self.customer = customer
        self.since = since
        self.until = until
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
    /// The languages that its customers are written to in.
    public var languages: Set<String> = []

    /// Nothing done yet.
    public init() {}
}
