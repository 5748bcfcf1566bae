import OpenPAYGO

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
