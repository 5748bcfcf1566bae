/// Numbers that look random and follow from a seed alone, on any machine and
/// with any version of the standard library: SplitMix64, of Steele, Lea and
/// Flood.
struct SeededRandom: Sendable {
    private var state: UInt64

    /// The numbers of a seed.
    init(seed: UInt64) {
        state = seed
    }

    /// The numbers of one of many things: what one of them draws changes
    /// nothing for the others, in whatever order they are looked at.
    init(seed: UInt64, part: Int) {
        var whole = SeededRandom(seed: seed ^ (UInt64(bitPattern: Int64(part)) &* 0xD1B5_4A32_D192_ED03))
        state = whole.next()
    }

    /// The next number.
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A whole number within a range.
    mutating func number(in range: ClosedRange<Int>) -> Int {
        let size = UInt64(range.upperBound - range.lowerBound + 1)
        return range.lowerBound + Int(next().multipliedFullWidth(by: size).high)
    }

    /// Whether something happens that happens so often in a million times.
    mutating func happens(_ perMillion: Int) -> Bool {
        perMillion > 0 && number(in: 0...999_999) < perMillion
    }
}
