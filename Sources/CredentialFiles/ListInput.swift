import Crypto
import Fleet
import Foundation
import PrivateFiles

/// Where the bytes of a list come from: a file, or what another program gives.
public struct ListInput: Sendable {
    /// What it is called in messages, without its folder.
    public let name: String
    /// How many bytes there are; nil where that is not known before the end.
    public let size: Int?
    private let open: @Sendable () throws(FleetError) -> FileHandle
    private let shown: String

    /// A file.
    public init(path: String) {
        name = (path as NSString).lastPathComponent
        shown = path
        size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        open = { () throws(FleetError) in
            guard FileManager.default.fileExists(atPath: path) else { throw .inputMissing(path: path) }
            // A pipe may take its time, and the registry is locked while we read.
            guard isRegularFile(path) else { throw .inputUnreadable(path: path, reason: "it is not a file") }
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw .inputUnreadable(path: path, reason: "permission denied")
            }
            return file
        }
    }

    /// What another program gives. Its first 16 MiB, which is nearly always all
    /// of it, are read at once: whoever is slow must not be waited for later,
    /// while the registry is locked.
    ///
    /// - Throws: ``FleetError/inputUnreadable(path:reason:)``.
    public init(handle: FileHandle, name: String) throws(FleetError) {
        self.name = name
        shown = name
        size = nil
        open = { handle }
        while start.count < Self.longestStart {
            let bytes = try read(handle)
            if bytes.isEmpty {
                isWhole = true
                break
            }
            start += bytes
        }
    }

    /// Bytes that are at hand.
    public init(bytes: Data, name: String) {
        self.name = name
        shown = name
        size = bytes.count
        start = bytes
        isWhole = true
        open = { .nullDevice }
    }

    /// What was read beforehand.
    private var start = Data()
    /// Whether that is all: a terminal that was asked again would be waited for.
    private var isWhole = false
    private static let longestStart = 1 << 24

    /// Gives the bytes part by part, the first part with enough of them to tell
    /// what they are.
    ///
    /// - Returns: SHA-256 of all the bytes, in lower-case hexadecimal.
    /// - Throws: ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``; what `part` throws.
    func forEachPart(_ part: (_ bytes: Data, _ isFirst: Bool) throws -> Void) throws -> String {
        let file = try open()
        defer { try? file.close() }
        var hash = SHA256()
        var isFirst = true
        if !start.isEmpty {
            hash.update(data: start)
            try part(start, true)
            isFirst = false
        }
        if isWhole, isFirst { try part(Data(), true) }
        while !isWhole {
            var bytes = try read(file)
            while isFirst, bytes.count < Self.sample, !bytes.isEmpty {
                let more = try read(file)
                if more.isEmpty { break }
                bytes += more
            }
            if bytes.isEmpty, !isFirst { break }
            hash.update(data: bytes)
            try part(bytes, isFirst)
            isFirst = false
        }
        return hash.finalize().hex
    }

    private static let sample = 1 << 16
    private static let part = 1 << 18

    private func read(_ file: FileHandle) throws(FleetError) -> Data {
        do {
            return try file.read(upToCount: Self.part) ?? Data()
        } catch {
            throw .inputUnreadable(path: shown, reason: "the disk or the connection failed")
        }
    }
}
