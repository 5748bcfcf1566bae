import Foundation
import PrivateFiles
import SecretMemory

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
    /// The file does not hold a master key.
    case notAKeyFile
    /// Others than its owner may read it; the words say how.
    case exposed(problem: String)
    /// It is protected by a passphrase, and none was given.
    case passphraseMissing
    /// It is protected by another passphrase.
    case wrongPassphrase
    /// It is a protected key file that is not as it was written.
    case damaged(problem: String)
    /// It was written by a newer program.
    case newer
}

/// The file with the master key that seals a registry's credentials, readable
/// by its owner only, kept apart from the registry.
///
/// It is the 32 bytes of the key and nothing else; or, protected by a
/// passphrase, what ``ProtectedKey`` is.
public enum KeyFile {
    /// Makes a key file with a new key, and gives back what it opens.
    ///
    /// - Parameters:
    ///   - passphrase: what protects it; nil for nothing.
    ///   - cost: what a try of the passphrase costs; nil to have it measured.
    /// - Throws: ``KeyFileError/exists`` or ``KeyFileError/cannotWrite(reason:)``.
    public static func create(
        _ path: String, passphrase: SecretBytes? = nil, cost: ScryptCost? = nil
    ) throws(KeyFileError) -> Vault {
        let master = MasterKey()
        try write(master, to: path, passphrase: passphrase, cost: cost)
        return master.vault
    }

    /// Makes a key file with a key that there is.
    ///
    /// - Throws: ``KeyFileError/exists`` or ``KeyFileError/cannotWrite(reason:)``.
    public static func write(
        _ master: MasterKey, to path: String, passphrase: SecretBytes?, cost: ScryptCost? = nil
    ) throws(KeyFileError) {
        CoreDumps.switchOff()
        if let passphrase {
            let protected = try ProtectedKey(master, passphrase: passphrase, cost: cost ?? .measured())
            return try place(SecretBytes(protected.bytes), at: path)
        }
        try place(master.withBytes { SecretBytes($0) }, at: path)
    }

    /// Makes a file of the very bytes of another key file.
    ///
    /// - Throws: ``KeyFileError/exists`` or ``KeyFileError/cannotWrite(reason:)``.
    public static func copy(_ stored: StoredKey, to path: String) throws(KeyFileError) {
        try place(stored.file, at: path)
    }

    private static func place(_ file: SecretBytes, at path: String) throws(KeyFileError) {
        var bytes = file.withBytes { Array($0) }
        defer { wipe(&bytes) }
        do throws(PrivateFileError) {
            try PrivateFile.makeFolder(of: path)
            try PrivateFile.create(path, holding: bytes)
        } catch {
            switch error {
            case .exists: throw .exists
            case .failed(let reason), .notPlaced(_, let reason): throw .cannotWrite(reason: reason)
            }
        }
    }

    /// Opens a key file.
    ///
    /// - Throws: ``KeyFileError/missing``, ``KeyFileError/notAKeyFile``,
    ///   ``KeyFileError/exposed(problem:)``, ``KeyFileError/passphraseMissing`` and
    ///   its kin; ``KeyFileError/cannotRead(reason:)``.
    public static func open(_ path: String, passphrase: SecretBytes? = nil) throws(KeyFileError) -> Vault {
        try read(path).master(passphrase: passphrase).vault
    }

    /// Reads a key file, and opens nothing.
    ///
    /// - Throws: ``KeyFileError/missing``, ``KeyFileError/notAKeyFile``,
    ///   ``KeyFileError/damaged(problem:)``, ``KeyFileError/newer``,
    ///   ``KeyFileError/exposed(problem:)`` or ``KeyFileError/cannotRead(reason:)``.
    public static func read(_ path: String) throws(KeyFileError) -> StoredKey {
        CoreDumps.switchOff()
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
        return try StoredKey(
            SecretBytes(capacity: ProtectedKey.length + 1) { bytes throws(KeyFileError) in
                var count = 0
                while count < bytes.count {
                    let read = Foundation.read(descriptor, bytes.baseAddress?.advanced(by: count), bytes.count - count)
                    if read < 0, errno == EINTR { continue }
                    guard read >= 0 else { throw .cannotRead(reason: "it is not a readable file") }
                    guard read > 0 else { break }
                    count += read
                }
                return count
            }
        )
    }
}

/// A key file that was read.
public struct StoredKey: Sendable {
    private enum Content: Sendable {
        case bare(MasterKey)
        case protected(ProtectedKey)
    }

    private let content: Content
    /// The file itself.
    let file: SecretBytes

    init(_ file: SecretBytes) throws(KeyFileError) {
        self.file = file
        let isProtected = file.withBytes { $0.starts(with: ProtectedKey.magic) }
        if isProtected {
            content = .protected(try ProtectedKey(file.withBytes { Array($0) }))
        } else if let master = file.withBytes({ MasterKey(bytes: $0) }) {
            content = .bare(master)
        } else {
            throw .notAKeyFile
        }
    }

    /// Which key it holds, told without a passphrase. Whoever writes the file
    /// can have it tell anything; ``master(passphrase:)`` does not believe it.
    public var keyID: [UInt8] {
        switch content {
        case .bare(let master): master.keyID
        case .protected(let key): key.keyID
        }
    }

    /// What a try of its passphrase costs; nil for a file without one.
    public var cost: ScryptCost? {
        switch content {
        case .bare: nil
        case .protected(let key): key.cost
        }
    }

    /// The key.
    ///
    /// - Parameter passphrase: is not looked at for a file that has none.
    /// - Throws: ``KeyFileError/passphraseMissing``, ``KeyFileError/wrongPassphrase``,
    ///   ``KeyFileError/damaged(problem:)``, ``KeyFileError/cannotRead(reason:)``.
    public func master(passphrase: SecretBytes?) throws(KeyFileError) -> MasterKey {
        switch content {
        case .bare(let master): return master
        case .protected(let key):
            guard let passphrase else { throw .passphraseMissing }
            return try key.master(passphrase)
        }
    }
}

extension SecretBytes {
    fileprivate convenience init(_ bytes: [UInt8]) {
        self.init(capacity: bytes.count) { place in
            place.copyBytes(from: bytes)
            return bytes.count
        }
    }
}
