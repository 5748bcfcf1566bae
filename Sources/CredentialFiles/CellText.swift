import Fleet

/// Whether a spreadsheet would take a cell for a formula, and run it.
///
/// That is a cell that begins with `=`, `+`, `-` or `@`, in whichever width,
/// or with a tab or a line end. A sign with nothing but digits behind it is no
/// formula but a number: a phone number `+254712345678` stays as it is.
func isFormula(_ cell: String) -> Bool {
    var cell = cell
    return cell.withUTF8 { isFormula($0) }
}

/// The same of a cell in UTF-8.
func isFormula(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = cell.first else { return false }
    switch first {
    case UInt8(ascii: "="), UInt8(ascii: "@"), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        return true
    case UInt8(ascii: "+"), UInt8(ascii: "-"):
        return cell.dropFirst().contains { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    case 0xEF:
        // U+FF0B +, U+FF0D -, U+FF1D =, U+FF20 @ in the width of Chinese signs.
        return cell.starts(with: [0xEF, 0xBC, 0x8B]) || cell.starts(with: [0xEF, 0xBC, 0x8D])
            || cell.starts(with: [0xEF, 0xBC, 0x9D]) || cell.starts(with: [0xEF, 0xBC, 0xA0])
    default:
        return false
    }
}

extension [UInt8] {
    /// Adds a cell between quotation marks, where it needs them (RFC 4180).
    ///
    /// White space at its ends needs them too: some readers drop it.
    mutating func append(cell: UnsafeBufferPointer<UInt8>, separator: UInt8) {
        let needsMarks = cell.contains { $0 == separator || $0 == 0x22 || $0 == 0x0D || $0 == 0x0A }
        guard needsMarks || cell.first == 0x20 || cell.last == 0x20 || cell.first == 0x09 || cell.last == 0x09 else {
            return append(contentsOf: cell)
        }
        append(0x22)
        for byte in cell {
            if byte == 0x22 { append(0x22) }
            append(byte)
        }
        append(0x22)
    }

    /// Adds what stands between the quotation marks of a JSON string (RFC 8259).
    mutating func append(jsonText text: UnsafeBufferPointer<UInt8>) {
        guard text.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else { return append(contentsOf: text) }
        for byte in text {
            switch byte {
            case 0x22, 0x5C: append(contentsOf: [0x5C, byte])
            case 0x08: append(contentsOf: "\\b".utf8)
            case 0x09: append(contentsOf: "\\t".utf8)
            case 0x0A: append(contentsOf: "\\n".utf8)
            case 0x0C: append(contentsOf: "\\f".utf8)
            case 0x0D: append(contentsOf: "\\r".utf8)
            case 0..<0x20: append(contentsOf: "\\u00\([byte].hex)".utf8)
            default: append(byte)
            }
        }
    }

    /// Adds a number in decimal digits, with zeros in front up to a width.
    mutating func append(_ number: UInt64, width: Int) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var (rest, start) = (number, 20)
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(rest % 10)
                rest /= 10
            } while rest > 0 || 20 - start < Swift.min(width, 20)
            append(contentsOf: UnsafeBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Adds the hexadecimal digits of bytes, with no branch or place in memory
    /// that hangs on what they are.
    mutating func append(hexOf bytes: UnsafeBufferPointer<UInt8>, isUpper: Bool) {
        let beyond: UInt8 = isUpper ? 7 : 39
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2 * bytes.count) { digits in
            for place in bytes.indices {
                let (high, low) = (bytes[place] &>> 4, bytes[place] & 15)
                // 0xFF from 10 on.
                digits[2 * place] = high &+ 48 &+ (beyond & (0 &- ((high &+ 6) &>> 4)))
                digits[2 * place + 1] = low &+ 48 &+ (beyond & (0 &- ((low &+ 6) &>> 4)))
            }
            append(contentsOf: UnsafeBufferPointer(digits))
        }
    }

    /// Adds bytes that are ready: most often none, or one.
    mutating func append(ready: [UInt8]) {
        if ready.count == 1 { append(ready[0]) } else if !ready.isEmpty { append(contentsOf: ready) }
    }
}
