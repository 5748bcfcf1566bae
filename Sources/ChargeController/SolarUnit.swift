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
    public private(set) var clock: UnitClock
    /// What it remembers. Without power: what it would wake up with.
    public private(set) var memory: UnitMemory
    /// Whether it has power.
    public private(set) var isPowered: Bool

    private let reader: TokenReader
    private var chip: MemoryChip
    private var typed = ""
    private var answer: Answer?
    /// When the last answer was given.
    private var answeredAt = 0
    /// A fault: after how many bytes the next storing is cut.
    private var cut: Int?

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
    /// The test's are not among them.
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

// The keypad.
extension SolarUnit {
    /// Presses a key.
    ///
    /// A key that the keypad has not, and a digit beyond the length of a token,
    /// do nothing; nor does any key without power.
    ///
    /// - Returns: the answer, where the key was given one: always for `#`, for
    ///   a digit only when it is not read, being typed on a blocked keypad; and
    ///   never when the power went before it.
    @discardableResult public mutating func press(_ key: Key) -> Answer? {
        guard isPowered, parameters.digitSet.has(key) else { return nil }
        if key == .star {
            typed = ""
            answer = nil
            return nil
        }
        if keypadBlockedFor > 0 { return reply(.wait(seconds: keypadBlockedFor)) }
        guard key == .hash else {
            answer = nil
            if typed.utf8.count < parameters.digitSet.length { typed.append(key.rawValue) }
            return nil
        }
        return reply(typed.isEmpty ? .timeLeft : read())
    }

    /// Presses `*`, then the keys of some digits, then `#`. A character that
    /// the keypad has no digit for is left out, as nobody can press it.
    ///
    /// - Returns: the answer; nil without power, or when it went before it.
    @discardableResult public mutating func enter(_ digits: String) -> Answer? {
        press(.star)
        for digit in digits {
            if let key = Key(rawValue: digit), key != .star, key != .hash { press(key) }
        }
        return press(.hash)
    }

    /// Nobody is told anything before it is stored: who cuts the power in time
    /// to undo an entry learns nothing by it.
    private mutating func reply(_ given: Answer) -> Answer? {
        typed = ""
        guard isPowered else { return nil }
        answer = given
        answeredAt = clock.now
        return given
    }
}

// Entries.
extension SolarUnit {
    /// Reads the digits typed. The test code is looked at first, and is no
    /// token: it takes no count, and neither counts as an invalid entry nor
    /// ends a row of them. Source: the standard's "Test codes".
    private mutating func read() -> Answer {
        if let testCode = parameters.testCode, typed == testCode.digits { return test() }
        guard typed.utf8.count == parameters.digitSet.length else { return .tooShort }
        var new = memory
        // Fifteen digits that write more than any token are invalid as well.
        let outcome =
            (try? Token(digits: typed, digitSet: parameters.digitSet)).map { reader.read($0, state: &new.tokens) }
        switch outcome {
        case .accepted(let instruction, _):
            new.invalidEntries = 0
            new.blockedUntil = 0
            new.apply(instruction, divider: parameters.timeDivider, at: clock.now)
            store(new)
            return .valid(instruction)
        case .alreadyUsed:
            return .alreadyUsed
        case .invalid, nil:
            new.countInvalid(at: clock.now)
            store(new)
            return .invalid
        }
    }

    private mutating func test() -> Answer {
        var new = memory
        let uses = new.testUses.filter { $0 > clock.now - TestRule.period }
        guard uses.count < TestRule.uses else {
            return .wait(seconds: uses[0] + TestRule.period - clock.now)
        }
        new.testUses = uses + [clock.now]
        store(new)
        return .test
    }

    private mutating func store(_ new: UnitMemory) {
        chip.store(new, cutAfter: cut)
        guard cut == nil else {
            cutPower()
            return
        }
        memory = new
    }
}

// Time, power and memory.
extension SolarUnit {
    /// Lets time pass; none for a number below 0.
    ///
    /// - Returns: for how many of these seconds the load port was on.
    @discardableResult public mutating func advance(by seconds: Int) -> Int {
        let before = clock.now
        clock.run(for: max(0, seconds), powered: isPowered)
        guard isPowered else { return 0 }
        let passed = clock.now - before
        return isUnlocked ? passed : min(passed, max(0, max(memory.paidUntil, memory.testedUntil) - before))
    }

    /// Takes the power away, and with it the digits typed and the light.
    public mutating func cutPower() {
        (isPowered, typed, answer, cut) = (false, "", nil, nil)
        memory = chip.load() ?? UnitMemory(dispatchedWith: parameters.dispatchedCount)
    }

    /// A fault: the next entry that is stored loses the power after so many
    /// bytes of ``storingSteps``, and before its answer.
    public mutating func cutPower(afterStoring bytes: Int) {
        if isPowered { cut = bytes }
    }

    /// How many bytes the unit stores for an entry.
    public static let storingSteps = MemoryImage.length

    /// Gives the power back: the unit counts the time that it was away.
    public mutating func restorePower() {
        guard !isPowered else { return }
        clock.catchUp()
        isPowered = true
    }

    /// A fault: whether the clock's chip stands still.
    public var clockStandsStill: Bool {
        get { clock.standsStill }
        set { clock.standsStill = newValue }
    }

    /// A fault: the clock's chip jumps back by so many seconds; not at all for
    /// a number below 0.
    public mutating func jumpClockBack(by seconds: Int) {
        clock.jumpBack(by: seconds)
    }

    /// A fault: the memory is lost, as after a repair. No time is left, and
    /// the count is the dispatched one, so that spent tokens are taken again.
    public mutating func loseMemory() {
        (typed, answer) = ("", nil)
        memory = UnitMemory(dispatchedWith: parameters.dispatchedCount)
        chip = MemoryChip(memory)
    }
}
