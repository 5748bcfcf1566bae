import Fleet
import Foundation
import TestSupport

@testable import payg

/// Runs commands as a person in a folder of their own would, with a clock that
/// stands still.
final class CommandBench: Sendable {
    let folder: TemporaryFolder
    private let now: Timestamp

    /// - Parameter sampleData: whether the sample data is in the folder.
    init(sampleData: Bool = true, now: String = "2026-11-03T09:00:00Z") throws {
        folder = try TemporaryFolder()
        self.now = Timestamp(text: now) ?? Timestamp(seconds: 0)
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
    /// - Parameter forPerson: whether the output is a terminal.
    @discardableResult
    func payg(
        _ arguments: String..., forPerson: Bool = false, environment: [String: String] = [:]
    ) -> Run {
        payg(arguments, forPerson: forPerson, environment: environment)
    }

    @discardableResult
    func payg(
        _ arguments: [String], forPerson: Bool = false, environment: [String: String] = [:],
        input: FileHandle = .nullDevice
    ) -> Run {
        let (output, talk, screen) = (Recorder(), Recorder(), Recorder())
        let now = now
        let usual = [
            "HOME": folder.path, "PAYG_REGISTRY": "registry.sqlite", "PAYG_KEY_FILE": "registry.key",
            "PAYG_ACTOR": "amina",
        ]
        let context = CommandContext(
            environment: usual.merging(environment) { $1 },
            folder: folder.path,
            loginName: "login",
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
            input: input
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

    private final class Recorder: @unchecked Sendable {
        private let lock = NSLock()
        private var recorded = ""

        var text: String { lock.withLock { recorded } }

        func add(_ text: String) {
            lock.withLock { recorded += text }
        }
    }
}
