import ArgumentParser
import Fleet
import FleetOperations

struct DoctorCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that somebody who helps would ask.",
        usage: "payg doctor [--quick] [--fix]",
        discussion: """
            Versions, paths, permissions, the key file, every page of the registry, its schema, references, counts and \
            chain of events, room on the disk, the clock, and the last backup. Works as far as it goes on a registry \
            that is damaged, and without the key. Exit code 2 where there is a problem.

            --fix mends what is safe to mend: permissions, triggers and indexes that are not as the schema has them, \
            on record, and how a registry that was copied by hand lets others write. --quick leaves out what reads the whole registry.
            """
    )

    @Flag(help: "Leave out what reads the whole registry.")
    var quick = false

    @Flag(help: "Mend what is safe to mend.")
    var fix = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Row: TableRow {
        let check: String
        let state: String
        let text: String
        @OrNull var hint: String?
        let mended: Bool

        init(_ line: CheckUpLine) {
            check = line.name
            state = line.state.rawValue
            text = line.text
            hint = line.hint
            mended = line.isMended
        }

        static var columns: [Column<Row>] {
            [
                Column("check", \.check),
                Column("state") { $0.mended ? "mended" : $0.state },
                Column("found", \.text),
            ]
        }
    }

    private struct Answer: Encodable {
        let ok: Bool
        let checks: [Row]
    }

    func run() throws {
        let context = CommandContext.current
        let path = registry.registryPath
        let checkUp = CheckUp(
            registry: path, keyFile: registry.keyFilePath, actor: try registry.actorName(), now: context.now()
        )
        let lines =
            [CheckUpLine("payg", .ok, Payg.configuration.version)] + checkUp.run(isQuick: quick, isMending: fix)
        let problems = lines.filter { $0.state == .problem }
        let warnings = lines.filter { $0.state == .warning }
        if output.json {
            try context.answer(json: Answer(ok: problems.isEmpty, checks: lines.map(Row.init)))
        } else {
            try context.answer(lines.map(Row.init), json: false, none: "")
        }
        for line in problems + warnings + lines.filter(\.isMended) {
            if let hint = line.hint { context.say("\(line.name): \(line.text)\n  hint: \(hint)") }
        }
        let found = [(problems.count, "problem"), (warnings.count, "warning")].filter { $0.0 > 0 }
            .map { counted($0.0, $0.1) }.joined(separator: " and ")
        context.say(found.isEmpty ? "everything is as it should be" : found)
        if !problems.isEmpty { throw ExitStatus.difference }
    }
}
