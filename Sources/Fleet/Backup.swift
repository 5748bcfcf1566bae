/// What there is in a registry, to compare a copy with.
public struct RegistryFacts: Hashable, Sendable {
    /// 32 hex digits, made with the registry.
    public let registryID: String
    /// Which master key seals it: hex digits that give nothing of it away.
    public let keyID: String
    /// The sequence of its last event.
    public let events: Int
    /// The hash of its last event, in hex.
    public let head: String
    /// When its last event was recorded.
    public let lastEventAt: Timestamp
    /// How many tokens were issued.
    public let tokens: Int
    /// How many units there are.
    public let units: Int
    /// How many customers there are.
    public let customers: Int

    /// Facts, as counted.
    public init(
        registryID: String, keyID: String, events: Int, head: String, lastEventAt: Timestamp, tokens: Int, units: Int,
        customers: Int
    ) {
        self.registryID = registryID
        self.keyID = keyID
        self.events = events
        self.head = head
        self.lastEventAt = lastEventAt
        self.tokens = tokens
        self.units = units
        self.customers = customers
    }
}

/// The name of a backup that nobody named: the registry's, and when it was made.
///
/// `registry-2026-11-23T051259Z.sqlite`: in the order of the names they are in
/// the order of time, and the name is one on every file system.
public struct BackupName: Hashable, Sendable {
    /// The file's name.
    public let text: String
    /// When it was made, to the second.
    public let at: Timestamp

    /// The name of a backup that is made now.
    ///
    /// - Parameter registry: the registry's file name, with or without folders.
    public init(of registry: String, at now: Timestamp) {
        text = Self.prefix(registry) + now.text.replacing(":", with: "") + Self.suffix
        at = now
    }

    /// Nil for any other name.
    ///
    /// - Parameter registry: the file name of the registry that it is a backup of.
    public init?(_ name: String, of registry: String) {
        let prefix = Self.prefix(registry)
        guard name.hasPrefix(prefix), name.hasSuffix(Self.suffix) else { return nil }
        let stamp = Array(name.utf8.dropFirst(prefix.utf8.count).dropLast(Self.suffix.utf8.count))
        guard stamp.count == 18 else { return nil }
        let text =
            String(decoding: stamp[..<13], as: UTF8.self) + ":" + String(decoding: stamp[13..<15], as: UTF8.self) + ":"
            + String(decoding: stamp[15...], as: UTF8.self)
        guard let at = Timestamp(text: text), BackupName(of: registry, at: at).text == name else { return nil }
        self.text = name
        self.at = at
    }

    private static let suffix = ".sqlite"

    private static func prefix(_ registry: String) -> String {
        let name = registry.split(separator: "/").last.map(String.init) ?? registry
        return (name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name) + "-"
    }
}

/// A backup that was made.
public struct BackupRecord: Sendable {
    /// Where it is.
    public let path: String
    /// How many bytes it has.
    public let size: Int
    /// SHA-256 of the file, in hex.
    public let sha256: String
    /// What is in it.
    public let facts: RegistryFacts
    /// Why the proof was made without the key; nil where it was made with it.
    public let keyMissing: FleetError?
    /// What the registry's own proof found; the copy has it too.
    public let problems: [String]
    /// How many there are in all.
    public let problemCount: Int
    /// Why the registry has no event of it; nil where it has.
    public var notRecorded: FleetError?
    /// Older backups that were deleted, by their paths.
    public var deleted: [String] = []
    /// Whether it lies on the same disk as the registry.
    public var isOnSameDisk = false

    /// A backup.
    public init(
        path: String, size: Int, sha256: String, facts: RegistryFacts, keyMissing: FleetError?, problems: [String],
        problemCount: Int
    ) {
        self.path = path
        self.size = size
        self.sha256 = sha256
        self.facts = facts
        self.keyMissing = keyMissing
        self.problems = problems
        self.problemCount = problemCount
    }
}
