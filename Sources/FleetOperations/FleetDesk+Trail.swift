import CredentialFiles
import Fleet
import FleetStore
import Foundation
import PrivateFiles
import SecretMemory

/// The history: proven, and taken elsewhere to be proven there.
extension FleetDesk {
    /// Proves the history against the events' hashes, the sealed credentials,
    /// and what was once taken of it.
    ///
    /// - Parameters:
    ///   - withoutKey: leave out what needs the key.
    ///   - checkpoints: what it must still hold.
    /// - Throws: the key file's errors.
    public func verify(
        withoutKey: Bool = false, against checkpoints: [Checkpoint] = []
    ) throws(FleetError) -> AuditReport {
        try registry.verify(withoutKey: withoutKey, against: checkpoints)
    }

    /// The end of the history. Needs no key.
    public func auditHead() throws(FleetError) -> AuditHead {
        try registry.auditHead()
    }

    /// Writes the whole history to a file: a part of a chain proves nothing of
    /// what was before it. It holds every token ever issued, and so it is
    /// private. Needs no key.
    ///
    /// - Parameter progress: is told now and then how many events were written,
    ///   and how many there are.
    /// - Returns: the end of what was written, and how many bytes there are.
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public func exportTrail(
        to path: String, progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }
    ) throws(FleetError) -> (head: AuditHead, bytes: Int) {
        func written<T>(_ write: () throws(PrivateFileError) -> T) throws(FleetError) -> T {
            do throws(PrivateFileError) {
                return try write()
            } catch {
                // The same again makes it again: nothing is kept under another name.
                if case .notPlaced(let finished?, _) = error { try? FileManager.default.removeItem(atPath: finished) }
                throw FleetError(error, output: path)
            }
        }
        let file = try written { () throws(PrivateFileError) in try PrivateFile(path: path) }
        var bytes = 0
        // What the registry throws is about the registry.
        var failure: FleetError?
        let head: AuditHead
        do throws(FleetError) {
            head = try registry.writeTrail(progress: progress) { part in
                do throws(FleetError) {
                    try written { () throws(PrivateFileError) in try file.write(part) }
                } catch {
                    failure = error
                    throw error
                }
                bytes += part.count
            }
        } catch {
            throw failure ?? error
        }
        try written { () throws(PrivateFileError) in try file.publish() }
        return (head, bytes)
    }

    /// Checks an exported trail, wherever its registry is.
    ///
    /// - Parameters:
    ///   - trail: where its bytes come from.
    ///   - keyFile: the key file that its registry has; nil to do without.
    ///   - passphrase: gives the key file's, when it is opened and has one.
    ///   - checkpoints: what the history must hold.
    ///   - progress: is told now and then how many bytes were read.
    /// - Throws: ``FleetError/trailNewer(name:)``; the files' errors.
    public static func verify(
        trail: ListOrigin, keyFile: String?,
        passphrase: @escaping @Sendable (_ keyFile: String) throws(FleetError) -> SecretBytes = {
            path throws(FleetError) in throw .passphraseMissing(path: path)
        },
        against checkpoints: [Checkpoint],
        progress: (ImportProgress) -> Void = { _ in }
    ) throws(FleetError) -> AuditReport {
        var verification = try TrailVerification(
            trail.name, keyFile: keyFile, passphrase: passphrase, against: checkpoints)
        let file = try trail.handle()
        let size = trail.size
        var done = 0
        return try verification.run { () throws(FleetError) in
            let part = try trail.part(of: file, most: 1 << 18)
            done += part.count
            progress(ImportProgress(file: trail.name, done: done, size: size))
            return part
        }
    }

    /// The checkpoints in a file, one a line. Empty lines, and those that begin
    /// with #, are left out.
    ///
    /// - Throws: ``FleetError/badCheckpoint(file:line:problem:)``; the file's errors.
    public static func checkpoints(in list: ListOrigin) throws(FleetError) -> [Checkpoint] {
        let file = try list.handle()
        var bytes = Data()
        while true {
            let part = try list.part(of: file, most: 1 << 18)
            guard !part.isEmpty else { break }
            bytes += part
            guard bytes.count <= Self.mostOfCheckpoints else {
                throw .inputUnreadable(path: list.name, reason: "it is larger than any file of checkpoints")
            }
        }
        var checkpoints: [Checkpoint] = []
        let lines = String(decoding: bytes, as: UTF8.self).split(omittingEmptySubsequences: false) { $0.isNewline }
        for (place, line) in lines.enumerated() {
            let line = line.trimmingSpaces
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            do throws(FleetError) {
                checkpoints.append(try Checkpoint(typed: line))
            } catch {
                guard case .badValue(_, let problem) = error else { throw error }
                throw .badCheckpoint(file: list.name, line: place + 1, problem: problem)
            }
        }
        // Nothing to be held against would be fine with everything.
        guard !checkpoints.isEmpty else {
            throw .badCheckpoint(file: list.name, line: lines.count, problem: "is missing: there is none in the file")
        }
        return checkpoints
    }

    /// More than anybody keeps: ten thousand lines.
    private static let mostOfCheckpoints = 1 << 20

    /// Opens a unit's credentials for somebody to see, on record before they can.
    ///
    /// - Returns: them, and the event that tells of it.
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``; the key file's errors.
    public func reveal(
        _ unit: PaygID, reason: Reason
    ) throws(FleetError) -> (credentials: Credentials, event: Int) {
        try registry.reveal(unit, reason: reason, at: now(), actor: actor)
    }
}

extension ListOrigin {
    /// What it is called in messages.
    fileprivate var name: String {
        switch self {
        case .file(let path): (path as NSString).lastPathComponent
        case .stream(_, let name): name
        }
    }

    /// How many bytes it has; nil where that is not known before the end.
    fileprivate var size: Int? {
        guard case .file(let path) = self else { return nil }
        return (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
    }

    /// Opens it.
    ///
    /// - Throws: ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``.
    fileprivate func handle() throws(FleetError) -> FileHandle {
        guard case .file(let path) = self else {
            guard case .stream(let handle, _) = self else { return .nullDevice }
            return handle
        }
        guard FileManager.default.fileExists(atPath: path) else { throw .inputMissing(path: path) }
        // A pipe that nobody writes to would be waited for.
        guard isRegularFile(path) else { throw .inputUnreadable(path: path, reason: "it is not a file") }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .inputUnreadable(path: path, reason: "permission denied")
        }
        return file
    }

    /// The next bytes; none at the end.
    fileprivate func part(of file: FileHandle, most: Int) throws(FleetError) -> Data {
        do {
            return try file.read(upToCount: most) ?? Data()
        } catch {
            throw .inputUnreadable(path: name, reason: "the disk or the connection failed")
        }
    }
}
