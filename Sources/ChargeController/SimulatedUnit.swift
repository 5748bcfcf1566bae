import OpenPAYGO

/// A charge controller as its customer meets it: digits in, light out.
///
/// It has no clock of its own: every call says what time it is, in seconds
/// since any moment that stays the same. Source: the standard's "Device
/// behaviour".
public struct SimulatedUnit: Sendable {
    /// What the unit answers to digits and `#`.
    public enum Response: Hashable, Sendable {
        /// The token was taken.
        case valid(TokenInstruction)
        /// The token was taken before, or is older than one that closed the way back.
        case alreadyUsed
        /// It is no token of this unit.
        case invalid
        /// There are too few digits, too many, or some that the keypad has not.
        case notAToken
        /// The keypad is blocked for this many more seconds, and nothing was read.
        case wait(seconds: Int)
    }

    private let reader: TokenReader
    private let digitSet: Token.DigitSet
    private let divider: TimeDivider
    private var state: DeviceState
    private var paidUntil = 0
    private var invalidEntries = 0
    private var blockedUntil = 0

    /// Whether it was unlocked for good.
    public private(set) var isUnlocked = false

    /// Invalid entries in a row that block the keypad.
    static let invalidEntriesAllowed = 3
    /// The shortest and the longest block, in minutes.
    static let shortestBlock = 2
    static let longestBlock = 512

    /// A unit as it leaves the factory, with no time on it.
    public init(
        key: SecretKey, startingCode: StartingCode, dispatchedCount: TokenCount,
        divider: TimeDivider = .wholeDays, digitSet: Token.DigitSet = .full
    ) {
        reader = TokenReader(key: key, startingCode: startingCode, dispatchedCount: dispatchedCount)
        state = DeviceState(dispatchedWith: dispatchedCount)
        self.divider = divider
        self.digitSet = digitSet
    }

    /// The count of the last token taken.
    public var count: TokenCount { state.lastCount }

    /// Seconds of light left; 0 when there are none, or the unit is unlocked.
    public func timeLeft(at now: Int) -> Int {
        isUnlocked ? 0 : max(0, paidUntil - now)
    }

    /// Whether the load port is on.
    public func isLoadOn(at now: Int) -> Bool {
        isUnlocked || paidUntil > now
    }

    /// Digits, then `#`.
    public mutating func enter(_ digits: String, at now: Int) -> Response {
        guard now >= blockedUntil else { return .wait(seconds: blockedUntil - now) }
        guard let token = try? Token(digits: digits, digitSet: digitSet) else { return .notAToken }
        switch reader.read(token, state: &state) {
        case .accepted(let instruction, _):
            invalidEntries = 0
            apply(instruction, at: now)
            return .valid(instruction)
        case .alreadyUsed:
            return .alreadyUsed
        case .invalid:
            invalidEntries += 1
            block(at: now)
            return .invalid
        }
    }

    private mutating func apply(_ instruction: TokenInstruction, at now: Int) {
        switch instruction {
        case .addTime(let time):
            paidUntil = max(paidUntil, now) + time.days(divider: divider).seconds
        case .setTime(let time):
            isUnlocked = false
            paidUntil = now + time.days(divider: divider).seconds
        case .disablePayg:
            isUnlocked = true
        case .counterSync:
            break
        }
    }

    private mutating func block(at now: Int) {
        guard invalidEntries >= Self.invalidEntriesAllowed else { return }
        let doublings = min(invalidEntries - Self.invalidEntriesAllowed, 8)
        blockedUntil = now + min(Self.shortestBlock << doublings, Self.longestBlock) * 60
    }
}
