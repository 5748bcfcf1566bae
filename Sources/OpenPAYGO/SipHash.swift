/// SipHash-2-4 for the two lengths of message that the standard hashes.
/// Source: the standard's "Hash function"; Aumasson and Bernstein, "SipHash:
/// a fast short-input PRF", section 2.
enum SipHash {
    /// A key: its 16 bytes in two words, first byte lowest.
    struct Key {
        var k0, k1: UInt64

        /// Puts a byte of the key, 0…15, in its place.
        @inline(__always)
        mutating func place(_ byte: UInt8, at index: Int) {
            let shifted = UInt64(byte) << (8 * UInt64(index % 8))
            if index < 8 { k0 |= shifted } else { k1 |= shifted }
        }
    }

    /// The hash of an 8-byte message, given as the word whose lowest byte is
    /// the message's first.
    static func hash(_ message: UInt64, key: Key) -> UInt64 {
        var state = State(key)
        state.absorb(message)
        return state.finish(length: 8)
    }

    /// The hash of a 16-byte message, given as two such words.
    static func hash(_ first: UInt64, _ second: UInt64, key: Key) -> UInt64 {
        var state = State(key)
        state.absorb(first)
        state.absorb(second)
        return state.finish(length: 16)
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        @inline(__always)
        init(_ key: Key) {
            v0 = key.k0 ^ 0x736f_6d65_7073_6575
            v1 = key.k1 ^ 0x646f_7261_6e64_6f6d
            v2 = key.k0 ^ 0x6c79_6765_6e65_7261
            v3 = key.k1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func absorb(_ word: UInt64) {
            v3 ^= word
            round()
            round()
            v0 ^= word
        }

        @inline(__always)
        mutating func finish(length: UInt64) -> UInt64 {
            absorb(length << 56)
            v2 ^= 0xff
            round()
            round()
            round()
            round()
            return v0 ^ v1 ^ v2 ^ v3
        }

        @inline(__always)
        mutating func round() {
            v0 &+= v1
            v1 = rotated(v1, 13) ^ v0
            v0 = rotated(v0, 32)
            v2 &+= v3
            v3 = rotated(v3, 16) ^ v2
            v0 &+= v3
            v3 = rotated(v3, 21) ^ v0
            v2 &+= v1
            v1 = rotated(v1, 17) ^ v2
            v2 = rotated(v2, 32)
        }

        @inline(__always)
        private func rotated(_ word: UInt64, _ bits: UInt64) -> UInt64 {
            word &<< bits | word &>> (64 &- bits)
        }
    }
}
