import Fleet
import Foundation

/// A line of separated cells as RFC 4180 has it.
func delimitedLine(_ cells: [String], _ delimiter: ListFormat.Delimiter = .comma) -> [UInt8] {
    let separator = Unicode.Scalar(delimiter.byte)
    return Array((cells.map { quoted($0, separator) }.joined(separator: String(separator)) + "\r\n").utf8)
}

private func quoted(_ cell: String, _ separator: Unicode.Scalar) -> String {
    guard cell.unicodeScalars.contains(where: { $0 == separator || "\"\r\n".unicodeScalars.contains($0) }) else {
        return cell
    }
    return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
}
