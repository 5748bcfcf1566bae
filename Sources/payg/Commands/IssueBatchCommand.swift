import ArgumentParser
import Fleet
import FleetOperations

struct IssueBatchCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue-batch",
        abstract: "Issue the tokens of a list of payments.",
        usage: """
            payg issue-batch FILE -o FILE [--atomic] [--message LANGUAGE]
                   [--template FILE] [--contact PHONE]
            """,
        discussion: """
            A CSV file with a row for each payment: Reference, Unit or Customer, and Days or Until. It is understood \
            whole before the first token is made. The answer has every row, with its tokens or with what is wrong; \
            exit code 1 when a payment got none. Each has its message to the customer, in their own language where it is \
            on record, else in that of --message, or English.

            Stopped anywhere, the same command again goes on: no payment gets its tokens twice.
            """
    )

    static let hintWhenUnheard: String? = "the answer is in the file that -o names"

    @Argument(help: ArgumentHelp("The list of payments; - is standard input.", valueName: "file"))
    var file: String

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the answer.", valueName: "file"))
    var output: String

    @Flag(help: "All payments get tokens, or none.")
    var atomic = false

    @Flag(help: "Issue though the clock is behind the last event.")
    var yes = false

    @OptionGroup var message: MessageOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        let file: String
        let output: String
        let rows: Int
        let issued: Int
        let alreadyIssued: Int
        let failed: Int
        let problems: [Problem]

        struct Problem: Encodable {
            let row: Int
            let problem: String
        }
    }

    func run() throws {
        let context = CommandContext.current
        let list: ListOrigin =
            file == "-" ? .stream(context.input, name: "standard input") : .file(try context.filePath(file))
        let line = ProgressLine(context)
        defer { line.finish() }
        let summary = try registry.desk().issue(
            payments: list, to: try context.filePath(output), telling: try message.telling(), isAtomic: atomic,
            trustsClock: yes,
            progress: { done, all in line.take(.init(what: file, done: done, size: all, unit: .things("payments"))) }
        )
        line.finish()
        if answer.json {
            try context.answer(
                json: Answer(
                    file: file, output: output, rows: summary.rows, issued: summary.issued,
                    alreadyIssued: summary.alreadyIssued, failed: summary.failed,
                    problems: summary.problems.first.map { .init(row: $0.row, problem: $0.problem) }
                )
            )
        }
        context.say(told(summary))
        if !summary.ignoredColumns.isEmpty {
            context.say("columns without a meaning here: \(summary.ignoredColumns.joined(separator: ", "))")
        }
        guard summary.failed > 0 else { return }
        for problem in summary.problems.first.prefix(20) { context.say("  \(problem)") }
        if summary.failed > 20 { context.say("  and \(summary.failed - 20) more") }
        context.say("hint: mend these rows and run the same list again: the others keep the tokens they have")
        throw ExitStatus.failed
    }

    private func told(_ summary: PaymentSummary) -> String {
        var parts = ["\(counted(summary.issued, "payment")) got tokens"]
        if summary.alreadyIssued > 0 { parts.append("\(summary.alreadyIssued) had them already") }
        if summary.failed > 0 { parts.append("\(summary.failed) got none") }
        return parts.joined(separator: ", ") + ": see \(output)"
    }
}
