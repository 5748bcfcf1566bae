import OpenPAYGO

/// The secret key and the starting code of a unit. Whoever has both, and a
/// count, makes tokens for it; they are stored sealed, and print as `<redacted>`.
public struct Credentials: Equatable, Sendable {
    /// The secret itself.
    public let key: SecretKey
    /// A secret too.
    public let startingCode: StartingCode

    /// The two of one unit.
    public init(key: SecretKey, startingCode: StartingCode) {
        self.key = key
        self.startingCode = startingCode
    }
}

extension SecretKey {
    /// 64 bits that tell a key from a million others, for tables that must not
    /// hold keys. They are half a secret: kept in memory and nowhere else.
    public var fingerprint: UInt64 {
        withBytes { bytes in
            let halves = UnsafeRawBufferPointer(bytes)
            return halves.loadUnaligned(as: UInt64.self) &* 0xFF51_AFD7_ED55_8CCD
                ^ halves.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        }
    }
}

extension Credentials: CustomStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
