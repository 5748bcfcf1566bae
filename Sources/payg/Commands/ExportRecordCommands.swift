import ArgumentParser
import Fleet
import FleetOperations

struct ExportListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the exports.", usage: "payg export list")

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        try CommandContext.current.answer(
            try registry.desk().exports().map(ExportRow.init), json: output.json,
            none: "no exports: payg export PROFILE writes one"
        )
    }
}

struct ExportShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show an export: its units, the counts in the file, and who makes their tokens now.",
        usage: "payg export show NUMBER", discussion: "Never the credentials."
    )

    @Argument(help: "The export's number.")
    var number: Int

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let export: ExportRow
        let units: [HandedOverRow]
    }

    func run() throws {
        let context = CommandContext.current
        let (record, units) = try registry.desk().export(number)
        let row = ExportRow(record)
        let rows = units.map(HandedOverRow.init)
        if output.json { return try context.answer(json: Answer(export: row, units: rows)) }
        context.say(
            "export \(record.number): \(counted(record.units, "unit")) in \(record.file), written "
                + "\(record.exportedAt.readable) by \(record.actor) with the profile \(record.profile)"
        )
        context.say(
            record.authority == .here
                ? "a copy: nothing was handed over" : "\(record.authority.name) made the tokens from then on"
        )
        context.say("SHA-256 \(record.sha256)")
        if let encrypted = record.encryptedSHA256 { context.say("encrypted; SHA-256 of the file \(encrypted)") }
        try context.answer(rows, json: false, none: "no units")
    }
}

struct ExportAgainCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "again",
        abstract: "Write the very bytes of an export once more.",
        usage: "payg export again NUMBER [-o FILE] [--encrypt-to RECIPIENT]",
        discussion: """
            For a file that got lost on the way. Nothing changes hands, and the counts are those of then: a provider \
            that has made tokens since must not set its own back to them. It is on record like the export itself.
            """
    )

    @Argument(help: "The export's number.")
    var number: Int

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Where to write the file; in a folder it has the profile's name for it.", valueName: "file"))
    var output: String?

    @Option(
        name: .customLong("encrypt-to"), parsing: .singleValue,
        help: ArgumentHelp("Encrypt for this age or SSH public key, or those in a file.", valueName: "recipient"))
    var recipients: [String] = []

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        let export: Int
        let file: String
        let units: Int
        let sha256: String
    }

    func run() throws {
        let context = CommandContext.current
        let (record, path) = try registry.desk().exportAgain(
            number, to: try context.place(output),
            recipients: recipients.map { context.recipient($0) }
        )
        let file = output ?? context.shown(path)
        if answer.json {
            try context.answer(
                json: Answer(export: record.number, file: file, units: record.units, sha256: record.sha256)
            )
        }
        context.say(
            "export \(record.number) written again to \(file): \(counted(record.units, "unit")), the same bytes")
        context.say("its counts are of \(record.exportedAt.readable); nothing changed hands")
        if recipients.isEmpty {
            if record.encryptedSHA256 != nil { context.say("warning: it was encrypted then, and is in the clear now") }
            context.say("the file holds secret keys in the clear: send it encrypted (--encrypt-to), and delete it")
        }
    }
}
