import ArgumentParser
import Fleet
import FleetOperations

struct AuditVerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that the history was not altered.",
        usage: """
            payg audit verify [--against CHECKPOINT…] [--without-key]
            payg audit verify --file TRAIL [--against CHECKPOINT…] [--key-file FILE]
            """,
        discussion: """
            Recomputes the hash of every event, makes every token again from the sealed credentials, and compares \
            each unit with what the events say of it. That the end of the history was cut off together with all it \
            did is only seen against a checkpoint that was taken before. Exit code 2 when something does not fit.

            With --file, an exported trail is checked where there is no registry: every line, the chain, the \
            checkpoints, and with --key-file the events' authentication codes.
            """
    )

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp(
            "What payg audit checkpoint printed, or a file with such lines; as often as wanted.",
            valueName: "checkpoint"))
    var against: [String] = []

    @Option(help: ArgumentHelp("Check what payg audit export wrote, in place of the registry.", valueName: "trail"))
    var file: String?

    @Flag(help: "Check only what needs no key.")
    var withoutKey = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let events: Int
        /// Nil for a trail: its tokens are not made again.
        @OrNull var tokens: Int?
        /// Checkpoints that fit.
        let checkpoints: Int
        let withoutKey: Bool
        let ok: Bool
        let problems: [String]
        let warnings: [String]
    }

    func validate() throws {
        guard !withoutKey || registry.keyFile == nil else {
            throw ValidationError("--without-key, or --key-file, not both")
        }
    }

    func run() throws {
        let context = CommandContext.current
        let checkpoints = try checkpoints()
        let report = try report(against: checkpoints)
        var lost: OutputLost?
        do {
            if output.json {
                var answer = Answer(
                    events: report.events, checkpoints: report.checkpoints, withoutKey: report.withoutKey,
                    ok: report.ok, problems: report.problems, warnings: report.warnings
                )
                if file == nil { answer.tokens = report.tokens }
                try context.answer(json: answer)
            } else {
                for problem in report.problems { try context.output.line(problem.printable) }
            }
        } catch let error as OutputLost { lost = error }
        tell(report)
        guard report.ok else { throw ExitStatus.difference }
        if let lost { throw lost }
    }

    private func report(against checkpoints: [Checkpoint]) throws(FleetError) -> AuditReport {
        guard let file else { return try registry.desk().verify(withoutKey: withoutKey, against: checkpoints) }
        let context = CommandContext.current
        let line = ProgressLine(context)
        defer { line.finish() }
        return try FleetDesk.verify(
            trail: try context.list(file), keyFile: registry.keyFile.map(context.path),
            passphrase: registry.passphrase.asker(), against: checkpoints
        ) { line.take(Progress(what: $0.file, done: $0.done, size: $0.size)) }
    }

    /// The checkpoints that were typed, and those in the files that were named.
    private func checkpoints() throws(FleetError) -> [Checkpoint] {
        let context = CommandContext.current
        var checkpoints: [Checkpoint] = []
        for typed in Self.joined(against) {
            let isLine = Self.isLine(typed) && !context.isThere(context.path(typed))
            checkpoints +=
                isLine ? [try Checkpoint(typed: typed)] : try FleetDesk.checkpoints(in: try context.list(typed))
        }
        return checkpoints
    }

    /// Whether it is a checkpoint by itself, and no file of them by its name.
    private static func isLine(_ typed: String) -> Bool {
        typed.contains(where: \.isWhitespace) || typed.uppercased().hasPrefix("PAYG1")
    }

    /// A checkpoint has no more words that follow the first.
    private static let words = 12

    /// A checkpoint that was typed without quotation marks comes word by word,
    /// and may have fewer than it was printed with.
    private static func joined(_ typed: [String]) -> [String] {
        var (lines, missing) = ([String](), 0)
        for word in typed {
            if missing > 0, let line = lines.last, (try? Checkpoint(typed: line)) == nil {
                lines[lines.count - 1] += " " + word
                missing -= 1
            } else {
                lines.append(word)
                missing = word.uppercased().hasPrefix("PAYG1") ? words : 0
            }
        }
        return lines
    }

    /// How many warnings are said one by one.
    private static let said = 20

    private func tell(_ report: AuditReport) {
        let context = CommandContext.current
        for warning in report.warnings.prefix(Self.said) { context.say("warning: \(warning)") }
        if report.warnings.count > Self.said {
            context.say("warning: and \(report.warnings.count - Self.said) more such; --json has them")
        }
        let events = counted(report.events, "event")
        let things = file == nil ? "\(events) and \(counted(report.tokens, "token"))" : events
        let against = report.checkpoints > 0 ? ", and \(counted(report.checkpoints, "checkpoint"))" : ""
        let fits = "everything \(report.withoutKey && file == nil ? "that needs no key " : "")fits\(against)"
        context.say("\(things) checked: \(report.ok ? fits : counted(report.problemCount, "problem"))")
        if report.withoutKey, report.events > 0 {
            context.say(
                file == nil
                    ? "without the key no token was made again, no credentials were opened, and no event's code was checked"
                    : "without the key (--key-file) no event's code was checked: the chain may have been made anew"
            )
        }
        if !report.ok {
            context.say(
                file == nil
                    ? "hint: issue nothing until it is explained, and keep a copy of the registry as it is"
                    : "hint: ask for the file once more; if it is the same, keep it as it is"
            )
        }
    }
}
