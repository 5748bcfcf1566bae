import ArgumentParser
import Fleet
import FleetOperations
import Foundation
import SecretMemory

struct KeyRestoreCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make the key file again from its recovery sheet.",
        usage: """
            payg key restore [--passphrase]
            payg key restore FILE
            """,
        discussion: """
            In a terminal the sheet's five lines are asked for one by one, and a line with a slip once more. Otherwise \
            they are read from a file: typed, or as the QR code has them. Upper or lower case and spaces do not \
            matter. The key must be the registry's, where there is a registry. No file is ever replaced.
            """
    )

    @Argument(help: "A file with the sheet's lines; - is standard input, and asks in a terminal.")
    var file = "-"

    @Flag(help: "Protect the key file with a passphrase.")
    var passphrase = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let keyFile: String
        let keyID: String
        /// Whether there is a registry, and it is its key.
        let isRegistrys: Bool
    }

    /// More than any text that a sheet's lines are in.
    private static let most = 1 << 20

    func run() throws {
        let context = CommandContext.current
        let keyFile = registry.keyFilePath
        // Before anybody types 80 characters.
        if context.isThere(keyFile) { throw FleetError.keyFileExists(path: keyFile) }
        let registryKey = try FleetDesk.registryKey(registry.registryPath)
        let lines = try lines(context)
        let isProtected = passphrase || registry.passphrase.isGiven
        let key = try FleetDesk.restoreKey(
            lines, to: keyFile, isProtected ? try registry.passphrase.protection(of: keyFile) : .none,
            registryKey: registryKey
        )
        if output.json {
            try context.answer(json: Answer(keyFile: keyFile, keyID: key.hex, isRegistrys: registryKey != nil))
        }
        context.say("made the key file \(context.shown(keyFile)) with the key \(key)")
        if !isProtected {
            context.say("warning: it has no passphrase: payg key rotate --passphrase makes a key file that has one")
        }
        context.say(
            registryKey != nil
                ? "it is the key of the registry \(context.shown(registry.registryPath))"
                : "there is no registry at \(context.shown(registry.registryPath)) to compare it with"
        )
    }

    private func lines(_ context: CommandContext) throws -> [SecretBytes] {
        if file == "-", context.canAsk { return try typed(context) }
        let text: SecretBytes
        if file == "-" {
            text = try Self.text(context.input, "standard input")
        } else {
            let path = try context.filePath(file)
            guard context.isThere(path) else { throw FleetError.inputMissing(path: path) }
            guard let handle = FileHandle(forReadingAtPath: path) else {
                throw FleetError.inputUnreadable(path: path, reason: "permission denied")
            }
            defer { try? handle.close() }
            text = try Self.text(handle, path)
        }
        return try FleetDesk.recoveryLines(in: text)
    }

    private static func text(_ input: FileHandle, _ name: String) throws(FleetError) -> SecretBytes {
        var isReadable = true
        let text = SecretBytes(capacity: most) { place in
            var count = 0
            while count < place.count {
                let got = read(input.fileDescriptor, place.baseAddress?.advanced(by: count), place.count - count)
                if got < 0, errno == EINTR { continue }
                if got < 0 { isReadable = false }
                guard got > 0 else { break }
                count += got
            }
            return count
        }
        guard isReadable else { throw .inputUnreadable(path: name, reason: "it is not a readable file") }
        return text
    }

    /// Asks for the lines, and for one with a slip again.
    private func typed(_ context: CommandContext) throws(FleetError) -> [SecretBytes] {
        var lines: [SecretBytes] = []
        context.say("type the lines of the recovery sheet, one by one; an empty line gives up")
        while lines.count < FleetDesk.recoveryLines {
            let number = lines.count + 1
            try? context.talk.text("line \(number): ")
            guard let line = SecretLine.first(of: context.input.fileDescriptor), line.count > 0 else {
                throw .notConfirmed("no key file was made", option: nil)
            }
            do throws(FleetError) {
                lines.append(try FleetDesk.readRecovery(line: number, line))
            } catch {
                guard case .badRecovery(let problem) = error else { throw error }
                context.say("\(problem); type it again")
            }
        }
        return lines
    }
}
