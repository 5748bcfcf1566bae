/// The count of a token: how many times the step function was applied.
///
/// Arithmetic on counts cannot overflow: a count beyond ``maximum`` is an
/// error. Source: the standard's "Count".
public struct TokenCount: Hashable, Comparable, Sendable {
    /// 0…``maximum``.
    public let number: UInt32

    /// The largest count taken here, 9 999 999.
    ///
    /// The standard names no limit. A unit given a token every hour for a
    /// century uses 1.8 million; a larger count in a list is a starting code
    /// in the wrong column, and would take minutes to compute.
    public static let maximum: UInt32 = 9_999_999

    /// The count 0: no token made yet, not even at dispatch.
    public static let zero = TokenCount(unchecked: 0)

    /// The count of a unit whose list says nothing of it.
    public static let one = TokenCount(unchecked: 1)

    /// A count from a number.
    ///
    /// - Throws: ``OpenPAYGOError/count`` outside 0…``maximum``.
    public init(_ number: Int) throws(OpenPAYGOError) {
        guard (0...Int(Self.maximum)).contains(number) else { throw .count }
        self.number = UInt32(number)
    }

    /// A count from decimal digits.
    ///
    /// - Throws: ``OpenPAYGOError/count`` for anything else.
    public init(digits: some StringProtocol) throws(OpenPAYGOError) {
        guard let number = decimal(digits), number <= UInt64(Self.maximum) else { throw .count }
        self.number = UInt32(number)
    }

    init(unchecked number: UInt32) {
        self.number = number
    }

    /// The count of the next token of a type: strictly above this one, even
    /// for Add Time, odd for the others. Source: the standard's "Token count".
    ///
    /// - Throws: ``OpenPAYGOError/countExhausted`` past ``maximum``.
    public func next(for type: TokenType) throws(OpenPAYGOError) -> TokenCount {
        let step: UInt32 = number.isMultiple(of: 2) == type.hasEvenCounts ? 2 : 1
        guard number + step <= Self.maximum else { throw .countExhausted }
        return TokenCount(unchecked: number + step)
    }

    /// Whether one count is below another.
    public static func < (one: TokenCount, other: TokenCount) -> Bool {
        one.number < other.number
    }
}

extension TokenCount: CustomStringConvertible {
    /// The number.
    public var description: String { String(number) }
}
