import Crypto
import SecretMemory

/// The secret that a registry's credentials are sealed with: 32 random bytes.
/// What it does is the business of its ``vault``.
public struct MasterKey: Sendable {
    /// How many bytes it has.
    public static let length = 32

    private let key: SymmetricKey
    /// What the key seals and opens with.
    public let vault: Vault

    /// A new one, which nobody else has.
    public init() {
        self.init(SymmetricKey(size: .bits256))
    }

    /// One from its bytes, which are the caller's to wipe. Nil where there are
    /// not as many as a key has.
    public init?(bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length else { return nil }
        self.init(SymmetricKey(data: bytes))
    }

    private init(_ key: SymmetricKey) {
        self.key = key
        vault = Vault(master: key)
    }

    /// Tells one master key from another, and gives nothing of it away.
    public var keyID: [UInt8] { vault.keyID }

    /// Lends the bytes for as long as the body runs. They are the secret itself.
    public func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try key.withUnsafeBytes(body)
    }
}

extension MasterKey: CustomStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
