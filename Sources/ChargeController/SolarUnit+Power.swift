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
