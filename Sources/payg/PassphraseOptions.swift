import Fleet
import PrivateFiles
import SecretMemory
import Synchronization

/// Where the key file's passphrase is read from, when it is not typed.
struct PassphraseOptions {
    let passphraseFile: String?
    let passphraseDescriptor: Int?

    /// Whether an option says where it is.
    var isGiven: Bool { passphraseFile != nil || passphraseDescriptor != nil }

    /// Gives the passphrase of a key file that there is: asked for once, and
    /// only when it is needed.
    ///
    /// - Parameter mayAsk: whether somebody may be asked for what no option and
    ///   no variable says.
    func asker(mayAsk: Bool = true) -> @Sendable (_ keyFile: String) throws(FleetError) -> SecretBytes {
        let context = CommandContext.current
        let options = self
        let known = Known()
        return { keyFile throws(FleetError) in
            if let passphrase = known.passphrase { return passphrase }
            let given = try options.source(context).read(context)
            guard
                let passphrase = given
                    ?? (mayAsk
                        ? context.askSecret("passphrase of the key file \(context.shown(keyFile).printable):") : nil)
            else { throw .passphraseMissing(path: keyFile) }
            known.passphrase = passphrase
            return passphrase
        }
    }

    /// The passphrase of a key file that is made: typed twice, where it is typed.
    ///
    /// - Throws: ``FleetError/passphraseMissing(path:)``; ``FleetError/badValue(what:problem:)``
    ///   for one that protects nothing, or that was not typed the same twice.
    func protection(of keyFile: String) throws(FleetError) -> KeyProtection {
        let context = CommandContext.current
        return try source(context).protection(of: keyFile, context)
    }

    private func source(_ context: CommandContext) -> PassphraseSource {
        if let passphraseFile { return .file(context.path(passphraseFile)) }
        if let passphraseDescriptor { return .descriptor(passphraseDescriptor) }
        return context.variable("PAYG_PASSPHRASE_FILE").map { .file(context.path($0)) } ?? .terminal
    }

    private final class Known: Sendable {
        private let value = Mutex<SecretBytes?>(nil)

        var passphrase: SecretBytes? {
            get { value.withLock { $0 } }
            set { value.withLock { $0 = newValue } }
        }
    }
}

/// Where a passphrase is read from.
enum PassphraseSource {
    case file(String)
    case descriptor(Int)
    case terminal

    /// The passphrase; nil where somebody has to type it.
    ///
    /// - Throws: ``FleetError/passphraseEmpty(source:)``, for what has nothing
    ///   to read is another mistake than a wrong passphrase.
    func read(_ context: CommandContext) throws(FleetError) -> SecretBytes? {
        let line: SecretBytes
        let name: String
        switch self {
        case .terminal: return nil
        case .file(let path):
            name = "the passphrase file \(context.shown(path))"
            if let exposure = FileExposure(path) {
                context.say("warning: \(name) \(exposure.problem): chmod 600 mends it")
            }
            line = try SecretLine.first(of: path)
        case .descriptor(let number):
            name = "the file descriptor \(number)"
            guard let descriptor = Int32(exactly: number), descriptor >= 0 else {
                throw .badValue(what: "file descriptor", problem: "is \(number), and those that there are begin with 0")
            }
            guard let read = SecretLine.first(of: descriptor) else {
                throw .badValue(what: "file descriptor", problem: "\(number) is not open for reading")
            }
            line = read
        }
        guard line.count > 0 else { throw .passphraseEmpty(source: name) }
        return line
    }

    /// The passphrase of a key file that is made: typed twice, where it is
    /// typed, and asked for again where that was not the same.
    func protection(of keyFile: String, _ context: CommandContext) throws(FleetError) -> KeyProtection {
        if let given = try read(context) { return try .chosen(given, cost: context.keyCost) }
        let name = context.shown(keyFile).printable
        for attempt in 1...Self.attempts {
            let typed = context.askSecret("new passphrase for the key file \(name):")
            let protection = try typed.map { typed throws(FleetError) in
                try KeyProtection.chosen(typed, cost: context.keyCost)
            }
            guard let typed, let protection, let again = context.askSecret("the same again:") else {
                guard attempt == 1 else { break }
                throw .newPassphraseMissing(path: keyFile)
            }
            if typed == again { return protection }
            if attempt < Self.attempts { context.say("that was not the same both times: once more") }
        }
        throw .badValue(what: "passphrase", problem: "was not the same both times; nothing was changed")
    }

    /// How often a new passphrase may be typed twice.
    private static let attempts = 3
}
