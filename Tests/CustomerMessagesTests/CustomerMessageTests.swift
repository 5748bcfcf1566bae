import CustomerMessages
import Foundation
import Testing

/// The default alphabet as its table stands in GSM 03.38, sixteen codes a row.
/// The escape, 0x1B, is no character.
private let basicTable: [[Character]] = [
    ["@", "£", "$", "¥", "è", "é", "ù", "ì", "ò", "Ç", "\n", "Ø", "ø", "\r", "Å", "å"],
    ["Δ", "_", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ", /* escape */ "Æ", "æ", "ß", "É"],
    [" ", "!", "\"", "#", "¤", "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", "/"],
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ":", ";", "<", "=", ">", "?"],
    ["¡", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O"],
    ["P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "Ä", "Ö", "Ñ", "Ü", "§"],
    ["¿", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o"],
    ["p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "ä", "ö", "ñ", "ü", "à"],
]

/// The extension table: what follows an escape, by code.
private let extensionTable: [UInt8: Character] = [
    0x0A: "\u{C}", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
]

struct CustomerMessageTests {
    @Test func `of all characters, those of the two tables and no others take seven bits`() {
        let basic = Set(basicTable.joined().flatMap(\.unicodeScalars))
        let extended = Set(extensionTable.values.flatMap(\.unicodeScalars))
        #expect(basic.count == 127 && extended.count == 10)
        var wrong: [Unicode.Scalar] = []
        for scalar in (0...0xFFFF).compactMap({ Unicode.Scalar(UInt32($0)) }) {
            // What is another character once composed is looked at as that one.
            let text = String(scalar).precomposedStringWithCanonicalMapping
            guard text.unicodeScalars.elementsEqual([scalar]) else { continue }
            let message = CustomerMessage(text: text)
            let expected = basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
            if (message.encoding == .gsm7 ? message.length : nil) != expected { wrong.append(scalar) }
        }
        #expect(wrong.isEmpty)
    }

    @Test(arguments: [
        (0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4),
    ])
    func `plain letters are counted 160 to a message, 153 to each of several`(letters: Int, segments: Int) {
        let message = CustomerMessage(text: String(repeating: "a", count: letters))
        #expect(message.encoding == .gsm7)
        #expect(message.length == letters)
        #expect(message.segments == segments)
    }

    @Test(arguments: [
        (0, 80, 0, 160, 1),
        (0, 81, 0, 162, 2),
        (159, 1, 0, 161, 2),
        // 306 are two full messages, were the pair not moved to the second.
        (152, 1, 152, 306, 3),
        (151, 1, 153, 306, 2),
        (305, 1, 0, 307, 3),
    ])
    func `an escaped character takes two places, and is never split between messages`(
        before: Int, escaped: Int, after: Int, length: Int, segments: Int
    ) {
        let message = CustomerMessage(
            text: String(repeating: "a", count: before) + String(repeating: "€", count: escaped)
                + String(repeating: "a", count: after)
        )
        #expect(message.encoding == .gsm7)
        #expect(message.length == length)
        #expect(message.segments == segments)
    }

    @Test(arguments: [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)])
    func `other scripts are counted 70 to a message, 67 to each of several`(letters: Int, segments: Int) {
        let message = CustomerMessage(text: String(repeating: "क", count: letters))
        #expect(message.encoding == .ucs2)
        #expect(message.length == letters)
        #expect(message.segments == segments)
    }

    @Test(arguments: [
        (0, 35, 70, 1), (0, 36, 72, 2),
        // 134 are two full messages, were a pair not moved at each end.
        (0, 67, 134, 3),
        (1, 66, 133, 2), (66, 34, 134, 3),
    ])
    func `an emoji takes two places, and is never split between messages`(
        letters: Int, emoji: Int, length: Int, segments: Int
    ) {
        let message = CustomerMessage(
            text: String(repeating: "a", count: letters) + String(repeating: "😀", count: emoji)
        )
        #expect(message.encoding == .ucs2)
        #expect(message.length == length)
        #expect(message.segments == segments)
    }

    @Test func `an accent written apart from its letter costs no more than one written with it`() {
        let message = CustomerMessage(text: "cle\u{301}")
        #expect(message.encoding == .gsm7)
        #expect(message.length == 3)
        #expect(message.text.unicodeScalars.elementsEqual("cl\u{E9}".unicodeScalars))
    }

    @Test(arguments: ["ç", "ê", "ã", "õ", "á", "ɗ", "’", "\t", "`", "\u{A0}"])
    func `one character outside the alphabet takes the whole message out of it`(character: String) {
        let text = String(repeating: "a", count: 70) + character
        #expect(CustomerMessage(text: text).encoding == .ucs2)
        #expect(CustomerMessage(text: text).segments == 2)
    }
}
