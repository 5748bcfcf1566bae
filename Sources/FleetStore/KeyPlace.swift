import Fleet
import Foundation
import KeyVault
import PrivateFiles

/// Where a registry's key file is: at the path that was named, or beside it
/// under that name with the id of its key behind.
///
/// While the key is changed there are two: the new one waits under a name of its
/// own, with `.new` behind its id, before the registry knows it, and the former
/// one keeps its place until the registry no longer needs it. So at each moment
/// one of them fits, and no key is ever overwritten by one that is not a copy of
/// it. Only a key that waits is ever given the place by whoever opens it: an old
/// copy of a registry has a former key, whose file stays where it is.
struct KeyPlace: Sendable {
    /// As it was named.
    let path: String

    /// Where a key is kept that does not have the place itself.
    func beside(_ key: KeyID) -> String {
        // A link names a file elsewhere, on a stick, and its kin belong there.
        "\(resolved).\(key)"
    }

    /// Where a new key waits for the registry to know it.
    func waiting(_ key: KeyID) -> String { beside(key) + Self.new }

    private static let new = ".new"

    /// Every file that is kept beside it with the id of a key behind the name,
    /// those that wait too.
    var others: [String] {
        let path = resolved
        let (folder, name) = ((path as NSString).deletingLastPathComponent, (path as NSString).lastPathComponent)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        return names.filter { other in
            guard other.hasPrefix(name + ".") else { return false }
            var id = other.dropFirst(name.count + 1)
            if id.hasSuffix(Self.new) { id = id.dropLast(Self.new.count) }
            return id.count == 16 && id.allSatisfy { $0.isHexDigit && !$0.isUppercase }
        }.sorted().map { path + $0.dropFirst(name.count) }
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
        // One that waits has its way to the place before it.
        for other in [waiting(key), beside(key)] {
            do throws(KeyFileError) {
                let stored = try KeyFile.read(other)
                if stored.keyID == key.bytes { return (other, stored) }
            } catch .missing {
                // Then it is to be elsewhere.
            } catch {
                // It has the name of this very key.
                problem = FleetError(error, keyFile: other)
            }
        }
        throw problem
    }

    /// Where the file with a key is, also one that is not to be opened; nil where
    /// there is none.
    func kept(_ key: KeyID) -> String? {
        (try? find(key))?.path ?? [beside(key)].first(where: FileManager.default.fileExists)
    }

    /// Gives a key that is kept the place, and keeps beside it the one that has
    /// it. Where the place has neither, or may not be written to, everything
    /// stays: the key is found where it is.
    func exchange(_ former: KeyID, for key: KeyID) {
        locked { folder in
            guard let old = try? KeyFile.read(path), old.keyID == former.bytes else { return }
            put(beside(key), key, inPlaceOf: old, former, folder)
        }
    }

    /// Completes a change of the key that the registry knows of: the key that
    /// waits gets the former one's place, and the former one is kept. Where the
    /// place has another key or none, it waits no longer and is kept itself.
    /// Where the place cannot be read or written to, everything stays.
    func complete(from former: KeyID, to key: KeyID) {
        let new = waiting(key)
        locked { folder in
            do throws(KeyFileError) {
                let old = try KeyFile.read(path)
                guard old.keyID != former.bytes else { return put(new, key, inPlaceOf: old, former, folder) }
            } catch {
                guard error == .missing else { return }
            }
            guard Self.holds(new, key) else { return }
            do throws(PrivateFileError) { try PrivateFile.place(new, at: beside(key)) } catch {
                if error == .exists, Self.holds(beside(key), key) { forget([new], folder) }
            }
        }
    }

    private func put(
        _ new: String, _ key: KeyID, inPlaceOf old: StoredKey, _ former: KeyID, _ folder: Int32
    ) {
        guard let stored = try? KeyFile.read(new), stored.keyID == key.bytes, keep(old, former, beside(former))
        else { return }
        // A disk without a journal may lose both names of a file that is renamed
        // as its power goes. So a copy is, and this one goes when that is durable.
        let copy = new == beside(key) ? waiting(key) : beside(key)
        guard keep(stored, key, copy), rename(copy, resolved) == 0 else { return }
        forget([new], folder)
    }

    /// Completes a change of the key that was cut off when the key had its place
    /// already, and other names besides. Whoever calls has opened it there.
    func forgetWaiting(_ key: KeyID) {
        guard access(waiting(key), F_OK) == 0 else { return }
        locked { folder in
            guard Self.holds(path, key) else { return }
            forget([beside(key), waiting(key)].filter { Self.holds($0, key) }, folder)
        }
    }

    /// Takes names away from a key that has another one, when that is durable.
    private func forget(_ names: [String], _ folder: Int32) {
        guard fsync(folder) == 0 else { return }
        for name in names { unlink(name) }
        fsync(folder)
    }

    /// - Throws: what is wrong with a file that is to have a key.
    func check(_ key: KeyID, at path: String) throws(FleetError) {
        do throws(KeyFileError) {
            guard try KeyFile.read(path).keyID == key.bytes else { throw .notAKeyFile }
        } catch {
            throw FleetError(error, keyFile: path)
        }
    }

    private static func holds(_ path: String, _ key: KeyID) -> Bool {
        (try? KeyFile.read(path))?.keyID == key.bytes
    }

    /// Whether a key has a name, now or from before.
    private func keep(_ stored: StoredKey, _ key: KeyID, _ name: String) -> Bool {
        do {
            try KeyFile.copy(stored, to: name)
            PrivateFile.give(name, toOwnerOf: path)
            return true
        } catch {
            return Self.holds(name, key)
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
