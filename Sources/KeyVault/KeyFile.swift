import Crypto
import Foundation
import PrivateFiles

/// Why a key file could not be made or opened.
public enum KeyFileError: Error, Equatable, Sendable {
    /// There is a file at the path, and a key file is never overwritten.
    case exists
    /// There is no file at the path.
    case missing
    /// The system refused to have it written; the reason is its own words.
    case cannotWrite(reason: String)
    /// The system refused to have it read; the reason is its own words.
    case cannotRead(reason: String)
    /// The file does not hold a master key: it has another length.
    case notAKeyFile
    /// Others than its owner may read it; the words say how.
    case exposed(problem: String)
}

/// The file with the master key that seals a registry's credentials: 32 random
/// bytes, readable by their owner only, kept apart from the registry.
public enum KeyFile {
    /// How many bytes a key file has.
    public static let length = 32

    /// Makes a key file, and gives back what it opens.
    ///
    /// - Throws: ``KeyFileError/exists`` or ``KeyFileError/cannotWrite(reason:)``.
    public static func create(_ path: String) throws(KeyFileError) -> Vault {
        let master = SymmetricKey(size: .bits256)
        do throws(PrivateFileError) {
            try PrivateFile.makeFolder(of: path)
            try PrivateFile.create(path, holding: master.withUnsafeBytes { Array($0) })
        } catch {
            switch error {
            case .exists: throw .exists
            case .failed(let reason), .notPlaced(_, let reason): throw .cannotWrite(reason: reason)
            }
        }
        return Vault(master: master)
    }

    /// Opens a key file.
    ///
    /// - Throws: ``KeyFileError/missing``, ``KeyFileError/notAKeyFile``,
    ///   ``KeyFileError/exposed(problem:)`` or ``KeyFileError/cannotRead(reason:)``.
    public static func open(_ path: String) throws(KeyFileError) -> Vault {
        // A pipe that nobody writes to would be waited for.
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            switch errno {
            case ENOENT, ENOTDIR: throw .missing
            case EACCES, EPERM: throw .cannotRead(reason: "permission denied")
            default: throw .cannotRead(reason: "it is not a readable file")
            }
        }
        defer { close(descriptor) }
        if let exposure = FileExposure(descriptor: descriptor, path: path) {
            throw .exposed(problem: exposure.problem)
        }
        return try withUnsafeTemporaryAllocation(byteCount: length + 1, alignment: 1) { bytes throws(KeyFileError) in
            defer { _ = bytes.initializeMemory(as: UInt8.self, repeating: 0) }
            var count = 0
            while count < bytes.count {
                let read = Foundation.read(descriptor, bytes.baseAddress?.advanced(by: count), bytes.count - count)
                if read < 0, errno == EINTR { continue }
                guard read >= 0 else { throw .cannotRead(reason: "it is not a readable file") }
                guard read > 0 else { break }
                count += read
            }
            guard count == length else { throw .notAKeyFile }
            return Vault(master: SymmetricKey(data: UnsafeRawBufferPointer(rebasing: bytes[..<length])))
        }
    }
}
