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
        guard digits.utf8.count == digitSet.length else { throw .tokenDigits }
        var number: UInt32 = 0
        switch digitSet {
        case .full:
            guard let value = decimal(digits) else { throw .tokenDigits }
            number = UInt32(value)
        case .restricted:
            for digit in digits.utf8 {
                guard (49...52).contains(digit) else { throw .tokenDigits }
                number = number << 2 | UInt32(digit - 49)
            }
            guard number <= StartingCode.maximum else { throw .tokenDigits }
        }
        self.init(number: number, digitSet: digitSet)
    }

    /// All the digits, zeros kept.
    public var digits: String {
        switch digitSet {
        case .full:
            return padded(UInt64(number), to: 9)
        case .restricted:
            var text = String.UnicodeScalarView()
            for pair in stride(from: 28, through: 0, by: -2) {
                text.append(Unicode.Scalar(UInt8(number >> UInt32(pair) & 3) + 49))
            }
            return String(text)
        }
    }

    /// The digits in groups of three, for reading aloud.
    public var grouped: String {
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, index.isMultiple(of: 3) { text.append(" ") }
            text.append(digit)
        }
        return text
    }
}

extension Token: CustomStringConvertible {
    public var description: String { digits }
}

/// The nine digits that put a unit into its factory test. Not a token, and no
/// token may equal it. Source: the standard's device list, "Test Code".
public struct TestCode: Hashable, Sendable {
    /// 0…999 999 999.
    public let number: UInt32

    /// - Throws: ``OpenPAYGOError/testCode`` unless there are exactly nine digits.
    public init(digits: some StringProtocol) throws(OpenPAYGOError) {
        guard digits.utf8.count == 9, let number = decimal(digits) else { throw .testCode }
        self.number = UInt32(number)
    }

    /// All nine digits, zeros kept.
    public var digits: String { padded(UInt64(number), to: 9) }
}
