import ArgumentParser
import Fleet
import FleetOperations
import OpenPAYGO

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Hand units over to a tokening provider, and look at what was handed over.",
        discussion: "`payg export PROFILE -o FILE` hands them over: `payg export --help` has its options.",
        subcommands: [
            ExportWriteCommand.self, ExportListCommand.self, ExportShowCommand.self, ExportAgainCommand.self,
        ],
        defaultSubcommand: ExportWriteCommand.self
    )
}

struct ExportWriteCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "write",
        abstract: "Write the file that a tokening provider takes, and hand its units over.",
        usage: """
            payg export PROFILE -o FILE [--dispatch N | --unit ID...] [--all]
                   [--product NAME] [--encrypt-to RECIPIENT] [--copy] [--dry-run]
            payg export PROFILE -o FILE --unit ID --count N --reason TEXT
            payg export PROFILE -o FILE --counts FILE --reason TEXT
            payg export list | show NUMBER | again NUMBER -o FILE
            """,
        discussion: """
            `payg profile list` has the profiles. Without a selection every unit goes whose tokens are made here and \
            which that provider was not handed before. From then on the provider makes their tokens, and none is made \
            here: two makers would use the same counts. --copy writes the file and changes nothing about that.

            The file holds secret keys. --encrypt-to writes it for the provider's age key, so that nobody else can \
            read it; otherwise it is in the clear, for whoever may read it, which is its owner only. It never replaces \
            another file. In a terminal it is asked first.

            A unit that another provider has goes on to this one with the count of the last token which that provider \
            made: --count for one unit, or --counts with that provider's own list. Have it stop making tokens first.
            """
    )

    @Argument(help: "The provider's profile.")
    var profile: String?

    @Option(name: .customLong("profile"), help: ArgumentHelp("A profile of one's own.", valueName: "file"))
    var profileFile: String?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write the file; in a folder it has the profile's name for it.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Only the units of this dispatch.", valueName: "number"))
    var dispatch: Int?

    @Option(help: ArgumentHelp("Only the units this customer holds.", valueName: "reference"))
    var customer: String?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these units.", valueName: "payg-id"))
    var unit: [String] = []

    @Flag(help: "Also units handed over to this provider before.")
    var all = false

    @Option(help: ArgumentHelp("Who gets the file, where not whom the profile is for.", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("The product of every unit, whatever its model.", valueName: "name"))
    var product: String?

    @Option(
        name: .customLong("encrypt-to"), parsing: .singleValue,
        help: ArgumentHelp("Encrypt for this age or SSH public key, or those in a file.", valueName: "recipient"))
    var recipients: [String] = []

    @Flag(help: "Go on making the units' tokens here.")
    var copy = false

    @OptionGroup var takeover: TakeoverOptions

    @Flag(help: "Tell what would be written, and write nothing.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        @OrNull var export: Int?
        let profile: String
        let file: String
        let units: Int
        let unitsAgain: Int
        let unitsTakenOver: Int
        let unitsLeftOut: Int
        let sha256: String
        @OrNull var encryptedSha256: String?
        let authority: String
        let dryRun: Bool
    }

    func validate() throws {
        guard (profile == nil) != (profileFile == nil) else {
            throw ValidationError(profile == nil ? "name the profile" : "name a profile, or a file with --profile")
        }
        let selections = [dispatch != nil, customer != nil, !unit.isEmpty].filter { $0 }
        if selections.count > 1 { throw ValidationError("one of --dispatch, --customer and --unit, not several") }
        if takeover.counts != nil, dispatch != nil || customer != nil {
            throw ValidationError("--counts goes with --unit, or alone: its units are those of the list")
        }
        if takeover.isAsked, copy { throw ValidationError("--copy goes with units made here") }
        if takeover.count != nil, unit.count != 1 {
            throw ValidationError("--count is of one unit: name it with --unit")
        }
    }

    func run() throws {
        let context = CommandContext.current
        guard output != nil || context.canAsk || yes || dryRun else {
            throw FleetError.notConfirmed(
                "name the file, or the folder for it, with -o", option: "--yes, in this folder,")
        }
        let desk = try registry.desk()
        var order = try order(context)
        if !dryRun, !yes, context.canAsk {
            order.dryRun = true
            let asked = try desk.export(order)
            ExportTelling(asked, output: context.shown(asked.path), isQuestion: true).lines.forEach(context.say)
            guard context.confirm(copy ? "write it?" : "write it, and hand them over?") else {
                throw FleetError.notConfirmed("no file was written", option: nil)
            }
            order.dryRun = false
            order.expected = asked.summary
        }
        let result = try desk.export(order)
        let summary = result.summary
        if answer.json {
            try context.answer(
                json: Answer(
                    export: summary.number, profile: summary.profile, file: written(result.path),
                    units: summary.units, unitsAgain: summary.unitsAgain, unitsTakenOver: summary.unitsTakenOver,
                    unitsLeftOut: summary.unitsLeftOut, sha256: summary.sha256,
                    encryptedSha256: summary.encryptedSHA256, authority: summary.authority.name,
                    dryRun: summary.dryRun
                )
            )
        }
        ExportTelling(result, output: written(result.path)).lines.forEach(context.say)
    }

    /// The file as it was named; in a folder that was, with the name it got.
    private func written(_ path: String) -> String {
        let context = CommandContext.current
        guard let output, context.path(output) == path else { return context.shown(path) }
        return output
    }

    private func order(_ context: CommandContext) throws(FleetError) -> ExportOrder {
        ExportOrder(
            profile: try profileFile.map { file throws(FleetError) in .file(try context.filePath(file)) }
                ?? .named(profile ?? "", folder: context.profilesFolder),
            provider: provider, selection: ExportSelection(try part(), again: all),
            place: try context.place(output), product: product, recipients: recipients.map { context.recipient($0) },
            isCopy: copy,
            takeover: try takeover.order(of: unit.first), dryRun: dryRun
        )
    }

    private func part() throws(FleetError) -> UnitSelection {
        if let dispatch { return .dispatch(dispatch) }
        if let customer { return .customer(try CustomerReference(customer)) }
        return unit.isEmpty ? .all : .units(try unit.map { text throws(FleetError) in try PaygID(text) })
    }
}

/// Units that another provider has until now.
struct TakeoverOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The unit comes from another provider, which made its last token with this.", valueName: "n")
    )
    var count: Int?

    @Option(help: ArgumentHelp("The units come from another provider: its own list.", valueName: "file"))
    var counts: String?

    @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text"))
    var reason: String?

    @Flag(help: "Take a count below the registry's.")
    var force = false

    @OptionGroup(title: "How the other provider's list is read") var list: ListOptions

    func validate() throws {
        if count != nil, counts != nil { throw ValidationError("--count or --counts, not both") }
        guard count != nil || counts != nil else {
            if reason != nil || force { throw ValidationError("--reason and --force go with --count or --counts") }
            return
        }
        if reason == nil { throw ValidationError("--reason TEXT says why the units change hands") }
    }

    var isAsked: Bool { count != nil || counts != nil }

    func order(of unit: String?) throws(FleetError) -> TakeoverOrder? {
        let context = CommandContext.current
        guard let reason else { return nil }
        if let count, let unit {
            return TakeoverOrder(
                .unit(try PaygID(unit), try typedCount(count)), reason: try Reason(reason), isForced: force
            )
        }
        guard let counts else { return nil }
        return TakeoverOrder(
            .list(
                counts == "-"
                    ? .stream(context.input, name: "standard input") : .file(try context.filePath(counts)),
                try list.reading()
            ), reason: try Reason(reason), isForced: force
        )
    }
}

/// A count that was typed.
///
/// - Throws: ``FleetError/badValue(what:problem:)``.
func typedCount(_ number: Int) throws(FleetError) -> TokenCount {
    guard let count = try? TokenCount(number) else {
        throw .badValue(what: "value of --count", problem: "is no count: \(OpenPAYGOError.count)")
    }
    return count
}
