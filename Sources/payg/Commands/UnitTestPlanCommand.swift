import ArgumentParser
import Fleet
import FleetOperations

struct UnitTestPlanCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-plan",
        abstract: "Write the standard's acceptance procedure for a unit, with tokens made for it.",
        usage: "payg unit test-plan UNIT -o plan.csv",
        discussion: """
            Each row is a step: what to do first, what to enter, what to do then, and what must be seen. The tokens \
            are on record as test tokens that nobody paid for, and use up some 700 counts. The unit must be with no \
            customer and have no time left. Enter all of them: the last one locks the unit. Until then it may be on, \
            and so the tokens that it gets later are Set Time.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the plan.", valueName: "file"))
    var output: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        let unit: String
        let file: String
        let steps: Int
        let tokens: Int
        let count: Int
    }

    func run() throws {
        let context = CommandContext.current
        let plan = try registry.desk().writeTestPlan(of: try PaygID(unit), to: try context.filePath(output))
        let count = plan.tokens.last.map { Int($0.count.number) } ?? 0
        if answer.json {
            try context.answer(
                json: Answer(
                    unit: plan.unit.text, file: output, steps: plan.steps.count, tokens: plan.tokens.count, count: count
                )
            )
        }
        context.say(
            "\(counted(plan.steps.count, "step")) for unit \(plan.unit) in \(output): "
                + "\(counted(plan.tokens.count, "test token")), up to count \(count)"
        )
        if !plan.hasCounterSync {
            context.say("without Counter Sync (S1A to S1D): this unit's sync tokens all look alike")
        }
        if !plan.isCertain {
            context.say(
                "warning: some of this unit's tokens look alike, and a good unit may answer otherwise than the plan says"
            )
        }
        context.say("enter them all, in their order: the last one locks the unit")
    }
}
