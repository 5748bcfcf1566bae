#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

import SecretMemory

/// Why a private file could not be written.
public enum PrivateFileError: Error, Equatable, Sendable {
    /// There is something at the path, and it is never replaced.
    case exists
    /// The system refused; the reason is its own words. Nothing was left behind.
    case failed(reason: String)
    /// The file is finished, and could not be given its name. It is kept under
    /// another; nil where even that was refused, and it is lost.
    case notPlaced(finished: String?, reason: String)
}

/// A file that only its owner can read, and that appears whole or not at all.
///
/// What is written goes into a file without a name, where the file system has
/// such, or into a hidden one beside it. ``publish()`` makes it durable and
/// gives it its name, unless something has that name. A writer that is let go
/// before, or killed, leaves nothing under that name.
public final class PrivateFile {
    private let path: String
    /// Where another program may write into it, which is handed a copy.
    public private(set) var descriptor: Int32
    /// The hidden name; nil for a file without a name.
    private var hidden: String?
    /// What is not written yet. It never grows: what it would be moved from could
    /// not be wiped.
    private var buffer: [UInt8] = []
    private var isFinished = false
    /// Bytes that are not durable yet.
    private var unsynced = 0

    /// Bytes that are made durable at a time, so that whoever waits for the end
    /// of a large file waits for its last part.
    private static let synced = 1 << 24
    /// Bytes that are written at a time.
    private static let part = 1 << 16

    /// Starts a file.
    ///
    /// - Throws: ``PrivateFileError/exists`` or ``PrivateFileError/failed(reason:)``.
    public init(path: String) throws(PrivateFileError) {
        self.path = path
        buffer.reserveCapacity(Self.part)
        var status = stat()
        guard lstat(path, &status) != 0 else { throw .exists }
        // Anything else, such as a name too long, would only come out at the end.
        guard errno == ENOENT else { throw .failed(reason: Self.reason()) }
        let folder = Self.folder(of: path)
        descriptor = Self.openNameless(in: folder)
        if descriptor < 0 {
            let name = Self.hiddenName(beside: path)
            descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw .failed(reason: Self.reason()) }
            hidden = name
        }
    }

    deinit {
        wipe(&buffer)
        discard()
    }

    /// Adds bytes to the file.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``, and the file is given up.
    public func write(_ bytes: some Sequence<UInt8>) throws(PrivateFileError) {
        let appended = bytes.withContiguousStorageIfAvailable { bytes in
            Result { () throws(PrivateFileError) in try append(bytes) }
        }
        if let appended { return try appended.get() }
        for byte in bytes {
            buffer.append(byte)
            if buffer.count == Self.part { try flush() }
        }
    }

    private func append(_ bytes: UnsafeBufferPointer<UInt8>) throws(PrivateFileError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let room = Self.part - buffer.count
            buffer.append(contentsOf: rest.prefix(room))
            rest = rest.dropFirst(room)
            if buffer.count == Self.part { try flush() }
        }
    }

    /// Makes what was written durable, so that all that is left is the name.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``, and the file is given up.
    public func finish() throws(PrivateFileError) {
        guard !isFinished else { return }
        try flush()
        guard fsync(descriptor) == 0 else { throw fail() }
        isFinished = true
    }

    /// Reads a finished file back, part by part: another program may have
    /// written it.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``.
    public func forEachPart(_ take: (UnsafeRawBufferPointer) -> Void) throws(PrivateFileError) {
        var part = [UInt8](repeating: 0, count: 1 << 18)
        defer { wipe(&part) }
        var place = off_t(0)
        while true {
            let count = part.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, place) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw fail() }
            if count == 0 { return }
            part.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            place += off_t(count)
        }
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)`` where it could not be
    ///   finished; ``PrivateFileError/notPlaced(finished:reason:)`` where the
    ///   name is taken by now, or the system refuses it.
    public func publish() throws(PrivateFileError) {
        try finish()
        let code = hidden.map { Self.rename($0, toFree: path) } ?? nameNameless(path)
        if code != 0 { throw keep(Self.reason(code)) }
        close(descriptor)
        descriptor = -1
        hidden = nil
        Self.syncFolder(of: path)
    }

    /// Gives up the file; nothing of it stays.
    private func discard() {
        guard descriptor >= 0 else { return }
        close(descriptor)
        descriptor = -1
        if let hidden { unlink(hidden) }
        hidden = nil
    }

    private func flush() throws(PrivateFileError) {
        // Not a slice of it, which would have the wiping make a copy.
        var done = 0
        while done < buffer.count {
            let written = buffer.withUnsafeBytes { bytes in
                system_write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written > 0 else { throw fail() }
            done += written
            unsynced += written
        }
        // What is private is wiped once it is written.
        buffer.withUnsafeMutableBytes { wipe($0) }
        buffer.removeAll(keepingCapacity: true)
        guard unsynced >= Self.synced else { return }
        guard fsync(descriptor) == 0 else { throw fail() }
        unsynced = 0
    }

    private func fail() -> PrivateFileError {
        let reason = Self.reason()
        discard()
        return .failed(reason: reason)
    }

    /// Lets a finished file stay under a hidden name of its own.
    private func keep(_ reason: String) -> PrivateFileError {
        var finished = hidden
        if finished == nil {
            let name = Self.hiddenName(beside: path)
            if nameNameless(name) == 0 { finished = name }
        }
        close(descriptor)
        descriptor = -1
        hidden = nil
        return .notPlaced(finished: finished, reason: reason)
    }
}

// MARK: - The whole of it in one call

extension PrivateFile {
    /// Writes a small file, or leaves nothing of it behind.
    ///
    /// - Throws: ``PrivateFileError/exists`` or ``PrivateFileError/failed(reason:)``.
    public static func create(_ path: String, holding bytes: [UInt8]) throws(PrivateFileError) {
        let file = try PrivateFile(path: path)
        try file.write(bytes)
        do {
            try file.publish()
        } catch {
            guard case .notPlaced(let finished, let reason) = error else { throw error }
            if let finished { unlink(finished) }
            var status = stat()
            throw lstat(path, &status) == 0 ? .exists : .failed(reason: reason)
        }
    }

    /// Replaces a program's own state, which is not to be kept: whoever reads
    /// the path, even after a power cut, finds all of the old or all of the new,
    /// and it belongs to whom it belonged to.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``, and the old file is as it was.
    public static func replaceState(_ path: String, with bytes: [UInt8]) throws(PrivateFileError) {
        // Renamed over a link, it would leave what the link names as it was.
        let path = resolved(path)
        let hidden = hiddenName(beside: path)
        do {
            try create(hidden, holding: bytes)
        } catch .exists {
            throw .failed(reason: reason(EEXIST))
        }
        give(hidden, toOwnerOf: path)
        guard system_rename(hidden, path) == 0 else {
            let reason = reason()
            unlink(hidden)
            throw .failed(reason: reason)
        }
        syncFolder(of: path)
    }

    /// Lets a file that root made belong to the owner of another one, who could
    /// not read it otherwise. Where the disk knows no owners, nothing.
    public static func give(_ path: String, toOwnerOf other: String) {
        var (owner, given) = (stat(), stat())
        guard geteuid() == 0, stat(other, &owner) == 0, owner.st_uid != 0 else { return }
        // Whose folder it is may have put another file of root's there meanwhile.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        guard fstat(descriptor, &given) == 0, given.st_mode & S_IFMT == S_IFREG, given.st_nlink == 1 else { return }
        fchown(descriptor, owner.st_uid, owner.st_gid)
    }

    /// Makes an empty hidden file beside a path, for a program that writes by
    /// name, and gives back its name.
    public static func reserve(beside path: String) throws(PrivateFileError) -> String {
        let name = hiddenName(beside: path)
        let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .failed(reason: reason()) }
        close(descriptor)
        return name
    }

    /// Gives a file written by name its own name, unless something has it.
    public static func place(_ hidden: String, at path: String) throws(PrivateFileError) {
        switch rename(hidden, toFree: path) {
        case 0: syncFolder(of: path)
        case EEXIST: throw .exists
        case let code: throw .failed(reason: reason(code))
        }
    }

    /// Makes a file that a program wrote by name durable.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``.
    public static func sync(_ path: String) throws(PrivateFileError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .failed(reason: reason()) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw .failed(reason: reason()) }
    }

    /// Puts a file in the place of another, in one step.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``, and both are as they were.
    public static func rename(_ new: String, over path: String) throws(PrivateFileError) {
        guard system_rename(new, path) == 0 else { throw .failed(reason: reason()) }
        syncFolder(of: path)
    }

    /// Gives a file a second name, where the file system has such, or another
    /// one; unless something has that name.
    ///
    /// - Throws: ``PrivateFileError/exists``, ``PrivateFileError/failed(reason:)``.
    public static func name(_ path: String, also other: String) throws(PrivateFileError) {
        if link(path, other) == 0 { return syncFolder(of: other) }
        guard errno != EEXIST else { throw .exists }
        try place(path, at: other)
    }

    /// Makes the folder of a path, and those above it, readable by their owner only.
    public static func makeFolder(of path: String) throws(PrivateFileError) {
        let folder = folder(of: path)
        var status = stat()
        guard stat(folder, &status) != 0 else { return }
        try makeFolder(of: folder)
        guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .failed(reason: reason()) }
    }
}

// MARK: - What the system offers

// `PrivateFile` has methods of these names.
private let system_write = write
private let system_rename = rename

extension PrivateFile {
    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// A name that fits wherever the path's own does.
    private static func hiddenName(beside path: String) -> String {
        "\(folder(of: path))/.payg-\(UInt32.random(in: 0 ... .max)).part"
    }

    /// The path of the file that a link names; the path itself for any other.
    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    private static func reason(_ code: Int32 = errno) -> String {
        String(cString: strerror(code)).lowercased()
    }

    private static func syncFolder(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Renames unless the new name is taken. 0, or the system's error code.
    private static func rename(_ old: String, toFree new: String) -> Int32 {
        if link(old, new) == 0 {
            // A power cut may not take both names.
            syncFolder(of: new)
            unlink(old)
            return 0
        }
        guard errno != EEXIST else { return EEXIST }
        // No links on this file system (FAT, on a memory stick): claim the
        // name first, so that what the rename replaces is our own empty file.
        let claim = open(new, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard claim >= 0 else { return errno }
        close(claim)
        guard system_rename(old, new) != 0 else { return 0 }
        let code = errno
        unlink(new)
        return code
    }

    #if canImport(Darwin)
        private static func openNameless(in folder: String) -> Int32 { -1 }

        private func nameNameless(_ name: String) -> Int32 { ENOTSUP }
    #else
        private static func openNameless(in folder: String) -> Int32 {
            let temporary = 0o20_000_000 | O_DIRECTORY  // O_TMPFILE, a macro that is not imported
            let descriptor = open(folder, O_RDWR | O_CLOEXEC | temporary, 0o600)
            guard descriptor >= 0 else { return -1 }
            if access("/proc/self/fd", X_OK) == 0 { return descriptor }
            close(descriptor)
            return -1
        }

        /// Names the file without a name, unless the name is taken. 0, or
        /// the system's error code.
        private func nameNameless(_ name: String) -> Int32 {
            linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno
        }
    #endif
}

/// Whether there is a file with bytes of its own at a path, and not a folder,
/// a pipe or a device.
public func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}
