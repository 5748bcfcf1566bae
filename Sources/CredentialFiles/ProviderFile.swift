import Crypto
import Fleet
import PrivateFiles

/// What became of a provider's file that is whole.
public struct FinishedFile: Hashable, Sendable {
    /// SHA-256 of what is in it, before any encryption, in lower-case
    /// hexadecimal: the same for the same profile and units.
    public let sha256: String
    /// SHA-256 of the file as it lies there; the same where it is not encrypted.
    public let fileSHA256: String
    /// Whether only its recipients can read it.
    public let isEncrypted: Bool
}

/// A provider's file being written: private, and there whole or not at all.
///
/// Its content is made of the profile, the products' names and the units in
/// their order, and of nothing else: whoever has the same gets the same bytes.
public final class ProviderFile {
    private let profile: Profile
    private let path: String
    private let file: PrivateFile
    private let encryption: AgeProcess?
    private var rows: RowWriter
    private let encoding: FileEncoding
    private var hash = SHA256()
    /// Bytes that the provider reads, so far.
    private var written = 0
    /// Units with a time divider or restricted digits that the file has no
    /// column for, so that the provider must be told.
    public private(set) var unitsNotTold = 0

    private static let part = 1 << 16

    /// Starts a file with its header.
    ///
    /// - Parameters:
    ///   - path: where it goes.
    ///   - profile: how it is written.
    ///   - productNames: what the user called the profile's products, by their keys.
    ///   - product: what all units are, whatever their models: a name, or a product's key.
    ///   - recipients: whom it is encrypted for with `age`: `age1…`,
    ///     `ssh-ed25519 …`, `ssh-rsa …`, or the path of a file of such. Empty
    ///     for a file in the clear.
    /// - Throws: ``FleetError/productMissing(profile:)``,
    ///   ``FleetError/productsNotNamed(_:profile:title:)``,
    ///   ``FleetError/badValue(what:problem:)`` for a product that no column
    ///   takes, ``FleetError/ageMissing``, ``FleetError/recipientRefused(_:reason:)``,
    ///   ``FleetError/outputExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public convenience init(
        _ path: String, profile: Profile, productNames: [String: String] = [:], product: String? = nil,
        recipients: [String] = []
    ) throws(FleetError) {
        try self.init(
            path, profile: profile, products: try ProductChoice(profile, names: productNames, product: product),
            age: recipients.isEmpty ? nil : try Age(recipients: recipients)
        )
    }

    init(_ path: String, profile: Profile, products: ProductChoice, age: Age?) throws(FleetError) {
        self.path = path
        self.profile = profile
        switch profile.form {
        case .separated(let delimiter, let encoding, let lineEnding):
            self.encoding = encoding
            rows = RowWriter(
                profile, .separated(delimiter.byte, lineEnd: lineEnding.bytes), products: products)
        case .json:
            encoding = .utf8
            rows = RowWriter(profile, .json, products: products)
        }
        rows.bytes.reserveCapacity(Self.part + Self.part / 4)
        do {
            file = try PrivateFile(path: path)
        } catch {
            throw FleetError(error, output: path)
        }
        let descriptor = file.descriptor
        encryption = try age.map { age throws(FleetError) in try age.encrypt(to: descriptor, path: path) }
        rows.begin(profile.headers)
        try put(encoding.mark)
    }

    /// Asks `age` whether it knows all recipients, before anything is begun.
    ///
    /// - Throws: ``FleetError/ageMissing``, ``FleetError/recipientRefused(_:reason:)``.
    public static func check(recipients: [String]) throws(FleetError) {
        if !recipients.isEmpty { _ = try Age(recipients: recipients) }
    }

    /// Adds a unit. One that the file cannot have is told by ``finish()``,
    /// with the others.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    public func add(_ unit: ExportedUnit) throws(FleetError) {
        if !profile.tells(unit.unit.build) { unitsNotTold += 1 }
        if rows.add(unit) >= Self.part { try drain() }
    }

    /// Completes the file, still without its name.
    ///
    /// - Throws: ``FleetError/productsNotNamed(_:profile:title:)``,
    ///   ``FleetError/noProductFor(_:profile:title:)``,
    ///   ``FleetError/valueMissing(field:units:profile:)``,
    ///   ``FleetError/formulaCell(field:units:profile:)``,
    ///   ``FleetError/notInEncoding(field:units:encoding:profile:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public func finish() throws(FleetError) -> FinishedFile {
        if let error = rows.refusals.error(profile) { throw error }
        rows.end()
        try drain()
        let sha256 = hash.finalize().hex
        try encryption?.finish()
        do {
            try file.finish()
        } catch {
            throw FleetError(error, output: path)
        }
        guard encryption != nil else {
            return FinishedFile(sha256: sha256, fileSHA256: sha256, isEncrypted: false)
        }
        return FinishedFile(sha256: sha256, fileSHA256: try encryptedSHA256(), isEncrypted: true)
    }

    /// What every file that `age` encrypts begins with. Source: the age
    /// file format, version 1.
    private static let ageMark = Array("age-encryption.org/v1\n".utf8)

    /// SHA-256 of the file as it lies there, once it is known to be encrypted:
    /// another program of that name would have put nothing there, or the keys
    /// in the clear.
    private func encryptedSHA256() throws(FleetError) -> String {
        var fileHash = SHA256()
        var (length, isAge) = (0, false)
        do {
            try file.forEachPart { part in
                if length == 0 { isAge = part.starts(with: Self.ageMark) }
                length += part.count
                fileHash.update(bufferPointer: part)
            }
        } catch {
            throw FleetError(error, output: path)
        }
        guard isAge, length > written else {
            throw .outputFailed(path: path, reason: "what age wrote is no encrypted file")
        }
        return fileHash.finalize().hex
    }

    /// Gives the finished file its name.
    ///
    /// - Parameter export: the number it has on record.
    /// - Throws: ``FleetError/outputNotPlaced(path:finished:reason:export:)``.
    public func publish(export: Int) throws(FleetError) {
        do {
            try file.publish()
        } catch {
            switch error {
            case .exists:
                throw .outputNotPlaced(path: path, finished: nil, reason: "file exists", export: export)
            case .failed(let reason):
                throw .outputNotPlaced(path: path, finished: nil, reason: reason, export: export)
            case .notPlaced(let finished, let reason):
                throw .outputNotPlaced(path: path, finished: finished, reason: reason, export: export)
            }
        }
    }

    /// For tests: the process that encrypts; nil where none does.
    var encryptingProcess: Int32? { encryption?.processID }

    private func drain() throws(FleetError) {
        switch encoding {
        case .utf8, .utf8Marked: try put(rows.bytes)
        case .windows1252, .utf16LittleEndian: try put(encoding.bytes(rows.bytes))
        }
        rows.bytes.removeAll(keepingCapacity: true)
    }

    private func put(_ bytes: [UInt8]) throws(FleetError) {
        guard !bytes.isEmpty else { return }
        bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
        written += bytes.count
        if let encryption { return try encryption.write(bytes) }
        do {
            try file.write(bytes)
        } catch {
            throw FleetError(error, output: path)
        }
    }
}

extension FleetError {
    /// Why an output could not be written.
    public init(_ error: PrivateFileError, output path: String) {
        switch error {
        case .exists: self = .outputExists(path: path)
        case .failed(let reason), .notPlaced(_, let reason): self = .outputFailed(path: path, reason: reason)
        }
    }
}
