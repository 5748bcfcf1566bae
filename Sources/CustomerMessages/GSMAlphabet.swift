import Foundation

/// The seven-bit alphabet of text messages. Source: 3GPP TS 23.038 (GSM 03.38),
/// sections 6.2.1 and 6.2.1.1.
enum GSMAlphabet {
    private static let basic = Set(
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            + " \n\r!\"#$%&'()*+,-./:;<=>?@_¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨΩ").unicodeScalars
    )
    private static let extended = Set("\u{C}^{}\\[~]|€".unicodeScalars)

    /// How many septets a character takes: 1, or 2 with the escape before it.
    /// Nil for one that is not in the alphabet.
    static func septets(of scalar: Unicode.Scalar) -> Int? {
        basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : nil
    }

    /// A text as people write it on a phone: letters that the alphabet lacks,
    /// and that differ by an accent or a hook from one it has, are that one. A
    /// letter of another script stays.
    static func spelled(_ text: String) -> String {
        var spelled = ""
        for character in text {
            let same = String(character).precomposedStringWithCanonicalMapping
            if same.unicodeScalars.allSatisfy({ septets(of: $0) != nil }) {
                spelled += same
            } else if let plain = plain[character] {
                spelled += plain
            } else {
                let bare = same.decomposedStringWithCanonicalMapping.unicodeScalars.prefix(1)
                spelled += bare.allSatisfy { $0.isASCII } ? String(bare) : same
            }
        }
        return spelled
    }

    /// What does not come apart into a letter and an accent.
    private static let plain: [Character: String] = [
        "ɓ": "b", "Ɓ": "B", "ɗ": "d", "Ɗ": "D", "ƙ": "k", "Ƙ": "K", "ƴ": "y", "Ƴ": "Y",
        "’": "'", "\u{A0}": " ", "\u{202F}": " ", "–": "-", "“": "\"", "”": "\"",
    ]
}
