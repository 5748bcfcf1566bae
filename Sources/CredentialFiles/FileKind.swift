import Fleet
import Foundation

extension ForeignFile {
    /// Recognises a file that is no list by its first bytes, whatever its name
    /// says. Nil for what may be one.
    init?(_ bytes: Data) {
        let bytes = [UInt8](bytes.prefix(1 << 16))
        func has(_ text: String, at place: Int = 0) -> Bool {
            bytes.dropFirst(place).starts(with: text.utf8)
        }
        func holds(_ text: String, spaced: Bool = false) -> Bool {
            let sought = spaced ? text.utf8.flatMap { [$0, 0] } : Array(text.utf8)
            return bytes.firstRange(of: sought) != nil
        }
        if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self =
                holds("application/vnd.oasis.opendocument.spreadsheet")
                ? .openDocument
                : holds("application/vnd.oasis.opendocument")
                    ? .otherDocument
                    : holds("xl/")
                        ? .excelWorkbook
                        : holds("word/") ? .otherDocument : holds("Index/Document.iwa") ? .numbersWorkbook : .zip
        } else if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
            self = holds("__substg1.0", spaced: true) ? .outlookMail : .oldExcelWorkbook
        } else if has("%PDF-") {
            self = .pdf
        } else if has("age-encryption.org/") || has("-----BEGIN AGE ") || has("-----BEGIN PGP MESSAGE") {
            self = .encrypted
        } else if has("SQLite format 3\u{0}") {
            self = .database
        } else if has("{\\rtf") {
            self = .otherDocument
        } else if [
            [0x1F, 0x8B], Array("BZh".utf8), [0xFD, 0x37, 0x7A, 0x58], [0x28, 0xB5, 0x2F, 0xFD],
            Array("7z\u{BC}".unicodeScalars.map { UInt8($0.value) }), Array("Rar!".utf8),
        ].contains(where: { bytes.starts(with: $0) }) || has("ustar", at: 257) {
            self = .otherArchive
        } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) || bytes.starts(with: [0xFF, 0xD8, 0xFF])
            || has("GIF8") || bytes.starts(with: [0x49, 0x49, 0x2A, 0x00])
            || bytes.starts(with: [0x4D, 0x4D, 0x00, 0x2A])
        {
            self = .image
        } else if let kind = Self.markup(bytes) {
            self = kind
        } else if Self.isMail(bytes) {
            self = .mail
        } else {
            return nil
        }
    }

    /// What begins with a bracket is markup, and no header does.
    private static func markup(_ bytes: [UInt8]) -> ForeignFile? {
        let marks: [UInt8] = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? [0xEF, 0xBB, 0xBF] : []
        let text = bytes.dropFirst(marks.count).drop { $0 <= 0x20 }
        let start = String(decoding: text.prefix(512), as: UTF8.self).lowercased()
        if start.hasPrefix("<") {
            let isPage = start.hasPrefix("<?xml") ? start.contains("<html") : !start.contains("<?mso-application")
            return isPage
                && ["<!doctype html", "<html", "<table", "<body", "<head", "<meta"].contains(where: start.contains)
                ? .html : .xml
        }
        return start.hasPrefix("{") || start.hasPrefix("[") ? .json : nil
    }

    /// Two lines at the top as mails have them, one of which only mails have.
    private static func isMail(_ bytes: [UInt8]) -> Bool {
        let strong: Set<String> = [
            "received", "return-path", "delivered-to", "mime-version", "message-id", "content-type", "dkim-signature",
            "content-transfer-encoding",
        ]
        let usual: Set<String> = ["from", "to", "cc", "subject", "date", "reply-to", "x-mailer", "arc-seal"]
        var headers: Set<String> = []
        for line in bytes.prefix(1 << 14).split(separator: UInt8(ascii: "\n")).prefix(60) {
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > line.startIndex else { continue }
            headers.insert(String(decoding: line[..<colon], as: UTF8.self).lowercased())
        }
        let isSure = !headers.isDisjoint(with: strong)
        // A letterhead in a spreadsheet says `From:` and `Date:` too.
        return isSure ? headers.intersection(strong.union(usual)).count >= 2 : headers.intersection(usual).count >= 4
    }
}
