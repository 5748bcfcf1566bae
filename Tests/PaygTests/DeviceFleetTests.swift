import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import payg

struct DeviceFleetTests {
    /// Runs a simulation in a folder of its own.
    private func result(
        units: Int = 40, days: Int = 60, seed: UInt64 = 7, _ habits: CustomerHabits
    ) throws -> FleetSimulation.Result {
        let folder = try TemporaryFolder()
        var simulation = try FleetSimulation(
            FleetSimulation.Plan(units: units, days: days, seed: seed, habits: habits), in: folder.path)
        return try simulation.run()
    }

    private func expectSound(_ report: FleetReport) {
        #expect(report.unexplained == 0, "\(report.differences.filter { !$0.isExplained })")
        #expect(report.beyondFurthest == [] && report.toldOtherwise == [] && report.refused == 0)
        #expect(report.ok && report.agree + report.differ == report.units)
    }

    /// How often each reason was given.
    private func reasons(_ report: FleetReport) -> [DifferenceReason: Int] {
        Dictionary(uniqueKeysWithValues: report.reasons.map { ($0.reason, $0.units) })
    }

    // MARK: - The whole of it

    @Test func `a fleet of everybody's mistakes and faults leaves no difference unexplained`() throws {
        var habits = CustomerHabits.withFaults
        (habits.loses, habits.keeps, habits.corrects, habits.unlocks) = (80_000, 120_000, 20_000, 1000)
        (habits.forgets, habits.stops) = (30_000, 10_000)
        let report = FleetReport(try result(units: 60, habits))
        expectSound(report)
        let found = reasons(report)
        #expect(found[.enteredLate] != nil && found[.memoryLost] != nil && found[.clockStoodStill] != nil)
        #expect(report.lost > 0 && report.toldAgain > 0 && report.outOfOrder > 0 && report.enteredTwice > 0)
        #expect(report.mistyped > 0 && report.keypadBlocks > 0 && report.corrections > 0 && report.unlocks > 0)
        #expect(report.differ > 0 && report.tokens > 200)
    }

    @Test func `the same seed gives the same answer and picture, and another seed another`() throws {
        let bench = try CommandBench(sampleData: false)
        func run(_ seed: String, _ svg: String) -> CommandBench.Run {
            bench.payg("device", "fleet", "--units", "30", "--days", "40", "--seed", seed, "--faults", "--svg", svg)
        }
        let (one, again, other) = (run("5", "a.svg"), run("5", "b.svg"), run("6", "c.svg"))
        #expect(one.status == 0 && one.output == again.output && one.output != other.output)
        #expect(one.output.utf8.allSatisfy { $0 < 0x80 })
        let pictures = try ["a.svg", "b.svg", "c.svg"].map { try text(of: bench.folder.file($0)) }
        #expect(pictures[0] == pictures[1] && pictures[0] != pictures[2])
        #expect(try permissions(of: bench.folder.file("a.svg")) == 0o600)
        // Nothing of it is left, and the user's own registry is not made.
        #expect(try bench.folder.names() == ["a.svg", "b.svg", "c.svg"])
    }

    @Test func `a picture is never written over another file, and nothing is simulated before that is known`() throws {
        let bench = try CommandBench(sampleData: false)
        _ = try bench.folder.write("mine", to: "a.svg")
        let run = bench.payg("device", "fleet", "--units", "3", "--days", "3", "--svg", "a.svg")
        #expect(run.status == 4 && run.output == "")
        #expect(try text(of: bench.folder.file("a.svg")) == "mine")
        for words in [["--units", "0"], ["--days", "0"], ["--units", "100001"], ["--seed", "-1"]] {
            #expect(bench.payg(["device", "fleet"] + words).status == 64, "\(words)")
        }
    }

    @Test func `what is kept is a registry that proves its history and has the tokens that were counted`() throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg(
            "device", "fleet", "--units", "20", "--days", "30", "--keep", "kept", "--verify", "--json")
        let json = try run.json()
        #expect(run.status == 0 && json["verified"] as? Bool == true && json["ok"] as? Bool == true)
        let there = ["PAYG_REGISTRY": "kept/registry.sqlite", "PAYG_KEY_FILE": "kept/registry.key"]
        let proof = try bench.payg("audit", "verify", "--json", environment: there).json()
        #expect(proof["ok"] as? Bool == true)
        #expect(proof["tokens"] as? Int == json["tokens"] as? Int && json["tokens"] as? Int != 0)
        #expect((json["lightOn"] as? [Int])?.count == 30)
        #expect(bench.payg("device", "fleet", "--keep", "kept").status == 4)
    }

    // MARK: - One mistake at a time

    @Test func `customers who make no mistake differ by nothing but the hour of entry`() throws {
        let report = FleetReport(try result(.perfect))
        expectSound(report)
        #expect(Set(reasons(report).keys).isSubset(of: [.enteredLate]))
        #expect(report.differ == report.differByHours)
        #expect(report.mistyped == 0 && report.lost == 0 && report.enteredTwice == 0 && report.entries == report.tokens)
    }

    @Test func `tokens that are lost are never entered, and told again to who calls`() throws {
        var habits = CustomerHabits.perfect
        habits.loses = 200_000
        let report = FleetReport(try result(habits))
        expectSound(report)
        #expect(report.lost > 0 && report.toldAgain == 0 && report.entries == report.tokens - report.lost)
        #expect((reasons(report)[.neverEntered] ?? 0) > 0)
        habits.calls = 1_000_000
        let helped = FleetReport(try result(habits))
        expectSound(helped)
        #expect(helped.toldAgain > 0 && helped.entries > helped.tokens - helped.lost)
    }

    @Test func `tokens that are entered twice or out of order give what they give once, in order`() throws {
        var habits = CustomerHabits.perfect
        (habits.repeats, habits.keeps) = (300_000, 200_000)
        let report = FleetReport(try result(habits))
        expectSound(report)
        #expect(report.enteredTwice > 0 && report.outOfOrder > 0)
        #expect(Set(reasons(report).keys).isSubset(of: [.enteredLate, .notYetEntered]))
    }

    @Test func `mistyped tokens block the keypad and are taken once they are typed right`() throws {
        var habits = CustomerHabits.perfect
        (habits.mistypes, habits.mistypesAgain) = (400_000, 700_000)
        let report = FleetReport(try result(habits))
        expectSound(report)
        #expect(report.mistyped > 0 && report.keypadBlocks > 0 && report.entries == report.tokens)
        #expect(Set(reasons(report).keys).isSubset(of: [.enteredLate]))
    }

    @Test func `a correction that was kept, and entered after a later token, takes nothing away`() throws {
        var habits = CustomerHabits.perfect
        (habits.corrects, habits.keeps) = (80_000, 400_000)
        let report = FleetReport(try result(units: 100, habits))
        expectSound(report)
        #expect((reasons(report)[.overtaken] ?? 0) > 0, "\(reasons(report))")
        #expect(report.differences.flatMap(\.explained).contains { $0.contains("entered after a later token") })
    }

    @Test func `a lost memory and a clock that stood still explain what they cost and give`() throws {
        var habits = CustomerHabits.perfect
        habits.forgets = 10_000
        let forgetful = FleetReport(try result(habits))
        expectSound(forgetful)
        #expect((forgetful.reasons.first { $0.reason == .memoryLost }?.secondsLess ?? 0) > 0)
        (habits.forgets, habits.stops) = (0, 10_000)
        let stopped = FleetReport(try result(habits))
        expectSound(stopped)
        #expect((stopped.reasons.first { $0.reason == .clockStoodStill }?.secondsMore ?? 0) > 0)
    }
}
