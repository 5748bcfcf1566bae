import ArgumentParser
import Fleet
import FleetOperations

struct InitCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a registry and its key file.",
        usage: "payg init [--registry FILE] [--key-file FILE]",
        discussion: """
            Neither replaces anything. The key file seals the credentials in the registry: keep a copy of it, \
            and keep it apart from the registry and its copies.
            """
    )

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let registry: String
        let keyFile: String
    }

    func run() throws {
        let context = CommandContext.current
        let (path, keyFile) = (registry.registryPath, registry.keyFilePath)
        guard path != keyFile else {
            throw FleetError.badValue(what: "key file", problem: "has the registry's own path; they live apart")
        }
        try FleetDesk.createRegistry(path, keyFile: keyFile, actor: try registry.actorName(), now: context.now())
        if output.json { try context.answer(json: Answer(registry: path, keyFile: keyFile)) }
        context.say("made the registry \(context.shown(path))")
        context.say("made the key file \(context.shown(keyFile)): keep a copy, apart from the registry")
    }
}
