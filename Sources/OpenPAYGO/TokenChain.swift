/// The chain of tokens that a key and a starting number make.
enum TokenChain {
    /// The number of values a token's last three digits can hold.
    static let values: UInt32 = 1000

    /// One application of the step function. Source: the standard's
    /// "Generating the next token".
    static func step(_ number: UInt32, key: SecretKey) -> UInt32 {
        // The number is written twice, big-endian; SipHash reads its message
        // little-endian, so both halves are the number with its bytes swapped.
        let half = UInt64(number.byteSwapped)
        return token(from: SipHash.hash(half << 32 | half, key: key))
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
