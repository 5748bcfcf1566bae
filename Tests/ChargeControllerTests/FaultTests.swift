import ChargeController
import OpenPAYGO
import Testing

struct FaultTests {
    private let bench: Bench
    private let day = Bench.day

    init() throws {
        bench = try Bench(testCode: "111222333")
    }

    /// A unit that has stored some entries, in both places of its memory.
    private func used() throws -> SolarUnit {
        var unit = bench.unit
        unit.enter(try bench.add(3, at: 6))
        unit.enter("000000001")
        unit.enter("000000001")
        unit.enter(try bench.add(2, at: 8))
        unit.enter("111222333")
        unit.enter("000000001")
        return unit
    }

    @Test(arguments: 0...SolarUnit.storingSteps)
    func `a power cut at any step of storing leaves all of the old memory or all of the new`(step: Int) throws {
        let before = try used()
        for digits in [
            try bench.add(5, at: 4), try bench.add(5, at: 10), try bench.set(0, at: 9), try bench.set(7, at: 11),
            try bench.disable(at: 13), try bench.sync(at: 15), "000000001", "111222333",
        ] {
            var whole = before
            #expect(whole.enter(digits) != .alreadyUsed)
            var unit = before
            unit.cutPower(afterStoring: step)
            #expect(unit.enter(digits) == nil, "nobody is told what may not have happened")
            #expect(!unit.isPowered && !unit.isLoadOn && unit.display == .off)
            unit.restorePower()
            #expect(unit.memory == before.memory || unit.memory == whole.memory, "\(digits)")
            if step == SolarUnit.storingSteps { #expect(unit.memory == whole.memory) }
            if step == 0 { #expect(unit.memory == before.memory) }
            // Typed again, it comes to the same as if there had been no cut.
            if digits.first != "0", digits != "111222333" {
                unit.enter(digits)
                #expect(unit.memory == whole.memory, "\(digits)")
            }
        }
    }

    @Test func `cut after cut, the last whole memory stays`() throws {
        var unit = try used()
        let before = unit.memory
        for step in [0, 1, 40, 79, 3, 79, 20] {
            unit.cutPower(afterStoring: step)
            unit.enter(try bench.add(5, at: 10))
            unit.restorePower()
            #expect(unit.memory == before)
        }
        #expect(unit.enter(try bench.add(5, at: 10)) == .valid(.addTime(try TimeValue(5))))
        unit.cutPower()
        unit.restorePower()
        #expect(unit.secondsLeft == 10 * day && unit.count.number == 10)
    }

    @Test func `a cut that is waited for happens once, and only with power`() throws {
        var unit = bench.unit
        unit.cutPower(afterStoring: 3)
        #expect(unit.enter("12345") == .tooShort, "nothing was stored")
        #expect(unit.enter("662486790") == nil)
        unit.cutPower(afterStoring: 3)
        unit.restorePower()
        #expect(unit.enter("662486790") == .valid(.addTime(try TimeValue(1))))
        unit.cutPower(afterStoring: -7)
        #expect(unit.enter("927706818") == nil)
    }

    @Test func `without power there is no light, no display and no key, and the time goes on`() {
        var unit = bench.unit
        unit.enter("662486790")
        unit.press(.one)
        unit.cutPower()
        #expect(!unit.isLoadOn && unit.display == .off && unit.press(.hash) == nil)
        #expect(unit.enter("927706818") == nil)
        #expect(unit.advance(by: 3600) == 0)
        unit.restorePower()
        #expect(unit.display == .blank && unit.isLoadOn, "the digit typed is gone")
        #expect(unit.secondsLeft == day - 3600)
        unit.cutPower()
        unit.advance(by: day)
        unit.restorePower()
        #expect(!unit.isLoadOn && unit.secondsLeft == 0)
    }

    @Test func `a clock that jumps back gives no light`() {
        var unit = bench.unit
        unit.enter("662486790")
        var light = unit.advance(by: 1000)
        unit.jumpClockBack(by: 10 * day)
        #expect(unit.secondsLeft == day - 1000)
        light += unit.advance(by: 1000)
        #expect(unit.secondsLeft == day - 2000)
        unit.cutPower()
        unit.jumpClockBack(by: 500)
        unit.advance(by: 600)
        unit.restorePower()
        #expect(unit.secondsLeft == day - 2100, "of 600 seconds in the dark the clock tells 100")
        light += unit.advance(by: 10 * day)
        #expect(light == day - 100)
        unit.jumpClockBack(by: Int.max)
        unit.jumpClockBack(by: Int.max)
        unit.jumpClockBack(by: -day)
        unit.cutPower()
        unit.restorePower()
        #expect(!unit.isLoadOn)
    }

    @Test func `a clock that stands still gives no light`() {
        var unit = bench.unit
        unit.enter("662486790")
        unit.clockStandsStill = true
        #expect(unit.advance(by: 1000) == 1000)
        #expect(unit.clock.reading == 0 && unit.secondsLeft == day - 1000)
        unit.cutPower()
        unit.advance(by: 5000)
        unit.restorePower()
        #expect(unit.secondsLeft == day - 1000, "nobody told the unit of 5000 seconds in the dark")
        unit.clockStandsStill = false
        #expect(unit.advance(by: 10 * day) == day - 1000)
    }

    @Test func `a memory that is lost is that of a new unit, and spent tokens are taken again`() throws {
        var unit = try used()
        unit.loseMemory()
        #expect(unit.memory == bench.unit.memory && !unit.isLoadOn && unit.keypadBlockedFor == 0)
        unit.cutPower()
        unit.restorePower()
        #expect(unit.memory == bench.unit.memory, "and no power cut brings it back")
        #expect(unit.enter(try bench.add(3, at: 6)) == .valid(.addTime(try TimeValue(3))))
        unit.cutPower()
        unit.loseMemory()
        unit.restorePower()
        #expect(unit.memory == bench.unit.memory)
    }

    @Test func `no length of time is too long, and none is negative`() {
        var unit = bench.unit
        unit.enter("662486790")
        unit.advance(by: -1)
        #expect(unit.secondsLeft == day)
        for _ in 0..<3 { unit.advance(by: Int.max) }
        unit.cutPower()
        unit.advance(by: Int.max)
        unit.restorePower()
        #expect(!unit.isLoadOn)
        #expect(unit.enter("927706818") != nil)
    }
}
