import OpenPAYGO

/// What a unit's customer has paid for, and what the unit may have been given.
public struct Credit: Hashable, Sendable {
    /// When what was paid runs out; nil before the first token, and while the
    /// unit is unlocked.
    public var paidUntil: Timestamp?
    /// The furthest moment that tokens were ever issued for: entered as they are
    /// told, the unit is on no longer than this, whichever were left out. Never
    /// before ``paidUntil``.
    public var furthest: Timestamp?
    /// Whether the last word to the unit was that it needs no tokens any more.
    public var isUnlocked: Bool

    /// - Parameter furthest: nil where it is the same as `paidUntil`.
    public init(paidUntil: Timestamp?, furthest: Timestamp? = nil, isUnlocked: Bool = false) {
        self.paidUntil = paidUntil
        self.furthest = furthest ?? paidUntil
        self.isUnlocked = isUnlocked
    }

    /// ``furthest``, where it is beyond ``paidUntil``.
    public var furthestBeyondPaid: Timestamp? {
        guard let furthest, let paidUntil else { return furthest }
        return furthest > paidUntil ? furthest : nil
    }

    /// The last moment that is written with a year of four digits.
    public static let limit = Timestamp(seconds: 253_402_300_799)

    /// How many tokens one order gives at most: a unit looks 64 counts ahead,
    /// and Add Time takes every second one.
    public static let mostTokens = Int(TokenReader.window) / 2

    /// Whether a token that took time away, or locked an unlocked unit again,
    /// may still wait to be entered. Source: the standard's "Add Time and Set
    /// Time", on removing time.
    public func hasRemovalOutstanding(at now: Timestamp) -> Bool {
        guard let furthest else { return false }
        return furthest > max(paidUntil ?? now, now)
    }
}

extension Credit {
    /// Whether the unit may be on, whichever tokens were entered.
    public func mayBeOn(at now: Timestamp) -> Bool {
        isUnlocked || furthest.map { $0 > now } ?? false
    }

    /// What gives another unit all that is left here, in its own steps, never
    /// less; nil where nothing is.
    public func left(at now: Timestamp, divider: TimeDivider) -> TokenRequest? {
        if isUnlocked { return .unlock }
        guard let paidUntil, paidUntil > now,
            let steps = divider.steps(covering: Int(paidUntil.seconds - now.seconds))
        else { return nil }
        return .days(divider.days(steps: steps))
    }
}

/// The tokens that meet a request, before they are made.
public struct CreditPlan: Hashable, Sendable {
    /// One token, and the credit once it is made.
    public struct Step: Hashable, Sendable {
        /// What it says.
        public let instruction: TokenInstruction
        /// What is paid and given once it is made.
        public let credit: Credit
    }

    /// In the order in which they are entered; at least one.
    public let steps: [Step]
    /// Whether they are Set Time because of a removal.
    public let isAfterRemoval: Bool
    /// Seconds that the unit is on beyond what is paid.
    public let rounding: Int
}

extension Credit {
    /// The tokens that meet a request. Source: the standard's "Add Time and
    /// Set Time".
    ///
    /// While time that was removed is not outgrown, Set Time gives what is paid
    /// from now on, whether or not the removal was entered: rounded up to the
    /// unit's steps, so that the light never ends before what is paid. What is
    /// paid stays exact, so that nothing adds up.
    ///
    /// - Throws: ``FleetError/daysNotAllowed(_:unit:smallest:largest:)``,
    ///   ``FleetError/paidAlready(_:until:)``, ``FleetError/paidTooFar(_:)``,
    ///   ``FleetError/unitUnlocked(_:)``.
    ///
    /// - Parameter hasTimeFromElsewhere: whether somebody else made tokens for
    ///   the unit, which may have given it any time: what Set Time takes away
    ///   then is not known.
    public func plan(
        _ request: TokenRequest, unit: PaygID, divider: TimeDivider, hasTimeFromElsewhere: Bool = false,
        at now: Timestamp
    ) throws(FleetError) -> CreditPlan {
        switch request {
        case .days(let days):
            guard days.numerator > 0, let steps = divider.steps(in: days) else {
                throw Self.tooLong(days, unit, divider)
            }
            return try growing(by: steps, unit: unit, divider: divider, at: now)
        case .until(let date):
            guard !isUnlocked else { throw .unitUnlocked(unit) }
            guard date > now else { throw .dateIsPast(unit, date) }
            let start = max(paidUntil ?? now, now)
            guard date > start else { throw .paidAlready(unit, until: start) }
            guard let steps = divider.steps(covering: Int(date.seconds - start.seconds)) else {
                throw .paidTooFar(unit)
            }
            return try growing(by: steps, unit: unit, divider: divider, at: now)
        case .setDays(let days):
            guard let time = try? TimeValue(days, divider: divider) else {
                throw .daysNotAllowed(days, unit: unit, smallest: divider.step, largest: divider.longest)
            }
            let end = now + divider.seconds(steps: time.number)
            try Self.check(end, unit)
            return CreditPlan(
                single: .setTime(time), of: self, divider: divider, paidUntil: end,
                hasTimeFromElsewhere: hasTimeFromElsewhere, at: now
            )
        case .unlock:
            return CreditPlan(single: .disablePayg, of: self, divider: divider, paidUntil: nil, at: now)
        case .sync:
            return CreditPlan(single: .counterSync, of: self, divider: divider, paidUntil: paidUntil, at: now)
        }
    }

    private func growing(
        by steps: Int, unit: PaygID, divider: TimeDivider, at now: Timestamp
    ) throws(FleetError) -> CreditPlan {
        guard !isUnlocked else { throw .unitUnlocked(unit) }
        guard steps <= Self.mostSteps else { throw Self.tooLong(divider.days(steps: steps), unit, divider) }
        return hasRemovalOutstanding(at: now)
            ? try setting(steps, unit: unit, divider: divider, at: now)
            : try adding(steps, unit: unit, divider: divider, at: now)
    }

    /// Days are added to what is left, never to a time already past. Source:
    /// the standard's "Add Time".
    private func adding(
        _ steps: Int, unit: PaygID, divider: TimeDivider, at now: Timestamp
    ) throws(FleetError) -> CreditPlan {
        var end = max(paidUntil ?? now, now)
        var credit = self
        var plan: [CreditPlan.Step] = []
        for time in TimeValue.parts(of: steps) {
            end = end + divider.seconds(steps: time.number)
            try Self.check(end, unit)
            credit = credit.after(.addTime(time), divider: divider, paidUntil: end, isFollowing: !plan.isEmpty, at: now)
            plan.append(.init(instruction: .addTime(time), credit: credit))
        }
        return CreditPlan(steps: plan, isAfterRemoval: false, rounding: 0)
    }

    /// One Set Time, and Add Time for what it cannot carry: a second Set Time
    /// would take back the first.
    private func setting(
        _ steps: Int, unit: PaygID, divider: TimeDivider, at now: Timestamp
    ) throws(FleetError) -> CreditPlan {
        // Rounded up before, the unit may be on for a part of a step beyond what
        // was paid: that part is not given a second time.
        let isRecent = paidUntil.map { now < $0 + divider.seconds(steps: 1) } ?? false
        let start = isRecent ? paidUntil ?? now : now
        let target = start + divider.seconds(steps: steps)
        try Self.check(target, unit)
        guard let total = divider.steps(covering: Int(target.seconds - now.seconds)) else { throw .paidTooFar(unit) }
        guard total <= Self.mostSteps else { throw Self.tooLong(divider.days(steps: total), unit, divider) }
        var end = now
        var credit = self
        var plan: [CreditPlan.Step] = []
        for time in TimeValue.parts(of: total) {
            end = end + divider.seconds(steps: time.number)
            let instruction: TokenInstruction = plan.isEmpty ? .setTime(time) : .addTime(time)
            credit = credit.after(
                instruction, divider: divider, paidUntil: min(end, target), isFollowing: !plan.isEmpty, at: now
            )
            plan.append(.init(instruction: instruction, credit: credit))
        }
        return CreditPlan(steps: plan, isAfterRemoval: true, rounding: Int(end.seconds - target.seconds))
    }

    private static var mostSteps: Int { TimeValue.maximum * mostTokens }

    private static func tooLong(_ days: Days, _ unit: PaygID, _ divider: TimeDivider) -> FleetError {
        .daysNotAllowed(days, unit: unit, smallest: divider.step, largest: divider.days(steps: mostSteps))
    }

    private static func check(_ end: Timestamp, _ unit: PaygID) throws(FleetError) {
        guard end <= limit else { throw .paidTooFar(unit) }
    }

    /// The credit once a token of a test plan is on record: nobody paid for it,
    /// and who breaks the test off has a unit that may be on for good.
    public func afterTest() -> Credit {
        Credit(paidUntil: paidUntil, furthest: Self.limit)
    }

    /// The credit once a token is on record: when what is paid runs out is
    /// recorded with it, and what else there is follows from its type.
    ///
    /// - Parameters:
    ///   - instruction: what the token says.
    ///   - paidUntil: when what is paid runs out as of this token.
    ///   - isFollowing: whether another token of the same order came before.
    ///   - hasTimeFromElsewhere: whether somebody else made tokens for the unit.
    ///   - now: when it was made.
    public func after(
        _ instruction: TokenInstruction, divider: TimeDivider, paidUntil: Timestamp?, isFollowing: Bool,
        hasTimeFromElsewhere: Bool = false, at now: Timestamp
    ) -> Credit {
        switch instruction {
        case .addTime(let time):
            guard isFollowing, let furthest, hasRemovalOutstanding(at: now) else { return Credit(paidUntil: paidUntil) }
            // Who leaves out the Set Time before it has what was there, and this.
            let reach = min(furthest + divider.seconds(steps: time.number), Self.limit)
            return Credit(paidUntil: paidUntil, furthest: max(reach, paidUntil ?? reach))
        case .setTime:
            guard !hasTimeFromElsewhere else { return Credit(paidUntil: paidUntil, furthest: Self.limit) }
            return Credit(paidUntil: paidUntil, furthest: furthest.map { max($0, paidUntil ?? $0) })
        case .disablePayg:
            // Whatever locks it again may never be entered.
            return Credit(paidUntil: nil, furthest: Self.limit, isUnlocked: true)
        case .counterSync:
            return self
        }
    }
}

extension CreditPlan {
    fileprivate init(
        single instruction: TokenInstruction, of credit: Credit, divider: TimeDivider, paidUntil: Timestamp?,
        hasTimeFromElsewhere: Bool = false, at now: Timestamp
    ) {
        let credit = credit.after(
            instruction, divider: divider, paidUntil: paidUntil, isFollowing: false,
            hasTimeFromElsewhere: hasTimeFromElsewhere, at: now
        )
        self.init(steps: [.init(instruction: instruction, credit: credit)], isAfterRemoval: false, rounding: 0)
    }
}

extension TimeValue {
    /// As few times as carry a number of steps, the largest first.
    static func parts(of steps: Int) -> [TimeValue] {
        var parts: [TimeValue] = []
        var rest = steps
        while rest > 0, let time = try? TimeValue(min(rest, maximum)) {
            parts.append(time)
            rest -= time.number
        }
        return parts
    }
}
