/// How a provider's file has its characters in bytes.
enum FileEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    /// With the mark that spreadsheets know UTF-8 by.
    case utf8Marked = "utf-8-bom"
    case windows1252 = "windows-1252"
    /// With its mark, as spreadsheets write it.
    case utf16LittleEndian = "utf-16le"

    /// What the file begins with.
    var mark: [UInt8] {
        switch self {
        case .utf8, .windows1252: []
        case .utf8Marked: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        }
    }

    /// Whether it has a character.
    func has(_ scalar: Unicode.Scalar) -> Bool {
        self != .windows1252 || Windows1252.byte(of: scalar) != nil
    }

    /// UTF-8 in this encoding. A character that it does not have becomes a `?`:
    /// who lets such a file come to be, refuses it.
    func bytes(_ text: [UInt8]) -> [UInt8] {
        switch self {
        case .utf8, .utf8Marked:
            return text
        case .windows1252:
            guard text.contains(where: { $0 >= 0x80 }) else { return text }
            return String(decoding: text, as: UTF8.self).unicodeScalars
                .map { Windows1252.byte(of: $0) ?? UInt8(ascii: "?") }
        case .utf16LittleEndian:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count * 2)
            for word in String(decoding: text, as: UTF8.self).utf16 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                bytes.append(UInt8(truncatingIfNeeded: word >> 8))
            }
            return bytes
        }
    }
}
