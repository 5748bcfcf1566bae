import Fleet
import OpenPAYGO

/// How much light there is: what the registry and a unit are compared by.
struct Light: Hashable, Sendable {
    /// Seconds until it goes out; none while unlocked.
    var seconds = 0
    /// 1 where it is on for good, else 0.
    var forGood = 0

    /// What one has more than another; below zero, less.
    static func - (one: Light, other: Light) -> Light {
        Light(seconds: one.seconds - other.seconds, forGood: one.forGood - other.forGood)
    }

    /// What the registry says at a moment.
    init(_ credit: Credit, at now: Timestamp) {
        guard !credit.isUnlocked else {
            forGood = 1
            return
        }
        seconds = max(0, Int((credit.paidUntil ?? now).seconds - now.seconds))
    }

    init(seconds: Int = 0, forGood: Int = 0) {
        self.seconds = seconds
        self.forGood = forGood
    }
}

/// A token as a unit may read it.
struct ReadToken: Hashable, Sendable {
    let instruction: TokenInstruction
    let count: UInt32
}

/// What a unit has to do with a token by the standard, written down a second
/// time for the comparison: were it asked of the unit itself, a unit that is
/// wrong would explain itself.
struct UnitRules {
    /// Why a token is not taken.
    enum Refusal: Hashable {
        case used
        /// A Set Time, unlock or sync with a higher count was taken before.
        case closed
        /// It is a Set Time, unlock or sync, and a token with a higher count was
        /// taken before.
        case overtaken
        /// It is below the counts that a unit remembers one by one.
        case tooOld
        /// It is above all counts that a unit looks at.
        case outOfReach
    }

    /// When the time ends, on the unit's own clock.
    private(set) var end = 0
    private(set) var isUnlocked = false
    private var last: UInt32
    private var closed: UInt32
    private var used: Set<UInt32> = []
    private let dispatched: UInt32
    private let divider: TimeDivider

    init(dispatched: UInt32, divider: TimeDivider) {
        (last, closed, self.dispatched, self.divider) = (dispatched, dispatched, dispatched, divider)
    }

    /// Takes a token at a moment of the unit's clock.
    ///
    /// - Returns: why not; nil when it is taken.
    mutating func take(_ token: ReadToken, at now: Int) -> Refusal? {
        if let refusal = refusal(of: token) { return refusal }
        switch token.instruction {
        case .addTime(let time):
            used.insert(token.count)
            last = max(last, token.count)
            end = max(end, now) + divider.seconds(steps: time.number)
        case .setTime(let time):
            close(token.count)
            isUnlocked = false
            end = now + divider.seconds(steps: time.number)
        case .disablePayg:
            close(token.count)
            isUnlocked = true
        case .counterSync:
            close(token.count)
        }
        return nil
    }

    private mutating func close(_ count: UInt32) {
        (last, closed) = (count, count)
        used = []
    }

    private func refusal(of token: ReadToken) -> Refusal? {
        if token.count > last + TokenReader.window { return .outOfReach }
        guard token.instruction.type == .addTime else { return token.count > last ? nil : .overtaken }
        if used.contains(token.count) { return .used }
        if token.count <= closed { return .closed }
        return token.count + 16 <= last ? .tooOld : nil
    }

    /// Forgets all.
    mutating func forget() {
        self = UnitRules(dispatched: dispatched, divider: divider)
    }

    /// How much light there is at a moment of the unit's clock.
    func light(at now: Int) -> Light {
        isUnlocked ? Light(forGood: 1) : Light(seconds: max(0, end - now))
    }
}
