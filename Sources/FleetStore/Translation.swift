import Fleet
import GRDB
import KeyVault

extension Registry {
    /// Runs something on the registry's file, and words what SQLite says
    /// against it for the person who meets it.
    static func translated<T>(_ path: String, _ work: () throws -> T) throws(FleetError) -> T {
        do {
            return try work()
        } catch let error as FleetError {
            throw error
        } catch let error as DatabaseError {
            throw FleetError(error, registry: path)
        } catch {
            throw .registryFailed(path: path, reason: "\(error)")
        }
    }
}

extension FleetError {
    init(_ error: DatabaseError, registry path: String) {
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .registryBusy(path: path)
        case .SQLITE_NOTADB: self = .notARegistry(path: path)
        case .SQLITE_CORRUPT: self = .registryDamaged(path: path, reason: error.message ?? "it is malformed")
        case .SQLITE_IOERR where Self.leavesDoubt.contains(error.extendedResultCode):
            self = .registryUncertain(path: path, reason: "the disk failed (\(error.message ?? "an I/O error"))")
        case .SQLITE_FULL: self = .outputFailed(path: path, reason: "the disk is full")
        case .SQLITE_IOERR:
            // What SQLite keeps beside a registry is told so, too, where there is no room for it.
            self = .outputFailed(path: path, reason: "the disk is full, or failed (\(error.message ?? "an I/O error"))")
        case .SQLITE_READONLY:
            self = .outputFailed(path: path, reason: "the file, its folder or the disk is read-only, or it was moved")
        case .SQLITE_CANTOPEN, .SQLITE_PERM:
            self = .outputFailed(
                path: path,
                reason:
                    "it, or what SQLite needs beside it, cannot be made or opened: the folder or the disk is read-only or full"
            )
        // Never the statement or its arguments: they may hold what is secret.
        default:
            self = .registryFailed(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
    }

    /// Told by a commit whose every byte was written, and not made durable: the
    /// next program to open the registry may find it whole.
    private static let leavesDoubt: [ResultCode] = [.SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC]

    init(_ error: KeyFileError, keyFile path: String) {
        switch error {
        case .exists: self = .keyFileExists(path: path)
        case .missing: self = .keyFileMissing(path: path)
        case .cannotWrite(let reason): self = .outputFailed(path: path, reason: reason)
        case .cannotRead(let reason): self = .keyFileUnreadable(path: path, reason: reason)
        case .notAKeyFile: self = .notAKeyFile(path: path)
        case .exposed(let problem): self = .keyFileExposed(path: path, problem: problem)
        case .passphraseMissing: self = .passphraseMissing(path: path)
        case .wrongPassphrase: self = .wrongPassphrase(path: path)
        case .damaged(let problem): self = .keyFileDamaged(path: path, problem: problem)
        case .newer: self = .keyFileNewer(path: path)
        }
    }
}
