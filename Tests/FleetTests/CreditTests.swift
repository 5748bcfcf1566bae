import ChargeController
import Fleet
import OpenPAYGO
import Testing

struct CreditTests {
    private let now = Timestamp(seconds: 1_793_696_400)
    private let unit: PaygID
    private let day = 86_400

    init() throws {
        unit = try PaygID("CSP-0001")
    }

    private func plan(
        _ request: TokenRequest, _ credit: Credit, divider: Int = 1, at moment: Timestamp? = nil
    ) throws -> CreditPlan {
        try credit.plan(request, unit: unit, divider: try TimeDivider(divider), at: moment ?? now)
    }

    private func value(_ number: Int) throws -> TimeValue { try TimeValue(number) }

    private func days(_ text: String) throws -> TokenRequest { .days(try Days(text: text)) }

    @Test func `days are added to what is left`() throws {
        let plan = try plan(try days("30"), Credit(paidUntil: now + day))
        #expect(plan.steps.map(\.instruction) == [.addTime(try value(30))])
        #expect(plan.steps.last?.credit == Credit(paidUntil: now + 31 * day))
        #expect(!plan.isAfterRemoval && plan.rounding == 0)
    }

    @Test func `days are never added to a time already past`() throws {
        #expect(try plan(try days("1"), Credit(paidUntil: now + -day)).steps[0].credit.paidUntil == now + day)
        #expect(
            try plan(try days("1.5"), Credit(paidUntil: nil), divider: 2).steps[0].credit.paidUntil == now + 129_600)
    }

    @Test func `28 days given for 18 are corrected, and payments set the time until the 28 days are outgrown`() throws {
        var credit = Credit(paidUntil: nil)
        var moment = now
        func meet(_ request: TokenRequest, after days: Int) throws -> CreditPlan {
            moment = moment + days * day
            let plan = try plan(request, credit, at: moment)
            credit = try #require(plan.steps.last).credit
            return plan
        }
        #expect(try meet(try days("28"), after: 0).steps[0].instruction == .addTime(try value(28)))
        #expect(try meet(.setDays(try Days(18)), after: 0).steps[0].instruction == .setTime(try value(18)))
        #expect(credit == Credit(paidUntil: now + 18 * day, furthest: now + 28 * day))
        // Day 10: 8 days are left, and whoever did not enter the correction has 18.
        let paid = try meet(try days("7"), after: 10)
        #expect(paid.steps.map(\.instruction) == [.setTime(try value(15))] && paid.isAfterRemoval)
        #expect(credit == Credit(paidUntil: now + 25 * day, furthest: now + 28 * day))
        // Day 20: what is paid now reaches beyond the 28 days, but only once it is entered.
        #expect(try meet(try days("7"), after: 10).steps[0].instruction == .setTime(try value(12)))
        #expect(credit == Credit(paidUntil: now + 32 * day))
        #expect(try meet(try days("7"), after: 1).steps[0].instruction == .addTime(try value(7)))
        #expect(credit == Credit(paidUntil: now + 39 * day))
    }

    @Test func `a removal is over when the time that was removed has passed`() throws {
        let credit = Credit(paidUntil: now + day, furthest: now + 9 * day)
        #expect(try plan(try days("1"), credit, at: now + (9 * day - 1)).isAfterRemoval)
        let later = try plan(try days("1"), credit, at: now + 9 * day)
        #expect(later.steps[0].instruction == .addTime(try value(1)))
        #expect(later.steps[0].credit == Credit(paidUntil: now + 10 * day))
    }

    @Test func `Set Time rounds up to the unit's steps, and what is paid stays exact`() throws {
        let credit = Credit(paidUntil: now + 10 * day, furthest: now + 90 * day)
        let plan = try plan(try days("1"), credit, at: now + 3600)
        #expect(plan.steps[0].instruction == .setTime(try value(11)))
        #expect(plan.steps[0].credit == Credit(paidUntil: now + 11 * day, furthest: now + 90 * day))
        #expect(plan.rounding == 3600)
    }

    @Test func `who pays at the last minute of what was rounded up is on no longer for it in the end`() throws {
        var credit = Credit(paidUntil: now, furthest: Credit.limit)
        var (moment, lit) = (now, now)
        for _ in 0..<30 {
            let plan = try plan(try days("1"), credit, at: moment)
            let step = try #require(plan.steps.first)
            guard case .setTime(let time) = step.instruction else {
                Issue.record("\(step)")
                return
            }
            lit = moment + time.number * day
            credit = step.credit
            moment = lit + -60
        }
        #expect(lit >= now + 30 * day && lit < now + 31 * day)
        let paid = try #require(credit.paidUntil)
        #expect(lit <= paid + day)
    }

    @Test func `days beyond one token's limit become several tokens, never several Set Time`() throws {
        let plan = try plan(try days("2000"), Credit(paidUntil: now))
        #expect(
            plan.steps.map(\.instruction) == [
                .addTime(try value(995)), .addTime(try value(995)), .addTime(try value(10)),
            ])
        #expect(plan.steps.map(\.credit.paidUntil) == [now + 995 * day, now + 1990 * day, now + 2000 * day])

        let removed = Credit(paidUntil: now + 10 * day, furthest: now + 40 * day)
        let set = try self.plan(try days("1000"), removed)
        #expect(set.steps.map(\.instruction) == [.setTime(try value(995)), .addTime(try value(15))])
        #expect(set.steps.last?.credit == Credit(paidUntil: now + 1010 * day))
        #expect(throws: FleetError.self) { try self.plan(.setDays(try Days(996)), removed) }
    }

    @Test func `whoever leaves out the Set Time of an order is reckoned with`() throws {
        let removed = Credit(paidUntil: now + 10 * day, furthest: now + 2000 * day)
        let plan = try plan(try days("1000"), removed)
        #expect(plan.steps.map(\.instruction) == [.setTime(try value(995)), .addTime(try value(15))])
        #expect(plan.steps.last?.credit == Credit(paidUntil: now + 1010 * day, furthest: now + 2015 * day))
    }

    @Test func `a date credits what is missing, in whole steps, never less`() throws {
        let credit = Credit(paidUntil: now + day)
        let plan = try plan(.until(now + (3 * day + 1)), credit)
        #expect(plan.steps.map(\.instruction) == [.addTime(try value(3))])
        #expect(plan.steps[0].credit.paidUntil == now + 4 * day)
        #expect(try self.plan(.until(now + 3 * day), credit).steps[0].instruction == .addTime(try value(2)))
        #expect(throws: FleetError.paidAlready(unit, until: now + day)) { try self.plan(.until(now + day), credit) }
        #expect(throws: FleetError.dateIsPast(unit, now)) { try self.plan(.until(now), Credit(paidUntil: nil)) }
        let removed = Credit(paidUntil: now + day, furthest: now + 9 * day)
        #expect(try self.plan(.until(now + 3 * day), removed).steps[0].instruction == .setTime(try value(3)))
    }

    @Test func `set to 0 days locks now, and set to more may give more than was left`() throws {
        let credit = Credit(paidUntil: now + 5 * day)
        let locked = try plan(.setDays(try Days(0)), credit).steps[0]
        #expect(locked.instruction == .setTime(try value(0)))
        #expect(locked.credit == Credit(paidUntil: now, furthest: now + 5 * day))
        #expect(try plan(.setDays(try Days(9)), credit).steps[0].credit == Credit(paidUntil: now + 9 * day))
    }

    @Test func `an unlocked unit takes no days until Set Time locks it, and Set Time is used from then on`() throws {
        let unlocked = try plan(.unlock, Credit(paidUntil: now + day)).steps[0]
        #expect(unlocked.instruction == .disablePayg)
        #expect(unlocked.credit.isUnlocked && unlocked.credit.paidUntil == nil)
        #expect(throws: FleetError.unitUnlocked(unit)) { try plan(try days("1"), unlocked.credit) }
        #expect(throws: FleetError.unitUnlocked(unit)) { try plan(.until(now + day), unlocked.credit) }
        let locked = try plan(.setDays(try Days(5)), unlocked.credit).steps[0].credit
        #expect(!locked.isUnlocked && locked.paidUntil == now + 5 * day)
        let later = try plan(try days("7"), locked, at: now + 400 * day)
        #expect(later.steps[0].instruction == .setTime(try value(7)))
    }

    @Test func `counter sync changes nothing of the credit`() throws {
        let credit = Credit(paidUntil: now + day, furthest: now + 9 * day)
        let plan = try plan(.sync, credit)
        #expect(plan.steps.map(\.instruction) == [.counterSync] && plan.steps[0].credit == credit)
    }

    @Test(arguments: [("0", 1), ("0.5", 1), ("31841", 1), ("1327", 24), ("1/48", 24), ("0", 24)])
    func `days that tokens cannot carry are refused with the allowed range`(text: String, divider: Int) throws {
        let (days, divider) = (try Days(text: text), try TimeDivider(divider))
        #expect(
            throws: FleetError.daysNotAllowed(
                days, unit: unit, smallest: divider.step, largest: divider.days(steps: 995 * 32))
        ) { try Credit(paidUntil: nil).plan(.days(days), unit: unit, divider: divider, at: now) }
    }

    @Test func `the refusal names the range in words`() throws {
        let whole = FleetError.daysNotAllowed(
            try Days(1), unit: unit, smallest: try Days(1), largest: try Days(995)
        )
        #expect(
            "\(whole)"
                == "1 day cannot be put into tokens for CSP-0001: it takes whole days, from 1 to 995; no token was made"
        )
    }

    @Test func `nothing is paid beyond the year 9999`() throws {
        let late = try #require(Timestamp(text: "9999-12-30T00:00:00Z"))
        for request in [try days("2"), .setDays(try Days(2))] {
            #expect(throws: FleetError.paidTooFar(unit)) { try plan(request, Credit(paidUntil: nil), at: late) }
        }
    }

    /// What became of a unit whose customer left out some tokens.
    private struct Customer {
        var unit: SolarUnit
        let careless: Bool
    }

    @Test(arguments: 0..<200)
    func `a unit is on as long as is paid, and whoever leaves tokens out is on no longer than ever issued`(
        seed: Int
    ) throws {
        var random = Seeded(seed)
        let divider = try TimeDivider([1, 1, 2, 24, 255].randomElement(using: &random) ?? 1)
        let key = try SecretKey(hex: "a29ab82edc5fbbc41ec9530f6dac86b1")
        let code = try StartingCode(123_456_789)
        let maker = TokenMaker(key: key, startingCode: code)
        let step = divider.seconds(steps: 1) + 1
        let new = SolarUnit(UnitParameters(key: key, startingCode: code, timeDivider: divider))
        var (honest, careless) = (new, new)
        var (count, credit, moment) = (TokenCount.one, Credit(paidUntil: nil), 0)
        let start = now
        for _ in 0..<40 {
            let passed = Int.random(in: 0...20 * day, using: &random)
            moment += passed
            honest.advance(by: passed)
            careless.advance(by: passed)
            let steps = Int.random(in: 1...1500, using: &random)
            let request: TokenRequest =
                switch Int.random(in: 0..<10, using: &random) {
                case 0, 1: .setDays(divider.days(steps: steps % 400))
                case 2: .until(start + moment + steps * 3600)
                case 3 where seed.isMultiple(of: 5): .unlock
                default: .days(divider.days(steps: steps))
                }
            guard
                let plan = try? credit.plan(request, unit: unit, divider: divider, at: start + moment)
            else { continue }
            for planned in plan.steps {
                let made = try maker.make(planned.instruction, after: count)
                count = made.count
                #expect(honest.enter(made.token.digits) == .valid(planned.instruction))
                if Bool.random(using: &random) { careless.enter(made.token.digits) }
                credit = planned.credit
            }
            let paid = credit.paidUntil.map { max(0, Int($0.seconds - start.seconds) - moment) }
            let (left, isOn) = (honest.secondsLeft, honest.isUnlocked)
            #expect(isOn == credit.isUnlocked)
            if let paid { #expect(left >= paid - 32 && left < paid + step, "\(request) at \(moment)") }
            let furthest = try #require(credit.furthest)
            if furthest < Credit.limit {
                let reach = Int(furthest.seconds - start.seconds)
                #expect(!careless.isUnlocked && moment + careless.secondsLeft <= max(reach, moment) + step)
            }
        }
    }
}

/// The same numbers for the same seed.
private struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) {
        state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
    }

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
