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
        case .SQLITE_READONLY, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_PERM:
            self = .outputFailed(path: path, reason: error.message ?? "the system refused")
        // Never the statement or its arguments: they may hold what is secret.
        default:
            self = .registryFailed(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
        }
    }

    init(_ error: KeyFileError, keyFile path: String) {
        switch error {
        case .exists: self = .keyFileExists(path: path)
        case .missing: self = .keyFileMissing(path: path)
        case .cannotWrite(let reason): self = .outputFailed(path: path, reason: reason)
        case .cannotRead(let reason): self = .keyFileUnreadable(path: path, reason: reason)
        case .notAKeyFile: self = .notAKeyFile(path: path)
        case .passphraseMissing: self = .passphraseMissing(path: path)
        case .wrongPassphrase: self = .wrongPassphrase(path: path)
        case .damaged(let problem): self = .keyFileDamaged(path: path, problem: problem)
        case .newer: self = .keyFileNewer(path: path)
        }
    }
}
