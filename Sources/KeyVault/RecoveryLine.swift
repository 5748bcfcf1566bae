import SecretMemory

/// What is wrong with a line of a recovery sheet that somebody typed.
public enum RecoveryLineProblem: Error, Equatable, Sendable {
    /// A character that no block has.
    case character(Character)
    /// More or fewer characters than a line has.
    case length(Int)
    /// A slip, in one block where that can be told.
    case slip(block: Int?)
    /// It is right, and another line of a sheet.
    case otherLine(Int)
}

/// A line of a recovery sheet: its number, and four blocks of four characters
/// for eight bytes.
///
/// 13 characters are the bytes in Crockford's base 32 (no I, L, O or U), the
/// last one's lowest bit being 0, and three are a Reed-Solomon check over them
/// and the line's number, over GF(32) with x⁵ + x² + 1 and the roots α, α² and
/// α³: it notices any three wrong characters, two swapped ones, and a line in
/// another's place, and knows where a single one is.
public enum RecoveryLine {
    /// Bytes of one line.
    public static let bytes = 8
    /// Characters of one line, without its number and the spaces.
    public static let characters = 16
    static let blockLength = 4

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    /// Writes a line: `2 9F3K 7QXM 04TA WE81`.
    ///
    /// - Parameter bytes: eight of them.
    static func text(_ number: Int, _ bytes: UnsafeRawBufferPointer) -> String {
        // As many as there will be: what it would be moved from could not be wiped.
        var symbols: [UInt8] = []
        symbols.reserveCapacity(characters)
        defer { wipe(&symbols) }
        var (bits, count) = (0, 0)
        for byte in bytes {
            (bits, count) = (bits << 8 | Int(byte), count + 8)
            while count >= 5 {
                count -= 5
                symbols.append(UInt8(bits >> count & 31))
            }
            bits &= 1 << count - 1
        }
        symbols.append(UInt8(bits << (5 - count) & 31))
        Field.appendCheck(UInt8(number), to: &symbols)
        var text = String(number)
        for (place, symbol) in symbols.enumerated() {
            if place.isMultiple(of: blockLength) { text += " " }
            text.unicodeScalars.append(Unicode.Scalar(alphabet[Int(symbol)]))
        }
        return text
    }

    /// Reads a line, as somebody typed it: in upper or lower case, with spaces
    /// and hyphens anywhere or nowhere, with its number or without, O for 0, I
    /// and L for 1, U for V.
    ///
    /// - Throws: ``RecoveryLineProblem``.
    public static func read(_ number: Int, _ typed: SecretBytes) throws(RecoveryLineProblem) -> SecretBytes {
        var symbols: [UInt8] = []
        symbols.reserveCapacity(64)
        defer { wipe(&symbols) }
        try typed.withBytes { typed throws(RecoveryLineProblem) in
            for byte in typed where !" \t\r-.:".utf8.contains(byte) {
                guard let symbol = symbol(byte) else {
                    throw .character(byte < 0x80 ? Character(Unicode.Scalar(byte)) : "\u{FFFD}")
                }
                guard symbols.count < 64 else { throw .length(symbols.count) }
                symbols.append(symbol)
            }
        }
        if symbols.count == characters + 1, symbols[0] == UInt8(number) { symbols.removeFirst() }
        guard symbols.count == characters else {
            // With the number of another line in front.
            if symbols.count == characters + 1, Field.isRight(symbols[0], symbols.dropFirst()) {
                throw .otherLine(Int(symbols[0]))
            }
            throw .length(symbols.count)
        }
        switch Field.slip(UInt8(number), symbols[...]) {
        case .none: break
        case .number(let other): throw .otherLine(Int(other))
        case .at(let place): throw .slip(block: place / blockLength + 1)
        case .somewhere: throw .slip(block: nil)
        }
        guard symbols[12] & 1 == 0 else { throw .slip(block: nil) }
        return SecretBytes(capacity: bytes) { place in
            for byte in 0..<bytes {
                var value = 0
                for bit in byte * 8..<byte * 8 + 8 { value = value << 1 | Int(symbols[bit / 5] >> (4 - bit % 5) & 1) }
                place[byte] = UInt8(value)
            }
            return bytes
        }
    }

    private static func symbol(_ byte: UInt8) -> UInt8? {
        let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte - 32 : byte
        switch upper {
        case UInt8(ascii: "O"): return 0
        case UInt8(ascii: "I"), UInt8(ascii: "L"): return 1
        case UInt8(ascii: "U"): return 27
        default: return alphabet.firstIndex(of: upper).map { UInt8($0) }
        }
    }
}

/// GF(32), and the check over a line: the number, 13 characters, 3 that make
/// the polynomial of them all be zero at α, α² and α³.
private enum Field {
    enum Slip: Equatable {
        case none, somewhere
        case number(UInt8)
        case at(Int)
    }

    /// α to the power of each place, twice around.
    private static let powers: [UInt8] = {
        var (powers, power) = ([UInt8](), UInt8(1))
        for _ in 0..<62 {
            powers.append(power)
            power = power << 1
            if power & 32 != 0 { power ^= 0b100101 }
        }
        return powers
    }()
    private static let logarithms: [Int] = {
        var logarithms = [Int](repeating: 0, count: 32)
        for place in 0..<31 { logarithms[Int(powers[place])] = place }
        return logarithms
    }()

    private static func product(_ one: UInt8, _ other: UInt8) -> UInt8 {
        one == 0 || other == 0 ? 0 : powers[logarithms[Int(one)] + logarithms[Int(other)]]
    }

    /// (x + α)(x + α²)(x + α³) without its highest term, the highest first.
    private static let generator: [UInt8] = {
        var terms: [UInt8] = [1]
        for root in 1...3 {
            var next = terms + [0]
            for place in terms.indices { next[place + 1] ^= product(terms[place], powers[root]) }
            terms = next
        }
        return Array(terms.dropFirst())
    }()

    /// Appends the three characters that follow.
    static func appendCheck(_ number: UInt8, to symbols: inout [UInt8]) {
        var rest: (UInt8, UInt8, UInt8) = (0, 0, 0)
        func add(_ symbol: UInt8) {
            let lead = symbol ^ rest.0
            rest = (
                rest.1 ^ product(lead, generator[0]), rest.2 ^ product(lead, generator[1]),
                product(lead, generator[2])
            )
        }
        add(number)
        for place in symbols.indices { add(symbols[place]) }
        symbols.append(rest.0)
        symbols.append(rest.1)
        symbols.append(rest.2)
    }

    static func isRight(_ number: UInt8, _ symbols: ArraySlice<UInt8>) -> Bool {
        slip(number, symbols) == .none
    }

    /// Where the one wrong character is, if there is but one.
    static func slip(_ number: UInt8, _ symbols: ArraySlice<UInt8>) -> Slip {
        let syndromes = (1...3).map { root in
            symbols.reduce(number) { product($0, powers[root]) ^ $1 }
        }
        if syndromes == [0, 0, 0] { return .none }
        guard !syndromes.contains(0) else { return .somewhere }
        let steps = zip(syndromes.dropFirst(), syndromes).map {
            (logarithms[Int($0)] - logarithms[Int($1)] + 31) % 31
        }
        guard steps[0] == steps[1], steps[0] <= symbols.count else { return .somewhere }
        if steps[0] == symbols.count {
            let error = powers[(logarithms[Int(syndromes[0])] - steps[0] + 31) % 31]
            return .number(number ^ error)
        }
        return .at(symbols.count - 1 - steps[0])
    }
}
