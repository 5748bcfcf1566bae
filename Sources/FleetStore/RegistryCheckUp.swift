import Fleet
import Foundation
import GRDBSQLite
import PrivateFiles

/// Looks at a registry as far as it can be looked at: what stands in the way of
/// one look is told, and stops no other.
public struct RegistryCheckUp {
    let path: String
    let keyFile: String
    let isQuick: Bool
    let now: Timestamp
    var lines: [CheckUpLine] = []

    /// - Parameters:
    ///   - isQuick: whether what reads the whole file is left out.
    public init(_ path: String, keyFile: String, isQuick: Bool, now: Timestamp) {
        self.path = path
        self.keyFile = keyFile
        self.isQuick = isQuick
        self.now = now
    }

    /// SQLite's version.
    public static var sqlite: String { String(cString: sqlite3_libversion()) }

    /// Looks at everything; changes nothing.
    public mutating func run() -> [CheckUpLine] {
        lines = []
        checkRegistryFile()
        checkKeyFile(nil)
        do throws(FleetError) {
            try Registry.checkIsDatabase(path)
            try open()
        } catch {
            guard case .outputFailed(let path, let reason) = error else {
                lines.append(Self.line("registry", error))
                return lines
            }
            let words = "\(path) cannot be read: SQLite must write beside it to read it, and \(reason)"
            add("registry", .problem, words, Self.roomHint)
        }
        return lines
    }

    mutating func add(
        _ name: String, _ state: CheckUpLine.State = .ok, _ text: String, _ hint: String? = nil
    ) {
        lines.append(CheckUpLine(name, state, text, hint: hint))
    }

    mutating func add(_ name: String, _ text: String) { add(name, .ok, text) }

    /// What stands in the way of a look, or of mending. Other things may be
    /// mended by then.
    public static func line(_ name: String, _ error: FleetError) -> CheckUpLine {
        CheckUpLine(name, .problem, "\(error)".replacing("; nothing was changed", with: ""), hint: hint(error))
    }

    private static let roomHint = "make room, or see to the disk and its permissions; then payg doctor again"

    private static func hint(_ error: FleetError) -> String {
        switch error {
        case .registryMissing:
            "payg init makes a registry, payg restore FILE brings one back; --registry FILE or PAYG_REGISTRY names another"
        case .registryBusy: "try again when nobody works on it"
        case .registryNewer: "install the newest payg"
        case .outputFailed, .registryUncertain: roomHint
        case .inputUnreadable: "have its owner run this, or give the file to you"
        default:
            "copy it and what is beside it away; payg restore FILE --force puts a backup in its place, and keeps this one"
        }
    }
}

// MARK: - Files

extension RegistryCheckUp {
    private mutating func checkRegistryFile() {
        let files = Registry.files(of: path).filter { FileManager.default.fileExists(atPath: $0) }
        guard !files.isEmpty else { return }
        let exposures = files.compactMap { FileExposure($0) }
        for exposure in exposures {
            add(
                "permissions", .problem, "\(exposure.path) \(exposure.problem): nothing is written to it",
                "payg doctor --fix, or chmod 600; on a disk that knows no permissions, mount it with umask=077"
            )
        }
        for file in files where access(file, W_OK) != 0 {
            let isDiskReadOnly = errno == EROFS
            let reason = String(cString: strerror(errno)).lowercased()
            add(
                "permissions", .warning,
                "\(file) cannot be written by whoever runs this (\(reason)): "
                    + (isDiskReadOnly
                        ? "no token is issued, and what is in it cannot be looked at where SQLite has to write beside it"
                        : "what is in it can be looked at, and no token is issued"),
                isDiskReadOnly ? "copy it to another disk, with what is beside it" : "chmod u+w, as its owner"
            )
        }
        let folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().deletingLastPathComponent().path
        var status = stat()
        if stat(folder, &status) == 0, status.st_mode & 0o022 != 0, status.st_mode & S_ISVTX == 0 {
            add(
                "permissions", .warning, "others may write to the folder \(folder), and put another file in its place",
                "chmod go-w \(folder)"
            )
        } else if exposures.isEmpty {
            add("permissions", "the registry is its owner's alone")
        }
        if files.first != path {
            add(
                "registry", .problem, "\(files[0]) is left of a registry that is not there",
                "it may have the last changes: bring the registry back that it belongs to, or move it away"
            )
        }
    }
}
