/// What is known of a customer, and can be changed. The raw values are
/// stored, and shown.
public enum CustomerFact: String, CaseIterable, Hashable, Sendable {
    case name, phone, language, note

    /// “name, phone and note”.
    public static func joined(_ facts: [CustomerFact]) -> String {
        let words = facts.map(\.rawValue)
        guard let last = words.last, words.count > 1 else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }
}

/// What to change about a customer.
public struct CustomerEdit: Hashable, Sendable {
    /// What becomes of one fact.
    public enum Change<Value: Hashable & Sendable>: Hashable, Sendable {
        case keep, remove
        case set(Value)
    }

    /// Their name, which nobody is without; nil to keep it.
    public let name: String?
    /// Their phone number.
    public let phone: Change<PhoneNumber>
    /// The language they are written to in.
    public let language: Change<String>
    /// What else is to be known of them.
    public let note: Change<String>

    /// Changes as typed, checked.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(
        name: String? = nil, phone: Change<PhoneNumber> = .keep, language: Change<String> = .keep,
        note: Change<String> = .keep
    ) throws(FleetError) {
        self.name = try name.map(Customer.checkedName)
        self.phone = phone
        self.language = try language.checked(Customer.checkedLanguage)
        self.note = try note.checked(Customer.checkedNote)
    }
}

extension CustomerEdit {
    /// The customer after the changes.
    public func applied(to customer: Customer) -> Customer {
        Customer(
            reference: customer.reference, name: name ?? customer.name,
            phone: phone.applied(to: customer.phone, \.text),
            language: language.applied(to: customer.language, \.self),
            note: note.applied(to: customer.note, \.self), units: customer.units
        )
    }
}

extension CustomerEdit.Change {
    fileprivate func checked(_ check: (Value) throws(FleetError) -> Value) throws(FleetError) -> Self {
        guard case .set(let value) = self else { return self }
        return .set(try check(value))
    }

    fileprivate func applied(to text: String?, _ written: (Value) -> String) -> String? {
        switch self {
        case .keep: text
        case .remove: nil
        case .set(let value): written(value)
        }
    }
}

extension Customer {
    /// What is not as it is with another, byte by byte.
    public func differences(from other: Customer) -> [CustomerFact] {
        func differ(_ one: String?, _ other: String?) -> Bool {
            // Swift takes two ways to write an accented letter for one.
            one.map { Array($0.utf8) } != other.map { Array($0.utf8) }
        }
        return CustomerFact.allCases.filter { fact in
            switch fact {
            case .name: differ(name, other.name)
            case .phone: differ(phone, other.phone)
            case .language: differ(language, other.language)
            case .note: differ(note, other.note)
            }
        }
    }
}
