import ArgumentParser
import Fleet
import FleetOperations

struct UnitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unit",
        abstract: "List and show units; set right what is known of one.",
        subcommands: [
            UnitListCommand.self, UnitShowCommand.self, UnitReclaimCommand.self, UnitSetCountCommand.self,
            UnitCountFromTokenCommand.self, UnitRetireCommand.self, UnitReplaceCommand.self,
            UnitTestPlanCommand.self,
        ]
    )
}

struct UnitListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List units.",
        usage: """
            payg unit list [--search TEXT] [--customer REF] [--dispatch N]
                   [--authority NAME]
            """)

    @Option(
        help: ArgumentHelp(
            "Only those with this in their PAYG ID, or in the reference, name or phone of the customer who holds them.",
            valueName: "text"))
    var search: String?

    @Option(help: ArgumentHelp("Only those this customer holds.", valueName: "reference"))
    var customer: String?

    @Option(help: ArgumentHelp("Only those of this dispatch.", valueName: "number"))
    var dispatch: Int?

    @Option(help: ArgumentHelp("Only those whose tokens are made by: here, or a provider.", valueName: "name"))
    var authority: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let units = try registry.desk().units(
            search: search, customer: try customer.map { text in try CustomerReference(text) }, dispatch: dispatch,
            authority: authority
        )
        try CommandContext.current.answer(units.map(UnitRow.init), json: output.json, none: "no units")
    }
}

struct UnitShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a unit, the tokens made for it and who had it.",
        usage: "payg unit show UNIT",
        discussion: "Never its credentials."
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let unit: UnitRow
        let tokens: [TokenRow]
        let assignments: [HolderRow]
    }

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk()
        let (unit, tokens) = try desk.unit(try PaygID(unit))
        let rows = tokens.map(TokenRow.init)
        let holders = try desk.assignments(of: unit.id).map(HolderRow.init)
        if output.json {
            return try context.answer(json: Answer(unit: UnitRow(unit), tokens: rows, assignments: holders))
        }
        for (name, value) in facts(unit) {
            try context.output.line(
                context.isForPerson
                    ? name.padding(toLength: 18, withPad: " ", startingAt: 0) + value : "\(name)\t\(value)"
            )
        }
        if !rows.isEmpty {
            try context.output.line("")
            try context.answer(rows, json: false, none: "")
        }
        // Who has it now is among the facts.
        if holders.contains(where: { $0.until != nil }) {
            try context.output.line("")
            try context.answer(holders, json: false, none: "")
        }
    }

    /// The furthest moment ever issued, while it is beyond what is paid.
    private func furthest(_ credit: Credit) -> String {
        guard !credit.isUnlocked, let furthest = credit.furthestBeyondPaid else { return "" }
        if furthest == Credit.limit { return "for good, should the token that locked it again not be entered" }
        return CommandContext.current.isForPerson ? furthest.readable : furthest.text
    }

    private func facts(_ unit: FleetUnit) -> [(String, String)] {
        let context = CommandContext.current
        func moment(_ moment: Timestamp?) -> String? { context.isForPerson ? moment?.readable : moment?.text }
        return [
            ("unit", unit.id.text),
            ("customer", unit.customer?.text ?? ""),
            ("paid until", unit.credit.isUnlocked ? "unlocked for good" : moment(unit.paidUntil) ?? ""),
            ("issued up to", furthest(unit.credit)),
            ("retired", moment(unit.retiredAt) ?? ""),
            ("count", unit.count.description),
            ("dispatched count", unit.dispatchedCount.description),
            ("tokens made by", unit.authority.name),
            ("dispatch", String(unit.dispatch)),
            ("time divider", String(unit.build.timeDivider.number)),
            ("digits", unit.build.digitSet == .restricted ? "1 to 4 only" : "all"),
            ("hardware model", unit.build.hardwareModel ?? ""),
            ("firmware version", unit.build.firmwareVersion ?? ""),
            ("test code", unit.build.testCode?.digits ?? ""),
        ].filter { !context.isForPerson || !$0.1.isEmpty }
    }
}

struct UnitReclaimCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "reclaim",
        abstract: "Take the making of a unit's tokens back from a provider.",
        usage: "payg unit reclaim UNIT --count N --reason TEXT [--force]",
        discussion: """
            Have the provider stop making tokens for the unit first, and ask for the count of the last one it \
            made: tokens made here go on from there. A count below the one that it was handed takes --force: the \
            counts between are used again, which is right only where the provider made no token with them.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Option(parsing: .unconditional, help: "The count of the last token that the provider made.")
    var count: Int

    @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text"))
    var reason: String

    @Flag(help: "Take a count below the registry's.")
    var force = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    /// More than a unit looks ahead: mistyped, it would never take a token again.
    private static let farAhead = 64

    func run() throws {
        let context = CommandContext.current
        let count = try typedCount(count)
        let desk = try registry.desk()
        let (provider, before) = try desk.reclaim(
            try PaygID(unit), count: count, isForced: force, reason: try Reason(reason)
        )
        let (unit, _) = try desk.unit(try PaygID(unit))
        if output.json { try context.answer(json: UnitRow(unit)) }
        context.say(
            "unit \(unit.id) was taken back from \(provider): tokens are made here again, after count \(count)")
        if count < before {
            context.say(
                "warning: counts from \(count) to \(before) are used again, and \(provider) was told to go on from there"
            )
        } else if Int(count.number) - Int(before.number) > Self.farAhead {
            context.say(
                "warning: that is \(Int(count.number) - Int(before.number)) above the count it was handed over with; "
                    + "were it mistyped, payg unit set-count sets it right before the next token"
            )
        }
    }
}
