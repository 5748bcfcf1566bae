/// The 9-digit number from which a unit's chain of tokens starts.
///
/// It is a secret like the key: at count 0 it yields tokens without any hash,
/// so it prints as `<redacted>` too. 0 is a real value. Source: the standard's
/// device parameters, "Starting Code".
public struct StartingCode: Sendable {
    /// 0…999 999 999. It is the secret itself.
    public let number: UInt32

    /// The largest starting code, 999 999 999.
    public static let maximum: UInt32 = 999_999_999

    /// A starting code from a number.
    ///
    /// - Throws: ``OpenPAYGOError/startingCode`` outside 0…999 999 999.
    public init(_ number: Int) throws(OpenPAYGOError) {
        guard (0...Int(Self.maximum)).contains(number) else { throw .startingCode }
        self.number = UInt32(number)
    }

    /// A starting code from 1 to 9 decimal digits.
    ///
    /// - Throws: ``OpenPAYGOError/startingCode`` for anything else.
    public init(digits: some StringProtocol) throws(OpenPAYGOError) {
        guard (1...9).contains(digits.utf8.count), let number = decimal(digits) else {
            throw .startingCode
        }
        self.number = UInt32(number)
    }

    /// The starting code of a unit that was given none: the token conversion
    /// of the hash of the key under itself. Source: the standard's
    /// "Generating the starting code".
    public init(derivedFrom key: SecretKey) {
        let words = key.words
        number = TokenChain.token(from: SipHash.hash(words.k0, words.k1, key: words))
    }

    /// All nine digits, zeros kept. They are the secret itself.
    public var digits: String { padded(UInt64(number), to: 9) }
}

extension StartingCode: Equatable {
    /// Compares without branching on the contents.
    public static func == (one: StartingCode, other: StartingCode) -> Bool {
        one.number ^ other.number == 0
    }
}

extension StartingCode: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
