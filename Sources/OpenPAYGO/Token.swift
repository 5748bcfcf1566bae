/// The digits typed on a unit's keypad: 9, or 15 digits of 1…4 where the
/// keypad has no others. Source: the standard's "Token format" and
/// "Restricted digit set".
public struct Token: Hashable, Sendable {
    /// Which digits a unit's keypad has.
    public enum DigitSet: Hashable, Sendable {
        /// Nine digits of 0…9.
        case full
        /// Fifteen digits of 1…4.
        case restricted

        /// How many digits a token has.
        public var length: Int { self == .full ? 9 : 15 }

        /// How many digits an extended token has.
        public var extendedLength: Int { self == .full ? 12 : 20 }
    }

    /// The token as a number, 0…999 999 999, the same in both digit sets.
    public let number: UInt32
    /// The digits it is written with.
    public let digitSet: DigitSet

    init(number: UInt32, digitSet: DigitSet) {
        self.number = number
        self.digitSet = digitSet
    }

    /// A token as it was typed, nothing but digits.
    ///
    /// - Throws: ``OpenPAYGOError/tokenDigits`` when the length or a digit is
    ///   not one of the digit set's, or 15 digits write more than any token.
    public init(digits: some StringProtocol, digitSet: DigitSet) throws(OpenPAYGOError) {
        guard digits.utf8.count == digitSet.length, let number = digitSet.number(of: digits),
            number <= UInt64(StartingCode.maximum)
        else { throw .tokenDigits }
        self.init(number: UInt32(number), digitSet: digitSet)
    }

    /// All the digits, zeros kept.
    public var digits: String { digitSet.digits(of: UInt64(number), length: digitSet.length) }

    /// The digits in groups of three, for reading aloud.
    public var grouped: String { digits.grouped(by: 3) }
}

extension Token: CustomStringConvertible {
    /// All the digits.
    public var description: String { digits }
}

extension Token.DigitSet {
    /// The number that digits of this set write; nil where one is not of it.
    /// Restricted digits are two bits each, the highest first. Source: the
    /// standard's "Restricted digit set".
    func number(of digits: some StringProtocol) -> UInt64? {
        guard self == .restricted else { return decimal(digits) }
        var number: UInt64 = 0
        for digit in digits.utf8 {
            guard (49...52).contains(digit) else { return nil }
            number = number << 2 | UInt64(digit - 49)
        }
        return number
    }

    /// A number in digits of this set, zeros kept.
    func digits(of number: UInt64, length: Int) -> String {
        guard self == .restricted else { return padded(number, to: length) }
        var text = String.UnicodeScalarView()
        for place in stride(from: 2 * (length - 1), through: 0, by: -2) {
            text.append(Unicode.Scalar(UInt8(truncatingIfNeeded: number >> UInt64(place) & 3) + 49))
        }
        return String(text)
    }
}

extension String {
    /// The text with a space between every so many characters.
    func grouped(by size: Int) -> String {
        var text = ""
        for (index, character) in enumerated() {
            if index > 0, index.isMultiple(of: size) { text.append(" ") }
            text.append(character)
        }
        return text
    }
}

/// The nine digits that put a unit into its factory test. Not a token, and no
/// token may equal it. Source: the standard's device list, "Test Code".
public struct TestCode: Hashable, Sendable {
    /// 0…999 999 999.
    public let number: UInt32

    /// A test code as the list gives it.
    ///
    /// - Throws: ``OpenPAYGOError/testCode`` unless there are exactly nine digits.
    public init(digits: some StringProtocol) throws(OpenPAYGOError) {
        guard digits.utf8.count == 9, let number = decimal(digits) else { throw .testCode }
        self.number = UInt32(number)
    }

    /// All nine digits, zeros kept.
    public var digits: String { padded(UInt64(number), to: 9) }
}
