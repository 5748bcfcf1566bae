import OpenPAYGO

/// The secret key and the starting code of a unit. Whoever has both, and a
/// count, makes tokens for it; they are stored sealed, and print as `<redacted>`.
public struct Credentials: Equatable, Sendable {
    public let key: SecretKey
    public let startingCode: StartingCode

    public init(key: SecretKey, startingCode: StartingCode) {
        self.key = key
        self.startingCode = startingCode
    }
}

extension Credentials: CustomStringConvertible, CustomReflectable {
    public var description: String { "<redacted>" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
