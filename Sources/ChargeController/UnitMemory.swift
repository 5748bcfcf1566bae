import OpenPAYGO

/// What a unit remembers through a power cut.
///
/// Whatever ends is kept as a moment on the unit's own count of seconds,
/// ``UnitClock/now``, so that it ends with the power away too.
public struct UnitMemory: Hashable, Sendable {
    /// The tokens accepted: 8 bytes.
    public internal(set) var tokens: DeviceState
    /// When the time ends, or ended.
    public internal(set) var paidUntil = 0
    /// Whether the unit is unlocked for good.
    public internal(set) var isUnlocked = false
    /// Invalid entries in a row, counted no further than the longest block.
    public internal(set) var invalidEntries = 0
    /// When the keypad's block ends, or ended.
    public internal(set) var blockedUntil = 0
    /// When the test code was last used, at most five times, the oldest first.
    public internal(set) var testUses: [Int] = []

    /// A unit as it leaves the factory: no time, no token taken.
    public init(dispatchedWith count: TokenCount) {
        tokens = DeviceState(dispatchedWith: count)
    }

    /// When the light of the last test ends, or ended.
    var testedUntil: Int { testUses.last.map { $0 + TestRule.seconds } ?? 0 }
}

/// How the keypad is blocked after invalid entries. Source: the standard's
/// "Waiting period for invalid tokens", as decided here.
enum BlockRule {
    /// The invalid entry in a row that blocks first.
    static let firstBlocking = 3
    /// The first block, in seconds.
    static let shortest = 2 * 60
    /// How often it doubles: to 512 minutes.
    static let doublings = 8
    /// More entries than these are not counted: the block grows no further.
    static let mostCounted = firstBlocking + doublings

    /// How long the keypad is blocked after so many invalid entries in a row,
    /// in seconds.
    static func seconds(after entries: Int) -> Int {
        entries < firstBlocking ? 0 : shortest << min(entries - firstBlocking, doublings)
    }
}

/// What the test code gives. Source: the standard's "Test codes".
enum TestRule {
    /// How long the light is on, in seconds.
    static let seconds = 30
    /// How often it can be used within ``period``.
    static let uses = 5
    /// An hour, in seconds.
    static let period = 3600
}

extension UnitMemory: Codable {
    private enum CodingKeys: String, CodingKey {
        case tokens, paidUntil, isUnlocked, invalidEntries, blockedUntil, testUses
    }

    /// Reads what was encoded.
    ///
    /// - Throws: a `DecodingError` for what no unit remembers.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let moments = 0...UnitClock.limit
        tokens = try values.decode(DeviceState.self, forKey: .tokens)
        paidUntil = try values.seconds(.paidUntil, in: moments)
        isUnlocked = try values.decode(Bool.self, forKey: .isUnlocked)
        invalidEntries = try values.seconds(.invalidEntries, in: 0...BlockRule.mostCounted)
        blockedUntil = try values.seconds(.blockedUntil, in: moments)
        testUses = try values.decode([Int].self, forKey: .testUses)
        let isInOrder = testUses == testUses.sorted()
        guard testUses.count <= TestRule.uses, testUses.allSatisfy(moments.contains), isInOrder else {
            throw DecodingError.dataCorruptedError(
                forKey: .testUses, in: values, debugDescription: "not at most 5 moments in their order")
        }
    }
}
