import ChargeController
import OpenPAYGO
import Testing

/// A unit set beside a reckoning that counts down second by second, through
/// whatever a customer, a child and a thief may do to it.
struct LightTests {
    /// What should be left, counted down, not reckoned from moments.
    private struct Reckoning {
        var left = 0
        var test = 0
        var isUnlocked = false
        var isPowered = true
        var clock = 0
        var seen = 0
        var standsStill = false
        var light = 0
        var unlockedLight = 0
        var paid = 0

        var isLoadOn: Bool { isPowered && (isUnlocked || left > 0 || test > 0) }

        mutating func second() {
            if isLoadOn {
                if isUnlocked { unlockedLight += 1 } else { light += 1 }
            }
            if !standsStill { clock += 1 }
            guard isPowered else { return }
            seen = clock
            count(1)
        }

        mutating func count(_ seconds: Int) {
            left = max(0, left - seconds)
            test = max(0, test - seconds)
        }

        mutating func restore() {
            guard !isPowered else { return }
            count(max(0, clock - seen))
            seen = clock
            isPowered = true
        }

        mutating func take(_ instruction: TokenInstruction, divider: TimeDivider) {
            switch instruction {
            case .addTime(let time):
                left += divider.seconds(steps: time.number)
                paid += divider.seconds(steps: time.number)
            case .setTime(let time):
                left = divider.seconds(steps: time.number)
                paid += left
                isUnlocked = false
            case .disablePayg: isUnlocked = true
            case .counterSync: break
            }
        }
    }

    /// Someone with a drawer full of tokens, made in their order.
    private struct Someone {
        var random: Seeded
        let bench: Bench
        var drawer: [(digits: String, instruction: TokenInstruction)] = []

        init(_ seed: Int) throws {
            random = Seeded(seed)
            bench = try Bench(
                divider: [96, 200, 255].randomElement(using: &random) ?? 255,
                digitSet: seed.isMultiple(of: 3) ? .restricted : .full, testCode: "111222333")
            var count = TokenCount.zero
            for _ in 0..<30 {
                let time = try TimeValue(Int.random(in: 0...3, using: &random))
                let instruction: TokenInstruction =
                    switch Int.random(in: 0..<20, using: &random) {
                    case 0..<14: .addTime(time)
                    case 14..<17: .setTime(time)
                    case 17: .disablePayg
                    default: .counterSync
                    }
                let made = try bench.maker.make(instruction, after: count)
                count = made.count
                drawer.append((made.token.digits, instruction))
            }
        }
    }

    @Test(arguments: 0..<300)
    func `no sequence of entries, cuts and faults gives more light than the tokens taken`(seed: Int) throws {
        var someone = try Someone(seed)
        let divider = someone.bench.parameters.timeDivider
        var (unit, reckoning) = (someone.bench.unit, Reckoning())
        for step in 0..<120 {
            var act = Int.random(in: 0..<24, using: &someone.random)
            if !unit.isPowered, act < 14 { act = 23 }
            switch act {
            case 0..<9:
                let drawn = someone.drawer.randomElement(using: &someone.random)
                let token = try #require(drawn)
                try enter(token.digits, token.instruction, on: &unit, &reckoning, divider, &someone.random)
            case 9:
                let digits = (0..<15).map { _ in String(Int.random(in: 1...4, using: &someone.random)) }
                unit.enter(digits.joined())
            case 10, 11:
                let before = unit.memory.testUses
                unit.enter("111222333")
                if unit.memory.testUses != before {
                    reckoning.test = 30
                    reckoning.paid += 30
                }
            case 12:
                let keys = SolarUnit.Key.allCases
                for _ in 0..<20 { unit.press(keys[Int.random(in: 0..<keys.count, using: &someone.random)]) }
            case 13:
                unit.cutPower()
            case 14:
                unit.clockStandsStill.toggle()
                reckoning.standsStill.toggle()
            case 15:
                let seconds = Int.random(in: 0...5000, using: &someone.random)
                unit.jumpClockBack(by: seconds)
                reckoning.clock -= seconds
            case 23:
                unit.restorePower()
                reckoning.restore()
            default: pass(Int.random(in: 1...900, using: &someone.random), &unit, &reckoning)
            }
            // A cut that was waited for comes with whatever is stored next.
            if !unit.isPowered { reckoning.isPowered = false }
            #expect(unit.isLoadOn == reckoning.isLoadOn, "step \(step)")
            #expect(unit.secondsLeft == (unit.isUnlocked ? 0 : reckoning.left), "step \(step)")
            #expect(unit.isUnlocked == reckoning.isUnlocked)
            #expect(reckoning.light <= reckoning.paid, "step \(step)")
        }
    }

    private func enter(
        _ digits: String, _ instruction: TokenInstruction, on unit: inout SolarUnit, _ reckoning: inout Reckoning,
        _ divider: TimeDivider, _ random: inout Seeded
    ) throws {
        let before = unit.memory
        if Int.random(in: 0..<4, using: &random) == 0 {
            unit.cutPower(afterStoring: Int.random(in: 0...SolarUnit.storingSteps, using: &random))
        }
        let answer = unit.enter(digits)
        let isTaken = unit.memory.tokens != before.tokens
        if unit.isPowered {
            #expect((answer == .valid(instruction)) == isTaken || instruction == .counterSync)
        } else {
            #expect(answer == nil)
        }
        if isTaken { reckoning.take(instruction, divider: divider) }
    }

    /// Second by second, and at once: to the same end.
    private func pass(_ seconds: Int, _ unit: inout SolarUnit, _ reckoning: inout Reckoning) {
        var leap = unit
        let before = reckoning.light + reckoning.unlockedLight
        var light = 0
        for _ in 0..<seconds {
            light += unit.advance(by: 1)
            reckoning.second()
            if unit.isLoadOn != reckoning.isLoadOn { Issue.record("\(reckoning)") }
        }
        #expect(leap.advance(by: seconds) == light && light == reckoning.light + reckoning.unlockedLight - before)
        #expect(leap.state == unit.state)
    }

    @Test(arguments: 0..<100)
    func `random tokens and random digits never light a unit`(seed: Int) throws {
        var random = Seeded(seed)
        var unit = try Bench(dispatched: 3, testCode: nil).unit
        for _ in 0..<200 {
            let digits = (0..<9).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
            #expect(unit.enter(digits) != .alreadyUsed)
            unit.advance(by: unit.keypadBlockedFor)
        }
        #expect(!unit.isLoadOn)
    }
}
