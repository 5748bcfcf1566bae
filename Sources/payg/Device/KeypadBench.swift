import ChargeController
import Fleet

/// A simulated unit on the bench: what is typed on the computer's keyboard
/// presses the unit's keys, and its time runs.
struct KeypadBench {
    /// The unit's name.
    let id: PaygID
    /// The unit, as it is now.
    private(set) var unit: SolarUnit
    /// The unit's seconds in one real second.
    private(set) var speed = 1
    /// The keys pressed last, the oldest first.
    private(set) var lastKeys: [SolarUnit.Key] = []
    /// The key that is down, as far as anybody can tell.
    private(set) var pressed: SolarUnit.Key?
    /// Whether the help is shown in place of the unit.
    private(set) var isHelpShown = false

    /// How fast time can run.
    static let speeds = [1, 60, 3600, 86_400]
    /// Keys that are shown.
    static let keysShown = 14
    /// How long a key stays down, in nanoseconds.
    private static let pressTime = 250_000_000
    /// More real time than this did not pass on the bench: the computer slept.
    private static let longestTick = 1_000_000_000

    private var pressedFor = 0
    /// The unit's time that is less than a second, in nanoseconds.
    private var rest = 0
    private var sequence = Sequence.none

    /// A terminal tells of an arrow or a function key with several bytes.
    private enum Sequence {
        case none, begun, inside
    }

    init(_ id: PaygID, _ unit: SolarUnit) {
        (self.id, self.unit) = (id, unit)
    }

    /// Lets real time pass.
    mutating func pass(_ time: Duration) {
        let (seconds, attoseconds) = time.components
        let real = seconds >= 1 ? Self.longestTick : max(0, Int(attoseconds / 1_000_000_000))
        rest += real * speed
        unit.advance(by: rest / 1_000_000_000)
        rest %= 1_000_000_000
        pressedFor += real
        if pressedFor >= Self.pressTime { pressed = nil }
    }

    /// Nothing was typed for a while: an escape was a key by itself.
    mutating func settle() {
        sequence = .none
    }

    /// Takes a byte that the keyboard gave.
    ///
    /// - Returns: whether it asks to quit.
    mutating func take(_ byte: UInt8) -> Bool {
        guard isKey(byte) else { return false }
        let character = Character(Unicode.Scalar(byte))
        if isHelpShown {
            isHelpShown = false
            return character == "q" || character == "Q"
        }
        switch character {
        case "q", "Q": return true
        case "?": isHelpShown = true
        case "f", "F": speed = Self.speeds.first { $0 > speed } ?? 1
        case "p", "P": if unit.isPowered { unit.cutPower() } else { unit.restorePower() }
        case "\r", "\n": press(.hash)
        case "\u{7F}", "\u{08}": press(.star)
        default: if let key = SolarUnit.Key(rawValue: character) { press(key) }
        }
        return false
    }

    private mutating func press(_ key: SolarUnit.Key) {
        guard unit.parameters.digitSet.has(key) else { return }
        unit.press(key)
        (pressed, pressedFor) = (key, 0)
        lastKeys = (lastKeys + [key]).suffix(Self.keysShown)
    }

    /// Whether a byte is a key by itself, and not part of an arrow's.
    private mutating func isKey(_ byte: UInt8) -> Bool {
        switch sequence {
        case .none:
            if byte == 0x1B { sequence = .begun }
            return byte != 0x1B && byte < 0x80
        case .begun:
            sequence = byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O") ? .inside : .none
            return false
        case .inside:
            if (0x40...0x7E).contains(byte) { sequence = .none }
            return false
        }
    }
}
