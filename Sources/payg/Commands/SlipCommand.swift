import ArgumentParser
import CustomerMessages
import Fleet
import FleetOperations

struct SlipCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "slip",
        abstract: "Print the tokens of a unit, or of many payments, on slips to cut out.",
        usage: """
            payg slip UNIT -o slips.html [--language LANGUAGE] [--contact PHONE]
            payg slip --batch FILE -o slips.html
            """,
        discussion: """
            A page for A4 paper that any browser prints. For a unit, the tokens of its last order; with --batch, \
            those of every payment that a list names by its reference: the list of payments, or the answer to it.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String?

    @Option(help: ArgumentHelp("A list of payments, or the answer to it.", valueName: "file"))
    var batch: String?

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the page.", valueName: "file"))
    var output: String

    @Option(
        help: ArgumentHelp(
            "Of the words: \(MessageLanguage.all.map(\.code).joined(separator: ", ")).", valueName: "language"))
    var language: String?

    @Option(help: contactHelp)
    var contact: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        let file: String
        let slips: Int
        /// Payments of the list that have no tokens.
        let without: Int
    }

    /// Browsers take minutes to print more than this.
    private static let manySlips = 10_000

    func validate() throws {
        guard (unit == nil) != (batch == nil) else { throw ValidationError("name a unit, or a list with --batch") }
    }

    func run() throws {
        let context = CommandContext.current
        let spoken = try language.map { code in try MessageLanguage(code: code) }
        let path = try context.filePath(output)
        let desk = try registry.desk()
        let summary =
            if let batch {
                try desk.printSlips(
                    ofBatch: batch == "-"
                        ? .stream(context.input, name: "standard input") : .file(try context.filePath(batch)),
                    to: path, language: spoken, contact: context.contact(contact)
                )
            } else {
                try desk.printSlip(
                    of: try PaygID(unit ?? ""), to: path, language: spoken, contact: context.contact(contact))
            }
        if answer.json {
            try context.answer(json: Answer(file: output, slips: summary.slips, without: summary.without))
        }
        context.say("\(counted(summary.slips, "slip")) in \(output)")
        if summary.without > 0 { context.say("\(counted(summary.without, "payment")) without tokens left out") }
        if summary.slips > Self.manySlips {
            context.say("warning: browsers take minutes to print so many; print lists of \(Self.manySlips) at a time")
        }
        if context.contact(contact) == nil {
            context.say("hint: --contact PHONE, or PAYG_CONTACT, prints where to call for help")
        }
    }
}
