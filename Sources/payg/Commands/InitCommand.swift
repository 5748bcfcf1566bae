import ArgumentParser
import Fleet
import FleetOperations

struct InitCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a registry and its key file.",
        usage: "payg init [--registry FILE] [--key-file FILE] [--passphrase]",
        discussion: """
            Neither replaces anything. The key file seals the credentials in the registry: keep a copy of it, \
            and keep it apart from the registry and its copies; `payg key export-recovery` prints it.

            With --passphrase nobody who has the key file can use it without the passphrase, and every command that \
            seals or opens credentials asks for it. It is typed, or the first line of --passphrase-file or \
            --passphrase-fd.
            """
    )

    @Flag(help: "Protect the key file with a passphrase.")
    var passphrase = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let registry: String
        let keyFile: String
        let passphrase: Bool
    }

    func run() throws {
        let context = CommandContext.current
        let (path, keyFile) = (registry.registryPath, registry.keyFilePath)
        guard path != keyFile else {
            throw FleetError.badValue(what: "key file", problem: "has the registry's own path; they live apart")
        }
        let actor = try registry.actorName()
        // Nobody who says where a passphrase is wants to do without.
        let isProtected = passphrase || registry.passphrase.isGiven
        // What is in the way is told before anybody thinks of a passphrase.
        if context.isThere(path) { throw FleetError.registryExists(path: path) }
        if context.isThere(keyFile) { throw FleetError.keyFileExists(path: keyFile) }
        try FleetDesk.createRegistry(
            path, keyFile: keyFile, protection: isProtected ? try registry.passphrase.protection(of: keyFile) : .none,
            actor: actor, now: context.now()
        )
        if output.json {
            try context.answer(json: Answer(registry: path, keyFile: keyFile, passphrase: isProtected))
        }
        context.say("made the registry \(context.shown(path))")
        context.say("made the key file \(context.shown(keyFile)): keep a copy, apart from the registry")
        if isProtected {
            context.say("without its passphrase it is lost: payg key export-recovery prints the key, to lock away")
        }
    }
}
