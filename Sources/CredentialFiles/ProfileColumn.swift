import Fleet

/// What a column of a provider's file can hold.
enum ProfileField: String, CaseIterable, Sendable {
    // The unit's.
    case paygID, startingCode, key, count, dispatchedCount, timeDivider, restrictedDigits, hardwareModel
    case firmwareVersion, testCode, dispatch
    /// Which of the provider's products the unit is.
    case product
    // The list's that brought the unit.
    case dispatchFile, dispatchDate
    // The customer's who holds it.
    case customer, customerName, phone, language, customerNote

    /// The kinds of values, which are written in different ways.
    enum Kind: Sendable {
        case text, phone
        /// A number of things.
        case number
        /// Nine digits, of which zeros in front are a part.
        case code
        case key, flag, moment
    }

    var kind: Kind {
        switch self {
        case .paygID, .hardwareModel, .firmwareVersion, .product, .dispatchFile, .customer, .customerName, .language,
            .customerNote:
            .text
        case .phone: .phone
        case .count, .dispatchedCount, .timeDivider, .dispatch: .number
        case .startingCode, .testCode: .code
        case .key: .key
        case .restrictedDigits: .flag
        case .dispatchDate: .moment
        }
    }

    /// Whether it is the customer's.
    var isCustomers: Bool {
        switch self {
        case .customer, .customerName, .phone, .language, .customerNote: true
        default: false
        }
    }

    /// Whether it is the dispatch's, and more than the number that every unit tells.
    var isDispatchs: Bool { self == .dispatchFile || self == .dispatchDate }

    /// Whether tokens can be made with it.
    var isSecret: Bool { self == .key || self == .startingCode }
}

/// How a value is written.
enum CellFormat: Hashable, Sendable {
    /// As it is.
    case text
    /// Decimal digits, with zeros in front up to a width: text, where text and
    /// numbers are told apart.
    case digits(width: Int)
    /// A number without zeros in front; 1 or 0 of what is true or false.
    case number
    case lowerHex, upperHex
    /// `true` or `false`.
    case boolean
    /// Two words of the provider's, for true and for false.
    case words(yes: String, no: String)
    /// `2026-11-03T09:00:00Z`, and the day of it.
    case timestamp, date

    /// Whether JSON writes it between quotation marks.
    var isText: Bool { self != .number && self != .boolean }
}

/// What is done about a cell that a spreadsheet would take for a formula.
enum FormulaRule: String, CaseIterable, Sendable {
    /// The unit is refused.
    case refuse
    /// An apostrophe goes in front, by which spreadsheets know text.
    case apostrophe
}

extension Profile {
    struct Column: Sendable {
        enum Content: Sendable {
            case field(ProfileField)
            /// The same text for every unit.
            case fixed(String)
        }

        let header: String
        let content: Content
        let format: CellFormat
        /// What a unit without the value has; nil for nothing.
        let fallback: String?
        /// Whether a unit without the value is refused.
        let isRequired: Bool
        let formulas: FormulaRule

        var field: ProfileField? {
            if case .field(let field) = content { field } else { nil }
        }
    }
}
