import ChargeController
import OpenPAYGO
import Testing

struct BlockingTests {
    private let bench: Bench
    private let wrong = "000000001"

    init() throws {
        bench = try Bench()
    }

    @Test func `the third invalid entry blocks the keypad, and each further one for twice as long`() throws {
        var unit = bench.unit
        #expect(unit.enter(wrong) == .invalid)
        #expect(unit.enter(wrong) == .invalid)
        #expect(unit.keypadBlockedFor == 0)
        for minutes in [2, 4, 8, 16, 32, 64, 128, 256, 512, 512, 512] {
            #expect(unit.enter(wrong) == .invalid)
            #expect(unit.keypadBlockedFor == minutes * 60)
            #expect(unit.enter("662486790") == .wait(seconds: minutes * 60))
            unit.advance(by: minutes * 60 - 1)
            #expect(unit.enter("662486790") == .wait(seconds: 1))
            #expect(unit.secondsLeft == 0, "nothing was read")
            unit.advance(by: 1)
        }
        #expect(unit.enter("662486790") == .valid(.addTime(try TimeValue(1))))
        #expect(unit.memory.invalidEntries == 0)
        for _ in 0..<2 { #expect(unit.enter(wrong) == .invalid) }
        #expect(unit.keypadBlockedFor == 0, "a valid token ended the row")
        unit.enter(wrong)
        #expect(unit.keypadBlockedFor == 120)
    }

    @Test func `a block outlives a power cut, and passes while the power is away`() {
        var unit = bench.unit
        for _ in 0..<3 { unit.enter(wrong) }
        unit.cutPower()
        unit.restorePower()
        #expect(unit.enter("662486790") == .wait(seconds: 120))
        unit.cutPower()
        unit.advance(by: 100)
        unit.restorePower()
        #expect(unit.enter("662486790") == .wait(seconds: 20))
        unit.cutPower()
        unit.advance(by: 20)
        unit.restorePower()
        #expect(unit.keypadBlockedFor == 0)
        unit.enter(wrong)
        #expect(unit.keypadBlockedFor == 240, "the row goes on")
    }

    @Test func `a clock that goes back or stands still does not shorten a block`() {
        var unit = bench.unit
        for _ in 0..<3 { unit.enter(wrong) }
        unit.cutPower()
        unit.jumpClockBack(by: 1_000_000)
        unit.clockStandsStill = true
        unit.advance(by: 1000)
        unit.restorePower()
        #expect(unit.keypadBlockedFor == 120)
        unit.advance(by: 120)
        #expect(unit.keypadBlockedFor == 0, "with power, the unit counts for itself")
    }

    @Test func `digits that are too few, and tokens used before, neither block nor end a row`() throws {
        var unit = bench.unit
        unit.enter("662486790")
        for _ in 0..<5 {
            #expect(unit.enter("12345") == .tooShort)
            #expect(unit.enter("662486790") == .alreadyUsed)
        }
        #expect(unit.memory.invalidEntries == 0)
        for _ in 0..<2 { unit.enter(wrong) }
        unit.enter("662486790")
        unit.enter("123")
        unit.enter(wrong)
        #expect(unit.keypadBlockedFor == 120)
    }

    @Test func `on a blocked keypad only a star does anything`() {
        var unit = bench.unit
        unit.enter("662486790")
        for _ in 0..<3 { unit.enter(wrong) }
        for key in Token.DigitSet.full.keys where key != .star {
            #expect(unit.press(key) == .wait(seconds: 120))
            #expect(unit.display.text == "Wait 2 min")
        }
        unit.press(.star)
        #expect(unit.display == .blank && unit.isLoadOn)
    }
}
