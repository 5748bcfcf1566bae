import OpenPAYGO

/// The standard's acceptance procedure for one unit, with its tokens: what to
/// enter, and what must be seen. Source: the standard's published test
/// procedure (steps G, U and H); S and R are from its documentation.
public struct TestPlan: Sendable {
    /// What the unit must answer.
    public enum Answer: String, Hashable, Sendable {
        /// It takes the token.
        case valid
        /// It took it before, or took one that closed the way back to it.
        case used
        /// It is none of its tokens.
        case invalid
        /// Its keypad has no such keys: nothing is seen.
        case nothing
    }

    /// How the unit must be afterwards.
    public enum State: Hashable, Sendable {
        /// On for this long, in seconds; off for none.
        case left(Int)
        /// On for good.
        case unlocked
    }

    /// Something done besides entering a token.
    public enum Deed: Hashable, Sendable {
        /// Time goes by, in hours.
        case wait(hours: Int)
        /// The power is taken away, and given back.
        case cutPower
    }

    /// One step.
    public struct Step: Hashable, Sendable {
        /// `G1`, `U3B`…: the published procedure's own name for it.
        public let name: String
        /// What is done before the token is entered.
        public let before: Deed?
        /// What is typed before `#`: 9 digits, or 15 of 1 to 4.
        public let digits: String
        /// What is done once it was entered.
        public let after: Deed?
        /// What must be seen.
        public let answer: Answer
        /// How the unit must be then.
        public let state: State
        /// What it shows.
        public let meaning: String

        /// A step as it is read back.
        public init(
            name: String, before: Deed?, digits: String, after: Deed?, answer: Answer, state: State, meaning: String
        ) {
            self.name = name
            self.before = before
            self.digits = digits
            self.after = after
            self.answer = answer
            self.state = state
            self.meaning = meaning
        }
    }

    /// A token of the plan, in the order of the counts.
    public struct Made: Hashable, Sendable {
        /// The step it was made for.
        public let step: String
        /// The token.
        public let token: Token
        /// What it says.
        public let instruction: TokenInstruction
        /// The count it uses.
        public let count: TokenCount
    }

    /// The unit it is for.
    public let unit: PaygID
    /// The steps, in their order.
    public private(set) var steps: [Step] = []
    /// The tokens that were made for it.
    public private(set) var tokens: [Made] = []
    /// Whether Counter Sync is among the steps.
    public let hasCounterSync: Bool
    /// Whether a good unit answers each step as it must: not where its tokens
    /// look alike and there are no others.
    public private(set) var isCertain = true

    private let maker: TokenMaker
    private let build: UnitBuild
    private let day: Int
    private var count: TokenCount

    /// The plan for a unit that nobody uses.
    ///
    /// One unit in a thousand has tokens that look alike: two counts have the
    /// same one by chance, or a chain goes in a circle, and the unit is right to
    /// answer otherwise than the procedure says. Its plan has other days then,
    /// skips counts, or does without Counter Sync. Of a circle in a token that
    /// has no other value, such as Set Time 0, there is no way around: that is
    /// one unit in some ten thousand.
    ///
    /// - Parameters:
    ///   - maker: what makes its tokens.
    ///   - reader: reads them as the unit does.
    ///   - count: the count of the last token made for it.
    /// - Throws: ``FleetError/countsExhausted(_:)``.
    public init(
        _ unit: PaygID, build: UnitBuild, maker: TokenMaker, reader: TokenReader, after count: TokenCount
    ) throws(FleetError) {
        do {
            let days = Self.days(of: build)
            var plan = try TestPlan(unit, build, maker, reader, after: count, day: days[0])
            plan.isCertain = plan.isAnswered(by: reader, from: count)
            if !plan.isCertain {
                let next = try TokenCount(Int(count.number) + 2)
                for (hasSync, day) in [true, false].lazy.flatMap({ hasSync in days.map { (hasSync, $0) } }) {
                    let other = try TestPlan(unit, build, maker, reader, after: next, day: day, hasSync: hasSync)
                    guard other.isAnswered(by: reader, from: count) else { continue }
                    plan = other
                    break
                }
            }
            self = plan
        } catch {
            throw .countsExhausted(unit)
        }
    }

    private init(
        _ unit: PaygID, _ build: UnitBuild, _ maker: TokenMaker, _ reader: TokenReader, after count: TokenCount,
        day: Int, hasSync: Bool = true
    ) throws {
        self.unit = unit
        self.maker = maker
        self.build = build
        self.day = day
        self.count = count
        self.hasCounterSync = hasSync
        try addCore(reader)
        try addUnorderedEntry()
        if hasSync { try addCounterSync() }
        if build.digitSet == .restricted { addRestrictedKeypad() }
        try addPowerCuts()
    }
}

// MARK: - What the unit answers

extension TestPlan {
    /// The steps that one “day” of the plan may take, as published first: with
    /// a large time divider a token cannot carry the published days.
    private static func days(of build: UnitBuild) -> [Int] {
        let divider = Int(build.timeDivider.number)
        let all = Array(1...TimeValue.maximum / longest)
        return all.contains(divider) ? [divider] + all.filter { $0 != divider } : all
    }

    /// The days of the longest step.
    private static var longest: Int { 60 }

    /// Whether a unit that took the count before it answers each step as it must.
    private func isAnswered(by reader: TokenReader, from count: TokenCount) -> Bool {
        let made = Dictionary(tokens.map { ($0.step, $0.instruction) }) { first, _ in first }
        var state = DeviceState(dispatchedWith: count)
        return steps.allSatisfy { step in
            guard let token = try? Token(digits: step.digits, digitSet: build.digitSet) else {
                return step.answer == .nothing
            }
            return switch (reader.read(token, state: &state), step.answer) {
            case (.accepted(let instruction, _), .valid): instruction == made[step.name]
            case (.alreadyUsed, .used), (.invalid, .invalid): true
            default: false
            }
        }
    }
}

// MARK: - The steps

extension TestPlan {
    private func seconds(_ days: Int) -> Int { build.timeDivider.seconds(steps: days * day) }

    private mutating func addCore(_ reader: TokenReader) throws {
        step("G1", strange(to: reader), .invalid, .left(0), "a number that is no token is refused")
        let set1 = try made("G2", .setTime(time(1)))
        step("G2", set1, .valid, .left(seconds(1)), "Set Time gives its days")
        let add1 = try made("G3", .addTime(time(1)))
        step("G3", add1, .valid, .left(seconds(2)), "Add Time adds to what is left")
        step("G4A", add1, .used, .left(seconds(2)), "an Add Time token is taken once")
        step("G4B", set1, .used, .left(seconds(2)), "a Set Time token is taken once")
        step("G5", try made("G5", .setTime(time(30))), .valid, .left(seconds(30)), "Set Time replaces what is left")
        step("G6", try made("G6", .setTime(time(0))), .valid, .left(0), "Set Time 0 switches off at once")
        for (place, letter) in ["A", "B", "C"].enumerated() {
            let most = try made("G7\(letter)", .addTime(TimeValue(TimeValue.maximum)))
            let total = (place + 1) * TimeValue.maximum
            step("G7\(letter)", most, .valid, .left(build.timeDivider.seconds(steps: total)), "the largest value")
        }
        for days in 1...21 {
            let name = "G8\(String(UnicodeScalar(UInt8(64 + days))))"
            step(
                name, try made(name, .setTime(time(days)), skipping: 29), .valid, .left(seconds(days)),
                "a count 30 further on is found, within 5 seconds"
            )
        }
        step("G9", try made("G9", .disablePayg), .valid, .unlocked, "Disable PAYG unlocks for good")
        step("G10", try made("G10", .setTime(time(0))), .valid, .left(0), "Set Time locks it again")
        step("G11A", try made("G11A", .disablePayg), .valid, .unlocked, "and it can be unlocked again")
        step("G11B", try made("G11B", .addTime(time(0))), .valid, .unlocked, "Add Time does not lock it")
        step("G12A", try made("G12A", .setTime(time(0))), .valid, .left(0), "off, and then two days go by")
        step(
            "G12B", try made("G12B", .addTime(time(1))), .valid, .left(seconds(1)),
            "time that went by without light is not taken away", before: .wait(hours: 48)
        )
    }

    private mutating func addUnorderedEntry() throws {
        step(
            "U1A", try made("U1A", .setTime(time(Self.longest))), .valid, .left(seconds(Self.longest)), "a known start")
        let (ten, five, one) = (
            try made("U1C", .addTime(time(10))), try made("U1D", .addTime(time(5))), try made("U1B", .addTime(time(1)))
        )
        step("U1B", one, .valid, .left(seconds(61)), "the third of three is entered first")
        step("U1C", ten, .valid, .left(seconds(71)), "then the first")
        step("U1D", five, .valid, .left(seconds(76)), "then the second")
        let (older, set, newer) = (
            try made("U2B", .addTime(time(5))), try made("U2A", .setTime(time(10))),
            try made("U2C", .addTime(time(3)))
        )
        step("U2A", set, .valid, .left(seconds(10)), "Set Time in between")
        step("U2B", older, .used, .left(seconds(10)), "nothing older than a Set Time is taken")
        step("U2C", newer, .valid, .left(seconds(13)), "what is newer is")
        let (before, disable) = (try made("U3B", .addTime(time(1))), try made("U3A", .disablePayg))
        step("U3A", disable, .valid, .unlocked, "Disable PAYG in between")
        step("U3B", before, .used, .unlocked, "nothing older than it is taken")
        step("U4", try made("U4", .setTime(time(0))), .valid, .left(0), "off again")
    }

    private mutating func addCounterSync() throws {
        step("S1A", try made("S1A", .addTime(time(1))), .valid, .left(seconds(1)), "a known start")
        let (older, sync) = (try made("S1C", .addTime(time(2))), try made("S1B", .counterSync))
        step("S1B", sync, .valid, .left(seconds(1)), "Counter Sync changes no time")
        step("S1C", older, .used, .left(seconds(1)), "nothing older than it is taken")
        step("S1D", try made("S1D", .addTime(time(1))), .valid, .left(seconds(2)), "the count goes on from there")
    }

    private mutating func addRestrictedKeypad() {
        let state = steps.last?.state ?? .left(0)
        step("R1", "567890", .nothing, state, "keys other than 1 to 4 do nothing, where there are any")
    }

    private mutating func addPowerCuts() throws {
        let set = try made("H2A", .setTime(time(1)))
        step("H2A", set, .valid, .left(seconds(1)), "time outlives a power cut", after: .cutPower)
        step("H2B", set, .used, .left(seconds(1)), "so does the token's being used")
        let add = try made("H2C", .addTime(time(2)))
        step("H2C", add, .valid, .left(seconds(3)), "Add Time outlives it too", after: .cutPower)
        step("H2D", try made("H2D", .disablePayg), .valid, .unlocked, "and so does Disable PAYG", after: .cutPower)
        step("H1A", try made("H1A", .setTime(time(2))), .valid, .left(seconds(2)), "time counts down from here")
        step(
            "H1B", try made("H1B", .setTime(time(0))), .valid, .left(0),
            "before this one half of it must be gone; it locks the unit for its way out",
            before: .wait(hours: max(1, seconds(1) / 3600))
        )
    }
}

// MARK: - Their parts

extension TestPlan {
    private func time(_ days: Int) throws -> TimeValue { try TimeValue(days * day) }

    private mutating func made(
        _ name: String, _ instruction: TokenInstruction, skipping: Int = 0
    ) throws -> Token {
        let made = try maker.make(instruction, after: try TokenCount(Int(count.number) + skipping))
        count = made.count
        tokens.append(Made(step: name, token: made.token, instruction: instruction, count: made.count))
        return made.token
    }

    /// Digits that are no token of the unit, whatever its counts.
    private func strange(to reader: TokenReader) -> String {
        let most = (try? TokenCount(Int(count.number) + 2000)) ?? count
        let candidates = (0..<256).map { number in
            guard build.digitSet == .restricted else { return String(123_456_789 + number) }
            return "24131342213" + (0..<4).map { String(1 + number >> (2 * $0) & 3) }.joined()
        }
        return candidates.first { digits in
            guard let token = try? Token(digits: digits, digitSet: build.digitSet) else { return false }
            return reader.matches(of: token, upTo: most).isEmpty
        } ?? candidates[0]
    }

    private mutating func step(
        _ name: String, _ token: Token, _ answer: Answer, _ state: State, _ meaning: String, before: Deed? = nil,
        after: Deed? = nil
    ) {
        step(name, token.digits, answer, state, meaning, before: before, after: after)
    }

    private mutating func step(
        _ name: String, _ digits: String, _ answer: Answer, _ state: State, _ meaning: String, before: Deed? = nil,
        after: Deed? = nil
    ) {
        steps.append(
            Step(
                name: name, before: before, digits: digits, after: after, answer: answer, state: state,
                meaning: meaning
            )
        )
    }
}
