import OpenPAYGO

/// What became of a unit's credentials since it was imported.
public struct UnitPast: Sendable {
    /// The export that handed it to whoever makes its tokens; nil where they are
    /// made here.
    public let handedOver: ExportRecord?
    /// How often its maker sent other credentials, the first time first.
    public let replacements: [CredentialsReplacement]

    /// What the history tells.
    public init(handedOver: ExportRecord?, replacements: [CredentialsReplacement]) {
        self.handedOver = handedOver
        self.replacements = replacements
    }
}

/// A unit was given other credentials in place of its own.
public struct CredentialsReplacement: Hashable, Sendable {
    /// When.
    public let at: Timestamp
    /// Who did it.
    public let actor: String
    /// The unit's count then: tokens up to it were made with the former ones.
    public let lastCount: TokenCount
    /// The list that they came from.
    public let file: String
    /// Why.
    public let reason: String

    /// As it is on record.
    public init(at: Timestamp, actor: String, lastCount: TokenCount, file: String, reason: String) {
        self.at = at
        self.actor = actor
        self.lastCount = lastCount
        self.file = file
        self.reason = reason
    }
}
