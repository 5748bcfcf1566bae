import Fleet
import Foundation
import PrivateFiles

/// The program `age`, which encrypts a file for its recipients, and who they are.
struct Age {
    private let program: String
    private let environment: [String: String]
    private let arguments: [String]

    /// Finds the program, and asks it whether it takes the recipients.
    ///
    /// - Parameter environment: where the program is looked for, by `PATH`.
    /// - Throws: ``FleetError/ageMissing``, ``FleetError/recipientRefused(_:reason:)``.
    init(
        recipients: [String], environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(FleetError) {
        guard let program = ChildProgram.find("age", in: environment["PATH"] ?? "") else { throw .ageMissing }
        self.program = program
        // What it needs to find its plugins, and no more.
        self.environment = environment.filter { ["PATH", "HOME", "TMPDIR"].contains($0.key) }
        var arguments: [String] = []
        for recipient in recipients {
            let argument = try Self.argument(recipient)
            do {
                try Self.check(program, argument, self.environment)
            } catch {
                throw .recipientRefused(shown(recipient), reason: error.reason)
            }
            arguments += argument
        }
        self.arguments = arguments
    }

    /// Starts encrypting what is written to the process.
    ///
    /// - Parameter descriptor: where the encrypted bytes go.
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    func encrypt(to descriptor: Int32, path: String) throws(FleetError) -> AgeProcess {
        do {
            return AgeProcess(
                try ChildProgram(program, arguments, environment: environment, output: descriptor), path: path)
        } catch {
            throw .outputFailed(path: path, reason: error.reason)
        }
    }

    // MARK: - Recipients

    /// How the program is told of a recipient.
    private static func argument(_ recipient: String) throws(FleetError) -> [String] {
        let recipient = recipient.trimmingSpaces
        // It must not be shown, nor read by whoever lists processes.
        guard !recipient.uppercased().hasPrefix("AGE-SECRET-KEY-") else {
            throw .recipientRefused("AGE-SECRET-KEY-…", reason: "it is a secret key; its recipient begins with age1")
        }
        guard !recipient.isEmpty, !recipient.unicodeScalars.contains(where: \.isControl) else {
            throw .recipientRefused(shown(recipient), reason: "it is empty, or not on one line")
        }
        if ["age1", "ssh-ed25519 ", "ssh-rsa "].contains(where: recipient.hasPrefix) {
            return ["--recipient", recipient]
        }
        // A pipe might be waited for for ever, and `-` is the list itself.
        guard isRegularFile(recipient) else {
            throw .recipientRefused(
                shown(recipient), reason: "it is no recipient (age1…, ssh-ed25519 …, ssh-rsa …), nor a file of them")
        }
        return ["--recipients-file", recipient.hasPrefix("/") ? recipient : "./" + recipient]
    }

    /// Encrypts nothing, into nowhere.
    private static func check(
        _ program: String, _ argument: [String], _ environment: [String: String]
    ) throws(ChildFailure) {
        guard let nowhere = FileHandle(forWritingAtPath: "/dev/null") else {
            throw ChildFailure("/dev/null cannot be opened")
        }
        defer { try? nowhere.close() }
        do {
            try ChildProgram(program, argument, environment: environment, output: nowhere.fileDescriptor).finish()
        } catch {
            throw ChildFailure(words(error))
        }
    }

    /// What the program said, without the name it goes by.
    fileprivate static func words(_ failure: ChildFailure) -> String {
        let lines = failure.words.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("age: report ") }
        let said = lines.map { $0.replacing("age: error: ", with: "").replacing("age: ", with: "") }
        let text = String(
            String.UnicodeScalarView(said.joined(separator: "; ").unicodeScalars.filter { !$0.isControl }.prefix(300)))
        return text.isEmpty ? failure.reason : text
    }
}

/// A file being encrypted by `age`: what is written here comes out encrypted
/// where it was told to write, and is nowhere else on the way.
final class AgeProcess {
    private let program: ChildProgram
    private let path: String

    fileprivate init(_ program: ChildProgram, path: String) {
        self.program = program
        self.path = path
    }

    /// - Throws: ``FleetError/outputFailed(path:reason:)`` where the program is gone.
    func write(_ bytes: [UInt8]) throws(FleetError) {
        do {
            try program.write(bytes)
        } catch {
            throw failure(error)
        }
    }

    /// Waits until all is encrypted.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    func finish() throws(FleetError) {
        do {
            try program.finish()
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ failure: ChildFailure) -> FleetError {
        .outputFailed(path: path, reason: "age did not encrypt it: \(Age.words(failure))")
    }

    /// For tests: what ends it from outside.
    var processID: Int32 { program.processID }
}
