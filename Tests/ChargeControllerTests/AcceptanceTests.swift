import ChargeController
import OpenPAYGO
import Testing

/// The steps of the standard's published test procedure, in their order.
struct AcceptanceTests {
    /// A tester: makes each token at the next count, and enters it.
    private struct Tester {
        let bench: Bench
        var unit: SolarUnit
        var count = TokenCount.one

        init(digitSet: Token.DigitSet, divider: Int) throws {
            bench = try Bench(dispatched: 1, divider: divider, digitSet: digitSet)
            unit = bench.unit
        }

        mutating func make(_ instruction: TokenInstruction) throws -> String {
            let made = try bench.maker.make(instruction, after: count)
            count = made.count
            return made.token.digits
        }

        mutating func enter(_ instruction: TokenInstruction) throws {
            #expect(unit.enter(try make(instruction)) == .valid(instruction))
        }

        mutating func enter(days: Int, set: Bool) throws {
            let value = try TimeValue(try Days(days), divider: bench.parameters.timeDivider)
            try enter(set ? .setTime(value) : .addTime(value))
        }

        mutating func add(days: Int) throws -> String {
            try make(.addTime(try TimeValue(try Days(days), divider: bench.parameters.timeDivider)))
        }

        func has(days: Int) -> Bool { !unit.isUnlocked && unit.secondsLeft == days * Bench.day }
    }

    @Test(arguments: [Token.DigitSet.full, .restricted], [1, 4])
    func `the core steps`(digitSet: Token.DigitSet, divider: Int) throws {
        var tester = try Tester(digitSet: digitSet, divider: divider)
        let wrong = digitSet == .full ? "123456789" : "123412341234123"
        #expect(tester.unit.enter(wrong) == .invalid)
        try tester.enter(days: 1, set: true)
        #expect(tester.has(days: 1))
        let one = try tester.add(days: 1)
        tester.unit.enter(one)
        #expect(tester.has(days: 2))
        #expect(tester.unit.enter(one) == .alreadyUsed && tester.has(days: 2))
        try tester.enter(days: 30, set: true)
        #expect(tester.has(days: 30))
        try tester.enter(days: 0, set: true)
        #expect(tester.has(days: 0) && !tester.unit.isLoadOn)
        for _ in 1...3 { try tester.enter(.addTime(try TimeValue(995))) }
        #expect(tester.unit.secondsLeft == 3 * 995 * Bench.day / divider)
        for days in 1...21 {
            tester.count = try TokenCount(Int(tester.count.number) + 29)
            try tester.enter(days: days, set: true)
            #expect(tester.has(days: days))
        }
        try tester.enter(.disablePayg)
        #expect(tester.unit.isUnlocked)
        try tester.enter(days: 0, set: true)
        #expect(tester.has(days: 0))
        try tester.enter(.disablePayg)
        try tester.enter(days: 0, set: false)
        #expect(tester.unit.isUnlocked)
        try tester.enter(days: 0, set: true)
        tester.unit.advance(by: 2 * Bench.day)
        try tester.enter(days: 1, set: false)
        #expect(tester.has(days: 1), "who comes late loses nothing")
    }

    @Test(arguments: [Token.DigitSet.full, .restricted], [1, 4])
    func `the steps of unordered entry`(digitSet: Token.DigitSet, divider: Int) throws {
        var tester = try Tester(digitSet: digitSet, divider: divider)
        try tester.enter(days: 60, set: true)
        let made = [try tester.add(days: 10), try tester.add(days: 5), try tester.add(days: 1)]
        for (token, days) in [(2, 61), (0, 71), (1, 76)] {
            tester.unit.enter(made[token])
            #expect(tester.has(days: days))
        }
        let older = try tester.add(days: 5)
        try tester.enter(days: 10, set: true)
        #expect(tester.unit.enter(older) == .alreadyUsed && tester.has(days: 10))
        try tester.enter(days: 3, set: false)
        #expect(tester.has(days: 13))
        let closed = try tester.add(days: 1)
        try tester.enter(.disablePayg)
        #expect(tester.unit.enter(closed) == .alreadyUsed && tester.unit.isUnlocked)
    }

    @Test func `the steps of persistence: what was entered outlives the power`() throws {
        var tester = try Tester(digitSet: .full, divider: 1)
        func cycled(_ unit: SolarUnit) -> SolarUnit {
            var unit = unit
            unit.cutPower()
            unit.restorePower()
            return unit
        }
        try tester.enter(days: 1, set: true)
        tester.unit = cycled(tester.unit)
        #expect(tester.has(days: 1))
        try tester.enter(days: 2, set: false)
        tester.unit = cycled(tester.unit)
        #expect(tester.has(days: 3))
        try tester.enter(.disablePayg)
        tester.unit = cycled(tester.unit)
        #expect(tester.unit.isUnlocked && tester.unit.isLoadOn)
    }
}
