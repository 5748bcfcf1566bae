/// What a token does to the unit that accepts it. Source: the standard's
/// "Token types". The raw values are the names used in JSON and in storage.
public enum TokenType: String, CaseIterable, Hashable, Sendable {
    /// Adds time to what is left.
    case addTime
    /// Replaces what is left.
    case setTime
    /// Unlocks the unit for good.
    case disablePayg
    /// Brings the unit's count to the token's.
    case counterSync

    /// Add Time tokens have even counts, all others odd ones.
    public var hasEvenCounts: Bool { self == .addTime }
}

/// What to say in a token: its type, and the time where its type carries any.
public enum TokenInstruction: Hashable, Sendable {
    /// Adds to the time that is left.
    case addTime(TimeValue)
    /// Replaces the time that is left; 0 locks the unit now.
    case setTime(TimeValue)
    /// Unlocks the unit for good.
    case disablePayg
    /// Moves the unit's last count to this token's, also downwards. Spent
    /// tokens above it are valid again: only for a technician.
    case counterSync

    /// The type of the token that says this.
    public var type: TokenType {
        switch self {
        case .addTime: .addTime
        case .setTime: .setTime
        case .disablePayg: .disablePayg
        case .counterSync: .counterSync
        }
    }

    /// The time it carries; nil for the types that carry none.
    public var time: TimeValue? {
        switch self {
        case .addTime(let time), .setTime(let time): time
        case .disablePayg, .counterSync: nil
        }
    }

    /// An instruction of a type, with the time that the type needs. Nil when
    /// a time is missing, or given to a type that takes none.
    public init?(type: TokenType, time: TimeValue?) {
        switch (type, time) {
        case (.addTime, let time?): self = .addTime(time)
        case (.setTime, let time?): self = .setTime(time)
        case (.disablePayg, nil): self = .disablePayg
        case (.counterSync, nil): self = .counterSync
        default: return nil
        }
    }

    /// The three-digit value inside the token: days × divider, 998 or 999.
    var encodedValue: UInt32 {
        switch self {
        case .addTime(let time), .setTime(let time): UInt32(time.number)
        case .disablePayg: Self.disableValue
        case .counterSync: Self.syncValue
        }
    }

    static let disableValue: UInt32 = 998
    static let syncValue: UInt32 = 999
}
