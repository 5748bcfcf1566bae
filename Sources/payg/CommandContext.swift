import Fleet
import FleetOperations
import Foundation
import SecretMemory

/// Everything a command takes from outside: nothing below reads the clock, the
/// environment or a terminal by itself.
struct CommandContext: Sendable {
    var environment: Environment
    /// The working folder, absolute.
    var folder: String
    /// The user's, looked for where nothing else tells who does this.
    var loginName: @Sendable () -> String
    var now: @Sendable () -> Timestamp
    /// Data, for a person or for the next program.
    var output: TextSink
    /// What is said to the person.
    var talk: TextSink
    /// Whether a person reads the output, and tables are aligned.
    var isForPerson: Bool
    /// Whether the output, and what is said, may have colour.
    var hasColour: (output: Bool, talk: Bool)
    /// Data from the program before in the pipe.
    var input = FileHandle.nullDevice
    /// Whether what is said can be written over, as progress is.
    var talkIsTerminal = false
    /// Whether somebody types the input.
    var inputIsTerminal = false
    /// The terminal, for a view that takes all of it; nil where there is none.
    var terminal: @Sendable () -> (any Terminal)? = { nil }
    /// Asks for something that is not shown while it is typed; nil where there is
    /// nobody to ask.
    var askSecret: @Sendable (_ question: String) -> SecretBytes? = { _ in nil }
    /// What a try of a new key file's passphrase costs; nil to have it measured.
    var keyCost: KeyCost?
    /// The registries that are open, for a command to share and to be closed after it.
    var openDesks = OpenDesks()
    /// How long the program runs.
    var running: @Sendable () -> Duration = { .zero }

    /// The context of the command that is running.
    @TaskLocal static var current = CommandContext.system

    /// An absolute path for one that was typed.
    func path(_ typed: String) -> String {
        let expanded = typed.hasPrefix("~/") ? home + typed.dropFirst(1) : typed
        return expanded.hasPrefix("/") ? expanded : folder + "/" + expanded
    }

    /// An absolute path for a file to read or to write.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` for no name, and for
    ///   `-`, which would stand for a stream.
    func filePath(_ typed: String) throws(FleetError) -> String {
        guard !typed.isEmpty else { throw .badValue(what: "file name", problem: "is empty") }
        guard typed != "-" else {
            throw .badValue(what: "file name", problem: "is “-”, and only files are read and written")
        }
        return path(typed)
    }

    /// A path as a person would type it.
    func shown(_ path: String) -> String {
        if path.hasPrefix(folder + "/") { return String(path.dropFirst(folder.count + 1)) }
        if path.hasPrefix(home + "/") { return "~" + path.dropFirst(home.count) }
        return path
    }

    /// Where the user keeps profiles of their own.
    var profilesFolder: String {
        variable("PAYG_PROFILES").map(path)
            ?? (variable("XDG_CONFIG_HOME").map(path) ?? home + "/.config") + "/payg/profiles"
    }

    /// Whether there is something at a path.
    func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// Where a provider's file goes: to a file that was named, into a folder
    /// that was, or into this one.
    func place(_ typed: String?) throws(FleetError) -> OutputPlace {
        guard let typed else { return .folder(folder) }
        let path = try filePath(typed)
        var isFolder: ObjCBool = false
        let isThere = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return isThere && isFolder.boolValue ? .folder(path) : .file(path)
    }

    /// Whom a file is encrypted for: a public key as it is, or the path of a
    /// file with some, where there is such a file.
    func recipient(_ typed: String) -> String {
        let word = typed.trimmingSpaces
        return isThere(path(word)) ? path(word) : word
    }

    private var home: String { environment["HOME"] ?? NSHomeDirectory() }

    /// What a variable holds; an empty one counts as none.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The registry that no option names.
    var usualRegistry: String {
        if let path = variable("PAYG_REGISTRY") { return self.path(path) }
        return (variable("XDG_DATA_HOME") ?? home + "/.local/share") + "/payg/registry.sqlite"
    }

    /// The key file that no option names.
    var usualKeyFile: String {
        if let path = variable("PAYG_KEY_FILE") { return self.path(path) }
        return (variable("XDG_CONFIG_HOME") ?? home + "/.config") + "/payg/registry.key"
    }

    /// The process's own.
    static let system: CommandContext = {
        let environment = Environment.process
        let allowsColour = (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
        return CommandContext(
            environment: environment,
            folder: FileManager.default.currentDirectoryPath,
            loginName: {
                let name = NSUserName()
                // In a container the user may have no name.
                return name.isEmpty ? "uid \(getuid())" : name
            },
            now: { Timestamp(Date()) },
            output: TextSink(descriptor: STDOUT_FILENO),
            talk: TextSink(descriptor: STDERR_FILENO),
            isForPerson: isatty(STDOUT_FILENO) == 1,
            hasColour: (allowsColour && isatty(STDOUT_FILENO) == 1, allowsColour && isatty(STDERR_FILENO) == 1),
            input: .standardInput,
            talkIsTerminal: isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb",
            inputIsTerminal: isatty(STDIN_FILENO) == 1,
            terminal: { SystemTerminal(environment: environment) },
            askSecret: SecretQuestion.ask,
            running: { [start = ContinuousClock.now] in ContinuousClock.now - start }
        )
    }()
}

/// Somewhere text goes.
final class TextSink: Sendable {
    private let write: @Sendable (String) throws(OutputLost) -> Void

    /// - Parameter write: takes text.
    init(_ write: @escaping @Sendable (String) throws(OutputLost) -> Void) {
        self.write = write
    }

    /// A file descriptor, unbuffered, so that what is said and what is
    /// answered stay in order.
    convenience init(descriptor: Int32) {
        self.init { text throws(OutputLost) in
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                if written < 0, errno == EAGAIN {
                    var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&waiting, 1, -1)
                    continue
                }
                guard written > 0 else { throw OutputLost(isPipeClosed: errno == EPIPE) }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Writes text as it is.
    ///
    /// - Throws: ``OutputLost`` where there is nobody to take it any more.
    func text(_ text: String) throws(OutputLost) {
        try write(text)
    }

    /// Writes a line.
    ///
    /// - Throws: ``OutputLost`` where there is nobody to take it any more.
    func line(_ text: String) throws(OutputLost) {
        try write(text + "\n")
    }
}

/// Text could not be written.
struct OutputLost: Error {
    /// Whether the next program in the pipe closed it.
    let isPipeClosed: Bool
}
