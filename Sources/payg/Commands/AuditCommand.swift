import ArgumentParser
import Fleet
import FleetOperations

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show and prove the history.",
        subcommands: [AuditTokensCommand.self, AuditEventsCommand.self, AuditVerifyCommand.self]
    )
}

struct AuditTokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tokens", abstract: "List the tokens issued, oldest first.",
        usage: """
            payg audit tokens [--unit ID] [--customer REF] [--dispatch N]
                   [--since DATE] [--before DATE]
            """
    )

    @OptionGroup var history: HistoryOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let tokens = try registry.desk().tokens(try history.filter())
        try CommandContext.current.answer(tokens.map(TokenRow.init), json: output.json, none: "no tokens")
    }
}

struct AuditEventsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events", abstract: "List what was done, by whom and when.",
        usage: """
            payg audit events [--unit ID] [--customer REF] [--dispatch N]
                   [--since DATE] [--before DATE]
            """
    )

    @OptionGroup var history: HistoryOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let events = try registry.desk().events(try history.filter())
        try CommandContext.current.answer(events.map(EventRow.init), json: output.json, none: "no events")
    }
}

struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that the history was not altered.",
        usage: "payg audit verify",
        discussion: """
            Recomputes the hash of every event, makes every token again from the sealed credentials, and compares \
            each unit with what the events say of it. Exit code 2 when something does not fit.
            """
    )

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let events: Int
        let tokens: Int
        let ok: Bool
        let problems: [String]
        /// Absent where the clock never was.
        var clockSetBack: [ClockSetBack]?
    }

    private struct ClockSetBack: Encodable {
        let event: Int
        let at: String
        let last: String
    }

    func run() throws {
        let context = CommandContext.current
        let report = try registry.desk().verify()
        var lost: OutputLost?
        do {
            if output.json {
                try context.answer(
                    json: Answer(
                        events: report.events, tokens: report.tokens, ok: report.ok, problems: report.problems,
                        clockSetBack: report.clockSetBacks.isEmpty
                            ? nil
                            : report.clockSetBacks.map {
                                ClockSetBack(event: $0.event, at: $0.at.text, last: $0.last.text)
                            }
                    )
                )
            } else {
                for problem in report.problems { try context.output.line(problem.printable) }
            }
        } catch let error as OutputLost { lost = error }
        let checked = "\(counted(report.events, "event")) and \(counted(report.tokens, "token")) checked"
        context.say("\(checked): \(report.ok ? "everything fits" : counted(report.problemCount, "problem"))")
        for step in report.clockSetBacks.prefix(10) {
            context.say(
                "the clock was set back: event \(step.event) is dated \(step.at.readable), and the one before it "
                    + "\(step.last.readable); the order is that of their numbers"
            )
        }
        guard report.ok else {
            context.say("hint: issue nothing until it is explained, and keep a copy of the registry as it is")
            throw ExitStatus.difference
        }
        if let lost { throw lost }
    }
}
