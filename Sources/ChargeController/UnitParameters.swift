import OpenPAYGO

/// What the factory gives a unit: it never changes, and no power cut or
/// repair takes it away. Source: the standard's device parameters.
public struct UnitParameters: Equatable, Sendable {
    /// The secret key. It prints as `<redacted>`.
    public let key: SecretKey
    /// The starting code. It prints as `<redacted>`.
    public let startingCode: StartingCode
    /// The count the unit left the factory with; no token at or below it is
    /// ever taken.
    public let dispatchedCount: TokenCount
    /// How many steps a day has, 1…255.
    public let timeDivider: TimeDivider
    /// Which digits the keypad has.
    public let digitSet: Token.DigitSet
    /// The digits that give 30 seconds of light; nil where there are none.
    public let testCode: TestCode?

    /// The parameters of a unit, by default those of the standard.
    public init(
        key: SecretKey, startingCode: StartingCode, dispatchedCount: TokenCount = .one,
        timeDivider: TimeDivider = .wholeDays, digitSet: Token.DigitSet = .full, testCode: TestCode? = nil
    ) {
        self.key = key
        self.startingCode = startingCode
        self.dispatchedCount = dispatchedCount
        self.timeDivider = timeDivider
        self.digitSet = digitSet
        self.testCode = testCode
    }
}
