import OpenPAYGO

extension SolarUnit {
    /// A key of the keypad; the raw value is what is printed on it.
    public enum Key: Character, CaseIterable, Hashable, Sendable {
        /// `1`.
        case one = "1"
        /// `2`.
        case two = "2"
        /// `3`.
        case three = "3"
        /// `4`.
        case four = "4"
        /// `5`.
        case five = "5"
        /// `6`.
        case six = "6"
        /// `7`.
        case seven = "7"
        /// `8`.
        case eight = "8"
        /// `9`.
        case nine = "9"
        /// `*`: clears what is typed.
        case star = "*"
        /// `0`.
        case zero = "0"
        /// `#`: enters what is typed; alone, shows the time left.
        case hash = "#"
    }
}

extension Token.DigitSet {
    /// The keys of a keypad with these digits, in their order from the top
    /// left. Source: the standard's "Restricted digit set".
    public var keys: [SolarUnit.Key] {
        self == .full ? SolarUnit.Key.allCases : [.one, .two, .three, .four, .star, .hash]
    }

    /// Whether a keypad with these digits has a key.
    public func has(_ key: SolarUnit.Key) -> Bool {
        switch key {
        case .five, .six, .seven, .eight, .nine, .zero: self == .full
        default: true
        }
    }
}
