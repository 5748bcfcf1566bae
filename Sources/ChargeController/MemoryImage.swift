import OpenPAYGO

/// A unit's memory in bytes, as its memory chip holds it.
enum MemoryImage {
    /// Bytes of an image: ten words of 8, the checksum of 4.
    static let length = checked + 4
    /// Bytes that the checksum is of: the sequence number, the tokens, when
    /// the time ends, the invalid entries, the block, and five uses of the
    /// test code.
    private static let checked = 10 * 8

    /// The bytes of a memory.
    static func bytes(of memory: UnitMemory, sequence: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        // The lowest byte goes first: the first byte written tells the new
        // image from the one that lay there, two sequence numbers older.
        bytes.append(littleEndian: sequence)
        bytes.append(littleEndian: memory.tokens.bits)
        bytes.append(littleEndian: UInt64(memory.paidUntil))
        bytes.append(littleEndian: UInt64(memory.invalidEntries) << 1 | (memory.isUnlocked ? 1 : 0))
        bytes.append(littleEndian: UInt64(memory.blockedUntil))
        for place in 0..<TestRule.uses {
            bytes.append(littleEndian: place < memory.testUses.count ? UInt64(memory.testUses[place]) : .max)
        }
        bytes.append(littleEndian: checksum(bytes[...]))
        return bytes
    }

    /// The memory in some bytes, and its sequence number. Nil where they are
    /// not wholly one image.
    static func memory(in bytes: [UInt8]) -> (memory: UnitMemory, sequence: UInt64)? {
        guard bytes.count == length,
            checksum(bytes.prefix(checked)) == bytes.suffix(4).reversed().reduce(0, { $0 << 8 | UInt32($1) }),
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

extension [UInt8] {
    fileprivate mutating func append<Word: FixedWidthInteger>(littleEndian word: Word) {
        for shift in stride(from: 0, to: Word.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: word >> shift)) }
    }
}
