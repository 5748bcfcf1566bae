import ArgumentParser
import Fleet
import FleetOperations

struct ImportCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import a dispatch list.",
        usage: "payg import FILE [--dry-run]",
        discussion: """
            A CSV file with a PAYG ID and a secret key for each unit, and what else the list has: starting code, \
            count, time divider, restricted digit mode, hardware model, version, test code. Columns are known by \
            their headers, in any order. All or nothing: one cell that is not understood, and nothing is imported. \
            Importing a list again changes nothing.
            """
    )

    @Argument(help: ArgumentHelp("The dispatch list.", valueName: "file"))
    var file: String

    @Flag(help: "Tell what would happen, and change nothing.")
    var dryRun = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        @OrNull var dispatch: Int?
        let file: String
        var rows = 0
        var added = 0
        var unchanged = 0
        var rejected = 0
        let dryRun: Bool
        var problems: [RowProblem] = []
    }

    func run() throws {
        let context = CommandContext.current
        let path = try context.filePath(file)
        do {
            let summary = try registry.desk().importDispatch(path, dryRun: dryRun)
            if output.json {
                try context.answer(
                    json: Answer(
                        dispatch: summary.dispatch, file: file, rows: summary.rows, added: summary.added,
                        unchanged: summary.unchanged, dryRun: dryRun
                    )
                )
            }
            for line in told(summary) { context.say(line) }
        } catch FleetError.badInput(let name, let problems, let total, let rows, let rejected) {
            if output.json {
                // Heard or not, it was refused.
                try? context.answer(
                    json: Answer(
                        file: file, rows: rows, rejected: rejected, dryRun: dryRun, problems: problems
                    )
                )
            }
            throw FleetError.badInput(file: name, problems: problems, total: total, rows: rows, rejected: rejected)
        }
    }

    private func told(_ summary: ImportSummary) -> [String] {
        var lines: [String] = []
        if summary.recognised, let dispatch = summary.dispatch {
            lines.append("\(file) is dispatch \(dispatch) again: nothing was changed")
        } else if summary.added == 0 {
            lines.append("nothing new in \(file): \(counted(summary.unchanged, "unit")) unchanged")
        } else {
            let known = summary.unchanged > 0 ? ", \(summary.unchanged) unchanged" : ""
            let units = counted(summary.added, "unit")
            if summary.dryRun {
                lines.append("\(units) would be added from \(file)\(known)")
            } else {
                lines.append("dispatch \(summary.dispatch ?? 0): \(units) added from \(file)\(known)")
            }
        }
        if summary.dryRun { lines.append("dry run: nothing was changed") }
        if summary.olderCounts > 0 {
            lines.append("\(counted(summary.olderCounts, "unit")) with a lower count in the list: ours was kept")
        }
        if summary.paddedStartingCodes > 0 {
            lines.append("\(counted(summary.paddedStartingCodes, "starting code")) had lost leading zeros: restored")
        }
        if summary.derivedStartingCodes {
            lines.append("the list has no starting codes: derived from the keys, as the standard has it")
        }
        if !summary.ignoredColumns.isEmpty {
            lines.append("kept out of the registry: \(summary.ignoredColumns.joined(separator: ", "))")
        }
        return lines
    }
}
