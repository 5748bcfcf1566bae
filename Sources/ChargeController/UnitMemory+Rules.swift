import OpenPAYGO

extension UnitMemory {
    /// Does what an accepted token says. Source: the standard's "Add Time" and
    /// "Set Time", and its code values.
    mutating func apply(_ instruction: TokenInstruction, divider: TimeDivider, at now: Int) {
        func end(_ time: TimeValue, after start: Int) -> Int {
            min(UnitClock.limit, start + divider.seconds(steps: time.number))
        }
        switch instruction {
        case .addTime(let time):
            // To what is left, never to a time already past.
            paidUntil = end(time, after: max(paidUntil, now))
        case .setTime(let time):
            isUnlocked = false
            paidUntil = end(time, after: now)
        case .disablePayg:
            isUnlocked = true
        case .counterSync:
            break
        }
    }

    /// Counts an entry that no count of the unit has as its token. One that
    /// was taken before is not counted, since it is the unit's own: who types
    /// it again is no guesser, and it ends no row either, or one old token
    /// would buy guesses for ever.
    mutating func countInvalid(at now: Int) {
        invalidEntries = min(invalidEntries + 1, BlockRule.mostCounted)
        blockedUntil = max(blockedUntil, now + BlockRule.seconds(after: invalidEntries))
    }
}
