import ArgumentParser
import Fleet
import FleetOperations

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Look after the master key: change it, print it, make it again.",
        subcommands: [
            KeyStatusCommand.self, KeyRotateCommand.self, KeyExportRecoveryCommand.self, KeyRestoreCommand.self,
        ]
    )
}

struct KeyRotateCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Change the master key, and seal every unit's credentials anew.",
        usage: """
            payg key rotate [--yes]
            payg key rotate --passphrase [--new-passphrase-file FILE]
            payg key rotate --no-passphrase
            """,
        discussion: """
            For when the key file may have been seen by somebody, or should get a passphrase, another, or none. It is \
            one transaction: stopped anywhere, the registry has the former key or the new one, and its file is found. \
            Without an option the passphrase stays as it is.

            The former key file is kept, with its id behind its name: copies of the registry from before need it. \
            Whoever has such a copy and the former key still has the units' keys of then, which stay the same: only \
            their maker can change those.
            """
    )

    @Flag(help: "Protect the new key file with a new passphrase.")
    var passphrase = false

    @Flag(help: "Leave the new key file without a passphrase.")
    var noPassphrase = false

    @Option(help: ArgumentHelp("Has the new passphrase, which is asked for twice otherwise.", valueName: "file"))
    var newPassphraseFile: String?

    @Option(
        name: .customLong("new-passphrase-fd"), parsing: .unconditional,
        help: ArgumentHelp("Has it too: an open file descriptor.", valueName: "number"))
    var newPassphraseDescriptor: Int?

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let keyID: String
        let formerKeyID: String
        let units: Int
        let formerCredentials: Int
        let keyFile: String
        let passphrase: Bool
        let formerKeyFile: String
    }

    func validate() throws {
        if newPassphraseFile != nil, newPassphraseDescriptor != nil {
            throw ValidationError("--new-passphrase-file or --new-passphrase-fd, not both")
        }
        if noPassphrase, passphrase || isNewGiven {
            throw ValidationError("--no-passphrase, or a new passphrase, not both")
        }
    }

    private var isNewGiven: Bool { newPassphraseFile != nil || newPassphraseDescriptor != nil }

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk()
        let status = try desk.keyStatus()
        if let problem = status.problem { throw problem }
        if !yes {
            let question = "\(counted(status.units, "unit")) will be sealed under a new key"
            guard context.canAsk else { throw FleetError.notConfirmed(question, option: "--yes") }
            guard context.confirm(question + ": change it?") else {
                throw FleetError.notConfirmed("the key stays as it is", option: nil)
            }
        }
        // Nobody thinks of a new passphrase before the old one is right.
        if status.cost != nil, passphrase { try desk.unlock() }
        let change = try change(status, context)
        let line = ProgressLine(context)
        defer { line.finish() }
        let done = try desk.rotateKey(change) { done, all in
            line.take(Progress(what: "sealing", done: done, size: all, unit: .things("units")))
        }
        line.finish()
        let (isProtected, passphrase) = outcome(change, status)
        if output.json {
            try context.answer(
                json: Answer(
                    keyID: done.key.hex, formerKeyID: done.former.hex, units: done.units,
                    formerCredentials: done.formerCredentials, keyFile: done.keyFile, passphrase: isProtected,
                    formerKeyFile: done.formerKeyFile
                )
            )
        }
        context.say(
            "the key is \(done.key) now, in \(context.shown(done.keyFile)): \(counted(done.units, "unit")) sealed anew")
        context.say(passphrase)
        context.say(
            "the former key \(done.former) is kept in \(context.shown(done.formerKeyFile)): copies of the registry from "
                + "before need it; lock it away with them, or delete both"
        )
        if status.cost == nil {
            if isProtected { context.say("the former key file has no passphrase: do not leave it there") }
        } else {
            context.say("the former key file keeps the passphrase that it had")
        }
        context.say("a recovery sheet from before has the former key: payg key export-recovery prints the new one")
    }

    /// Whether the new key file has a passphrase, and what is said of it.
    private func outcome(_ change: KeyProtectionChange, _ status: KeyStatus) -> (isProtected: Bool, words: String) {
        switch change {
        case .kept where status.cost != nil: (true, "its passphrase is the same as before")
        case .to(.passphrase): (true, "it has the new passphrase")
        case .kept, .to(.none): (false, "warning: it has no passphrase: whoever reads the file has the key")
        }
    }

    private func change(_ status: KeyStatus, _ context: CommandContext) throws(FleetError) -> KeyProtectionChange {
        if noPassphrase { return .to(.none) }
        guard passphrase || isNewGiven else { return .kept }
        let source: PassphraseSource =
            newPassphraseFile.map { .file(context.path($0)) } ?? newPassphraseDescriptor.map { .descriptor($0) }
            ?? .terminal
        return .to(try source.protection(of: status.keyFile, context))
    }
}

struct KeyExportRecoveryCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "export-recovery",
        abstract: "Write the master key as a page to print and lock away.",
        usage: "payg key export-recovery -o FILE [--no-qr] [--yes]",
        discussion: """
            One HTML page for A4, in black and white: the key as five lines to type, each with a check that tells a \
            slip and where it is, and as a QR code, which the program qrencode draws. `payg key restore` makes the key \
            file again from it. It is the key in the clear, without any passphrase: print it, delete the file, and \
            keep the page under lock, apart from the registry. That it was made is on record.
            """
    )

    @Option(name: .shortAndLong, help: ArgumentHelp("Where to write the page.", valueName: "file"))
    var output: String

    @Flag(help: "Without the QR code.")
    var noQr = false

    @Flag(help: "Do not ask.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var answer: OutputOptions

    private struct Answer: Encodable {
        let file: String
        let keyID: String
        let qrCode: Bool
    }

    func run() throws {
        let context = CommandContext.current
        let path = try context.filePath(output)
        if !yes {
            let question = "the page has the master key in the clear"
            guard context.canAsk else { throw FleetError.notConfirmed(question, option: "--yes") }
            guard context.confirm(question + ", for whoever reads it: write it?") else {
                throw FleetError.notConfirmed("no file was written", option: nil)
            }
        }
        let facts = try registry.desk().exportRecovery(to: path, hasQRCode: !noQr, environment: context.environment.all)
        if answer.json { try context.answer(json: Answer(file: output, keyID: facts.key.hex, qrCode: !noQr)) }
        context.say("the key \(facts.key) is in \(output), in the clear: print it, delete the file, lock the page away")
        if facts.isProtected {
            context.say("warning: the key file's passphrase does not protect the page, which is the key itself")
        }
    }
}
