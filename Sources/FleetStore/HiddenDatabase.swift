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
        let input = open(file, O_RDONLY | O_CLOEXEC)
        guard input >= 0 else { throw .inputUnreadable(path: file, reason: reason()) }
        defer { close(input) }
        var sink: Int32 = -1
        if let output {
            sink = open(output, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
            guard sink >= 0 else { throw .outputFailed(path: output, reason: reason()) }
        }
        defer { if sink >= 0 { close(sink) } }
        var status = stat()
        let size = fstat(input, &status) == 0 ? Int(status.st_size) : 0
        var (hash, done) = (SHA256(), 0)
        var part = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = part.withUnsafeMutableBytes { Foundation.read(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .inputUnreadable(path: file, reason: reason()) }
            if count == 0 { return hash.finalize().hex }
            var rest = part[..<count]
            hash.update(data: rest)
            while let output, !rest.isEmpty {
                let written = rest.withUnsafeBytes { write(sink, $0.baseAddress, $0.count) }
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw .outputFailed(path: output, reason: reason()) }
                rest = rest.dropFirst(written)
            }
            done += count
            progress(done, size)
        }
    }

    /// What the system says against it.
    private static func reason() -> String { String(cString: strerror(errno)).lowercased() }
}

extension FleetError {
    init(_ error: PrivateFileError, output path: String) {
        switch error {
        case .exists: self = .outputExists(path: path)
        case .failed(let reason), .notPlaced(_, let reason): self = .outputFailed(path: path, reason: reason)
        }
    }
}
