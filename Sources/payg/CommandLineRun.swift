import ArgumentParser
import Fleet

/// A command that changes something: when its answer is lost, it must be said
/// that the change is not.
protocol ChangingCommand: ParsableCommand {
    /// What to do when nobody heard the answer.
    static var hintWhenUnheard: String? { get }
}

extension ChangingCommand {
    static var hintWhenUnheard: String? { nil }
}

/// One run of the command line, from arguments to exit code.
struct CommandLineRun {
    private let context: CommandContext

    init(_ context: CommandContext) {
        self.context = context
    }

    /// Runs the command that the arguments name.
    ///
    /// - Returns: the exit code.
    func run(_ arguments: [String]) -> Int32 {
        CommandContext.$current.withValue(context) {
            defer { context.openDesks.close() }
            var hint: String??
            let arguments = Self.spelledOut(arguments)
            var verb = "import"
            do {
                var command = try Self.named(arguments) ?? Payg.parseAsRoot(arguments)
                if command is ReconcileCommand { verb = "reconcile" }
                if let command = command as? AuditVerifyCommand {
                    verb = command.file == nil ? "audit verify" : "audit verify --file"
                }
                if command is RestoreCommand { verb = "restore" }
                if command is ExportWriteCommand { verb = "export PROFILE --counts" }
                if command is DeviceNewCommand { verb = "device new --row UNIT --state FILE --from" }
                if command is DeviceRunPlanCommand { verb = "device run-plan STATE" }
                hint = (command as? any ChangingCommand).map { type(of: $0).hintWhenUnheard }
                try command.run()
                return ExitStatus.done.rawValue
            } catch let status as ExitStatus {
                return status.rawValue
            } catch let error as FleetError {
                return say(Failure(error, verb: verb))
            } catch let lost as OutputLost {
                // `payg unit list | head` has had enough, and knows it.
                guard hint != nil || !lost.isPipeClosed else { return ExitStatus.cannotWrite.rawValue }
                return say(.answerLost(hint))
            } catch {
                return sayParser(error)
            }
        }
    }

    /// The command that the first words name, read without all the others; nil
    /// where anything is amiss, for the root to tell.
    ///
    /// A token that is asked for by another program is waited for, and to set up
    /// every command takes longer than to issue it.
    private static func named(_ arguments: [String]) -> (any ParsableCommand)? {
        var command: any ParsableCommand.Type = Payg.self
        var rest = arguments[...]
        while let word = rest.first,
            let next = command.configuration.subcommands.first(where: { $0.configuration.commandName == word })
        {
            command = next
            rest = rest.dropFirst()
        }
        guard rest.count < arguments.count, command.configuration.subcommands.isEmpty else { return nil }
        return try? command.parseAsRoot(Array(rest))
    }

    /// `export write paygops` for `export paygops`: its help and its errors are
    /// then those of what is done, not of all that could be.
    private static func spelledOut(_ arguments: [String]) -> [String] {
        var command: any ParsableCommand.Type = Payg.self
        var place = 0
        while place < arguments.count,
            let next = command.configuration.subcommands.first(where: {
                $0.configuration.commandName == arguments[place]
            })
        {
            command = next
            place += 1
        }
        guard let usual = command.configuration.defaultSubcommand?.configuration.commandName else { return arguments }
        return Array(arguments[..<place]) + [usual] + arguments[place...]
    }

    private func say(_ failure: Failure) -> Int32 {
        context.say("error:", style: "1;31", failure.message)
        for hint in failure.hints { context.say("hint:", style: "1", hint) }
        return failure.status.rawValue
    }

    /// Help and version are answers; all else the parser says is an error.
    private func sayParser(_ error: any Error) -> Int32 {
        let message = Payg.fullMessage(for: error)
        let status = Payg.exitCode(for: error).rawValue
        if status == ExitStatus.done.rawValue {
            do { try context.output.line(message) } catch { return ExitStatus.cannotWrite.rawValue }
        } else {
            let lead = "Error: "
            context.say(message.hasPrefix(lead) ? "error: " + message.dropFirst(lead.count) : message)
        }
        return status
    }
}
