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
        var words = SipHash.Key(k0: 0, k1: 0)
        for (index, byte) in bytes.enumerated() { words.place(byte, at: index) }
        storage = Storage(words)
    }

    /// A key from its 16 bytes, where they lie.
    ///
    /// - Throws: ``OpenPAYGOError/secretKeyLength(digits:)`` for any other length.
    public init(bytes: UnsafeBufferPointer<UInt8>) throws(OpenPAYGOError) {
        guard bytes.count == 16 else { throw .secretKeyLength(digits: bytes.count * 2) }
        var words = SipHash.Key(k0: 0, k1: 0)
        for index in 0..<16 { words.place(bytes[index], at: index) }
        storage = Storage(words)
    }

    /// A key from 32 hexadecimal digits, upper or lower case.
    ///
    /// - Throws: ``OpenPAYGOError/secretKeyCharacter(position:)`` or
    ///   ``OpenPAYGOError/secretKeyLength(digits:)``.
    public init(hex: some StringProtocol) throws(OpenPAYGOError) {
        try self.init(digits: hex.utf8)
    }

    /// A key from 32 hexadecimal digits in ASCII, upper or lower case.
    ///
    /// - Throws: ``OpenPAYGOError/secretKeyCharacter(position:)`` or
    ///   ``OpenPAYGOError/secretKeyLength(digits:)``.
    public init(hexDigits: UnsafeBufferPointer<UInt8>) throws(OpenPAYGOError) {
        try self.init(digits: hexDigits)
    }

    private init(digits: some Sequence<UInt8>) throws(OpenPAYGOError) {
        var words = SipHash.Key(k0: 0, k1: 0)
        var count = 0
        var high: UInt8 = 0
        for byte in digits {
            guard let digit = Self.hexDigit(byte) else { throw .secretKeyCharacter(position: count + 1) }
            if count.isMultiple(of: 2) {
                high = digit << 4
            } else if count < 32 {
                words.place(high | digit, at: count / 2)
            }
            count += 1
        }
        guard count == 32 else { throw .secretKeyLength(digits: count) }
        storage = Storage(words)
    }

    /// The one place of a key. It is written while it is made and while it is
    /// wiped, when nothing else can see it, and only read between.
    private final class Storage: @unchecked Sendable {
        @exclusivity(unchecked)
        private(set) var words: SipHash.Key

        init(_ words: SipHash.Key) {
            self.words = words
        }

        deinit {
            withUnsafeMutableBytes(of: &words) { openpaygo_wipe($0.baseAddress, $0.count) }
        }
    }

    /// The value of a hexadecimal digit in ASCII. The digits of a key are
    /// random, so that no branch may hang on which one it is.
    @inline(__always)
    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        let isDigit = byte &- UInt8(ascii: "0") < 10
        let isLetter = (byte | 0x20) &- UInt8(ascii: "a") < 6
        return isDigit != isLetter ? (byte & 0xF) &+ (byte >> 6) &* 9 : nil
    }

    /// The 16 bytes, for sealing and for provider files. They are the secret itself.
    public var bytes: [UInt8] {
        [words.k0, words.k1].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }

    /// Gives the 16 bytes for as long as the body runs, without a copy that
    /// outlives it. They are the secret itself.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        var words = (storage.words.k0.littleEndian, storage.words.k1.littleEndian)
        defer { withUnsafeMutableBytes(of: &words) { openpaygo_wipe($0.baseAddress, $0.count) } }
        return withUnsafeBytes(of: words) { $0.withMemoryRebound(to: UInt8.self, body) }
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
