import OpenPAYGO

/// A solar charge controller as its customer meets it: a keypad, a display, a
/// load port, a clock, and a memory that survives a power cut.
///
/// A value: a copy is another unit in the same state. Nothing happens to it
/// but what is called; time passes in ``advance(by:)`` alone. Source: the
/// standard's "Device behaviour".
public struct SolarUnit: Sendable {
    /// What the factory gave it.
    public let parameters: UnitParameters
    /// Its clock.
    public internal(set) var clock: UnitClock
    /// What it remembers. Without power: what it would wake up with.
    public internal(set) var memory: UnitMemory
    /// Whether it has power.
    public internal(set) var isPowered: Bool

    let reader: TokenReader
    var chip: MemoryChip
    /// The digits typed.
    var typed = ""
    /// What the last entry was answered; nil once another is begun.
    var answer: Answer?
    /// When the last answer was given.
    var answeredAt = 0
    /// A fault: after how many bytes the next storing is cut.
    var cut: Int?

    /// A unit as it leaves the factory, with power and no time; or one that
    /// goes on where a state was kept.
    public init(_ parameters: UnitParameters, state: UnitState? = nil) {
        self.parameters = parameters
        reader = TokenReader(
            key: parameters.key, startingCode: parameters.startingCode, dispatchedCount: parameters.dispatchedCount)
        memory = state?.memory ?? UnitMemory(dispatchedWith: parameters.dispatchedCount)
        clock = state?.clock ?? UnitClock()
        isPowered = state?.isPowered ?? true
        chip = MemoryChip(memory)
    }

    /// All that there is to keep of the unit but its parameters. Digits typed
    /// and not entered are not kept.
    public var state: UnitState { UnitState(memory: memory, clock: clock, isPowered: isPowered) }
}

/// A unit's state at a moment, without its credentials: fit for a file.
public struct UnitState: Hashable, Codable, Sendable {
    /// What it remembers.
    public var memory: UnitMemory
    /// What its clock says.
    public var clock: UnitClock
    /// Whether it has power.
    public var isPowered: Bool
}

// What can be seen.
extension SolarUnit {
    /// Whether the load port is on: with power, while there is time, the unit
    /// is unlocked, or the light is tested.
    public var isLoadOn: Bool { isPowered && (isUnlocked || max(memory.paidUntil, memory.testedUntil) > clock.now) }

    /// Seconds of light left; 0 when there are none, or the unit is unlocked.
    /// The test's are not among them. Without power: as when it went.
    public var secondsLeft: Int { isUnlocked ? 0 : max(0, memory.paidUntil - clock.now) }

    /// Whether it is unlocked for good.
    public var isUnlocked: Bool { memory.isUnlocked }

    /// The count of the last token taken, or the dispatched one.
    public var count: TokenCount { memory.tokens.lastCount }

    /// For how many seconds the keypad still reads nothing; 0 when it reads.
    public var keypadBlockedFor: Int { max(0, memory.blockedUntil - clock.now) }

    /// For how many seconds the light of a test is still on.
    public var testSecondsLeft: Int { max(0, memory.testedUntil - clock.now) }

    /// What stands on the display now. Numbers go on counting; the rest stays
    /// until the next key.
    public var display: Display {
        guard isPowered else { return .off }
        guard typed.isEmpty else { return .digits(typed) }
        let left = TimeLeft(seconds: secondsLeft)
        switch answer {
        case nil: return .blank
        case .valid: return isUnlocked ? .unlocked : .valid(left)
        case .timeLeft: return isUnlocked ? .unlocked : .timeLeft(left)
        case .test: return testSecondsLeft > 0 ? .test(seconds: testSecondsLeft) : .blank
        case .invalid: return .invalid
        case .alreadyUsed: return .alreadyUsed
        case .tooShort: return .tooShort
        case .wait(let seconds):
            let rest = seconds - (clock.now - answeredAt)
            return rest > 0 ? .wait(seconds: rest) : .blank
        }
    }
}
