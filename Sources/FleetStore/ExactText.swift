import Foundation
import GRDB

extension Row {
    /// A value of a row fetched with ``ExactText/columns(_:of:)``, byte by
    /// byte; empty for null.
    ///
    /// Read as text, a value would end at its first NUL, and what follows
    /// could say anything.
    func exact(_ column: String) -> String {
        exactOrNil(column) ?? ""
    }

    /// The same, nil for null.
    func exactOrNil(_ column: String) -> String? {
        (self[column] as Data?).map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Selecting columns so that every byte of them is seen.
enum ExactText {
    /// The columns of a table as blobs of their text, each under its own name.
    static func columns(_ names: [String], of table: String) -> String {
        names.map { "CAST(\(table).\($0) AS BLOB) AS \($0)" }.joined(separator: ", ")
    }
}

extension String {
    /// Whether two texts are the same bytes. Swift's own equality takes two
    /// ways to write an accented letter for one.
    func isExactly(_ other: String) -> Bool {
        utf8.elementsEqual(other.utf8)
    }
}

extension String? {
    func isExactly(_ other: String?) -> Bool {
        switch (self, other) {
        case (let one?, let other?): one.isExactly(other)
        case (nil, nil): true
        default: false
        }
    }
}
