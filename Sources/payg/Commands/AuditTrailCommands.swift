import ArgumentParser
import Fleet
import FleetOperations

struct AuditCheckpointCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkpoint",
        abstract: "Print where the history is, in one line to keep elsewhere.",
        usage: "payg audit checkpoint",
        discussion: """
            Send the line to somebody who does not work on the registry, or print it: it is shorter than a text \
            message, and tells nothing of what the history holds. payg audit verify --against proves later that \
            nothing before it was altered or cut off, whoever had the registry and the key file in between. It needs \
            no key.
            """
    )

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let checkpoint: String
        let registry: String
        let sequence: Int
        let at: String
        let hash: String
    }

    func run() throws {
        let context = CommandContext.current
        let head = try registry.desk().auditHead()
        guard !output.json else {
            return try context.answer(
                json: Answer(
                    checkpoint: head.checkpoint.text, registry: head.registry, sequence: head.sequence,
                    at: head.at.text, hash: head.hash.hex
                )
            )
        }
        try context.output.line(head.checkpoint.text)
        context.say(
            "after event \(head.sequence) of \(head.at.readable): keep it where nobody who works here can change it")
    }
}

struct AuditExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write the whole history to a file that can be checked anywhere.",
        usage: "payg audit export -o FILE",
        discussion: """
            One line of JSON for each event, with the chain's hashes; payg audit verify --file checks it on a machine \
            without the registry and its key. It holds every token ever issued, though no secret key, so it goes into \
            a file that only you can read, and never into a pipe. It needs no key.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write it.", valueName: "file"))
    var output: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        let file: String
        let events: Int
        let bytes: Int
        let registry: String
        let head: String
        let checkpoint: String
    }

    func run() throws {
        let context = CommandContext.current
        let line = ProgressLine(context)
        defer { line.finish() }
        let (head, bytes) = try registry.desk().exportTrail(to: try context.filePath(output)) { done, all in
            line.take(Progress(what: output, done: done, size: all, unit: .things("events")))
        }
        line.finish()
        if answer.json {
            try context.answer(
                json: Answer(
                    file: output, events: head.sequence, bytes: bytes, registry: head.registry, head: head.hash.hex,
                    checkpoint: head.checkpoint.text
                )
            )
        }
        context.say("\(counted(head.sequence, "event")) in \(output), which holds every token ever issued")
        context.say("its checkpoint, to be sent by another way: \(head.checkpoint)")
    }
}
