import ArgumentParser
import Fleet
import FleetOperations
import Foundation

struct BackupCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy the registry while others use it, and prove the copy.",
        usage: "payg backup [FILE] [--folder FOLDER [--keep N]]",
        discussion: """
            Without a file it gets a name with the time, registry-2026-11-23T051259Z.sqlite, in the folder that \
            --folder names, or beside the registry. One file, readable by you only, whole or not at all, never over \
            another. It is checked before it gets its name: every page, row and event, and with the key file at hand \
            every token; a passphrase is not asked for, but taken from where the options say. Exit code 2 where it is a good copy of a registry that does not prove itself.

            The key file is not in it: keep a copy of that, apart from the backups.
            """
    )

    static let hintWhenUnheard: String? = "payg doctor tells the last backup"

    @Argument(help: ArgumentHelp("Where to write it, a file or a folder.", valueName: "file"))
    var file: String?

    @Option(help: ArgumentHelp("Name it by the time, in this folder.", valueName: "folder"))
    var folder: String?

    @Option(
        help: ArgumentHelp(
            "Delete the oldest so named of this registry, once this one is proven, until there are N.", valueName: "n"
        )
    )
    var keep: Int?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if file != nil, folder != nil { throw ValidationError("name a file or --folder, not both") }
        if let keep, keep < 1 { throw ValidationError("--keep takes 1 or more") }
    }

    private struct Answer: Encodable {
        let file: String
        let bytes: Int
        let sha256: String
        let events: Int
        let tokens: Int
        let units: Int
        let customers: Int
        let provenWithKey: Bool
        let ok: Bool
        let problems: [String]
        let recorded: Bool
        let deleted: [String]
    }

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk(mayAsk: false)
        let target = try target(context)
        if let keep, case .file(let path) = target {
            throw FleetError.badValue(
                what: "option --keep",
                problem: "goes with backups that are named by the time, and \(context.shown(path)) is no folder: "
                    + "payg backup --folder FOLDER --keep \(keep)"
            )
        }
        let line = ProgressLine(context)
        defer { line.finish() }
        let record = try desk.backup(to: target, keeping: keep) { done, all in
            line.take(.init(what: "copying", done: done, size: all))
        }
        line.finish()
        let facts = record.facts
        if output.json {
            try context.answer(
                json: Answer(
                    file: record.path, bytes: record.size, sha256: record.sha256, events: facts.events,
                    tokens: facts.tokens, units: facts.units, customers: facts.customers,
                    provenWithKey: record.keyMissing == nil, ok: record.problemCount == 0, problems: record.problems,
                    recorded: record.notRecorded == nil, deleted: record.deleted
                )
            )
        } else if !context.isForPerson {
            try context.output.line(context.shown(record.path).printable)
        }
        tell(record, context)
        guard record.problemCount == 0 else { throw ExitStatus.difference }
    }

    private func target(_ context: CommandContext) throws -> BackupTarget {
        if let folder { return .folder(context.path(folder)) }
        if let file {
            return switch try context.place(file) {
            case .file(let path): .file(path)
            case .folder(let path): .folder(path)
            }
        }
        let url = URL(fileURLWithPath: registry.registryPath).deletingLastPathComponent()
        return .folder(url.path)
    }

    /// It runs at night, and asks nobody.
    private func words(_ reason: FleetError) -> String {
        guard case .passphraseMissing(let path) = reason else {
            return "\(reason)".replacing("; nothing was changed", with: "")
        }
        return
            "the key file \(path) has a passphrase, which it takes from --passphrase-file FILE or PAYG_PASSPHRASE_FILE"
    }

    private func tell(_ record: BackupRecord, _ context: CommandContext) {
        let facts = record.facts
        context.say(
            "backup \(context.shown(record.path)): \(counted(facts.events, "event")), \(counted(facts.units, "unit")), "
                + "\(counted(facts.tokens, "token")), up to \(facts.lastEventAt.readable)"
        )
        for problem in record.problems.prefix(50) { context.say("  \(problem)") }
        if record.problemCount > 0 {
            context.say(
                "warning: it is a good copy of a registry that does not prove itself: \(counted(record.problemCount, "problem"))"
                    + (keep == nil ? "" : "; no older backup was deleted")
            )
        } else if let reason = record.keyMissing {
            context.say("checked without the key, so that its tokens were not made again: \(words(reason))")
        } else {
            context.say("checked: everything fits")
        }
        if let reason = record.notRecorded {
            let words = "\(reason)".replacing("; nothing was changed", with: "")
            context.say("warning: the registry has no event of it: \(words)")
        }
        for path in record.deleted { context.say("deleted \(context.shown(path))") }
        if record.isOnSameDisk {
            context.say("it is on the registry's own disk: copy it to another, or name a folder there with --folder")
        }
        context.say("the key file is not in it: without that no token can be made")
    }
}
