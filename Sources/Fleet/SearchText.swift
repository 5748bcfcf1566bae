import Foundation

/// A part of something, as it is typed to find the whole: of a PAYG ID, a
/// reference, a name or a phone number.
public struct SearchText: Hashable, Sendable {
    /// As typed, trimmed.
    public let text: String
    /// As names are compared; empty where nothing of it can be in a name.
    public let folded: String
    /// As phone numbers are compared; nil where it is no part of one.
    public let phoneDigits: String?

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ typed: String) throws(FleetError) {
        text = try Name.checked(typed, as: "text to search for", most: 128)
        folded = text.foldedForSearch
        phoneDigits = Self.phoneDigits(text)
    }

    /// The digits that are found in a whole number however it was typed: what
    /// is dialled in front of it inside a country, or from another, is none of
    /// them. Fewer than three are in nearly every number.
    private static func phoneDigits(_ text: String) -> String? {
        guard (try? PhoneNumber.checkCharacters(text)) != nil else { return nil }
        let digits = PhoneNumber.digits(of: text).drop { $0 == "0" }
        return digits.count >= 3 ? String(digits) : nil
    }
}

extension String {
    /// The text as names are compared in a search: in lower case, without
    /// accents, with one kind of space, hyphen and apostrophe.
    public var foldedForSearch: String {
        // Most names need nothing but small letters.
        guard !utf8.allSatisfy({ $0 < 0x80 }) else { return lowercased() }
        var folded = String.UnicodeScalarView()
        for scalar in lowercased().decomposedStringWithCompatibilityMapping.unicodeScalars {
            switch scalar {
            case "\u{2018}", "\u{2019}", "\u{02BC}": folded.append("'")
            case "ı": folded.append("i")
            case "ł": folded.append("l")
            case "ø": folded.append("o")
            case "đ", "ð": folded.append("d")
            case "ħ": folded.append("h")
            case "ß": folded.append(contentsOf: "ss".unicodeScalars)
            case "æ": folded.append(contentsOf: "ae".unicodeScalars)
            case "œ": folded.append(contentsOf: "oe".unicodeScalars)
            case "þ": folded.append(contentsOf: "th".unicodeScalars)
            default:
                let properties = scalar.properties
                switch properties.generalCategory {
                case .dashPunctuation: folded.append("-")
                case .spaceSeparator: folded.append(" ")
                case .format: break
                // Below 10 are the marks that make another letter of one, as
                // in Indian scripts; above it are accents.
                case .nonspacingMark where properties.canonicalCombiningClass.rawValue >= 10: break
                default: folded.append(scalar)
                }
            }
        }
        return String(folded)
    }
}
