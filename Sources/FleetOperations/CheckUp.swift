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

    private func hint(exposed file: String) -> String {
        file == keyFile
            ? "whoever read it can make tokens: payg key rotate"
            : "whoever read it can open copies of the registry that it sealed"
    }

    private func mend() -> [CheckUpLine] {
        var lines: [CheckUpLine] = []
        for (name, file, hint) in Registry.files(of: registry).map({ ("permissions", $0, nil as String?) })
            + RegistryCheckUp.keyFiles(of: keyFile).map({ ("key file", $0, hint(exposed: $0)) })
        {
            guard let exposure = FileExposure(file) else { continue }
            do {
                try exposure.mend()
                lines.append(
                    CheckUpLine(name, .ok, "\(file) \(exposure.problem): mended", hint: hint, isMended: true))
            } catch {
                // The look that follows tells that it still is so.
                continue
            }
        }
        do throws(FleetError) {
            let mended = try Registry.open(registry, keyFile: keyFile).mendSchema(at: now, actor: actor)
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
