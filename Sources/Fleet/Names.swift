/// What the names that people give to things have in common: trimmed, not
/// empty, on one line, and no longer than anybody types.
enum Name {
    static func checked(_ text: String, as what: String, most: Int) throws(FleetError) -> String {
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else { throw .badValue(what: what, problem: "is empty") }
        guard trimmed.unicodeScalars.count <= most else {
            throw .badValue(what: what, problem: "is longer than \(most) characters")
        }
        guard !trimmed.unicodeScalars.contains(where: \.isControl) else {
            throw .badValue(what: what, problem: "holds a control character")
        }
        return trimmed
    }
}

extension Unicode.Scalar {
    /// Control and format characters, line and paragraph separators: nothing
    /// that belongs in a name, and some of it rewrites what a screen shows.
    var isControl: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    var trimmingSpaces: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(String.UnicodeScalarView(scalars[first...last]))
    }
}

/// The name of a unit on every platform: the standard's serial number.
///
/// Printable ASCII, at most 64 characters: a PAYG ID is read off a label and
/// typed, and two that look alike must be alike. Case is kept, and does not
/// tell two units apart.
public struct PaygID: Hashable, Sendable {
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        let checked = try Name.checked(text, as: "PAYG ID", most: 64)
        if let other = checked.unicodeScalars.first(where: { !(" "..."~").contains($0) }) {
            throw .badValue(
                what: "PAYG ID",
                problem: "holds “\(other)”; only the letters A-Z, digits and signs of plain ASCII are allowed"
            )
        }
        self.text = checked
    }

    public static func == (one: PaygID, other: PaygID) -> Bool {
        one.folded == other.folded
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(folded)
    }

    private var folded: String { text.lowercased() }
}

extension PaygID: CustomStringConvertible {
    public var description: String { text }
}

/// The provider's own name for a customer, unique regardless of case.
public struct CustomerReference: Hashable, Sendable {
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        self.text = try Name.checked(text, as: "customer reference", most: 64)
    }
}

extension CustomerReference: CustomStringConvertible {
    public var description: String { text }
}

/// The payer's own id for a payment. It names one payment in the whole
/// registry, exactly as written.
public struct PaymentReference: Hashable, Sendable {
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        self.text = try Name.checked(text, as: "payment reference", most: 128)
    }
}

extension PaymentReference: CustomStringConvertible {
    public var description: String { text }
}

/// Who does something, as the audit trail names them.
public struct ActorName: Hashable, Sendable {
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        self.text = try Name.checked(text, as: "actor", most: 128)
    }
}

extension ActorName: CustomStringConvertible {
    public var description: String { text }
}
