/// Makes the tokens of one unit.
public struct TokenMaker: Sendable {
    let key: SecretKey
    let startingCode: StartingCode
    let digitSet: Token.DigitSet
    let testCode: TestCode?

    /// Makes the tokens of the unit with these credentials.
    ///
    /// - Parameters:
    ///   - key: the unit's secret key.
    ///   - startingCode: the unit's starting code;
    ///     ``StartingCode/init(derivedFrom:)`` where it was given none.
    ///   - digitSet: the digits on the unit's keypad.
    ///   - testCode: the unit's test code, which no token may equal.
    public init(
        key: SecretKey,
        startingCode: StartingCode,
        digitSet: Token.DigitSet = .full,
        testCode: TestCode? = nil
    ) {
        self.key = key
        self.startingCode = startingCode
        self.digitSet = digitSet
        self.testCode = testCode
    }

    /// The next token for a unit whose last token had a given count, and the
    /// count it used, which is now the unit's.
    ///
    /// Costs one hash for each count. Source: the standard's "Generating a token".
    ///
    /// - Throws: ``OpenPAYGOError/countExhausted``.
    public func make(
        _ instruction: TokenInstruction, after last: TokenCount
    ) throws(OpenPAYGOError) -> (token: Token, count: TokenCount) {
        var count = try last.next(for: instruction.type)
        var token = make(instruction, at: count)
        // A customer who types the test code gets the test, not the time.
        while let testCode, digitSet == .full, token.number == testCode.number {
            count = try count.next(for: instruction.type)
            token = make(instruction, at: count)
        }
        return (token, count)
    }

    /// The number that an instruction's chain starts from, and the base in its
    /// last three digits. Source: the standard's "Token value".
    func start(_ instruction: TokenInstruction) -> (number: UInt32, base: UInt32) {
        let base = (startingCode.number % TokenChain.values + instruction.encodedValue) % TokenChain.values
        return (TokenChain.replacingBase(of: startingCode.number, with: base), base)
    }

    /// The token of an instruction at a given count, whether or not its parity
    /// suits the type: for checking a token made before.
    public func make(_ instruction: TokenInstruction, at count: TokenCount) -> Token {
        let (start, base) = start(instruction)
        let number = TokenChain.step(start, times: count.number, key: key.words)
        return Token(number: TokenChain.replacingBase(of: number, with: base), digitSet: digitSet)
    }
}
