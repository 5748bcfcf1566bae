import ArgumentParser
import Fleet
import FleetOperations
import OpenPAYGO

struct UnitSetCountCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-count",
        abstract: "Set a unit's count, on record.",
        usage: "payg unit set-count UNIT N --reason TEXT",
        discussion: """
            The count of the last token made for the unit, wherever it was made: the next token goes on from there. \
            A count more than 64 above the registry's takes --yes: were it wrong, the unit would never take a token \
            again. So does setting back one that was set too high, never below a count that was used.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Argument(help: "The count of the last token made for it.")
    var count: Int

    @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text"))
    var reason: String

    @Flag(help: "Set it far ahead, or back.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        guard let count = try? TokenCount(count) else {
            throw FleetError.badValue(what: "count", problem: "is none: \(OpenPAYGOError.count)")
        }
        let change = try registry.desk().setCount(
            of: try PaygID(unit), to: count, isConfirmed: yes, reason: try Reason(reason)
        )
        try CommandContext.current.tell(change, json: output.json)
    }
}

struct UnitCountFromTokenCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "count-from-token",
        abstract: "Recover a unit's count from a token it accepted.",
        usage: "payg unit count-from-token UNIT TOKEN [--reach N]",
        discussion: """
            For a unit whose tokens were made elsewhere, so that its count is ahead of the registry's: any token that \
            it accepted tells its count, and the next token made here is one it takes. Enter the token at the unit \
            first: it must have shown “Valid”.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Argument(help: "A token that the unit accepted, in any groups.")
    var token: [String]

    @Option(help: ArgumentHelp("How far above the registry's count to look.", valueName: "counts"))
    var reach: Int?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let reach, reach < 1 { throw ValidationError("--reach takes 1 or more") }
    }

    func run() throws {
        let change = try registry.desk().setCount(
            of: try PaygID(unit), from: token.joined(), reach: reach
        )
        try CommandContext.current.tell(change, json: output.json)
    }
}

extension CommandContext {
    private struct CountAnswer: Encodable {
        let unit: String
        let from: Int
        let to: Int
        let changed: Bool
        @OrNull var type: String?
        @OrNull var tokenCount: Int?
        let alsoPossible: [Int]
    }

    fileprivate func tell(_ change: CountChange, json: Bool) throws {
        if json {
            try answer(
                json: CountAnswer(
                    unit: change.unit.text, from: Int(change.from.number), to: Int(change.to.number),
                    changed: change.from != change.to, type: change.shown?.instruction.type.rawValue,
                    tokenCount: change.shown.map { Int($0.count.number) },
                    alsoPossible: change.alsoPossible.map { Int($0.number) }
                )
            )
        }
        if let shown = change.shown {
            say("it is \(spaced(shown.instruction.type.rawValue)) at count \(shown.count) of unit \(change.unit)")
        }
        guard change.from != change.to else {
            say("unit \(change.unit) has count \(change.to) here, which is not below: nothing was changed")
            return
        }
        say(
            "the count of unit \(change.unit) was \(change.from) and is \(change.to): the next token goes on from there"
        )
        if change.shown?.instruction.time != nil {
            say("it was not made here: what it gave is not in this registry's paid-until")
        }
        if let other = change.alsoPossible.first {
            say("warning: by chance it could also be count \(other); try the next token at the unit before it is told")
        }
    }
}
