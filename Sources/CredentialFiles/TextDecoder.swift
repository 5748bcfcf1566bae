import Fleet
import Foundation

/// Turns the bytes of a list into bytes that libcsv can take apart, part by
/// part: UTF-8, or one byte a character until the rows tell which.
struct TextDecoder {
    /// What is known of the encoding before the rows are.
    let encoding: ListFormat.Encoding?
    private var rest: [UInt8] = []
    private var high: UInt16?
    private let isLittleEndian: Bool
    private let isWide: Bool

    /// - Parameters:
    ///   - first: the first bytes, whose byte order mark tells most.
    ///   - said: what the user says it is.
    init(_ first: Data, said: ListFormat.Encoding?) {
        let start = Array(first.prefix(3))
        let marked: ListFormat.Encoding? =
            start.starts(with: [0xFF, 0xFE])
            ? .utf16LittleEndian
            : start.starts(with: [0xFE, 0xFF]) ? .utf16BigEndian : start == [0xEF, 0xBB, 0xBF] ? .utf8 : nil
        encoding = said ?? marked
        isLittleEndian = encoding == .utf16LittleEndian
        isWide = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
    }

    /// The bytes of the next part.
    ///
    /// - Throws: ``TextDamage``.
    mutating func decode(_ part: Data, isFirst: Bool) throws(TextDamage) -> Data {
        guard isWide else {
            // libcsv knows no byte order mark, and takes it for a first cell.
            return isFirst && encoding != .windows1252 && part.starts(with: [0xEF, 0xBB, 0xBF])
                ? part.dropFirst(3) : part
        }
        var text = Data(capacity: part.count)
        rest.append(contentsOf: part)
        let even = rest.count & ~1
        for place in stride(from: 0, to: even, by: 2) {
            let (one, two) = (UInt16(rest[place]), UInt16(rest[place + 1]))
            let word = isLittleEndian ? two << 8 | one : one << 8 | two
            try take(word, into: &text)
        }
        rest.removeFirst(even)
        return text
    }

    /// - Throws: ``TextDamage/brokenCharacter`` where the last character is not whole.
    func finish() throws(TextDamage) {
        guard rest.isEmpty, high == nil else { throw .brokenCharacter }
    }

    private mutating func take(_ word: UInt16, into text: inout Data) throws(TextDamage) {
        var value = UInt32(word)
        if let first = high {
            guard UTF16.isTrailSurrogate(word) else { throw .brokenCharacter }
            value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(word) - 0xDC00)
            high = nil
        } else if UTF16.isLeadSurrogate(word) {
            return high = word
        }
        guard let scalar = Unicode.Scalar(value) else { throw .brokenCharacter }
        // The mark says how to read, and is no part of the text.
        if value == 0xFEFF { return }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}

/// Why bytes are no text.
enum TextDamage: Error {
    /// Half a character.
    case brokenCharacter
}

/// Windows-1252, one byte a character. Source: the WHATWG Encoding Standard's
/// index, without the five bytes that mean nothing.
enum Windows1252 {
    private static let upper: [UInt32] = [
        0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0,
        0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E,
        0x0178,
    ]

    /// The text in UTF-8; nil where a byte means nothing.
    static func utf8(_ bytes: some Sequence<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        for byte in bytes {
            let value = (0x80...0x9F).contains(byte) ? upper[Int(byte) - 0x80] : UInt32(byte)
            guard value != 0, let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar) else { return nil }
            text.append(contentsOf: encoded)
        }
        return text
    }

    /// The byte of a character; nil for one that it does not have.
    static func byte(of scalar: Unicode.Scalar) -> UInt8? {
        switch scalar.value {
        case 0..<0x80, 0xA0...0xFF: UInt8(truncatingIfNeeded: scalar.value)
        default: upper.firstIndex(of: scalar.value).map { UInt8(0x80 + $0) }
        }
    }
}
