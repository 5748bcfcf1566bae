import ChargeController
import OpenPAYGO
import Testing

struct TokenEntryTests {
    private let bench: Bench
    private let day = Bench.day

    init() throws {
        bench = try Bench()
    }

    @Test func `the five-step example lights the unit, unlocks it and locks it`() throws {
        var unit = bench.unit
        #expect(!unit.isLoadOn && unit.display == .blank)
        #expect(unit.enter("123456789") == .invalid, "the starting code is no token")
        #expect(unit.enter("662486790") == .valid(.addTime(try TimeValue(1))))
        #expect(unit.secondsLeft == day && unit.isLoadOn)
        #expect(unit.enter("662486790") == .alreadyUsed)
        #expect(unit.secondsLeft == day)
        #expect(unit.enter("927706818") == .valid(.addTime(try TimeValue(29))))
        #expect(unit.secondsLeft == 30 * day)
        #expect(unit.enter("942433796") == .valid(.setTime(try TimeValue(7))))
        #expect(unit.secondsLeft == 7 * day)
        #expect(unit.enter("650975787") == .valid(.disablePayg))
        unit.advance(by: 1000 * day)
        #expect(unit.isUnlocked && unit.isLoadOn)
        #expect(unit.enter("592185789") == .valid(.setTime(try TimeValue(0))))
        #expect(!unit.isUnlocked && !unit.isLoadOn)
    }
}
