import ArgumentParser
import Fleet
import FleetOperations

struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Show and prove the history.",
        subcommands: [
            AuditTokensCommand.self, AuditEventsCommand.self, AuditVerifyCommand.self, AuditCheckpointCommand.self,
            AuditExportCommand.self,
        ]
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
