import ArgumentParser
import Fleet
import FleetOperations

struct RestoreCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the registry's place.",
        usage: """
            payg restore FILE [--dry-run] [--force] [--skip-counts]
                   [--skip-ahead N]
            """,
        discussion: """
            The backup is checked first, and only read. A registry that has what the backup does not have is replaced \
            only with --force; it is kept under another name, and what would be lost is told. Counts that it used since \
            must not be used again: --skip-counts has every unit go on from its last known one, and units that were \
            handed to a provider stay there.

            Where there is no registry to be read, nobody knows which counts were used. Then the count of every unit \
            whose tokens are made here is skipped by 20, or as --skip-ahead says: enough for ten tokens a unit since the \
            backup. A unit takes counts up to 64 above the last token that it took. --skip-ahead 0 says that none was \
            issued since.

            Programs that have the registry open go on with what is restored; where it cannot be read, end them first.
            """
    )

    static let hintWhenUnheard: String? = "payg audit events tells whether it was restored"

    @Argument(help: ArgumentHelp("The backup.", valueName: "file"))
    var file: String

    @Flag(help: "Tell what would be done and lost, and do nothing.")
    var dryRun = false

    @Flag(help: "Replace a registry that has more, is another, or cannot be read.")
    var force = false

    @Flag(help: "Never use again the counts that were used since.")
    var skipCounts = false

    @Option(help: ArgumentHelp("How far to skip where nobody knows the counts.", valueName: "n"))
    var skipAhead: Int?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let skipAhead, !(0...1_000_000).contains(skipAhead) {
            throw ValidationError("--skip-ahead takes a number of counts, 0 or more")
        }
    }

    func run() throws {
        let context = CommandContext.current
        let path = registry.registryPath
        let line = ProgressLine(context)
        defer { line.finish() }
        func progress(_ done: Int, _ all: Int) { line.take(.init(what: "copying", done: done, size: all)) }
        let desk = try RestoreDesk(
            try context.filePath(file), registry: path, keyFile: registry.keyFilePath,
            passphrase: registry.passphrase.asker(), dryRun: dryRun, actor: try registry.actorName(), now: context.now,
            progress: progress
        )
        line.finish()
        let finding = desk.finding
        let telling = RestoreTelling(
            finding, file: file, registry: path, keyFile: registry.keyFilePath, skipAhead: skipAhead, context: context
        )
        telling.tellFinding(isForced: force)
        if dryRun {
            if output.json { try context.answer(json: telling.answer(nil, dryRun: true)) }
            context.say("dry run: nothing was changed")
            return
        }
        var skipsCounts = skipCounts
        // What is refused anyway needs no answer.
        if !finding.skips.isEmpty, !skipsCounts, context.canAsk, force, finding.problemCount == 0 || force {
            skipsCounts = context.confirm(
                "skip every count up to the last known one of \(counted(finding.skips.count, "unit")), and restore?",
                deletingIfEnded: desk.hiddenFiles
            )
            guard skipsCounts else {
                throw FleetError.notConfirmed("counts would be used again, so nothing is restored", option: nil)
            }
        }
        let result = try desk.restore(
            context.path(file), over: path, isForced: force, skipsCounts: skipsCounts, skipAhead: skipAhead,
            progress: progress
        )
        line.finish()
        if output.json { try context.answer(json: telling.answer(result, dryRun: false)) }
        telling.tell(result)
    }
}
