import ChargeController
import CustomerMessages
import Fleet
import FleetOperations
import Foundation
import OpenPAYGO
import Synchronization
import TestSupport
import Testing

/// A day at an energy service, with a unit in every house: whatever is issued
/// is typed in, and the light must be on for as long as was paid.
struct DayInTheLifeTests {
    private static let customers = 200
    private static let spare = 10
    private static let day = 86_400

    /// A house: what it types tokens into, and how its unit counts.
    private struct House {
        var unit: SolarUnit
        let maker: TokenMaker
        let divider: TimeDivider

        /// Types digits in at a moment, not before the last one.
        mutating func enter(_ digits: String, at now: Int) -> SolarUnit.Answer? {
            unit.advance(by: now - unit.clock.now)
            return unit.enter(digits)
        }
    }

    private final class Town {
        let folder: TemporaryFolder
        let desk: FleetDesk
        let start: Int64 = 1_793_692_800
        var houses: [PaygID: House] = [:]
        var random = Seeded()

        init() throws {
            folder = try TemporaryFolder()
            let clock = SharedClock()
            let (registry, key) = (folder.file("registry.sqlite"), folder.file("registry.key"))
            let actor = try ActorName("Amina")
            try FleetDesk.createRegistry(registry, keyFile: key, actor: actor, now: Timestamp(seconds: start))
            let start = start
            desk = try FleetDesk(registry: registry, keyFile: key, actor: actor) {
                Timestamp(seconds: start + clock.seconds.withLock { $0 })
            }
            shared = clock
        }

        private let shared: SharedClock

        final class SharedClock: Sendable {
            let seconds = Mutex<Int64>(0)
        }

        /// Seconds since the morning.
        var now: Int { Int(shared.seconds.withLock { $0 }) }

        func wait(_ seconds: Int) {
            shared.seconds.withLock { $0 += Int64(seconds) }
        }

        func unit(_ number: Int) throws -> PaygID { try PaygID("CSP-\(1000 + number)") }

        func customer(_ number: Int) throws -> CustomerReference { try CustomerReference("K-\(number)") }

        /// Types every token of a delivery in, at once and in order.
        func enter(_ delivery: TokenDelivery) throws {
            for issued in delivery.tokens {
                var house = try #require(houses[issued.unit])
                let response = house.enter(issued.token.digits, at: now)
                #expect(response == (delivery.alreadyIssued ? .alreadyUsed : .valid(issued.instruction)), "\(issued)")
                houses[issued.unit] = house
            }
        }

        /// Whether every unit is on until what was paid runs out, and not a
        /// step longer.
        func compare() throws {
            for unit in try desk.units() {
                var house = try #require(houses[unit.id])
                house.unit.advance(by: now - house.unit.clock.now)
                #expect(house.unit.isUnlocked == unit.credit.isUnlocked, "\(unit.id)")
                guard !unit.credit.isUnlocked else { continue }
                let paid = max(0, Int((unit.paidUntil?.seconds ?? 0) - start) - now)
                let left = house.unit.secondsLeft
                let step = house.divider.seconds(steps: 1)
                #expect(left >= paid && left < paid + step, "\(unit.id): \(left) s of light, \(paid) s paid")
            }
        }
    }

    private struct Seeded: RandomNumberGenerator {
        private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }

    /// The lists of the morning: a dispatch, and who the customers are.
    private func open(_ town: Town) throws {
        var dispatch = "PAYG ID,Secret Key,Starting Code,Count,Time Divider\n"
        var customers = "Reference,Name,Phone\n"
        for number in 0..<(Self.customers + Self.spare) {
            let key = String(
                format: "%016llx%016llx", town.random.next() as UInt64, town.random.next() as UInt64)
            let code = Int.random(in: 100_000_000...999_999_999, using: &town.random)
            let divider = number.isMultiple(of: 7) ? 24 : 1
            let id = try town.unit(number)
            dispatch += "\(id),\(key),\(code),1,\(divider)\n"
            let (secret, start) = (try SecretKey(hex: key), try StartingCode(code))
            town.houses[id] = House(
                unit: SolarUnit(
                    UnitParameters(key: secret, startingCode: start, timeDivider: try TimeDivider(divider))),
                maker: TokenMaker(key: secret, startingCode: start), divider: try TimeDivider(divider)
            )
            if number < Self.customers { customers += "K-\(number),Customer \(number),+25471\(2_000_000 + number)\n" }
        }
        let desk = town.desk
        _ = try desk.importDispatches([.file(town.folder.write(dispatch, to: "dispatch.csv"))])
        _ = try desk.importCustomers(town.folder.write(customers, to: "customers.csv"))
        for number in 0..<Self.customers { _ = try desk.assign(town.unit(number), to: town.customer(number)) }
    }

    private func batch(_ town: Town, _ name: String, _ payments: Range<Int>) throws {
        var list = "Reference,Customer,Days,Until\n"
        for payment in payments {
            let customer = Int.random(in: 0..<Self.customers, using: &town.random)
            let until = payment.isMultiple(of: 50) ? "2027-02-01" : ""
            let days = until.isEmpty ? "\(Int.random(in: 1...30, using: &town.random))" : ""
            list += "MP-\(payment),K-\(customer),\(days),\(until)\n"
        }
        let path = try town.folder.write(list, to: "\(name).csv")
        let telling = try CustomerTelling(language: try MessageLanguage(code: "sw"), contact: "0800 123")
        let summary = try town.desk.issue(
            payments: .file(path), to: town.folder.file("\(name)-out.csv"), telling: telling)
        #expect(summary.failed == summary.problems.total)
        // Whoever is paid for beyond the date already is refused; nobody else.
        #expect(summary.problems.first.allSatisfy { $0.problem.contains("already") }, "\(summary.problems.first)")
        #expect(summary.issued + summary.failed == payments.count)
        for payment in payments {
            let tokens = try town.desk.tokens(of: PaymentReference("MP-\(payment)"))
            guard let request = tokens.request else { continue }
            try town.enter(TokenDelivery(tokens: tokens, alreadyIssued: false, choice: .asked, request: request))
        }
        // The payment service sends its list again in the evening.
        let again = try town.desk.issue(
            payments: .file(path), to: town.folder.file("\(name)-again.csv"), telling: telling)
        #expect(again.issued == 0 && again.alreadyIssued == summary.issued)
    }

    private func single(_ town: Town, _ payment: Int) throws {
        let customer = Int.random(in: 0..<Self.customers, using: &town.random)
        let days = Int.random(in: 1...40, using: &town.random)
        let order = TokenOrder(
            recipient: .customer(try town.customer(customer)), request: .days(try Days(days)),
            reference: try PaymentReference("MP-\(payment)")
        )
        try town.enter(try town.desk.issue(order))
        // Every tenth is sent twice, and typed in twice.
        if payment.isMultiple(of: 10) { try town.enter(try town.desk.issue(order)) }
        town.wait(Int.random(in: 1...60, using: &town.random))
    }

    private func request(_ town: Town, _ number: Int, _ request: TokenRequest) throws {
        try town.enter(
            try town.desk.issue(TokenOrder(recipient: .unit(town.unit(number)), request: request, reference: nil)))
    }

    @Test func `a day of 1000 payments and corrections ends with every light as the registry has it`() throws {
        let town = try Town()
        try open(town)
        try batch(town, "morning", 0..<400)
        try town.compare()

        for payment in 400..<600 { try single(town, payment) }
        // The clerk gave 28 days for 18, and 500 where 5 were meant.
        for number in stride(from: 0, to: 60, by: 3) {
            try request(town, number, .days(try Days(28)))
            town.wait(1800)
            try request(town, number, .setDays(try Days(18)))
        }
        try request(town, 1, .days(try Days(500)))
        try request(town, 1, .setDays(try Days(5)))
        try request(town, 2, .setDays(try Days(0)))
        try request(town, 4, .unlock)
        try town.compare()
        for payment in 600..<800 where payment != 4 {
            let customer = payment % Self.customers
            guard customer != 4 else { continue }
            try request(town, customer, .days(try Days(1 + payment % 30)))
        }
        // One that was paid for good by mistake goes back to days.
        try request(town, 4, .setDays(try Days(9)))
        try request(town, 4, .days(try Days(3)))
        try town.compare()

        try drifted(town, 5)
        try replaced(town, 6, by: Self.customers)
        try replaced(town, 7, by: Self.customers + 1)
        for payment in 800..<1000 { try single(town, payment) }
        try town.compare()

        let report = try town.desk.verify()
        #expect(report.ok, "\(report.problems)")
        #expect(report.tokens >= 1000)
    }

    /// A unit for which another program made tokens yesterday.
    private func drifted(_ town: Town, _ number: Int) throws {
        let id = try town.unit(number)
        var house = try #require(town.houses[id])
        var count = house.unit.count
        var last: Token?
        for _ in 0..<40 {
            let made = try house.maker.make(.setTime(try TimeValue(1)), after: count)
            _ = house.enter(made.token.digits, at: town.now)
            (count, last) = (made.count, made.token)
        }
        town.houses[id] = house
        let token = try #require(last)
        #expect(try town.desk.check(token.digits, of: id).issued == nil)
        let change = try town.desk.setCount(of: id, from: token.grouped)
        #expect(change.to == count)
        // What the other program left is not on record: it is set right by hand.
        try request(town, number, .setDays(try Days(6)))
    }

    private func replaced(_ town: Town, _ old: Int, by new: Int) throws {
        let done = try town.desk.replace(
            town.unit(old), by: town.unit(new), reason: try Reason("fell from the roof"), isRetired: true)
        for delivery in [done.lock, done.tokens] {
            if let delivery { try town.enter(delivery) }
        }
        #expect(try town.desk.customer(town.customer(old)).units == [try town.unit(new)])
    }
}
