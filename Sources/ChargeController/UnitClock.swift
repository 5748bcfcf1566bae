/// A unit's clock: a chip that runs on a battery of its own, powered or not,
/// and the seconds that the unit has counted.
///
/// The unit goes by what it counted. While it has power it counts its
/// processor's seconds, and asks the chip only how long the power was away; a
/// chip that says less than before has told it nothing. What is counted never
/// goes back, so that a moment once past stays past, and nobody gets light by
/// setting a clock back or stopping it. The count is one word in the chip's
/// own memory, written each second: a power cut cannot tear it. Source: the
/// standard's "Target minimum hardware requirements".
public struct UnitClock: Hashable, Sendable {
    /// Seconds counted since the factory: the unit's time. Never goes back.
    public private(set) var now: Int
    /// What the chip says, in seconds. Zero at the factory; below it after a
    /// jump further back.
    public private(set) var reading: Int
    /// A fault: whether the chip stands still.
    public internal(set) var standsStill = false
    /// What the chip said when the unit last looked.
    private var lastSeen: Int

    /// Where all clocks stop: 285 million years, past any sum of tokens.
    static let limit = 1 << 53

    /// A clock as it is started at the factory.
    public init() {
        (now, reading, lastSeen) = (0, 0, 0)
    }

    /// The chip jumps back.
    mutating func jumpBack(by seconds: Int) {
        reading = max(-Self.limit, reading - min(max(0, seconds), Self.limit))
    }

    /// Lets time pass. `seconds` is 0 or more.
    mutating func run(for seconds: Int, powered: Bool) {
        let seconds = min(seconds, Self.limit)
        if !standsStill { reading = min(Self.limit, reading + seconds) }
        guard powered else { return }
        now = min(Self.limit, now + seconds)
        lastSeen = reading
    }

    /// The power is back: counts the time that it was away.
    mutating func catchUp() {
        now = min(Self.limit, now + max(0, reading - lastSeen))
        lastSeen = reading
    }
}

extension UnitClock: Codable {
    private enum CodingKeys: String, CodingKey {
        case now, reading, lastSeen, standsStill
    }

    /// Reads what was encoded.
    ///
    /// - Throws: a `DecodingError` for what no clock says.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        now = try values.seconds(.now, in: 0...Self.limit)
        reading = try values.seconds(.reading, in: -Self.limit...Self.limit)
        lastSeen = try values.seconds(.lastSeen, in: -Self.limit...Self.limit)
        standsStill = try values.decode(Bool.self, forKey: .standsStill)
    }
}

extension KeyedDecodingContainer {
    /// A number that must lie in a range, so that no sum of two overflows.
    func seconds(_ key: Key, in range: ClosedRange<Int>) throws -> Int {
        let number = try decode(Int.self, forKey: key)
        guard range.contains(number) else {
            throw DecodingError.dataCorruptedError(
                forKey: key, in: self, debugDescription: "not within \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}
