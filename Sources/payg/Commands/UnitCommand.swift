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
        let context = CommandContext.current
        let desk = try registry.desk()
        let units = try desk.units(
            search: search, customer: try customer.map { text in try CustomerReference(text) }, dispatch: dispatch,
            authority: authority
        )
        try context.answer(units.map(UnitRow.init), json: output.json, none: "no units")
        guard units.isEmpty, let authority else { return }
        let known = [TokeningAuthority.here.name] + (try desk.providers())
        guard !known.contains(where: { $0.lowercased() == authority.lowercased() }) else { return }
        context.say(
            "hint: \(authority) makes no unit's tokens; \(known.joined(separator: ", ")) \(known.count > 1 ? "do" : "does")"
        )
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
