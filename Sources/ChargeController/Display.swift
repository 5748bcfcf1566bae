import OpenPAYGO

extension SolarUnit {
    /// What became of an entry that `#` ended.
    public enum Answer: Hashable, Sendable {
        /// The token was taken.
        case valid(TokenInstruction)
        /// The test code was taken: the load port is on for 30 seconds.
        case test
        /// The token was taken before, or is older than one that closed the
        /// way back. Nothing changed.
        case alreadyUsed
        /// It is no token of this unit.
        case invalid
        /// There are too few digits. Nothing was read.
        case tooShort
        /// The keypad is blocked, or the test code was used too often, for this
        /// many more seconds. Nothing was read.
        case wait(seconds: Int)
        /// `#` was pressed alone, to see the time left.
        case timeLeft
    }

    /// What stands on the display.
    public enum Display: Hashable, Sendable {
        /// There is no power.
        case off
        /// Nothing was typed, or all is cleared.
        case blank
        /// The digits typed so far.
        case digits(String)
        /// The last token was taken, and this much time is left.
        case valid(TimeLeft)
        /// This much time is left.
        case timeLeft(TimeLeft)
        /// The unit is unlocked for good.
        case unlocked
        /// The light is tested for this many more seconds.
        case test(seconds: Int)
        /// The last token is none of this unit.
        case invalid
        /// The last token was taken before, or is too old.
        case alreadyUsed
        /// The last entry had too few digits.
        case tooShort
        /// Nothing is read for this many more seconds.
        case wait(seconds: Int)

        /// How many characters the display has.
        public static let width = 16

        /// The line on the display, at most ``width`` characters.
        public var text: String {
            switch self {
            case .off, .blank: ""
            case .digits(let digits): digits
            case .valid(let left): "Valid \(left.shortText)"
            case .timeLeft(let left): left.text
            case .unlocked: "Unlocked"
            case .test(let seconds): "Test \(seconds)s"
            case .invalid: "Invalid"
            case .alreadyUsed: "Already used"
            case .tooShort: "Too short"
            // Cut up, so that who waits as long as it says is let in.
            case .wait(let seconds): "Wait \(seconds / 60 + (seconds.isMultiple(of: 60) ? 0 : 1)) min"
            }
        }
    }
}

/// Time left, taken apart as people read it.
public struct TimeLeft: Hashable, Sendable {
    /// All of it in seconds, 0 or more.
    public let totalSeconds: Int

    /// So many seconds; none for a number below 0.
    public init(seconds: Int) {
        totalSeconds = max(0, seconds)
    }

    /// Whole days.
    public var days: Int { totalSeconds / 86_400 }
    /// Whole hours beyond the days, 0…23.
    public var hours: Int { totalSeconds % 86_400 / 3600 }
    /// Whole minutes beyond the hours, 0…59.
    public var minutes: Int { totalSeconds % 3600 / 60 }
    /// Seconds beyond the minutes, 0…59.
    public var seconds: Int { totalSeconds % 60 }

    /// The three greatest parts, `29d 23h 59m` or `23h 59m 59s`, cut down, so
    /// that no display promises more than there is; `No time left` for nothing.
    public var text: String { totalSeconds == 0 ? "No time left" : text(parts: 3) }

    /// The two greatest parts, `29d 23h`; `0s` for nothing.
    public var shortText: String { text(parts: 2) }

    /// Days alone past five digits: a day's part more would not fit.
    private func text(parts: Int) -> String {
        guard days <= 99_999 else { return "\(min(days, 9_999_999))d" }
        let all = [(days, "d"), (hours, "h"), (minutes, "m"), (seconds, "s")]
        let first = all.firstIndex { $0.0 > 0 } ?? 3
        return all[first...].prefix(parts).map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }
}
