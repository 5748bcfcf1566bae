import OpenPAYGO

/// A unit's memory in bytes, as its memory chip holds it.
enum MemoryImage {
    /// Bytes of an image: the sequence number, nine words of memory, the checksum.
    static let length = (words + 2) * 8
    private static let words = 9

    /// The bytes of a memory.
    static func bytes(of memory: UnitMemory, sequence: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        func append(_ word: UInt64) {
            for shift in stride(from: UInt64(0), to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: word >> shift))
            }
        }
        // The lowest byte goes first: the first byte written tells the new
        // image from the one that lay there, two sequence numbers older.
        append(sequence)
        append(memory.tokens.bits)
        append(UInt64(memory.paidUntil))
        append(UInt64(memory.invalidEntries) << 1 | (memory.isUnlocked ? 1 : 0))
        append(UInt64(memory.blockedUntil))
        for place in 0..<TestRule.uses {
            append(place < memory.testUses.count ? UInt64(memory.testUses[place]) : .max)
        }
        append(UInt64(checksum(bytes[...])))
        return bytes
    }

    /// The memory in some bytes, and its sequence number. Nil where they are
    /// not wholly one image.
    static func memory(in bytes: [UInt8]) -> (memory: UnitMemory, sequence: UInt64)? {
        guard bytes.count == length, UInt64(checksum(bytes.prefix(length - 8))) == word(words + 1, of: bytes),
            let tokens = DeviceState(bits: word(1, of: bytes))
        else { return nil }
        var memory = UnitMemory(dispatchedWith: tokens.lastCount)
        memory.tokens = tokens
        memory.paidUntil = moment(2, of: bytes)
        memory.invalidEntries = min(moment(3, of: bytes) >> 1, BlockRule.mostCounted)
        memory.isUnlocked = word(3, of: bytes) & 1 == 1
        memory.blockedUntil = moment(4, of: bytes)
        memory.testUses = (5..<5 + TestRule.uses).filter { word($0, of: bytes) != .max }.map { moment($0, of: bytes) }
        return (memory, word(0, of: bytes))
    }

    private static func word(_ place: Int, of bytes: [UInt8]) -> UInt64 {
        bytes[place * 8..<place * 8 + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func moment(_ place: Int, of bytes: [UInt8]) -> Int {
        Int(min(word(place, of: bytes), UInt64(UnitClock.limit)))
    }

    /// CRC-32, of ISO 3309: finds any change within 32 bits in a row for
    /// certain, and others but once in four thousand million.
    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        var sum = UInt32.max
        for byte in bytes {
            sum ^= UInt32(byte)
            for _ in 0..<8 { sum = sum >> 1 ^ (0xEDB8_8320 & (0 &- sum & 1)) }
        }
        return ~sum
    }
}
