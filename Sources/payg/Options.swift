import ArgumentParser
import Fleet
import FleetOperations

/// Which registry, which key, and who.
struct RegistryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The registry, if not $PAYG_REGISTRY.", valueName: "file"))
    var registry: String?

    @Option(help: ArgumentHelp("The key file, if not $PAYG_KEY_FILE.", valueName: "file"))
    var keyFile: String?

    @Option(help: ArgumentHelp("Who does this, if not $PAYG_ACTOR or the login.", valueName: "name"))
    var actor: String?

    @Option(help: ArgumentHelp("Has the key file's passphrase, if not $PAYG_PASSPHRASE_FILE.", valueName: "file"))
    var passphraseFile: String?

    @Option(
        name: .customLong("passphrase-fd"), parsing: .unconditional,
        help: ArgumentHelp("Has it too: an open file descriptor.", valueName: "number"))
    var passphraseDescriptor: Int?

    func validate() throws {
        guard passphraseFile == nil || passphraseDescriptor == nil else {
            throw ValidationError("--passphrase-file or --passphrase-fd, not both")
        }
    }

    var passphrase: PassphraseOptions {
        PassphraseOptions(passphraseFile: passphraseFile, passphraseDescriptor: passphraseDescriptor)
    }

    var registryPath: String {
        let context = CommandContext.current
        return registry.map(context.path) ?? context.usualRegistry
    }

    var keyFilePath: String {
        let context = CommandContext.current
        return keyFile.map(context.path) ?? context.usualKeyFile
    }

    func actorName() throws(FleetError) -> ActorName {
        let context = CommandContext.current
        return try ActorName(actor ?? context.variable("PAYG_ACTOR") ?? context.loginName())
    }

    /// - Parameter mayAsk: whether somebody may be asked for the key file's passphrase.
    func desk(mayAsk: Bool = true) throws(FleetError) -> FleetDesk {
        let context = CommandContext.current
        let desk = try FleetDesk(
            registry: registryPath, keyFile: keyFilePath, passphrase: passphrase.asker(mayAsk: mayAsk),
            actor: try actorName(),
            now: context.now
        ) { now, last in
            context.say(
                "warning: the clock says \(now.readable), and what was done before is dated \(last.readable): one of "
                    + "them is wrong; the history keeps the order in which things were done"
            )
        }
        // The log has the registry's own permissions.
        if let exposure = desk.exposures.first {
            context.say(
                "warning: \(context.shown(exposure.path)) \(exposure.problem), so that nothing is written to it: "
                    + "payg doctor --fix mends it"
            )
        }
        context.openDesks.add(desk)
        return desk
    }
}

/// How the answer is written.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Answer in JSON.")
    var json = false
}

/// Which part of the history is asked for.
struct HistoryOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only this unit.", valueName: "payg-id"))
    var unit: String?

    @Option(help: ArgumentHelp("Only this customer.", valueName: "reference"))
    var customer: String?

    @Option(help: ArgumentHelp("Only the units of this dispatch.", valueName: "number"))
    var dispatch: Int?

    @Option(help: ArgumentHelp("From this day or moment on, UTC.", valueName: "date"))
    var since: String?

    @Option(help: ArgumentHelp("Before this day or moment, UTC.", valueName: "date"))
    var before: String?

    func filter() throws(FleetError) -> HistoryFilter {
        HistoryFilter(
            unit: try unit.map { text throws(FleetError) in try PaygID(text) },
            customer: try customer.map { text throws(FleetError) in try CustomerReference(text) },
            dispatch: dispatch,
            since: try since.map { text throws(FleetError) in try moment(text, "--since") },
            before: try before.map { text throws(FleetError) in try moment(text, "--before") }
        )
    }
}

/// A moment that was typed: a day, or as the tables show it, in UTC.
///
/// - Throws: ``FleetError/badValue(what:problem:)`` naming the option.
func moment(_ text: String, _ option: String) throws(FleetError) -> Timestamp {
    guard let moment = Timestamp(typed: text) else {
        throw .badValue(
            what: "value of \(option)", problem: "is no date; write 2026-11-03, or “2026-11-03 09:00” in UTC"
        )
    }
    return moment
}
