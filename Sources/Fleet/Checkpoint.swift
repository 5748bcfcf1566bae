import OpenPAYGO

/// Where a history was at some moment: its last event, in one line that fits a
/// text message and can be printed, read out and typed.
///
/// `PAYG1 7K3QF 12 20261103T090000Z` and nine groups of five letters: the
/// registry's tag, the event's sequence and time, the first 200 bits of its
/// hash, and a check of all that, so that a slip of the finger is told from
/// another history. Whoever wants a history with the same 200 bits as one that
/// there is tries 2^200 of them; whoever could prepare two beforehand, 2^100.
/// All characters are of the seven-bit alphabet of text messages, at most 95.
public struct Checkpoint: Hashable, Sendable {
    /// Five letters that tell one registry from another: no proof, but a word
    /// to the person who took the wrong line.
    public let registry: String
    /// Of the last event, 1 or more.
    public let sequence: Int
    /// When the last event was recorded.
    public let at: Timestamp
    /// The first 25 bytes of the last event's hash.
    public let hash: [UInt8]

    /// How many bytes of a hash it carries.
    public static let hashLength = 25

    /// A checkpoint of a history that ends with an event.
    ///
    /// - Parameters:
    ///   - registryID: 32 hexadecimal digits.
    ///   - hash: the event's, 32 bytes.
    public init(registryID: String, sequence: Int, at: Timestamp, hash: [UInt8]) {
        registry = Self.tag(of: registryID)
        self.sequence = sequence
        self.at = at
        self.hash = Array(hash.prefix(Self.hashLength))
    }

    /// The tag of a registry: the first 25 bits of its id.
    public static func tag(of registryID: String) -> String {
        letters((UInt32(registryID.prefix(7), radix: 16) ?? 0) >> 3)
    }

    /// Whether it was taken of a history that ended with an event of this hash.
    public func isOf(_ hash: [UInt8]) -> Bool {
        self.hash.elementsEqual(hash.prefix(Self.hashLength))
    }
}

// MARK: - Its line

extension Checkpoint {
    /// The line.
    public var text: String {
        "\(body) \(Self.letters(Self.check(body)))"
    }

    private var body: String {
        let groups = stride(from: 0, to: hash.count, by: 5).map { start in
            // 40 bits are 8 letters.
            let bits = hash[start..<min(start + 5, hash.count)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            return (0..<8).map { place in Self.letter(UInt32(bits >> (35 - 5 * UInt64(place)) & 31)) }.joined()
        }
        let all = Array(groups.joined())
        let fives = stride(from: 0, to: all.count, by: 5).map { String(all[$0..<min($0 + 5, all.count)]) }
        let time = at.text.filter { $0 != "-" && $0 != ":" }
        return "\(Self.mark) \(registry) \(sequence) \(time) \(fives.joined(separator: " "))"
    }

    /// A line as somebody read it out and typed it, or as a program broke it:
    /// in capitals or not, with O for 0 and I or L for 1, with other spaces and
    /// with hyphens.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``, where it was mistyped or
    ///   is none.
    public init(typed text: String) throws(FleetError) {
        func wrong(_ problem: String) -> FleetError { .badValue(what: "checkpoint", problem: problem) }
        let typed = Self.words(text)
        // With other spaces than it was made with; they say nothing.
        let words = typed.count == Self.wordCount ? typed : Self.apart(typed.joined()) ?? typed
        guard let mark = words.first, mark.hasPrefix("PAYG") else {
            throw wrong("is none: one begins with \(Self.mark)")
        }
        guard mark == Self.mark else { throw wrong("begins with \(mark): this payg reads those with \(Self.mark)") }
        guard words.count > 4 else { throw wrong("is not whole: behind \(Self.mark) come twelve words") }
        let letters = words[4...].joined()
        let expected = Self.hashLength * 8 / 5 + 5
        guard letters.count == expected else {
            throw wrong(
                "is not whole: behind the time it has \(expected) letters and digits, and here \(letters.count)")
        }
        guard words[1].count == 5 else { throw wrong("was mistyped: its second word has five letters and digits") }
        var bits: [UInt32] = []
        for letter in words[1] + letters {
            guard let value = Self.alphabet.firstIndex(of: letter) else {
                throw wrong("was mistyped: no checkpoint holds “\(letter)”")
            }
            bits.append(UInt32(value))
        }
        guard words[2].utf8.count <= 12, words[2].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let sequence = Int(words[2]), sequence > 0, let at = Self.moment(words[3])
        else { throw wrong("was mistyped: its number or its time is none") }
        registry = words[1]
        self.sequence = sequence
        self.at = at
        hash = stride(from: 5, to: 5 + Self.hashLength * 8 / 5, by: 8).flatMap { start in
            let forty = bits[start..<start + 8].reduce(UInt64(0)) { $0 << 5 | UInt64($1) }
            return (0..<5).map { UInt8(truncatingIfNeeded: forty >> (32 - 8 * UInt64($0))) }
        }
        guard self.text.hasSuffix(" " + letters.suffix(5)) else {
            throw wrong("was mistyped: its last five letters do not fit the others")
        }
    }

    private static let mark = "PAYG1"
    /// The mark, the registry, the number, the time, and 45 letters by five.
    private static let wordCount = 13
    /// Douglas Crockford's base 32, without I, L, O and U.
    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    private static func letter(_ value: UInt32) -> String { String(alphabet[Int(value & 31)]) }

    /// 25 bits.
    private static func letters(_ value: UInt32) -> String {
        (0..<5).map { letter(value >> (20 - 5 * UInt32($0))) }.joined()
    }

    /// CRC-24 of OpenPGP (RFC 9580, section 6.1): it finds every change of up to
    /// three letters beside each other, two that changed places among them, and
    /// misses one other change in 16 million.
    static func check(_ text: String) -> UInt32 {
        var check: UInt32 = 0xB7_04CE
        for byte in text.utf8 {
            check ^= UInt32(byte) << 16
            for _ in 0..<8 {
                check <<= 1
                if check & 0x100_0000 != 0 { check ^= 0x186_4CFB }
            }
        }
        return check & 0xFF_FFFF
    }

    /// The words of a line without spaces: all but the number have their length.
    private static func apart(_ line: String) -> [String]? {
        let (tag, time, letters) = (5, 16, hashLength * 8 / 5 + 5)
        let rest = Array(line.dropFirst(mark.count))
        guard line.hasPrefix(mark), rest.count > tag + time + letters else { return nil }
        let (number, end) = (rest.count - letters - time, rest.count - letters)
        return [mark] + [rest[..<tag], rest[tag..<number], rest[number..<end], rest[end...]].map { String($0) }
    }

    private static func words(_ text: String) -> [String] {
        var words = [""]
        for scalar in text.unicodeScalars {
            switch scalar {
            case _ where scalar.properties.isWhitespace: words.append("")
            // Hyphens and colons are what people write a date with.
            case "-", ":",
                _ where scalar.isControl:
                continue
            case "O", "o": words[words.count - 1] += "0"
            case "I", "i", "L", "l": words[words.count - 1] += "1"
            default: words[words.count - 1] += String(scalar).uppercased()
            }
        }
        return words.filter { !$0.isEmpty }
    }

    /// `20261103T090000Z`.
    private static func moment(_ word: String) -> Timestamp? {
        guard word.utf8.count == 16 else { return nil }
        let digits = Array(word)
        func part(_ from: Int, _ to: Int) -> String { String(digits[from..<to]) }
        return Timestamp(
            text: "\(part(0, 4))-\(part(4, 6))-\(part(6, 11)):\(part(11, 13)):\(part(13, 16))"
        )
    }
}

extension Checkpoint: CustomStringConvertible {
    /// The line.
    public var description: String { text }
}

/// The end of a history: what it was at some moment.
public struct AuditHead: Hashable, Sendable {
    /// The registry's id, 32 hexadecimal digits.
    public let registry: String
    /// Of the last event; how many there are, for they are numbered from 1.
    public let sequence: Int
    /// When the last event was recorded.
    public let at: Timestamp
    /// The last event's, 32 bytes.
    public let hash: [UInt8]

    /// The end of a history.
    public init(registry: String, sequence: Int, at: Timestamp, hash: [UInt8]) {
        self.registry = registry
        self.sequence = sequence
        self.at = at
        self.hash = hash
    }

    /// What can be kept of it elsewhere.
    public var checkpoint: Checkpoint {
        Checkpoint(registryID: registry, sequence: sequence, at: at, hash: hash)
    }
}
