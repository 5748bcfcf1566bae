import ChargeController
import OpenPAYGO
import Testing

struct SimulatedUnitTests {
    private let maker: TokenMaker
    private let unit: SimulatedUnit
    private let day = 86_400

    init() throws {
        let key = try SecretKey(hex: "a29ab82edc5fbbc41ec9530f6dac86b1")
        let code = try StartingCode(123_456_789)
        maker = TokenMaker(key: key, startingCode: code)
        unit = SimulatedUnit(key: key, startingCode: code, dispatchedCount: .zero)
    }

    @Test func `the five-step example lights the unit, unlocks it and locks it`() {
        var unit = unit
        #expect(!unit.isLoadOn(at: 0))
        #expect(unit.enter("662486790", at: 0) != .invalid)
        #expect(unit.timeLeft(at: 0) == day)
        _ = unit.enter("927706818", at: 0)
        #expect(unit.timeLeft(at: 0) == 30 * day)
        _ = unit.enter("942433796", at: 0)
        #expect(unit.timeLeft(at: 0) == 7 * day)
        _ = unit.enter("650975787", at: 0)
        #expect(unit.isUnlocked && unit.isLoadOn(at: 1000 * day))
        _ = unit.enter("592185789", at: 0)
        #expect(!unit.isUnlocked && !unit.isLoadOn(at: 0))
        #expect(unit.enter("123456789", at: 0) == .invalid)
    }

    @Test func `the load port switches off at the very second`() {
        var unit = unit
        _ = unit.enter("662486790", at: 100)
        #expect(unit.isLoadOn(at: 100 + day - 1))
        #expect(!unit.isLoadOn(at: 100 + day))
    }

    @Test func `time is added to what is left and never to a time already past`() {
        var unit = unit
        _ = unit.enter("662486790", at: 0)
        _ = unit.enter("927706818", at: 10 * day)
        #expect(unit.timeLeft(at: 10 * day) == 29 * day)
    }

    @Test func `add time does not lock an unlocked unit`() throws {
        var unit = unit
        _ = unit.enter(maker.make(.disablePayg, at: .one).digits, at: 0)
        _ = unit.enter(maker.make(.addTime(try TimeValue(1)), at: try TokenCount(2)).digits, at: 0)
        #expect(unit.isUnlocked)
    }

    @Test func `the third invalid entry blocks the keypad, and each further one for twice as long`() {
        var unit = unit
        var now = 0
        #expect(unit.enter("000000001", at: now) == .invalid)
        #expect(unit.enter("000000001", at: now) == .invalid)
        for minutes in [2, 4, 8, 16, 32, 64, 128, 256, 512, 512] {
            #expect(unit.enter("000000001", at: now) == .invalid)
            #expect(unit.enter("662486790", at: now) == .wait(seconds: minutes * 60))
            now += minutes * 60
        }
        #expect(unit.enter("662486790", at: now) != .invalid)
        #expect(unit.enter("000000001", at: now) == .invalid)
        #expect(unit.enter("927706818", at: now) != .wait(seconds: 120), "a valid token clears the count")
    }

    @Test func `digits that are no token are not counted as invalid`() {
        var unit = unit
        for _ in 0..<5 { #expect(unit.enter("12345", at: 0) == .notAToken) }
        #expect(unit.enter("662486790", at: 0) != .invalid)
        #expect(unit.enter("662486790", at: 0) == .alreadyUsed)
    }
}
