import ArgumentParser
import Fleet
import FleetOperations

struct DispatchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "List and show dispatches.",
        subcommands: [DispatchListCommand.self, DispatchShowCommand.self]
    )
}

struct DispatchListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the dispatches.",
        usage: "payg dispatch list")

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let dispatches = try registry.desk().dispatches()
        try CommandContext.current.answer(
            dispatches.map(DispatchRow.init), json: output.json, none: "no dispatches: payg import FILE brings one"
        )
    }
}

struct DispatchShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a dispatch and its units.",
        usage: "payg dispatch show NUMBER"
    )

    @Argument(help: "The dispatch's number.")
    var number: Int

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let dispatch: DispatchRow
        let units: [UnitRow]
    }

    func run() throws {
        let context = CommandContext.current
        let (record, units) = try registry.desk().dispatch(number)
        let rows = units.map(UnitRow.init)
        if output.json { return try context.answer(json: Answer(dispatch: DispatchRow(record), units: rows)) }
        context.say(
            "dispatch \(record.number): \(counted(record.units, "unit")) from \(record.file), imported \(record.importedAt.readable) by \(record.actor)"
        )
        try context.answer(rows, json: false, none: "no units")
    }
}
