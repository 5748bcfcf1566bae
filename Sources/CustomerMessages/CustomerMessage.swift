import Foundation

/// A text message, and what it costs to send.
public struct CustomerMessage: Hashable, Sendable {
    /// How a phone network carries the characters.
    public enum Encoding: String, Hashable, Sendable {
        /// Seven bits a character: the default alphabet of GSM 03.38 and its extension.
        case gsm7
        /// Sixteen bits a character, for every other text.
        case ucs2
    }

    /// The text, its letters composed (Unicode's NFC): an é in two parts would
    /// cost the whole message its seven bits.
    public let text: String
    /// How it is carried.
    public let encoding: Encoding
    /// Its length: septets, of which a character of the extension takes two,
    /// or UTF-16 units.
    public let length: Int
    /// How many messages it is sent as, and paid for; 0 for an empty text.
    public let segments: Int

    /// Counts a text as GSM 03.38 and 03.40 do: 160 septets or 70 UTF-16 units
    /// in one message. Of several, each gives seven septets or three units to
    /// the header that joins them, and no character is split between two.
    public init(text: String) {
        self.text = text.precomposedStringWithCanonicalMapping
        let scalars = self.text.unicodeScalars
        let septets = scalars.compactMap { GSMAlphabet.septets(of: $0) }
        if septets.count == scalars.count {
            encoding = .gsm7
            length = septets.reduce(0, +)
            segments = Self.segments(septets, alone: 160, joined: 153)
        } else {
            let units = scalars.map { UTF16.width($0) }
            encoding = .ucs2
            length = units.reduce(0, +)
            segments = Self.segments(units, alone: 70, joined: 67)
        }
    }

    private static func segments(_ widths: [Int], alone: Int, joined: Int) -> Int {
        let length = widths.reduce(0, +)
        guard length > alone else { return length > 0 ? 1 : 0 }
        var (segments, room) = (1, joined)
        for width in widths {
            if width > room { (segments, room) = (segments + 1, joined) }
            room -= width
        }
        return segments
    }
}
