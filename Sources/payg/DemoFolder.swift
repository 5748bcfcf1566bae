import Fleet
import Foundation

/// The folder that the demo plays in, with the sample data in it, or a
/// simulation.
struct DemoFolder {
    let path: String
    private let isKept: Bool

    /// Makes the folder.
    ///
    /// - Parameters:
    ///   - kept: a new or empty folder that stays; nil for a temporary one.
    ///   - name: what the name of a temporary one begins with.
    ///   - sampleFiles: what is in it at first.
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    init(
        _ kept: String?, named name: String = "payg-demo",
        files sampleFiles: [(name: String, bytes: [UInt8])] = DemoStory.files
    ) throws(FleetError) {
        let files = FileManager.default
        path =
            kept ?? files.temporaryDirectory.appendingPathComponent("\(name)-\(UInt32.random(in: 0 ... .max))").path
        isKept = kept != nil
        if let contents = try? files.contentsOfDirectory(atPath: path), !contents.isEmpty {
            throw .folderNotEmpty(path: path)
        }
        do {
            try files.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700]
            )
            for file in sampleFiles {
                try Data(file.bytes).write(to: URL(fileURLWithPath: path).appendingPathComponent(file.name))
            }
        } catch {
            remove()
            throw .outputFailed(path: path, reason: "the system refused")
        }
    }

    /// The context of a command typed in this folder: what it says goes where
    /// its answers go, so that they stay in order.
    func context(_ context: CommandContext) -> CommandContext {
        var stage = context
        stage.folder = path
        stage.environment["PAYG_REGISTRY"] = "registry.sqlite"
        stage.environment["PAYG_KEY_FILE"] = "registry.key"
        stage.talk = context.output
        stage.openDesks = OpenDesks()
        stage.isForPerson = true
        stage.hasColour = (context.hasColour.output, context.hasColour.output)
        return stage
    }

    func remove() {
        if !isKept { try? FileManager.default.removeItem(atPath: path) }
    }
}
