import ArgumentParser
import ChargeController
import Fleet
import FleetOperations

struct DeviceRunPlanCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-plan",
        abstract: "Run a test plan on a simulated unit, and report each step.",
        usage: "payg device run-plan STATE plan.csv",
        discussion: """
            The plan is what `payg unit test-plan` writes, for the same unit. Its time goes by where the plan says so, \
            its power is cut where it says that, and the state file has what came of it. Exit code 2 when a step went \
            otherwise than it must.
            """
    )

    @Argument(help: "The simulated unit's state file.")
    var state: String

    @Argument(help: "The plan; - for standard input.")
    var plan: String

    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let steps = try FleetDesk.testPlan(try context.list(plan))
        let file = try DeviceFile(try context.filePath(state), changing: true)
        let rows = steps.map { PlanRow($0, on: &file.unit) }
        try file.save()
        try context.answer(rows, json: output.json, none: "")
        let failed = rows.filter { !$0.ok }
        context.say(
            failed.isEmpty
                ? "unit \(file.id): \(counted(rows.count, "step")), each as it must be"
                : "unit \(file.id): \(counted(failed.count, "step")) of \(rows.count) went otherwise: "
                    + failed.prefix(10).map(\.step).joined(separator: ", ") + (failed.count > 10 ? ", …" : "")
        )
        guard !failed.isEmpty else { return }
        context.say(
            "hint:", style: "1",
            "a plan runs once, on the unit that it is for as it left the factory: payg device new makes one")
        throw ExitStatus.difference
    }
}

/// What came of a step of a test plan.
struct PlanRow: TableRow {
    let step: String
    let ok: Bool
    let expected: String
    let answer: String
    let expectedLeft: String
    let left: String
    let meaning: String

    /// Seconds by which time may be less than its days: with a time divider,
    /// each of up to four tokens in a row is cut down to whole seconds.
    private static let tolerance = 4

    /// Does what a step says.
    init(_ step: TestPlan.Step, on unit: inout SolarUnit) {
        Self.do(step.before, on: &unit)
        let answer: TestPlan.Answer =
            switch unit.enter(step.digits) {
            case .valid, .test: .valid
            case .alreadyUsed: .used
            case .invalid, .wait: .invalid
            case .tooShort, .timeLeft, nil: .nothing
            }
        Self.do(step.after, on: &unit)
        let isLeft: Bool
        switch step.state {
        case .unlocked:
            (isLeft, expectedLeft) = (unit.isUnlocked && unit.isLoadOn, "unlocked")
        case .left(let seconds):
            isLeft =
                !unit.isUnlocked && abs(unit.secondsLeft - seconds) <= Self.tolerance
                && unit.isLoadOn == (unit.secondsLeft > 0)
            expectedLeft = String(seconds)
        }
        self.step = step.name
        expected = step.answer.rawValue
        self.answer = answer.rawValue
        left = unit.isUnlocked ? "unlocked" : String(unit.secondsLeft)
        ok = answer == step.answer && isLeft
        meaning = step.meaning
    }

    private static func `do`(_ deed: TestPlan.Deed?, on unit: inout SolarUnit) {
        switch deed {
        case .wait(let hours): unit.advance(by: hours * 3600)
        case .cutPower:
            unit.cutPower()
            unit.restorePower()
        case nil: break
        }
    }

    static var columns: [Column<PlanRow>] {
        [
            Column("step", \.step),
            Column("ok") { $0.ok ? "yes" : "NO" },
            Column("answer", \.answer),
            Column("must be", \.expected),
            Column("seconds left", isNumber: true, \.left),
            Column("must be left", isNumber: true, \.expectedLeft),
            Column("meaning", \.meaning),
        ]
    }
}
