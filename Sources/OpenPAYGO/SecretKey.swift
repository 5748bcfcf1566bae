import COpenPAYGO

/// The 16-byte secret shared by a unit and whoever makes its tokens.
///
/// A key prints as `<redacted>` wherever a value can print itself, and two
/// keys compare in the same time whatever they hold. All copies share one place
/// in memory, which is wiped when the last of them goes; what ``bytes`` and
/// ``hex`` hand out is the caller's to keep short. Source: the standard's
/// device parameters, "Secret Key".
public struct SecretKey: Sendable {
    private let storage: Storage

    /// The key as SipHash takes it.
    var words: SipHash.Key { storage.words }

    /// A key from its 16 bytes.
    ///
    /// - Throws: ``OpenPAYGOError/secretKeyLength(digits:)`` for any other length.
    public init(bytes: some Collection<UInt8>) throws(OpenPAYGOError) {
        guard bytes.count == 16 else {
            throw .secretKeyLength(digits: bytes.count * 2)
        }
        storage = Storage()
        for (index, byte) in bytes.enumerated() { storage.place(byte, at: index) }
    }

    /// A key from 32 hexadecimal digits, upper or lower case.
    ///
    /// - Throws: ``OpenPAYGOError/secretKeyCharacter(position:)`` or
    ///   ``OpenPAYGOError/secretKeyLength(digits:)``.
    public init(hex: some StringProtocol) throws(OpenPAYGOError) {
        storage = Storage()
        var digits = 0
        var high: UInt8 = 0
        for character in hex.unicodeScalars {
            guard let digit = Self.hexDigit(character) else {
                throw .secretKeyCharacter(position: digits + 1)
            }
            if digits.isMultiple(of: 2) {
                high = digit << 4
            } else if digits < 32 {
                storage.place(high | digit, at: digits / 2)
            }
            digits += 1
        }
        guard digits == 32 else { throw .secretKeyLength(digits: digits) }
    }

    /// The one place of a key. It is written while it is made and while it is
    /// wiped, when nothing else can see it, and only read between.
    private final class Storage: @unchecked Sendable {
        private(set) var words = SipHash.Key(k0: 0, k1: 0)

        func place(_ byte: UInt8, at index: Int) {
            let shifted = UInt64(byte) << (8 * UInt64(index % 8))
            if index < 8 { words.k0 |= shifted } else { words.k1 |= shifted }
        }

        deinit {
            withUnsafeMutableBytes(of: &words) { openpaygo_wipe($0.baseAddress, $0.count) }
        }
    }

    private static func hexDigit(_ scalar: Unicode.Scalar) -> UInt8? {
        switch scalar {
        case "0"..."9": UInt8(scalar.value - 48)
        case "a"..."f": UInt8(scalar.value - 87)
        case "A"..."F": UInt8(scalar.value - 55)
        default: nil
        }
    }

    /// The 16 bytes, for sealing and for provider files. They are the secret itself.
    public var bytes: [UInt8] {
        [words.k0, words.k1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    /// The 32 lower-case hexadecimal digits, for provider files. They are the
    /// secret itself, which is why no `description` gives them.
    public var hex: String {
        let digits = Array("0123456789abcdef".unicodeScalars)
        var text = String.UnicodeScalarView()
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(text)
    }
}

extension SecretKey: Equatable {
    /// Compares without branching on the contents.
    public static func == (one: SecretKey, other: SecretKey) -> Bool {
        (one.words.k0 ^ other.words.k0) | (one.words.k1 ^ other.words.k1) == 0
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
