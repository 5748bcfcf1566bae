import ArgumentParser
import Fleet
import FleetOperations

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the file that a tokening provider takes.",
        usage: """
            payg export PROFILE -o FILE [--dispatch N] [--unit ID...] [--all]
                   [--product NAME] [--copy] [--dry-run]
            """,
        discussion: """
            Profiles: openpaygo (the standard's device list), paygops, angaza. The file holds secret keys in the \
            clear: send it encrypted, and delete it. It is readable by its owner only, and never replaces another.

            From then on the provider makes the units' tokens, and none is made here: two makers would use the \
            same counts. --copy writes the file and changes nothing about that.
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

    func run() throws {
        let context = CommandContext.current
        let units = try unit.map { text in try PaygID(text) }
        let order = ExportOrder(
            profile: profile, selection: ExportSelection(dispatch: dispatch, units: units, all: all),
            path: context.path(output), product: product, isCopy: copy, dryRun: dryRun
        )
        let (summary, unverified) = try registry.desk().export(order)
        if answer.json {
            try context.answer(
                json: Answer(
                    export: summary.number, profile: summary.profile, file: output, units: summary.units,
                    sha256: summary.sha256, authority: summary.authority.name, dryRun: summary.dryRun
                )
            )
        }
        for line in told(summary, unverified) { try context.say(line) }
    }

    private func told(_ summary: ExportSummary, _ unverified: String?) -> [String] {
        var lines: [String] = []
        if let number = summary.number {
            lines.append("export \(number): \(counted(summary.units, "unit")) written to \(output)")
        } else {
            lines.append("dry run: \(counted(summary.units, "unit")) would go into \(output); nothing was written")
        }
        switch summary.authority {
        case .provider(let name) where !summary.dryRun:
            lines.append("\(name) makes their tokens from now on; none is made here")
        case .here where !summary.dryRun:
            lines.append("warning: tokens go on being made here; a second maker of tokens would use the same counts")
        default: break
        }
        if let unverified { lines.append("unverified: \(unverified)") }
        lines.append("the file holds secret keys in the clear: send it encrypted, and delete it")
        return summary.dryRun ? lines.dropLast() : lines
    }
}
