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

extension Credentials: CustomStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
