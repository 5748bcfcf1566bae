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

    @Test(arguments: [(1, "588224011", 1, 2), (12, "063004017", 7, 14)])
    func `a vector made elsewhere is taken, zeros and all`(
        count: Int, digits: String, days: Int, then: Int
    ) throws {
        var unit = SolarUnit(
            UnitParameters(
                key: try SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb"),
                startingCode: try StartingCode(516_959_010), dispatchedCount: try TokenCount(count)))
        #expect(unit.enter("516959017") == .invalid, "the starting code with 7 free days in it")
        #expect(unit.enter(digits) == .valid(.addTime(try TimeValue(days))))
        #expect(unit.count.number == UInt32(then) && unit.secondsLeft == days * day)
    }

    @Test func `the load port switches off at the very second`() throws {
        var unit = bench.unit
        unit.advance(by: 100)
        unit.enter("662486790")
        #expect(unit.advance(by: day - 1) == day - 1)
        #expect(unit.isLoadOn && unit.secondsLeft == 1)
        #expect(unit.advance(by: 1) == 1)
        #expect(!unit.isLoadOn && unit.secondsLeft == 0)
        #expect(unit.advance(by: 1000) == 0)
    }

    @Test func `time is added to what is left and never to a time already past`() throws {
        var unit = bench.unit
        unit.enter("662486790")
        unit.advance(by: 10 * day)
        unit.enter("927706818")
        #expect(unit.secondsLeft == 29 * day)
    }

    @Test func `time added or set lasts its steps in whole seconds`() throws {
        let bench = try Bench(divider: 7)
        var unit = bench.unit
        unit.enter(try bench.add(1, at: 2))
        #expect(unit.secondsLeft == 12_342, "a seventh of a day, cut down to a second")
        unit.enter(try bench.set(7, at: 3))
        #expect(unit.secondsLeft == day)
        unit.enter(try bench.set(10, at: 5))
        #expect(unit.secondsLeft == 123_428, "ten sevenths, not ten times one cut down")
    }

    @Test func `set time locks an unlocked unit, add time does not`() throws {
        var unit = bench.unit
        unit.enter(try bench.disable(at: 1))
        unit.enter(try bench.add(1, at: 2))
        #expect(unit.isUnlocked && unit.secondsLeft == 0)
        unit.enter(try bench.sync(at: 3))
        #expect(unit.isUnlocked)
        unit.enter(try bench.set(2, at: 5))
        #expect(!unit.isUnlocked && unit.secondsLeft == 2 * day)
    }

    @Test func `a token is taken up to 64 counts ahead, a sync token up to 100`() throws {
        let reach = [
            (try bench.add(1, at: 64), try bench.add(1, at: 66)), (try bench.set(1, at: 63), try bench.set(1, at: 65)),
            (try bench.disable(at: 63), try bench.disable(at: 65)), (try bench.sync(at: 99), try bench.sync(at: 101)),
        ]
        for (within, beyond) in reach {
            var unit = bench.unit
            #expect(unit.enter(beyond) == .invalid)
            #expect(unit.enter(within) != .invalid)
        }
    }

    @Test func `add time is taken out of order among the last 16 counts, once`() throws {
        var unit = bench.unit
        unit.enter(try bench.add(1, at: 40))
        #expect(unit.enter(try bench.add(1, at: 24)) == .alreadyUsed)
        for count in stride(from: 26, through: 38, by: 2) {
            #expect(unit.enter(try bench.add(1, at: count)) == .valid(.addTime(try TimeValue(1))), "\(count)")
            #expect(unit.enter(try bench.add(1, at: count)) == .alreadyUsed, "\(count)")
        }
        #expect(unit.secondsLeft == 8 * day && unit.count.number == 40)
    }

    @Test func `set, disable and sync close the way to every older token`() throws {
        let closings = [
            (try bench.set(3, at: 11), 4 * day), (try bench.disable(at: 11), 0), (try bench.sync(at: 11), 2 * day),
        ]
        for (closing, left) in closings {
            var unit = bench.unit
            unit.enter(try bench.add(1, at: 4))
            #expect(unit.enter(closing) != .invalid)
            let state = unit.memory
            #expect(unit.enter(try bench.add(1, at: 10)) == .alreadyUsed)
            #expect(unit.enter(try bench.set(1, at: 9)) == .alreadyUsed)
            #expect(unit.memory == state)
            #expect(unit.enter(try bench.add(1, at: 12)) == .valid(.addTime(try TimeValue(1))))
            #expect(unit.secondsLeft == left)
        }
    }

    @Test func `a sync token leads the count back, and spent tokens are taken again`() throws {
        var unit = bench.unit
        unit.enter(try bench.add(1, at: 60))
        #expect(unit.enter(try bench.sync(at: 5)) == .valid(.counterSync))
        #expect(unit.count.number == 5 && unit.secondsLeft == day)
        #expect(unit.enter(try bench.add(1, at: 60)) == .valid(.addTime(try TimeValue(1))))
    }

    @Test func `a count at or below the dispatched one is never taken`() throws {
        let bench = try Bench(dispatched: 10)
        var unit = bench.unit
        #expect(unit.enter(try bench.add(1, at: 10)) == .invalid)
        #expect(unit.enter(try bench.set(1, at: 9)) == .invalid)
        #expect(unit.enter(try bench.set(1, at: 11)) == .valid(.setTime(try TimeValue(1))))
    }

    @Test func `values that mean nothing are invalid`() throws {
        var unit = bench.unit
        #expect(unit.enter(bench.maker.make(.disablePayg, at: try TokenCount(2)).digits) == .invalid)
        #expect(!unit.isUnlocked)
    }
}
