import Fleet
import Foundation
import KeyVault
import PrivateFiles

/// Where a registry's key file is: at the path that was named, or beside it
/// under that name with the id of its key behind.
///
/// While the key is changed there are two: the new one gets a name of its own
/// before the registry knows it, and the former one keeps its place until the
/// registry no longer needs it. So at each moment one of them fits, and no key
/// is ever overwritten by one that is not a copy of it.
struct KeyPlace: Sendable {
    /// As it was named.
    let path: String

    /// Where a key is kept that does not have the place itself.
    func beside(_ key: KeyID) -> String {
        // A link names a file elsewhere, on a stick, and its kin belong there.
        "\(resolved).\(key)"
    }

    /// Every file that is kept beside it with the id of a key behind the name.
    var others: [String] {
        let (folder, name) = (
            (resolved as NSString).deletingLastPathComponent, (resolved as NSString).lastPathComponent
        )
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.filter { other in
            guard other.hasPrefix(name + ".") else { return false }
            let id = other.dropFirst(name.count + 1)
            return id.count == 16 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        }.sorted().map { folder + "/" + $0 }
    }

    private var resolved: String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Reads the file with a key, wherever it is.
    ///
    /// - Throws: what is wrong with the file at the path itself, or with the one
    ///   that has the key's name.
    func find(_ key: KeyID) throws(FleetError) -> (path: String, stored: StoredKey) {
        var problem = FleetError.keyFileOfAnotherRegistry(path: path)
        do throws(KeyFileError) {
            let stored = try KeyFile.read(path)
            if stored.keyID == key.bytes { return (path, stored) }
        } catch {
            problem = FleetError(error, keyFile: path)
        }
        let other = beside(key)
        do throws(KeyFileError) {
            let stored = try KeyFile.read(other)
            if stored.keyID == key.bytes { return (other, stored) }
        } catch .missing {
            // Then it is to be at the path.
        } catch {
            // It has the name of this very key.
            problem = FleetError(error, keyFile: other)
        }
        throw problem
    }

    /// Gives a new key the place, and keeps the former one beside it. Where the
    /// place has neither, or may not be written to, everything stays: the new
    /// key is found where it is.
    func settle(from former: KeyID, to key: KeyID) {
        let new = beside(key)
        locked { folder in
            guard let old = try? KeyFile.read(path), old.keyID == former.bytes,
                let stored = try? KeyFile.read(new), stored.keyID == key.bytes, keep(old, former)
            else { return }
            // At once the one or the other, and nothing in between.
            rename(new, resolved)
            fsync(folder)
        }
    }

    /// Whether a key is kept under its id.
    private func keep(_ stored: StoredKey, _ key: KeyID) -> Bool {
        do {
            try KeyFile.copy(stored, to: beside(key))
            return true
        } catch {
            return (try? KeyFile.read(beside(key)))?.keyID == key.bytes
        }
    }

    /// Runs a body while no other program moves key files in this folder;
    /// where that cannot be had, not at all.
    private func locked(_ body: (_ folder: Int32) -> Void) {
        let name = (resolved as NSString).deletingLastPathComponent
        let folder = open(name.isEmpty ? "." : name, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        // Closed, it lets go.
        defer { close(folder) }
        guard flock(folder, LOCK_EX) == 0 else { return }
        body(folder)
    }
}
