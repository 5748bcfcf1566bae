import ChargeController
import OpenPAYGO
import Testing

struct TestCodeTests {
    private let code = "111222333"
    private let bench: Bench

    init() throws {
        bench = try Bench(testCode: "111222333")
    }

    @Test func `a test code gives 30 seconds, and takes no time and no count`() {
        var unit = bench.unit
        #expect(unit.enter(code) == .test)
        #expect(unit.isLoadOn && unit.secondsLeft == 0 && unit.count == .zero)
        #expect(unit.display.text == "Test 30s")
        #expect(unit.advance(by: 29) == 29)
        #expect(unit.display.text == "Test 1s" && unit.isLoadOn)
        #expect(unit.advance(by: 10) == 1)
        #expect(!unit.isLoadOn && unit.display == .blank)
        unit.enter("662486790")
        unit.enter(code)
        #expect(unit.secondsLeft == Bench.day)
        #expect(unit.advance(by: 2 * Bench.day) == Bench.day, "not 30 seconds more")
    }

    @Test func `a test code is taken five times in any hour`() {
        var unit = bench.unit
        for _ in 0..<5 {
            #expect(unit.enter(code) == .test)
            unit.advance(by: 60)
        }
        #expect(unit.enter(code) == .wait(seconds: 3300))
        #expect(!unit.isLoadOn && unit.display.text == "Wait 55 min" && unit.keypadBlockedFor == 0)
        unit.cutPower()
        unit.advance(by: 3000)
        unit.restorePower()
        #expect(unit.enter(code) == .wait(seconds: 300))
        unit.advance(by: 300)
        #expect(unit.enter(code) == .test)
        #expect(unit.enter(code) == .wait(seconds: 60))
        unit.enter("662486790")
        #expect(unit.secondsLeft == Bench.day, "tokens are read meanwhile")
    }

    @Test func `a test code is no invalid entry, and ends no row of them`() {
        var unit = bench.unit
        for _ in 0..<2 { unit.enter("000000001") }
        for _ in 0..<7 { unit.enter(code) }
        #expect(unit.keypadBlockedFor == 0)
        unit.enter("000000001")
        #expect(unit.keypadBlockedFor == 120)
        #expect(unit.enter(code) == .wait(seconds: 120), "a blocked keypad reads no test code")
    }

    @Test func `tests one after another are no longer than 30 seconds each`() {
        var unit = bench.unit
        for _ in 0..<9 { unit.enter(code) }
        #expect(unit.advance(by: 1000) == 30)
    }

    @Test func `a unit without a test code takes none, and four keys type only what they have`() throws {
        var unit = try Bench().unit
        #expect(unit.enter(code) == .invalid)
        var four = try Bench(digitSet: .restricted, testCode: code).unit
        #expect(four.enter(code) == .test, "nine digits of 1 to 4")
        four = try Bench(digitSet: .restricted, testCode: "111222335").unit
        #expect(four.enter("111222335") == .tooShort)
    }
}
