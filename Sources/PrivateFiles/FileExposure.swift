#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that others than its owner may read or write, or that belongs to
/// somebody else.
public struct FileExposure: Hashable, Sendable {
    /// Where it is.
    public let path: String
    /// Its permission bits, such as 0o644.
    public let mode: Int
    /// The user id of an owner who is neither this user nor root; nil otherwise.
    public let foreignOwner: Int?

    /// Nil for a file that only its owner reads and writes, and for none. Of a
    /// link, the file that it names counts.
    public init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(path, status)
    }

    /// The same of a file that is open.
    public init?(descriptor: Int32, path: String) {
        var status = stat()
        // A pipe is its maker's own, and has no name that others could open.
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.init(path, status)
    }

    private init?(_ path: String, _ status: stat) {
        let user = geteuid()
        // Whoever is root reads everything, and may work on anybody's files.
        let isForeign = user != 0 && status.st_uid != user && status.st_uid != 0
        guard status.st_mode & 0o066 != 0 || isForeign else { return nil }
        self.path = path
        mode = Int(status.st_mode & 0o777)
        foreignOwner = isForeign ? Int(status.st_uid) : nil
    }

    /// `can be read by others (mode 0644)`.
    public var problem: String {
        if let foreignOwner, mode & 0o066 == 0 { return "belongs to another user (id \(foreignOwner))" }
        let octal = String(mode, radix: 8)
        let verb = mode & 0o044 == 0 ? "written" : mode & 0o022 == 0 ? "read" : "read and written"
        return "can be \(verb) by others (mode \(String(repeating: "0", count: max(0, 4 - octal.count)))\(octal))"
    }

    /// Takes the file away from everybody but its owner.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``, also where the file system
    ///   knows no permissions.
    public func mend() throws(PrivateFileError) {
        guard chmod(path, mode_t(mode & 0o700)) == 0 else {
            throw .failed(reason: String(cString: strerror(errno)).lowercased())
        }
        if let left = FileExposure(path) { throw .failed(reason: "it still \(left.problem)") }
    }
}
