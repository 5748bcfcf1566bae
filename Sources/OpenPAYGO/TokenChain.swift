/// The chain of tokens that a key and a starting number make.
enum TokenChain {
    /// The number of values a token's last three digits can hold.
    static let values: UInt32 = 1000

    /// One application of the step function. Source: the standard's
    /// "Generating the next token".
    static func step(_ number: UInt32, key: SipHash.Key) -> UInt32 {
        UInt32(truncatingIfNeeded: step(doubled: doubled(number), key: key))
    }

    /// Some applications of the step function.
    static func step(_ number: UInt32, times: UInt32, key: SipHash.Key) -> UInt32 {
        var doubled = doubled(number)
        for _ in 0..<times { doubled = step(doubled: doubled, key: key) }
        return UInt32(truncatingIfNeeded: doubled)
    }

    /// The step function on a number that stands in both halves of a word, as
    /// it does in a message. Each hash waits for the one before it, so what
    /// counts is how few operations lie between two: this way seven, the halves
    /// folded and fitted together.
    @inline(__always)
    private static func step(doubled number: UInt64, key: SipHash.Key) -> UInt64 {
        // Written big-endian, read little-endian: the bytes are swapped.
        let hash = SipHash.hash(number.byteSwapped, key: key)
        let folded = (hash ^ (hash &<< 32 | hash &>> 32)) &>> 2 & 0x3FFF_FFFF_3FFF_FFFF
        let reduced = folded &- 73_741_825 * 0x1_0000_0001
        return UInt32(truncatingIfNeeded: folded) > StartingCode.maximum ? reduced : folded
    }

    private static func doubled(_ number: UInt32) -> UInt64 {
        UInt64(number) << 32 | UInt64(number)
    }

    /// The token that a hash turns into: its halves combined, the two lowest
    /// bits dropped, folded to nine digits. Source: the standard's "Conversion
    /// to 29.5 bits", as every implementation does it.
    static func token(from hash: UInt64) -> UInt32 {
        let folded = UInt32(truncatingIfNeeded: hash >> 32 ^ hash) >> 2
        return folded > StartingCode.maximum ? folded - 73_741_825 : folded
    }

    /// A number with its last three digits replaced. Source: the standard's
    /// "Put base in token".
    static func replacingBase(of number: UInt32, with base: UInt32) -> UInt32 {
        number - number % values + base
    }
}
