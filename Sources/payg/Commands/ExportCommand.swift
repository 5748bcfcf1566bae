import ArgumentParser
import Fleet
import FleetOperations

struct ExportCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the file that a tokening provider takes.",
        usage: """
            payg export PROFILE -o FILE [--dispatch N] [--unit ID...] [--all]
                   [--provider NAME] [--product NAME] [--copy] [--dry-run]
            """,
        discussion: """
            Profiles: openpaygo (the standard's device list), paygops, angaza. The file holds secret keys in the \
            clear: send it encrypted, and delete it. It is readable by its owner only, and never replaces another.

            Without --dispatch or --unit, every unit goes whose tokens are made here. From then on the provider \
            makes them, and none is made here: two makers would use the same counts. --copy writes the file and \
            changes nothing about that; --dry-run tells how many units it would be.
            """
    )

    @Argument(help: "The provider's profile.")
    var profile: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the file.", valueName: "file"))
    var output: String

    @Option(help: ArgumentHelp("Only the units of this dispatch.", valueName: "number"))
    var dispatch: Int?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these units.", valueName: "payg-id"))
    var unit: [String] = []

    @Flag(help: "Also units handed over to this provider before.")
    var all = false

    @Option(help: ArgumentHelp("Who gets the file, where not whom the profile is for.", valueName: "name"))
    var provider: String?

    @Option(help: ArgumentHelp("The product's name, where the file has one.", valueName: "name"))
    var product: String?

    @Flag(help: "Go on making the units' tokens here.")
    var copy = false

    @Flag(help: "Tell what would be written, and write nothing.")
    var dryRun = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        @OrNull var export: Int?
        let profile: String
        let file: String
        let units: Int
        let sha256: String
        let authority: String
        let dryRun: Bool
    }

    func validate() throws {
        if dispatch != nil, !unit.isEmpty { throw ValidationError("--dispatch or --unit, not both") }
    }

    func run() throws {
        let context = CommandContext.current
        let order = ExportOrder(
            profile: profile, provider: provider, selection: ExportSelection(try part(), again: all),
            path: try context.filePath(output), product: product, isCopy: copy, dryRun: dryRun
        )
        let result = try registry.desk().export(order)
        let summary = result.summary
        if answer.json {
            try context.answer(
                json: Answer(
                    export: summary.number, profile: summary.profile, file: output, units: summary.units,
                    sha256: summary.sha256, authority: summary.authority.name, dryRun: summary.dryRun
                )
            )
        }
        for line in told(result) { context.say(line) }
    }

    private func part() throws(FleetError) -> UnitSelection {
        if let dispatch { return .dispatch(dispatch) }
        return unit.isEmpty ? .all : .units(try unit.map { text throws(FleetError) in try PaygID(text) })
    }

    private func told(_ result: ExportResult) -> [String] {
        let summary = result.summary
        var lines: [String] = []
        if let number = summary.number {
            lines.append("export \(number): \(counted(summary.units, "unit")) written to \(output)")
        } else {
            lines.append("dry run: \(counted(summary.units, "unit")) would go into \(output); nothing was written")
        }
        let its = summary.units == 1 ? "its" : "their"
        if !summary.dryRun {
            switch summary.authority {
            case .provider(let name):
                lines.append("\(name) makes \(its) tokens from now on; none is made here")
            case .here where summary.units > summary.unitsAgain:
                lines.append("warning: tokens go on being made here; a second maker would use the same counts")
            case .here:
                break
            }
        }
        if summary.unitsAgain > 0 {
            lines.append(
                "warning: \(counted(summary.unitsAgain, "unit")) handed over before: the provider makes the tokens, and "
                    + "its count may be ahead of this file's and must not be set back"
            )
        }
        if result.unitsNotTold > 0 {
            lines.append(
                "warning: \(counted(result.unitsNotTold, "unit")) with a time divider or restricted digits, which "
                    + "this file has no column for: tell the provider"
            )
        }
        if let unverified = result.unverified { lines.append("unverified: \(unverified)") }
        if !summary.dryRun {
            lines.append("the file holds secret keys in the clear: send it encrypted, and delete it")
        }
        return lines
    }
}
