import ArgumentParser
import Fleet
import FleetOperations

struct KeyStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which key file the registry has, and what it seals.",
        usage: "payg key status",
        discussion: """
            Opens nothing, and asks for no passphrase. Where the key file is missing, cannot be used, or is not the \
            registry's, it tells what the registry knows, what is wrong and what to do, with exit code 77.
            """
    )

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        struct Cost: Encodable {
            let algorithm = "scrypt"
            let log2N: Int
            let r: Int
            let p: Int
            let memory: Int
        }

        struct Former: Encodable {
            let keyID: String
            @OrNull var until: String?
            @OrNull var keyFile: String?
        }

        let keyFile: String
        @OrNull var keyID: String?
        let registryKeyID: String
        let isRegistrys: Bool
        @OrNull var problem: String?
        /// Nil where the key file cannot be read.
        @OrNull var passphrase: Bool?
        @OrNull var cost: Cost?
        let since: String
        let registryMadeAt: String
        @OrNull var rotatedAt: String?
        let rotations: Int
        let formerKeys: [Former]
        let units: Int
        let formerCredentials: Int
    }

    func run() throws {
        let context = CommandContext.current
        let status = try registry.desk().keyStatus()
        if output.json {
            try context.answer(json: answer(status))
        } else {
            try context.answer(facts: facts(status, context))
        }
        if let problem = status.problem { throw problem }
    }

    private func answer(_ status: KeyStatus) -> Answer {
        Answer(
            keyFile: status.keyFile, keyID: status.key?.hex, registryKeyID: status.registryKey.hex,
            isRegistrys: status.isRegistrys,
            problem: status.problem.map { "\($0)".replacing("; nothing was changed", with: "") },
            passphrase: status.key.map { _ in status.cost != nil },
            cost: status.cost.map { cost in
                .init(log2N: cost.log2Rounds, r: cost.blockSize, p: cost.parallelism, memory: cost.memory)
            },
            since: status.since.text, registryMadeAt: status.registryMadeAt.text, rotatedAt: status.rotatedAt?.text,
            rotations: status.rotations,
            formerKeys: status.formerKeys.map { .init(keyID: $0.key.hex, until: $0.until?.text, keyFile: $0.keyFile) },
            units: status.units, formerCredentials: status.formerCredentials
        )
    }

    private func facts(_ status: KeyStatus, _ context: CommandContext) -> [(name: String, value: String)] {
        let cost = status.cost.map { cost in
            "yes (scrypt, N = 2^\(cost.log2Rounds), r = \(cost.blockSize), p = \(cost.parallelism): "
                + "\(cost.memory >> 20) MB a try)"
        }
        let unknown = "not known"
        let other = status.key == nil ? "that is \(status.registryKey)" : "no, that is \(status.registryKey)"
        let reason = status.rotatedAt == nil ? "registry was made" : "key was changed"
        var facts: [(name: String, value: String)] = [
            ("key file", context.shown(status.keyFile)),
            ("key", status.key?.description ?? unknown),
            ("registry's", status.isRegistrys ? "yes" : other),
            ("passphrase", status.key == nil ? unknown : cost ?? "no"),
            ("since", "\(status.since.readable), when the \(reason)"),
        ]
        for former in status.formerKeys {
            let until = former.until.map { ", until \($0.readable)" } ?? ""
            let place = former.keyFile.map { "in \(context.shown($0))" } ?? "its file is not here"
            facts.append(("former key", "\(former.key)\(until), \(place)"))
        }
        let sets = counted(status.formerCredentials, "set") + " of credentials"
        return facts + [
            ("units", String(status.units)), ("former", status.formerCredentials > 0 ? sets : ""),
        ]
    }
}
