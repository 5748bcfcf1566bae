import Crypto
import Fleet
import Foundation
import PrivateFiles

/// A database under a hidden name, which gets its own when it is finished, and
/// is gone otherwise.
final class HiddenDatabase {
    /// The hidden name.
    let path: String
    private var isPlaced = false

    /// An empty file, readable by its owner only.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    init(beside path: String) throws(FleetError) {
        do {
            self.path = try PrivateFile.reserve(beside: path)
        } catch {
            throw FleetError(error, output: path)
        }
    }

    deinit {
        for file in Registry.files(of: path) where !(isPlaced && file == path) {
            try? FileManager.default.removeItem(atPath: file)
        }
    }

    /// Makes it durable and gives it its name, unless something has that name.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    func place(at path: String) throws(FleetError) {
        do {
            try PrivateFile.sync(self.path)
            try PrivateFile.place(self.path, at: path)
        } catch {
            throw FleetError(error, output: path)
        }
        isPlaced = true
    }

    /// Makes it durable and puts it in the place of a file.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    func replace(_ path: String) throws(FleetError) {
        do {
            try PrivateFile.sync(self.path)
            try PrivateFile.rename(self.path, over: path)
        } catch {
            throw FleetError(error, output: path)
        }
        isPlaced = true
    }

    /// Fills it with a file, and what SQLite left beside that.
    ///
    /// - Returns: SHA-256 of the file, in hex.
    /// - Throws: ``FleetError/inputUnreadable(path:reason:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    func fill(from file: String, progress: (Int, Int) -> Void) throws(FleetError) -> String {
        for ending in ["-wal", "-journal"] where isRegularFile(file + ending) {
            // It takes its permissions from the empty file, not from the copied one.
            guard
                FileManager.default.createFile(
                    atPath: path + ending, contents: nil, attributes: [.posixPermissions: 0o600]
                )
            else { throw .outputFailed(path: path + ending, reason: "the system refused") }
            _ = try Self.read(file + ending, into: path + ending)
        }
        return try Self.read(file, into: path, progress: progress)
    }

    /// SHA-256 of a file, in hex.
    ///
    /// - Throws: ``FleetError/inputUnreadable(path:reason:)``.
    static func sha256(of file: String) throws(FleetError) -> String { try read(file, into: nil) }

    private static func read(
        _ file: String, into output: String?, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) -> String {
        guard let input = FileHandle(forReadingAtPath: file) else {
            throw .inputUnreadable(path: file, reason: "permission denied")
        }
        defer { try? input.close() }
        let sink = output.flatMap { FileHandle(forWritingAtPath: $0) }
        defer { try? sink?.close() }
        let size = Int((try? input.seekToEnd()) ?? 0)
        var (hash, done) = (SHA256(), 0)
        do {
            try input.seek(toOffset: 0)
            while let part = try input.read(upToCount: 1 << 20), !part.isEmpty {
                hash.update(data: part)
                done += part.count
                do { try sink?.write(contentsOf: part) } catch {
                    throw FleetError.outputFailed(path: output ?? "", reason: "no room, or the system refused")
                }
                progress(done, size)
            }
        } catch let error as FleetError {
            throw error
        } catch {
            throw .inputUnreadable(path: file, reason: "the system refused")
        }
        return hash.finalize().hex
    }
}

extension FleetError {
    init(_ error: PrivateFileError, output path: String) {
        switch error {
        case .exists: self = .outputExists(path: path)
        case .failed(let reason), .notPlaced(_, let reason): self = .outputFailed(path: path, reason: reason)
        }
    }
}
