import Dispatch
import Fleet
import FleetOperations
import Foundation
import OpenPAYGO
import Synchronization

/// A fleet, its customers and its registry for some days. All that happens
/// follows from the seed; the registry's own randomness, which seals
/// credentials, shows nowhere.
struct FleetSimulation {
    /// A day, in seconds.
    static let day = 86_400
    /// When it begins: the desk tells tokens at this time of each day.
    static let start = Timestamp(seconds: 1_767_254_400)

    /// What to simulate.
    struct Plan: Sendable {
        var units = 1000
        var days = 365
        var seed: UInt64 = 1
        var habits = CustomerHabits()
        /// Whether the registry's history is proven at the end.
        var verifies = false
    }

    /// What came of it.
    struct Result {
        var plan: Plan
        var tally = SimulatedUnit.Tally()
        /// Orders that the registry refused.
        var refused = 0
        /// Units with light on at the end of each day.
        var lightOn: [Int] = []
        /// Units that are paid by the registry at the end of each day.
        var paid: [Int] = []
        /// The units, by number, with what the comparison found.
        var units: [(id: PaygID, comparison: UnitComparison)] = []
        /// Units that were on longer than was ever issued for them.
        var beyondFurthest: [PaygID] = []
        /// Units that were because digits happened to fit another token.
        var beyondByChance: [PaygID] = []
        /// Units of which the registry says something else than it told.
        var toldOtherwise: [PaygID] = []
        var verified: Bool?
    }

    private let plan: Plan
    private var units: [SimulatedUnit] = []
    private let desk: FleetDesk
    private let clock = Clock()

    private final class Clock: Sendable {
        let seconds = Mutex<Int>(0)
    }

    /// Makes the registry in a folder, and the fleet in it.
    init(_ plan: Plan, in folder: String) throws {
        self.plan = plan
        let (registry, key) = (folder + "/registry.sqlite", folder + "/registry.key")
        let actor = try ActorName("simulation")
        let clock = clock
        try FleetDesk.createRegistry(registry, keyFile: key, actor: actor, now: Self.start)
        desk = try FleetDesk(registry: registry, keyFile: key, actor: actor) {
            Self.start + clock.seconds.withLock { $0 }
        }
        var list = MadeUnit.headers
        var customers = "Reference,Name\n"
        for number in 0..<plan.units {
            let made = try MadeUnit(number: number, seed: plan.seed)
            list += made.row
            customers += "SIM-\(number),Customer \(number)\n"
            units.append(
                SimulatedUnit(made, number: number, habits: plan.habits, seed: plan.seed, start: Self.start))
        }
        let (dispatch, people) = (folder + "/dispatch.csv", folder + "/customers.csv")
        try PrivateText.write(list, to: dispatch)
        try PrivateText.write(customers, to: people)
        _ = try desk.importDispatches([.file(dispatch)])
        _ = try desk.importCustomers(people)
    }

    /// Lives through all the days.
    ///
    /// - Parameter progress: is told after each day how many are over; what it
    ///   throws stops the simulation.
    mutating func run(_ progress: (Int) throws -> Void = { _ in }) throws -> Result {
        var result = Result(plan: plan)
        for day in 0..<plan.days {
            clock.seconds.withLock { $0 = day * Self.day }
            try meet(day, &result)
            let end = (day + 1) * Self.day
            everyUnit { $0.live(until: end) }
            result.lightOn.append(units.count { $0.isOn(at: end) })
            result.paid.append(units.count { $0.isPaid(at: end) })
            try progress(day + 1)
        }
        clock.seconds.withLock { $0 = plan.days * Self.day }
        try compare(&result)
        if plan.verifies { result.verified = try desk.verify().ok }
        return result
    }

    /// A morning at the desk: what is asked for is met in one transaction.
    private mutating func meet(_ day: Int, _ result: inout Result) throws {
        var orders: [(unit: Int, order: TokenOrder)] = []
        for number in units.indices {
            for order in try units[number].orders(on: day) { orders.append((number, order)) }
        }
        let payments = orders.enumerated().map { Payment(row: $0 + 1, order: $1.order) }
        var done = 0
        try desk.issue(payments, listed: "day \(day)") { outcomes in
            for outcome in outcomes {
                let (unit, order) = orders[done]
                done += 1
                switch outcome {
                case .success(let delivery): units[unit].hear(delivery, of: order, at: day * Self.day)
                case .failure:
                    result.refused += 1
                    units[unit].meetRefusal(on: day)
                }
            }
        }
    }

    private mutating func compare(_ result: inout Result) throws {
        let end = plan.days * Self.day
        let registered = Dictionary(
            try desk.units().map { ($0.id, $0.credit) }, uniquingKeysWith: { first, _ in first })
        let credits = units.map { registered[$0.id] ?? Credit(paidUntil: nil) }
        let found = Mutex<[(Int, UnitComparison)]>([])
        everyUnit { number, unit in
            let comparison = unit.comparison(with: credits[number], at: end)
            found.withLock { $0.append((number, comparison)) }
        }
        for (number, comparison) in found.withLock({ $0 }).sorted(by: { $0.0 < $1.0 }) {
            let unit = units[number]
            result.units.append((unit.id, comparison))
            result.tally.add(unit.tally)
            if unit.beyondFurthest > 0 {
                if unit.hasTokenReadTwoWays {
                    result.beyondByChance.append(unit.id)
                } else {
                    result.beyondFurthest.append(unit.id)
                }
            }
            if unit.credit != credits[number] { result.toldOtherwise.append(unit.id) }
        }
    }

    private mutating func everyUnit(_ work: @Sendable (inout SimulatedUnit) -> Void) {
        everyUnit { _, unit in work(&unit) }
    }

    /// Does something with every unit, on all cores. Each has random numbers of
    /// its own, so that it does not matter which comes first.
    private mutating func everyUnit(_ work: @Sendable (Int, inout SimulatedUnit) -> Void) {
        let part = 512
        units.withUnsafeMutableBufferPointer { buffer in
            // No two parts have a unit in common.
            nonisolated(unsafe) let buffer = buffer
            DispatchQueue.concurrentPerform(iterations: (buffer.count + part - 1) / part) { place in
                for number in (place * part)..<min(buffer.count, (place + 1) * part) { work(number, &buffer[number]) }
            }
        }
    }
}

extension SimulatedUnit.Tally {
    /// Adds what another has.
    mutating func add(_ other: SimulatedUnit.Tally) {
        tokens += other.tokens
        payments += other.payments
        corrections += other.corrections
        unlocks += other.unlocks
        entries += other.entries
        mistyped += other.mistyped
        blocks += other.blocks
        takenByChance += other.takenByChance
        enteredTwice += other.enteredTwice
        outOfOrder += other.outOfOrder
        lost += other.lost
        toldAgain += other.toldAgain
        memoriesLost += other.memoriesLost
        clocksStopped += other.clocksStopped
    }
}
