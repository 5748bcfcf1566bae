import SecretMemory

/// Tells one master key from another, and gives nothing of it away.
public struct KeyID: Hashable, Sendable, CustomStringConvertible {
    /// 16 bytes, derived from the key.
    public let bytes: [UInt8]

    /// An id, as it was derived.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// An id as ``hex`` writes it; nil for anything else.
    public init?(hex: String) {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 32, hex.utf8.count == 32 else { return nil }
        bytes = stride(from: 0, to: 32, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// All of it, 32 lower-case hexadecimal digits.
    public var hex: String { bytes.hex }
    /// The first half, which is what people are told: 16 digits.
    public var description: String { bytes.prefix(8).hex }
}

/// What one try of a key file's passphrase costs: the parameters of scrypt.
public struct KeyCost: Hashable, Sendable {
    /// log2 of N.
    public let log2Rounds: Int
    /// r.
    public let blockSize: Int
    /// p.
    public let parallelism: Int

    /// A cost; whether payg ever asks for it is another matter.
    public init(log2Rounds: Int, blockSize: Int = 8, parallelism: Int = 1) {
        self.log2Rounds = log2Rounds
        self.blockSize = blockSize
        self.parallelism = parallelism
    }

    /// Bytes of memory that one try takes.
    public var memory: Int { 128 * blockSize << log2Rounds }
}

/// How a key file that is made is protected.
public enum KeyProtection: Sendable {
    /// By nothing but its permissions.
    case none
    /// By a passphrase. Without a cost it is measured.
    case passphrase(SecretBytes, cost: KeyCost? = nil)

    /// Fewest characters of a passphrase, and the most bytes.
    private static let (fewest, most) = (8, 1024)

    /// By a passphrase that somebody chose just now.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` for one that protects nothing.
    public static func chosen(_ passphrase: SecretBytes, cost: KeyCost? = nil) throws(FleetError) -> KeyProtection {
        // In UTF-8, each character has one byte that does not go on another.
        let characters = passphrase.withBytes { bytes in bytes.count { $0 & 0xC0 != 0x80 } }
        guard characters >= fewest else {
            throw .badValue(what: "passphrase", problem: "has \(characters) characters; take \(fewest) or more")
        }
        guard passphrase.count <= most else {
            throw .badValue(what: "passphrase", problem: "has more than \(most) bytes")
        }
        return .passphrase(passphrase, cost: cost)
    }
}

/// What the protection of a key file becomes when the key is changed.
public enum KeyProtectionChange: Sendable {
    /// It stays as it is: the same passphrase, or none.
    case kept
    /// It is a new one.
    case to(KeyProtection)
}

/// A key that sealed a registry before.
public struct FormerKey: Hashable, Sendable {
    /// Which one.
    public let key: KeyID
    /// When it was changed; nil where the history does not say.
    public let until: Timestamp?
    /// Where its file is kept; nil where it is not at hand.
    public let keyFile: String?

    /// What is known of it.
    public init(key: KeyID, until: Timestamp?, keyFile: String?) {
        self.key = key
        self.until = until
        self.keyFile = keyFile
    }
}

/// Which key file a registry has, and what it seals.
public struct KeyStatus: Sendable {
    /// Where the key file is: the one named, or one beside it that fits.
    public var keyFile: String
    /// The key in it; nil where it cannot be read.
    public var key: KeyID?
    /// Why it is of no use to the registry; nil where it is.
    public var problem: FleetError?
    /// The key that the registry is sealed with.
    public var registryKey: KeyID
    /// What a try of its passphrase costs; nil for a file without one, or that
    /// cannot be read.
    public var cost: KeyCost?
    /// When the registry was made.
    public var registryMadeAt: Timestamp
    /// When the key was changed last; nil where it is the first one.
    public var rotatedAt: Timestamp?
    /// The keys before, the first one first.
    public var formerKeys: [FormerKey]
    /// Units whose credentials it seals.
    public var units: Int
    /// Credentials that units had before, which it seals too.
    public var formerCredentials: Int

    /// What the registry says, and nothing of a file yet.
    public init(
        keyFile: String, registryKey: KeyID, registryMadeAt: Timestamp, rotatedAt: Timestamp?,
        formerKeys: [FormerKey], units: Int, formerCredentials: Int
    ) {
        self.keyFile = keyFile
        self.registryKey = registryKey
        self.registryMadeAt = registryMadeAt
        self.rotatedAt = rotatedAt
        self.formerKeys = formerKeys
        self.units = units
        self.formerCredentials = formerCredentials
    }

    /// How often the key was changed.
    public var rotations: Int { formerKeys.count }
    /// Since when the registry is sealed with its key.
    public var since: Timestamp { rotatedAt ?? registryMadeAt }
    /// Whether the key file is the registry's.
    public var isRegistrys: Bool { key == registryKey }
}

/// What changing the master key did.
public struct KeyRotation: Sendable {
    /// The key before, and the one from now on.
    public let former: KeyID
    /// The key from now on.
    public let key: KeyID
    /// Units whose credentials were sealed anew.
    public let units: Int
    /// Credentials that units had before, which were too.
    public let formerCredentials: Int
    /// Where the new key is.
    public let keyFile: String
    /// Where the former one is kept.
    public let formerKeyFile: String

    /// What was done.
    public init(
        former: KeyID, key: KeyID, units: Int, formerCredentials: Int, keyFile: String, formerKeyFile: String
    ) {
        self.former = former
        self.key = key
        self.units = units
        self.formerCredentials = formerCredentials
        self.keyFile = keyFile
        self.formerKeyFile = formerKeyFile
    }
}

/// What stands on a recovery sheet. Its lines are the master key.
public struct RecoveryFacts: Sendable {
    /// What stands above the lines, in print and in the QR code.
    public let title: String
    /// The lines to type.
    public let lines: [String]
    /// The key they are.
    public let key: KeyID
    /// The registry that it belongs to: its own id, 32 hexadecimal digits.
    public let registryID: String
    /// Whether the key file has a passphrase, which the sheet does without.
    public let isProtected: Bool

    /// The facts together.
    public init(title: String, lines: [String], key: KeyID, registryID: String, isProtected: Bool) {
        self.title = title
        self.lines = lines
        self.key = key
        self.registryID = registryID
        self.isProtected = isProtected
    }
}
