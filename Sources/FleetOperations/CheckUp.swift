import Fleet
import FleetStore
import Foundation
import PrivateFiles

/// Everything that somebody who is called for help would ask.
public struct CheckUp {
    private let registry: String
    private let keyFile: String
    private let actor: ActorName
    private let now: Timestamp

    /// - Parameters:
    ///   - registry: the registry's path; nothing has to be there.
    ///   - actor: who the audit trail names where something is mended.
    public init(registry: String, keyFile: String, actor: ActorName, now: Timestamp) {
        self.registry = registry
        self.keyFile = keyFile
        self.actor = actor
        self.now = now
    }

    /// Looks.
    ///
    /// - Parameters:
    ///   - isQuick: whether what reads the whole file is left out.
    ///   - isMending: whether what is safe to mend is mended first.
    /// - Returns: what was found, line by line; what was mended comes first.
    public func run(isQuick: Bool, isMending: Bool) -> [CheckUpLine] {
        let mended = isMending ? mend() : []
        var checkUp = RegistryCheckUp(registry, keyFile: keyFile, isQuick: isQuick, now: now)
        return mended + [CheckUpLine("SQLite", .ok, RegistryCheckUp.sqlite)] + checkUp.run() + [space()]
    }

    private func mend() -> [CheckUpLine] {
        // A registry that others can read is not always opened.
        var lines = Registry.files(of: registry).compactMap { mend("permissions", $0, hint: nil) }
        let opened = Result { () throws(FleetError) in try Registry.open(registry, keyFile: keyFile) }
        let key = try? opened.get().keyStatus().registryKey
        for file in RegistryCheckUp.keyFiles(of: keyFile) {
            let isCurrent = file == keyFile || RegistryCheckUp.isKeyFile(file, beside: keyFile, of: key)
            let hint = RegistryCheckUp.harm(ofKeyInUse: isCurrent) + (isCurrent ? ": payg key rotate" : "")
            lines += [mend("key file", file, hint: hint)].compactMap(\.self)
        }
        do throws(FleetError) {
            let mended = try opened.get().mendSchema(at: now, actor: actor)
            lines += mended.problems.map {
                CheckUpLine(
                    "schema", .ok, "\($0): mended", hint: "payg audit verify looks at what was written meanwhile",
                    isMended: true
                )
            }
            if mended.hadNoLog {
                lines.append(
                    CheckUpLine("registry", .ok, "who read it kept others from writing: mended", isMended: true)
                )
            }
        } catch {
            switch error {
            case .registryMissing, .notARegistry, .registryNewer, .registryExposed: break
            default: lines.append(RegistryCheckUp.line("schema", error))
            }
        }
        return lines
    }

    /// - Returns: nil where there is nothing to mend, and where it could not be
    ///   mended: the look that follows tells that it still is so.
    private func mend(_ name: String, _ file: String, hint: String?) -> CheckUpLine? {
        guard let exposure = FileExposure(file), (try? exposure.mend()) != nil else { return nil }
        return CheckUpLine(name, .ok, "\(file) \(exposure.problem): mended", hint: hint, isMended: true)
    }

    /// Room for a log that has all of it, and for a backup.
    private func space() -> CheckUpLine {
        let folder = URL(fileURLWithPath: registry).resolvingSymlinksInPath().deletingLastPathComponent().path
        guard let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder),
            let free = (attributes[.systemFreeSize] as? NSNumber)?.intValue
        else { return CheckUpLine("disk", .skipped, "there is no folder \(folder)") }
        let size =
            ((try? FileManager.default.attributesOfItem(atPath: registry))?[.size] as? NSNumber)?.intValue ?? 0
        let needed = max(2 * size, 64_000_000)
        guard free < needed else { return CheckUpLine("disk", .ok, "\(free.megabytes) are free") }
        return CheckUpLine(
            "disk", free < max(size / 10, 16_000_000) ? .problem : .warning,
            "\(free.megabytes) are free, and \(needed.megabytes) are needed for the log and a backup",
            hint: "make room, or move the registry with payg backup and payg restore"
        )
    }
}
