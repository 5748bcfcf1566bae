/// The value in an extended token, 0…999 999. The standard leaves its meaning
/// to each device. Source: the standard's "Extended tokens".
public struct ExtendedValue: Hashable, Sendable {
    /// 0…999 999.
    public let number: Int

    /// 999 999.
    public static let maximum = 999_999

    /// A value from a number.
    ///
    /// - Throws: ``OpenPAYGOError/extendedValue`` outside 0…999 999.
    public init(_ number: Int) throws(OpenPAYGOError) {
        guard (0...Self.maximum).contains(number) else { throw .extendedValue }
        self.number = number
    }
}

/// A longer token, for what a device has of its own: 12 digits, or 20 digits
/// of 1…4. It never activates a unit. Source: the standard's "Extended tokens".
public struct ExtendedToken: Hashable, Sendable {
    /// The token as a number, 0…999 999 999 999, the same in both digit sets.
    public let number: UInt64
    /// The digits it is written with.
    public let digitSet: Token.DigitSet

    static let maximum: UInt64 = 999_999_999_999

    init(number: UInt64, digitSet: Token.DigitSet) {
        self.number = number
        self.digitSet = digitSet
    }

    /// A token as it was typed, nothing but digits.
    ///
    /// - Throws: ``OpenPAYGOError/extendedTokenDigits`` when the length or a
    ///   digit is not one of the digit set's, or 20 digits write more than any
    ///   token.
    public init(digits: some StringProtocol, digitSet: Token.DigitSet) throws(OpenPAYGOError) {
        guard digits.utf8.count == digitSet.extendedLength, let number = digitSet.number(of: digits),
            number <= Self.maximum
        else { throw .extendedTokenDigits }
        self.init(number: number, digitSet: digitSet)
    }

    /// All the digits, zeros kept.
    public var digits: String { digitSet.digits(of: number, length: digitSet.extendedLength) }

    /// The digits in groups of four, for reading aloud.
    public var grouped: String { digits.grouped(by: 4) }
}

extension ExtendedToken: CustomStringConvertible {
    /// All the digits.
    public var description: String { digits }
}

/// Which of the two kinds of count an extended token uses.
public enum ExtendedKind: Hashable, Sendable {
    /// Even counts, as Add Time has.
    case adding
    /// Odd counts, as Set Time has.
    case setting

    /// The type of activation token that has counts of the same parity.
    var type: TokenType { self == .adding ? .addTime : .setTime }
}

extension TokenMaker {
    /// The next extended token for a unit whose last token had a given count,
    /// and the count it used, which is now the unit's.
    ///
    /// Extended tokens share their counts with activation tokens. Costs one
    /// hash for each count.
    ///
    /// - Throws: ``OpenPAYGOError/countExhausted``.
    public func makeExtended(
        _ value: ExtendedValue, _ kind: ExtendedKind, after last: TokenCount
    ) throws(OpenPAYGOError) -> (token: ExtendedToken, count: TokenCount) {
        let count = try last.next(for: kind.type)
        return (makeExtended(value, at: count), count)
    }

    /// The extended token of a value at a given count.
    public func makeExtended(_ value: ExtendedValue, at count: TokenCount) -> ExtendedToken {
        let start = UInt64(startingCode.number)
        let base = (start % ExtendedChain.values + UInt64(value.number)) % ExtendedChain.values
        var number = ExtendedChain.replacingBase(of: start, with: base)
        let words = key.words
        for _ in 0..<count.number {
            number = ExtendedChain.step(number, key: words)
        }
        return ExtendedToken(number: ExtendedChain.replacingBase(of: number, with: base), digitSet: digitSet)
    }
}

extension TokenReader {
    /// What became of an extended token.
    public enum ExtendedOutcome: Hashable, Sendable {
        /// It does what it says, once; its count is now used up.
        case accepted(ExtendedValue, ExtendedKind, count: TokenCount)
        /// It is the unit's, of a count that is used up or too old.
        case alreadyUsed(ExtendedValue, ExtendedKind, count: TokenCount)
        /// No count within reach has this token.
        case invalid
    }

    /// Reads an extended token, and brings the state forward when it is
    /// accepted, by the rules that hold for Add Time at even counts and for
    /// Set Time at odd ones.
    public func readExtended(_ token: ExtendedToken, state: inout DeviceState) -> ExtendedOutcome {
        let start = UInt64(startingCode.number)
        let base = token.number % ExtendedChain.values
        let difference = (base + ExtendedChain.values - start % ExtendedChain.values) % ExtendedChain.values
        guard let value = try? ExtendedValue(Int(difference)) else { return .invalid }
        var number = ExtendedChain.replacingBase(of: start, with: base)
        var older: ExtendedOutcome = .invalid
        let limit = min(state.lastCount.number + Self.window, TokenCount.maximum)
        let words = key.words
        for step in 1...limit {
            number = ExtendedChain.step(number, key: words)
            guard step > dispatchedCount.number,
                ExtendedChain.replacingBase(of: number, with: base) == token.number
            else { continue }
            let count = TokenCount(unchecked: step)
            let kind: ExtendedKind = step.isMultiple(of: 2) ? .adding : .setting
            if state.accept(kind.type, at: count) {
                return .accepted(value, kind, count: count)
            }
            older = .alreadyUsed(value, kind, count: count)
        }
        return older
    }
}

/// The chain of extended tokens that a key and a starting number make.
enum ExtendedChain {
    /// The number of values an extended token's last six digits can hold.
    static let values: UInt64 = 1_000_000

    /// One application of the step function: the number is hashed once, and
    /// the top 40 bits are folded to twelve digits. Source: the standard's
    /// "Extended tokens".
    static func step(_ number: UInt64, key: SipHash.Key) -> UInt64 {
        let folded = SipHash.hash(number.byteSwapped, key: key) >> 24
        return folded > ExtendedToken.maximum ? folded - 99_511_627_777 : folded
    }

    /// A number with its last six digits replaced.
    static func replacingBase(of number: UInt64, with base: UInt64) -> UInt64 {
        number - number % values + base
    }
}
