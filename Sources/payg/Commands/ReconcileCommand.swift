import ArgumentParser
import Fleet
import FleetOperations

struct ReconcileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reconcile",
        abstract: "Compare a list with the registry.",
        usage: """
            payg reconcile FILE [--html FILE] [--apply-counts]
                   [--dispatch N] [--unit ID...] [--customer REF] [--authority NAME]
            """,
        discussion: """
            Any list that import takes: a provider's device export, the Cloud Solar account's credentials. Tells which \
            units only one of the two has, and whose credentials, settings (time divider, restricted digits, test \
            code) or counts differ; never a credential. What the list does not have is not compared; another model or \
            version is told, and is no difference. Exit code 2 when there is one.

            With a set of units, the others are not expected in the list; rows of them are counted, and not compared. \
            Nobody expects retired units in a list either: one that is there is compared.

            --apply-counts takes counts above ours, on record, for units that differ in nothing else; never lower ones. Without \
            it nothing is changed.
            """
    )

    @Argument(help: ArgumentHelp("The list; - is standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("Write a report to read, print or send.", valueName: "file"))
    var html: String?

    @Flag(help: "Take counts above ours from the list: somebody else made tokens.")
    var applyCounts = false

    @OptionGroup var selection: SelectionOptions
    @OptionGroup var list: ListOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let file: String
        var rows = 0
        var units = 0
        var same = 0
        var onlyHere = 0
        var onlyThere = 0
        var credentialsDiffer = 0
        var settingsDiffer = 0
        var countsDiffer = 0
        var outsideSelection = 0
        var retiredNotListed = 0
        var otherModels = 0
        var applied = 0
        var notCompared: [String] = []
        var ok = false
        let differences: [DifferenceRow] = []
        var problems: [RowProblem] = []
    }

    func run() throws {
        let context = CommandContext.current
        var order = ReconcileOrder()
        order.selection = try selection.selection()
        order.takesCounts = applyCounts
        order.report = try html.map { file in try context.filePath(file) }
        order.reading = try list.reading()
        let origin = try context.list(file)
        let progress = ProgressLine(context)
        defer { progress.finish() }
        let result: Reconciliation
        do {
            result = try registry.desk().reconcile(origin, order) {
                progress.take(Progress(what: $0.file, done: $0.done, size: $0.size))
            }
        } catch FleetError.listNotCompared(let name, let problems, let total, let rows, let rejected) {
            // Heard or not, it was refused.
            if output.json { try? context.answer(json: Answer(file: file, rows: rows, problems: problems)) }
            throw FleetError.listNotCompared(
                file: name, problems: problems, total: total, rows: rows, rejected: rejected)
        }
        progress.finish()
        var lost: OutputLost?
        do { try answer(result) } catch let error as OutputLost { lost = error }
        let told = ReconcileTelling(result, order.selection, applyCounts: applyCounts, report: html)
        for line in told.lines(of: file == "-" ? "standard input" : file) { context.say(line) }
        guard result.isSame else { throw ExitStatus.difference }
        if let lost { throw lost }
    }

    private func answer(_ result: Reconciliation) throws {
        let context = CommandContext.current
        if output.json {
            return try context.answer(
                json: answer(of: result), with: result.differences.lazy.map(DifferenceRow.init), as: "differences"
            )
        }
        guard context.isForPerson else {
            return try context.answer(lines: result.differences.lazy.map(DifferenceRow.init))
        }
        let shown = UnitDifference.Kind.allCases.flatMap { kind in
            result.differences(kind).prefix(ReconcileTelling.mostShown).map(DifferenceRow.init)
        }
        if !shown.isEmpty { try context.answer(shown, json: false, none: "") }
    }

    private func answer(of result: Reconciliation) -> Answer {
        Answer(
            file: file, rows: result.rows, units: result.units, same: result.same,
            onlyHere: result.number(.onlyHere), onlyThere: result.number(.onlyThere),
            credentialsDiffer: result.number(.credentials), settingsDiffer: result.number(.settings),
            countsDiffer: result.number(.count), outsideSelection: result.outsideSelection,
            retiredNotListed: result.retiredNotListed, otherModels: result.otherModels, applied: result.takenCounts,
            notCompared: result.notStated.map(\.rawValue), ok: result.isSame
        )
    }
}
