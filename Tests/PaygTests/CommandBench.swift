import Fleet
import Foundation
import SecretMemory
import Synchronization
import TestSupport

@testable import payg

/// Runs commands as a person in a folder of their own would, with a clock that
/// stands still.
final class CommandBench: Sendable {
    let folder: TemporaryFolder
    private let clock: Mutex<Timestamp>

    /// What the clock says; it stands still until it is set.
    var now: Timestamp {
        get { clock.withLock { $0 } }
        set { clock.withLock { $0 = newValue } }
    }

    /// - Parameter sampleData: whether the sample data is in the folder.
    init(sampleData: Bool = true, now: String = "2026-11-03T09:00:00Z") throws {
        folder = try TemporaryFolder()
        clock = Mutex(Timestamp(text: now) ?? Timestamp(seconds: 0))
        if sampleData {
            for file in DemoStory.files { try write(file.bytes, to: folder.file(file.name)) }
        }
    }

    /// What a command did.
    struct Run {
        let status: Int32
        let output: String
        let talk: String
        /// Both, as they would appear on a screen.
        let screen: String

        func json() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }

        func jsonRows() throws -> [[String: Any]] {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]] ?? []
        }
    }

    /// Runs `payg` with arguments.
    ///
    /// - Parameters:
    ///   - forPerson: whether the output is a terminal.
    ///   - answers: what a person at the terminal types; nil for nobody there.
    ///   - secrets: what is typed unseen, one after the other.
    @discardableResult
    func payg(
        _ arguments: String..., forPerson: Bool = false, environment: [String: String] = [:], answers: String? = nil,
        secrets: [String] = []
    ) -> Run {
        payg(arguments, forPerson: forPerson, environment: environment, answers: answers, secrets: secrets)
    }

    @discardableResult
    func payg(
        _ arguments: [String], forPerson: Bool = false, environment: [String: String] = [:],
        input: FileHandle = .nullDevice, answers: String? = nil, secrets: [String] = [],
        terminal: ScriptedTerminal? = nil
    ) -> Run {
        var input = input
        if let answers {
            let pipe = Pipe()
            input = pipe.fileHandleForReading
            try? pipe.fileHandleForWriting.write(contentsOf: Data(answers.utf8))
            try? pipe.fileHandleForWriting.close()
        }
        let (output, talk, screen) = (Recorder(), Recorder(), Recorder())
        let (now, unseen) = (now, Unseen(secrets))
        let usual = [
            "HOME": folder.path, "PAYG_REGISTRY": "registry.sqlite", "PAYG_KEY_FILE": "registry.key",
            "PAYG_ACTOR": "amina",
        ]
        let context = CommandContext(
            environment: Environment(usual.merging(environment) { $1 }),
            folder: folder.path,
            loginName: { "login" },
            now: { now },
            output: TextSink { text in
                output.add(text)
                screen.add(text)
            },
            talk: TextSink { text in
                talk.add(text)
                screen.add(text)
            },
            isForPerson: forPerson,
            hasColour: (false, false),
            input: input,
            talkIsTerminal: answers != nil,
            inputIsTerminal: answers != nil,
            terminal: { terminal },
            askSecret: { question in
                talk.add(question + "\n")
                return unseen.next()
            },
            // Half a second for each command would be too long.
            keyCost: KeyCost(log2Rounds: 10),
            running: { terminal?.time ?? .zero }
        )
        let status = CommandLineRun(context).run(arguments)
        return Run(status: status, output: output.text, talk: talk.text, screen: screen.text)
    }

    /// A bench with the sample data imported.
    static func withFleet() throws -> CommandBench {
        let bench = try CommandBench()
        bench.payg("init")
        bench.payg("import", "cloud-solar-dispatch.csv")
        bench.payg("import", "openpaygo-device-list.csv")
        bench.payg("customer", "import", "customers.csv")
        return bench
    }

    /// A bench with a dispatch list imported, and the passphrase `correct horse`.
    static func protected() throws -> CommandBench {
        let bench = try CommandBench()
        bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"])
        bench.payg("import", "cloud-solar-dispatch.csv", secrets: ["correct horse"])
        return bench
    }

    /// What a file in the folder holds.
    func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: folder.file(name))) }

    private final class Unseen: Sendable {
        private let rest: Mutex<[String]>

        init(_ secrets: [String]) {
            rest = Mutex(secrets)
        }

        func next() -> SecretBytes? {
            rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }.map { text in
                SecretBytes(capacity: text.utf8.count) { place in
                    place.copyBytes(from: text.utf8)
                    return text.utf8.count
                }
            }
        }
    }

    private final class Recorder: @unchecked Sendable {
        private let lock = NSLock()
        private var recorded = ""

        var text: String { lock.withLock { recorded } }

        func add(_ text: String) {
            lock.withLock { recorded += text }
        }
    }
}
