/// What a unit remembers of the tokens it accepted. Source: the standard's
/// "Unordered token entry".
public struct DeviceState: Hashable, Sendable {
    /// The highest count accepted, or the one the unit was dispatched with.
    public internal(set) var lastCount: TokenCount
    /// Which counts below the last are used up: bit 0 is the one just below it.
    var used: UInt16

    /// How many counts below the last are remembered.
    static let remembered: UInt32 = 16

    /// A unit as dispatched: its count, and nothing older accepted.
    public init(dispatchedWith count: TokenCount) {
        lastCount = count
        used = .max
    }

    /// Whether Add Time at this count, not above the last, is used up.
    func hasUsed(_ count: TokenCount) -> Bool {
        let distance = lastCount.number - count.number
        return distance == 0 || distance >= Self.remembered || used >> (distance - 1) & 1 == 1
    }

    mutating func use(_ count: TokenCount) {
        guard count > lastCount else {
            used |= 1 << (lastCount.number - count.number - 1)
            return
        }
        let distance = count.number - lastCount.number
        used = distance > Self.remembered ? 0 : used << distance | 1 << (distance - 1)
        lastCount = count
    }

    mutating func start(over count: TokenCount) {
        lastCount = count
        used = .max
    }

    /// Enters a token whose type and count are known: whether it is taken at
    /// its count, and nothing of its digits. Source: the standard's "Unordered
    /// token entry" and "Counter synchronization".
    ///
    /// - Returns: whether it is taken; else the state stays as it is. How far
    ///   above the last count a unit looks is for ``TokenReader`` to say.
    public mutating func accept(_ type: TokenType, at count: TokenCount) -> Bool {
        switch type {
        case .addTime:
            guard count > lastCount || !hasUsed(count) else { return false }
            use(count)
        case .setTime, .disablePayg:
            guard count > lastCount else { return false }
            start(over: count)
        case .counterSync:
            guard count.number + TokenReader.window > lastCount.number else { return false }
            start(over: count)
        }
        return true
    }
}

extension DeviceState {
    /// The state in 8 bytes: the last count in the lower 32 bits, the used
    /// counts in the 16 above them, bit 0 for the one just below the last, and
    /// nothing in the highest 16.
    public var bits: UInt64 { UInt64(lastCount.number) | UInt64(used) << 32 }

    /// A state from its 8 bytes. Nil for what no state is stored as.
    public init?(bits: UInt64) {
        guard bits >> 48 == 0, bits & 0xFFFF_FFFF <= UInt64(TokenCount.maximum) else { return nil }
        lastCount = TokenCount(unchecked: UInt32(truncatingIfNeeded: bits))
        used = UInt16(truncatingIfNeeded: bits >> 32)
    }
}

extension DeviceState: Codable {
    private enum CodingKeys: String, CodingKey {
        case lastCount, usedBelow
    }

    /// Writes `lastCount`, and as `usedBelow` the bits of the used counts.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(lastCount.number, forKey: .lastCount)
        try values.encode(used, forKey: .usedBelow)
    }

    /// Reads what ``encode(to:)`` wrote.
    ///
    /// - Throws: a `DecodingError` for what no state is stored as.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        do {
            lastCount = try TokenCount(try values.decode(Int.self, forKey: .lastCount))
        } catch let error as OpenPAYGOError {
            throw DecodingError.dataCorruptedError(
                forKey: .lastCount, in: values, debugDescription: error.description
            )
        }
        used = try values.decode(UInt16.self, forKey: .usedBelow)
    }
}

/// Reads tokens as a unit does. Source: the standard's "Reading a token".
public struct TokenReader: Sendable {
    /// What became of an entered token.
    public enum Outcome: Hashable, Sendable {
        /// It does what it says, once; its count is now used up.
        case accepted(TokenInstruction, count: TokenCount)
        /// It is the unit's, of a count that is used up or too old.
        case alreadyUsed(TokenInstruction, count: TokenCount)
        /// No count within reach has this token.
        case invalid
    }

    /// How far above the last count a token is looked for.
    public static let window: UInt32 = 64
    /// The same for counter sync.
    static let syncWindow: UInt32 = 100

    let key: SecretKey
    let startingCode: StartingCode
    let dispatchedCount: TokenCount

    /// Reads the tokens of the unit with these credentials.
    ///
    /// - Parameters:
    ///   - key: the unit's secret key.
    ///   - startingCode: the unit's starting code.
    ///   - dispatchedCount: the count the unit left the factory with; a token
    ///     at or below it is never taken.
    public init(key: SecretKey, startingCode: StartingCode, dispatchedCount: TokenCount) {
        self.key = key
        self.startingCode = startingCode
        self.dispatchedCount = dispatchedCount
    }

    /// Reads a token, and brings the state forward when it is accepted.
    ///
    /// Costs one hash for each count up to ``DeviceState/lastCount`` + 100.
    ///
    /// - Parameters:
    ///   - token: what was typed.
    ///   - state: what the unit has accepted. A token that is not accepted
    ///     changes nothing.
    public func read(_ token: Token, state: inout DeviceState) -> Outcome {
        let (start, value) = start(of: token)
        let base = token.number % TokenChain.values
        let words = key.words
        var number = start
        var older: Outcome = .invalid
        for step in 1...Self.furthest(from: state) {
            number = TokenChain.step(number, key: words)
            guard step > dispatchedCount.number,
                TokenChain.replacingBase(of: number, with: base) == token.number,
                let instruction = Self.instruction(value: value, atEvenCount: step.isMultiple(of: 2))
            else { continue }
            let count = TokenCount(unchecked: step)
            guard instruction == .counterSync || step <= state.lastCount.number + Self.window else { continue }
            if state.accept(instruction.type, at: count) {
                return .accepted(instruction, count: count)
            }
            older = .alreadyUsed(instruction, count: count)
        }
        return older
    }

    /// The number that the chain of a token starts from, and the value in it.
    func start(of token: Token) -> (number: UInt32, value: UInt32) {
        let base = token.number % TokenChain.values
        let value = (base + TokenChain.values - startingCode.number % TokenChain.values) % TokenChain.values
        return (TokenChain.replacingBase(of: startingCode.number, with: base), value)
    }

    /// The highest count that a token is looked for at.
    static func furthest(from state: DeviceState) -> UInt32 {
        min(state.lastCount.number + syncWindow, TokenCount.maximum)
    }

    /// Every count at which this token would be the unit's, whatever the unit
    /// has accepted, the lowest first: how a count that was lost is found again.
    ///
    /// Six digits of a token tell its count, so that each count has them by
    /// chance once in a million. Costs one hash for each count.
    ///
    /// - Parameters:
    ///   - token: what was typed.
    ///   - last: the highest count that is looked at.
    public func matches(
        of token: Token, upTo last: TokenCount
    ) -> [(instruction: TokenInstruction, count: TokenCount)] {
        let (start, value) = start(of: token)
        let base = token.number % TokenChain.values
        let words = key.words
        var number = start
        var matches: [(instruction: TokenInstruction, count: TokenCount)] = []
        guard last > .zero else { return matches }
        for step in 1...last.number {
            number = TokenChain.step(number, key: words)
            guard step > dispatchedCount.number,
                TokenChain.replacingBase(of: number, with: base) == token.number,
                let instruction = Self.instruction(value: value, atEvenCount: step.isMultiple(of: 2))
            else { continue }
            matches.append((instruction, TokenCount(unchecked: step)))
        }
        return matches
    }

    /// What a value means at an even or odd count; nil where it means nothing.
    private static func instruction(value: UInt32, atEvenCount even: Bool) -> TokenInstruction? {
        if let time = try? TimeValue(Int(value)) {
            return even ? .addTime(time) : .setTime(time)
        }
        switch value {
        case TokenInstruction.disableValue where !even: return .disablePayg
        case TokenInstruction.syncValue where !even: return .counterSync
        default: return nil
        }
    }
}
