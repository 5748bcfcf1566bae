import Fleet

/// How an exported trail is written: JSON Lines, one head and one line for each
/// event, every byte of them settled. What is only like it was not written by
/// us, and may say different things to different readers.
///
///     {"format":"payg audit trail 1","registry":"…","keyID":"…","events":12,"head":"…"}
///     {"sequence":1,"at":"…","actor":"…","action":"…","detail":"{…}","hash":"…","mac":"…"}
///
/// `detail` is text that is JSON in itself: its very bytes are hashed. `mac` is
/// null for an event that was recorded without the key.
struct TrailHead: Equatable {
    /// 32 hexadecimal digits.
    let registry: String
    /// 32 hexadecimal digits.
    let keyID: String
    /// How many lines follow.
    let events: Int
    /// The last event's hash, 32 bytes.
    let hash: [UInt8]

    /// What the format is called, but for its number.
    static let format = "payg audit trail "
    static let version = "1"
    /// Where in the line another version would stand.
    static let versionPlace = #"{"format":""#.utf8.count + format.utf8.count

    var line: [UInt8] {
        Array(
            #"{"format":"\#(Self.format)\#(Self.version)","registry":"\#(registry)","keyID":"\#(keyID)","#.utf8
        ) + Array(#""events":\#(events),"head":"\#(hash.hex)"}"#.utf8) + [UInt8(ascii: "\n")]
    }
}

/// An event as a line of a trail has it.
struct TrailEvent {
    let words: AuditEventWords
    /// 32 bytes.
    let hash: [UInt8]
    /// 32 bytes; nil for an event that was recorded without the key.
    let mac: [UInt8]?
}

/// Writes events as lines of a trail.
struct TrailWriter {
    /// What was written, for whoever takes it away.
    var bytes: [UInt8] = []

    /// Appends an event as it is stored, whether or not an event can be so.
    mutating func append(_ row: ColumnValues) {
        literal(#"{"sequence":"#)
        bytes.append(contentsOf: String(row.number(0)).utf8)
        for (place, name) in ["at", "actor", "action", "detail"].enumerated() {
            literal(",\"\(name)\":\"")
            escape(row.lentBytes(Int32(place + 1)))
            literal("\"")
        }
        literal(#","hash":""#)
        hex(row.lentBytes(5))
        guard !row.isNull(6) else { return literal("\",\"mac\":null}\n") }
        literal(#"","mac":""#)
        hex(row.lentBytes(6))
        literal("\"}\n")
    }

    private mutating func literal(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func hex(_ value: UnsafeRawBufferPointer) {
        let digits: StaticString = "0123456789abcdef"
        for byte in value {
            bytes.append(digits.utf8Start[Int(byte >> 4)])
            bytes.append(digits.utf8Start[Int(byte & 15)])
        }
    }

    /// Appends a text as it stands within the quotation marks of JSON.
    private mutating func escape(_ text: UnsafeRawBufferPointer) {
        guard text.allSatisfy({ $0 < 0x80 }) else {
            // What is not UTF-8 was not written by us, and cannot be written as it is.
            var repaired = String(decoding: text, as: UTF8.self)
            return repaired.withUTF8 { plain(UnsafeRawBufferPointer($0)) }
        }
        plain(text)
    }

    private mutating func plain(_ text: UnsafeRawBufferPointer) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                literal("\\u00")
                withUnsafeBytes(of: byte) { hex($0) }
            default:
                bytes.append(byte)
            }
        }
    }
}

/// Reads one line of a trail, strictly: what is not written as we write it is
/// not taken.
struct TrailScanner {
    private let bytes: UnsafeRawBufferPointer
    /// How far it was understood.
    private(set) var place = 0

    /// A line does not go on as we write it.
    struct Stop: Error {}

    /// - Parameter bytes: a line without its end.
    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The head that the line is.
    ///
    /// - Throws: ``Stop``.
    mutating func head() throws(Stop) -> TrailHead {
        try expect(#"{"format":"\#(TrailHead.format)\#(TrailHead.version)","registry":""#)
        let registry = try hex(16).hex
        try expect(#"","keyID":""#)
        let keyID = try hex(16).hex
        try expect(#"","events":"#)
        let events = try number()
        try expect(#","head":""#)
        let hash = try hex(32)
        try expect(#""}"#)
        try end()
        return TrailHead(registry: registry, keyID: keyID, events: events, hash: hash)
    }

    /// The event that the line is.
    ///
    /// - Throws: ``Stop``.
    mutating func event() throws(Stop) -> TrailEvent {
        try expect(#"{"sequence":"#)
        let sequence = try number()
        try expect(#","at":""#)
        let start = place
        let at = try text()
        guard Timestamp(text: at) != nil else {
            place = start
            throw Stop()
        }
        try expect(#","actor":""#)
        let actor = try text()
        try expect(#","action":""#)
        let action = try text()
        try expect(#","detail":""#)
        guard byte == UInt8(ascii: "{") else { throw Stop() }
        let detail = try text()
        try expect(#","hash":""#)
        let hash = try hex(32)
        try expect(#"","mac":"#)
        var mac: [UInt8]?
        if byte == UInt8(ascii: "\"") {
            place += 1
            mac = try hex(32)
            try expect("\"}")
        } else {
            try expect("null}")
        }
        try end()
        let words = AuditEventWords(sequence: sequence, at: at, actor: actor, action: action, detail: detail)
        return TrailEvent(words: words, hash: hash, mac: mac)
    }

    /// Whether a digit is what it does not understand.
    var isAtDigit: Bool { byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }

    private var byte: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func expect(_ text: StaticString) throws(Stop) {
        for offset in 0..<text.utf8CodeUnitCount {
            guard byte == text.utf8Start[offset] else { throw Stop() }
            place += 1
        }
    }

    private mutating func expect(_ text: String) throws(Stop) {
        for expected in text.utf8 {
            guard byte == expected else { throw Stop() }
            place += 1
        }
    }

    private func end() throws(Stop) {
        guard place == bytes.count else { throw Stop() }
    }

    /// A number as we write it, of at most 12 digits.
    private mutating func number() throws(Stop) -> Int {
        let start = place
        var value = 0
        while let byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte), place - start < 12 {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            place += 1
        }
        guard place > start, bytes[start] != UInt8(ascii: "0") || place == start + 1 else {
            place = start
            throw Stop()
        }
        return value
    }

    /// So many bytes in lower-case hexadecimal.
    private mutating func hex(_ count: Int) throws(Stop) -> [UInt8] {
        var value: [UInt8] = []
        value.reserveCapacity(count)
        for _ in 0..<count {
            let high = try digit()
            value.append(high << 4 | (try digit()))
        }
        return value
    }

    private mutating func digit() throws(Stop) -> UInt8 {
        let value: UInt8
        switch byte {
        case let byte? where (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte): value = byte - UInt8(ascii: "0")
        case let byte? where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte):
            value = byte - UInt8(ascii: "a") + 10
        default: throw Stop()
        }
        place += 1
        return value
    }

    /// A text up to the quotation mark that ends it, which is passed too.
    private mutating func text() throws(Stop) -> String {
        let start = place
        var isPlain = true
        // Nearly every text but the detail is as it is.
        while let byte, byte != UInt8(ascii: "\""), byte >= 0x20 {
            if byte == UInt8(ascii: "\\") {
                isPlain = false
                place += 1
            }
            place += 1
        }
        guard byte == UInt8(ascii: "\"") else {
            place = min(place, bytes.count)
            throw Stop()
        }
        let raw = UnsafeRawBufferPointer(rebasing: bytes[start..<place])
        guard let text = isPlain ? String(validating: raw, as: UTF8.self) : unescaped(raw, from: start) else {
            throw Stop()
        }
        place += 1
        return text
    }

    private mutating func unescaped(_ raw: UnsafeRawBufferPointer, from start: Int) -> String? {
        var plain: [UInt8] = []
        plain.reserveCapacity(raw.count)
        var at = 0
        while at < raw.count {
            let byte = raw[at]
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                at += 1
                continue
            }
            guard let (value, length) = Self.escape(raw, at) else {
                place = start + at
                return nil
            }
            plain.append(value)
            at += length
        }
        return String(validating: plain, as: UTF8.self)
    }

    /// What an escape stands for, and how long it is: a quotation mark, a
    /// backslash, or a control character as `\u001f`.
    private static func escape(_ raw: UnsafeRawBufferPointer, _ at: Int) -> (UInt8, Int)? {
        guard at + 1 < raw.count else { return nil }
        switch raw[at + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return (raw[at + 1], 2)
        case UInt8(ascii: "u"):
            guard at + 6 <= raw.count else { return nil }
            var digits = TrailScanner(UnsafeRawBufferPointer(rebasing: raw[(at + 2)..<(at + 6)]))
            guard let value = try? digits.hex(2), value[0] == 0, value[1] < 0x20 else { return nil }
            return (value[1], 6)
        default: return nil
        }
    }
}
