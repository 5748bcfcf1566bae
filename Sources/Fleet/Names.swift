import Foundation

/// What the names that people give to things have in common: trimmed, not
/// empty, on one line, and no longer than anybody types.
public enum Name {
    /// A name without white space at its ends.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public static func checked(_ text: String, as what: String, most: Int) throws(FleetError) -> String {
        let trimmed = text.trimmingSpaces
        guard !trimmed.isEmpty else { throw .badValue(what: what, problem: "is empty") }
        guard trimmed.unicodeScalars.count <= most else {
            throw .badValue(what: what, problem: "is longer than \(most) characters")
        }
        guard !trimmed.unicodeScalars.contains(where: \.isControl) else {
            throw .badValue(what: what, problem: "holds an invisible character")
        }
        return trimmed
    }
}

extension Unicode.Scalar {
    /// Control and format characters, line and paragraph separators: nothing
    /// that belongs in a name, and some of it rewrites what a screen shows.
    public var isControl: Bool {
        // Nearly all are, and every token reads names.
        if isASCII { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        // Joiners are how some scripts are spelled.
        case .format: self != "\u{200C}" && self != "\u{200D}"
        case .control, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}

extension StringProtocol {
    /// The text without white space at either end.
    public var trimmingSpaces: String {
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(self[first..<scalars.index(after: last)])
    }
}

/// A name that is printable ASCII, at most 64 characters: it is read off a
/// label or a list and typed, and two that look alike must be alike. Case is
/// kept, and tells nothing apart.
private func checkedLabel(_ text: String, as what: String) throws(FleetError) -> String {
    let checked = try Name.checked(text, as: what, most: 64)
    if let other = checked.unicodeScalars.first(where: { !(" "..."~").contains($0) }) {
        throw .badValue(
            what: what, problem: "holds “\(other)”; only the letters A-Z, digits and signs of plain ASCII are allowed"
        )
    }
    return checked
}

/// The name of a unit on every platform: the standard's serial number.
///
/// Printable ASCII, at most 64 characters, and no secret key by mistake.
public struct PaygID: Hashable, Sendable {
    /// The name, trimmed, its case as given.
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        let checked = try checkedLabel(text, as: "PAYG ID")
        // Kept out of here, it is kept out of lists and messages.
        let digits = checked.filter { !" -_:.".contains($0) }
        guard digits.utf8.count != 32 || !digits.allSatisfy(\.isHexDigit) else {
            throw .badValue(what: "PAYG ID", problem: "has 32 hexadecimal digits, as a secret key has")
        }
        self.text = checked
    }

    /// A name made of the characters that nearly all are made of: letters,
    /// digits and `-_./` in ASCII, at most 31. Nil for any other, which may be
    /// a name all the same: a list has a million of them.
    public init?(plain bytes: UnsafeBufferPointer<UInt8>) {
        guard (1...31).contains(bytes.count),
            bytes.allSatisfy({ byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "-")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        text = String(decoding: bytes, as: UTF8.self)
    }

    /// The same of a text.
    public init?(plain text: String) {
        var text = text
        guard let id = text.withUTF8({ PaygID(plain: $0) }) else { return nil }
        self = id
    }

    /// Whether two names differ in nothing but case.
    public static func == (one: PaygID, other: PaygID) -> Bool {
        one.text.lowercased() == other.text.lowercased()
    }

    /// Hashes the name without its case.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text.lowercased())
    }
}

extension PaygID: CustomStringConvertible {
    /// The name itself.
    public var description: String { text }
}

/// The service provider's own name for a customer: printable ASCII, at most 64
/// characters.
public struct CustomerReference: Hashable, Sendable {
    /// The name, trimmed, its case as given.
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        self.text = try checkedLabel(text, as: "customer reference")
    }

    /// Whether two names differ in nothing but case.
    public static func == (one: CustomerReference, other: CustomerReference) -> Bool {
        one.text.lowercased() == other.text.lowercased()
    }

    /// Hashes the name without its case.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(text.lowercased())
    }
}

extension CustomerReference: CustomStringConvertible {
    /// The name itself.
    public var description: String { text }
}

/// The payer's own id for a payment. It names one payment in the whole
/// registry, letter by letter.
public struct PaymentReference: Hashable, Sendable {
    /// The id, trimmed; what looks the same is written the same (Unicode's NFC).
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        let checked = try Name.checked(text, as: "payment reference", most: 128)
        guard !checked.unicodeScalars.contains(where: { $0.properties.generalCategory == .format }) else {
            throw .badValue(what: "payment reference", problem: "holds an invisible character")
        }
        self.text = checked.precomposedStringWithCanonicalMapping
    }
}

extension PaymentReference: CustomStringConvertible {
    /// The name itself.
    public var description: String { text }
}

/// Who does something, as the audit trail names them.
public struct ActorName: Hashable, Sendable {
    /// The words, trimmed.
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        self.text = try Name.checked(text, as: "actor", most: 128)
    }
}

extension ActorName: CustomStringConvertible {
    /// The name itself.
    public var description: String { text }
}

/// Why something out of the ordinary is done, as the audit trail keeps it.
public struct Reason: Hashable, Sendable {
    /// The words, trimmed.
    public let text: String

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        self.text = try Name.checked(text, as: "reason", most: 512)
    }
}
