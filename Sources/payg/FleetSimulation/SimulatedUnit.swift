import ChargeController
import Fleet
import OpenPAYGO

/// A unit, and the customer who has it: what they are told, what they do with
/// it, and what becomes of it. Moments are seconds of the simulation.
struct SimulatedUnit: Sendable {
    let id: PaygID
    private(set) var device: SolarUnit
    private(set) var history: UnitHistory
    /// What the registry is to say, from what was told of each token.
    private(set) var credit = Credit(paidUntil: nil)
    private(set) var tally = Tally()
    /// For how many seconds it was ever on longer than the furthest date that
    /// was issued, beyond what its tokens were entered late; 0 for as promised.
    private(set) var beyondFurthest = 0

    private let number: Int
    private let habits: CustomerHabits
    private let start: Timestamp
    private var random: SeededRandom
    private var payments = 0
    /// The day of the next payment.
    private var payday: Int
    /// What is known by heart, and when it is going to be typed.
    private var pocket: [(at: Int, place: Int)] = []
    /// Tokens that are kept for after the next one.
    private var kept: [Int] = []
    /// A lost payment that the desk is asked about, and on which day.
    private var call: (order: TokenOrder, day: Int)?
    private var lastOrder: TokenOrder?
    private var now = 0
    private var behind = 0
    /// The longest that a token was entered after it was issued.
    private var lateness = 0

    /// What was done, counted.
    struct Tally: Hashable, Sendable {
        var tokens = 0
        var payments = 0
        var corrections = 0
        var unlocks = 0
        var entries = 0
        var mistyped = 0
        var blocks = 0
        var takenByChance = 0
        var enteredTwice = 0
        var outOfOrder = 0
        var lost = 0
        var toldAgain = 0
        var memoriesLost = 0
        var clocksStopped = 0
    }

    init(_ made: MadeUnit, number: Int, habits: CustomerHabits, seed: UInt64, start: Timestamp) {
        id = made.id
        self.number = number
        self.habits = habits
        self.start = start
        device = SolarUnit(made.parameters)
        history = UnitHistory(
            dispatched: made.parameters.dispatchedCount.number, divider: made.parameters.timeDivider)
        random = SeededRandom(seed: seed, part: number)
        payday = random.number(in: 0...13)
    }

    /// Whether the light is on at a moment that is not before the last one.
    func isOn(at moment: Int) -> Bool {
        device.isUnlocked || device.memory.paidUntil > moment - behind
    }

    /// Whether it is paid, by what the registry told.
    func isPaid(at moment: Int) -> Bool {
        credit.isUnlocked || (credit.paidUntil.map { $0 > start + moment } ?? false)
    }

    // MARK: - At the desk

    /// What is asked for on a day.
    mutating func orders(on day: Int) throws -> [TokenOrder] {
        var orders: [TokenOrder] = []
        if let asked = call, asked.day <= day {
            orders.append(asked.order)
            call = nil
        }
        if random.happens(habits.corrects), history.told.count > 0 {
            tally.corrections += 1
            let days = try Days(random.number(in: 0...20))
            orders.append(TokenOrder(recipient: .unit(id), request: .setDays(days), reference: nil))
        } else if random.happens(habits.unlocks), !credit.isUnlocked {
            tally.unlocks += 1
            orders.append(TokenOrder(recipient: .unit(id), request: .unlock, reference: nil))
        } else if day >= payday, !credit.isUnlocked {
            payments += 1
            tally.payments += 1
            orders.append(
                TokenOrder(
                    recipient: .unit(id), request: .days(try Days(random.daysPaid())),
                    reference: try PaymentReference("SIM-\(number)-\(payments)")))
        }
        return orders
    }

    /// Takes what the desk tells at a moment.
    mutating func hear(_ delivery: TokenDelivery, of order: TokenOrder, at moment: Int) {
        if delivery.alreadyIssued {
            tally.toldAgain += 1
            let counts = Set(delivery.tokens.map(\.count.number))
            let again = history.told.indices.filter { counts.contains(history.told[$0].count) }
            for place in again { history.told[place].isLost = false }
            return learn(again, at: moment)
        }
        let first = history.told.count
        for token in delivery.tokens {
            history.told.append(
                ToldToken(
                    token: token.token, instruction: token.instruction, count: token.count.number, issuedAt: moment))
            credit = credit.after(
                token.instruction, divider: token.timeDivider, paidUntil: token.paidUntil,
                isFollowing: token.isFollowing, at: token.issuedAt)
        }
        tally.tokens += delivery.tokens.count
        let places = Array(first..<history.told.count)
        let day = moment / FleetSimulation.day
        if random.happens(habits.loses) {
            tally.lost += places.count
            for place in places { history.told[place].isLost = true }
            if order.reference != nil, random.happens(habits.calls) {
                call = (order, day + random.number(in: 1...6))
            }
        } else if random.happens(habits.keeps) {
            kept += places
        } else {
            learn(places, at: moment)
        }
        plan(from: day)
    }

    /// When they pay next: around the day on which the light goes out, as they
    /// know it.
    private mutating func plan(from day: Int) {
        guard let until = credit.paidUntil else { return }
        let last = Int(until.seconds - start.seconds) / FleetSimulation.day
        payday = max(day + 1, last + random.daysLate())
    }

    /// A payment that was refused is tried another day.
    mutating func meetRefusal(on day: Int) {
        payday = day + 7
    }

    private mutating func learn(_ places: [Int], at moment: Int) {
        var entry = moment + random.secondsUntilEntry(habits)
        for place in places {
            pocket.append((entry, place))
            entry += 45
        }
        guard !kept.isEmpty else { return }
        for place in kept.reversed() {
            pocket.append((entry, place))
            entry += 45
        }
        tally.outOfOrder += kept.count
        kept = []
    }

    // MARK: - At the unit

    /// Lets what happens before a moment happen.
    mutating func live(until moment: Int) {
        if random.happens(habits.forgets) { loseMemory(at: moment - FleetSimulation.day / 2) }
        if random.happens(habits.stops) { stopClock(at: moment - FleetSimulation.day / 2) }
        guard pocket.contains(where: { $0.at < moment }) else { return }
        pocket.sort { ($0.at, $0.place) < ($1.at, $1.place) }
        while let (at, place) = pocket.first, at < moment {
            pocket.removeFirst()
            enter(place, at: at)
        }
    }

    /// Whether the digits of a token that was entered fit another of the unit's
    /// counts too: by chance, and then the unit may read it as that.
    var hasTokenReadTwoWays: Bool {
        history.entered.contains { matches(history.told[$0].token).count > 1 }
    }

    /// What there is left, and what the registry's word is worth beside it.
    mutating func comparison(with registry: Credit, at end: Int) -> UnitComparison {
        go(to: end)
        let unit = device.isUnlocked ? Light(forGood: 1) : Light(seconds: device.secondsLeft)
        return UnitComparison(
            history, registry: Light(registry, at: start + end), unit: unit, at: now, matches: matches)
    }

    private mutating func go(to moment: Int) {
        now = max(now, moment)
        device.advance(by: now - behind - device.clock.now)
    }

    private mutating func enter(_ place: Int, at moment: Int) {
        go(to: moment)
        let token = history.told[place].token
        let digits = token.digits
        if random.happens(habits.mistypes) {
            repeat { mistype(digits, token.digitSet) } while random.happens(habits.mistypesAgain)
        }
        press(place, digits)
        guard random.happens(habits.repeats) else { return }
        tally.enteredTwice += 1
        go(to: now + 40)
        press(place, digits)
    }

    private mutating func press(_ place: Int, _ digits: String) {
        let answer = device.enter(digits)
        history.happened.append((now, .entered(place)))
        tally.entries += 1
        guard case .valid = answer else { return }
        lateness = max(lateness, now - history.told[place].issuedAt)
        guard !history.isOutOfTheOrdinary, !device.isUnlocked, device.secondsLeft > 0 else { return }
        let furthest = credit.furthest.map { Int($0.seconds - start.seconds) } ?? 0
        beyondFurthest = max(beyondFurthest, now + device.secondsLeft - furthest - lateness - stepBeyond)
    }

    /// What is paid is rounded up to whole steps, so that the light may be on
    /// for a part of one more.
    private var stepBeyond: Int { history.divider.seconds(steps: 1) - 1 }

    private mutating func mistype(_ digits: String, _ digitSet: Token.DigitSet) {
        let keys = Array(digitSet == .full ? "0123456789" : "1234")
        let wrong = random.mistyped(digits, keys: keys)
        tally.mistyped += 1
        if case .valid = device.enter(wrong) {
            tally.takenByChance += 1
            let ways = (try? Token(digits: wrong, digitSet: digitSet)).map(matches) ?? []
            history.happened.append((now, .tookMistyped(ways)))
        }
        if device.keypadBlockedFor > 0 { tally.blocks += 1 }
        go(to: now + 30 + device.keypadBlockedFor)
    }

    /// Every way in which the unit may read a token.
    private func matches(_ token: Token) -> [ReadToken] {
        let made = device.parameters
        let reader = TokenReader(
            key: made.key, startingCode: made.startingCode, dispatchedCount: made.dispatchedCount)
        let last = history.told.last?.count ?? made.dispatchedCount.number
        let furthest = (try? TokenCount(Int(last + 2 * TokenReader.window))) ?? made.dispatchedCount
        return reader.matches(of: token, upTo: furthest).map {
            ReadToken(instruction: $0.instruction, count: $0.count.number)
        }
    }

    // MARK: - Faults

    private mutating func loseMemory(at moment: Int) {
        go(to: moment)
        device.loseMemory()
        history.happened.append((now, .lostMemory))
        tally.memoriesLost += 1
    }

    /// The power is away for some hours, and the clock's chip does not count them.
    private mutating func stopClock(at moment: Int) {
        let seconds = random.number(in: 3600...40_000)
        go(to: moment)
        device.clockStandsStill = true
        device.cutPower()
        device.advance(by: seconds)
        device.restorePower()
        device.clockStandsStill = false
        behind += seconds
        now += seconds
        history.happened.append((now, .stoodStill(seconds)))
        tally.clocksStopped += 1
    }
}
