import ArgumentParser
import Fleet
import FleetOperations

struct ImportCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import dispatch lists.",
        usage: "payg import FILE… [--dry-run] [--keep-going --rejects FILE]",
        discussion: """
            Separated values with a PAYG ID and a secret key for each unit, and what else the list has: starting \
            code, count, time divider, restricted digit mode, hardware model, version, test code. Columns are known by \
            their headers, in any order; separator, encoding, title rows and the end of the list are found out. \
            “-” reads standard input.

            All or nothing: one cell that is not understood, and nothing is imported. Importing a list again \
            changes nothing.
            """
    )

    @Argument(help: ArgumentHelp("Dispatch lists; each becomes a dispatch.", valueName: "file"))
    var files: [String]

    @Flag(help: "Tell what would happen, and change nothing.")
    var dryRun = false

    @OptionGroup var list: ListOptions

    @Flag(help: "Import the good rows; the others go to --rejects.")
    var keepGoing = false

    @Option(help: ArgumentHelp("Where rows that are left out go, with the reasons.", valueName: "file"))
    var rejects: String?

    @Flag(help: "Take counts above ours from the list: somebody else made tokens.")
    var acceptCounts = false

    @Option(
        help: ArgumentHelp("Only give this unit the list's credentials in place of its own.", valueName: "payg-id"))
    var replace: [String] = []

    @Option(help: ArgumentHelp("Why, with --replace; kept in the history.", valueName: "text"))
    var reason: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if files.isEmpty { throw ValidationError("name a list, or - for standard input") }
        if files.filter({ $0 == "-" }).count > 1 { throw ValidationError("- can be read only once") }
        guard keepGoing == (rejects != nil) else {
            throw ValidationError("--keep-going and --rejects FILE go together: no row is left out silently")
        }
        guard replace.isEmpty == (reason == nil) else { throw ValidationError("--replace UNIT needs --reason TEXT") }
        if replace.count > 1 { throw ValidationError("--replace takes one unit at a time") }
        if !replace.isEmpty, files.count > 1 || keepGoing {
            throw ValidationError("--replace takes one list, and does nothing else")
        }
        if keepGoing, files.count > 1 { throw ValidationError("--keep-going takes one list at a time") }
    }

    private struct Answer: Encodable {
        @OrNull var dispatch: Int?
        let file: String
        var rows = 0
        var added = 0
        var unchanged = 0
        var rejected = 0
        var acceptedCounts: Int?
        var olderCounts: Int?
        let dryRun: Bool
        var problems: [RowProblem] = []
        var warnings: [RowProblem]?
        var format: Format?
    }

    private struct Format: Encodable {
        let delimiter: String
        let encoding: String
        let headerRow: Int
        @OrNull var endRow: Int?
    }

    func run() throws {
        let context = CommandContext.current
        let origins = try files.map { file in try context.list(file) }
        let order = try order()
        if let replace = replace.first, let reason { return try self.replace(replace, origins[0], order, reason) }
        let progress = ProgressLine(context)
        do {
            let summaries = try registry.desk().importDispatches(origins, order) {
                progress.take(Progress(what: $0.file, done: $0.done, size: $0.size))
            }
            progress.finish()
            if output.json {
                let answers = zip(files, summaries).map(answer)
                if answers.count == 1 {
                    try context.answer(json: answers[0])
                } else {
                    try context.answer(json: answers)
                }
            }
            for (file, summary) in zip(files, summaries) {
                for line in summary.told(of: file == "-" ? "standard input" : file, rejects: rejects) {
                    context.say(line)
                }
            }
        } catch FleetError.badInput(let name, let problems, let total, let rows, let rejected) {
            progress.finish()
            if output.json {
                // Heard or not, it was refused.
                let file = files.count == 1 ? files[0] : name
                try? context.answer(
                    json: Answer(file: file, rows: rows, rejected: rejected, dryRun: dryRun, problems: problems)
                )
            }
            throw FleetError.badInput(file: name, problems: problems, total: total, rows: rows, rejected: rejected)
        } catch {
            progress.finish()
            throw error
        }
    }

    private struct Replacement: Encodable {
        let unit: String
        let replaced: Bool
        let dryRun: Bool
    }

    private func replace(_ unit: String, _ list: ListOrigin, _ order: ImportOrder, _ reason: String) throws {
        let context = CommandContext.current
        let (unit, isChanged) = try registry.desk().replaceCredentials(
            of: try PaygID(unit), from: list, order, reason: try Reason(reason)
        )
        if output.json {
            try context.answer(json: Replacement(unit: unit.id.text, replaced: isChanged && !dryRun, dryRun: dryRun))
        }
        guard isChanged else {
            return context.say("unit \(unit.id) has these credentials already: nothing was changed")
        }
        context.say(
            dryRun
                ? "the credentials of unit \(unit.id) would be replaced; dry run: nothing was changed"
                : "the credentials of unit \(unit.id) were replaced; the former ones are kept for its old tokens"
        )
        if case .provider(let name) = unit.authority {
            context.say("warning: \(name) makes its tokens, and has the former credentials: export it again")
        }
    }

    private func order() throws(FleetError) -> ImportOrder {
        var order = ImportOrder()
        order.dryRun = dryRun
        order.acceptsCounts = acceptCounts
        order.rejects = try rejects.map { file throws(FleetError) in try CommandContext.current.filePath(file) }
        order.reading = try list.reading()
        return order
    }

    private func answer(_ file: String, _ summary: ImportSummary) -> Answer {
        Answer(
            dispatch: summary.dispatch, file: file, rows: summary.rows, added: summary.added,
            unchanged: summary.unchanged, rejected: summary.rejected, acceptedCounts: summary.acceptedCounts,
            olderCounts: summary.olderCounts, dryRun: dryRun,
            problems: summary.problems.first, warnings: summary.warnings.first,
            format: Format(
                delimiter: summary.format.delimiter.rawValue, encoding: summary.format.encoding.rawValue,
                headerRow: summary.format.headerRow, endRow: summary.format.endRow
            )
        )
    }
}
