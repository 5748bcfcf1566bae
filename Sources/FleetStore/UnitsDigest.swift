import Crypto
import Fleet
import Foundation
import GRDB
import OpenPAYGO

/// A digest over some units, in their order: over what was imported of them
/// besides their credentials, which never changes afterwards, or over what was
/// exported.
struct UnitsDigest {
    private var hash = SHA256()
    /// What was not hashed yet: many short pieces are slow.
    private var pending: [UInt8] = []

    /// Appends what is hashed of a unit that is imported.
    static func append(_ listed: ListedUnit, to line: inout [UInt8]) {
        let build = listed.build
        line.append(contentsOf: listed.id.text.utf8)
        line.append(UInt8(ascii: "\t"))
        append((listed.count ?? ListedUnit.usualCount).number, to: &line)
        line.append(UInt8(ascii: "\t"))
        append(UInt32(build.timeDivider.number), to: &line)
        line.append(UInt8(ascii: "\t"))
        line.append(build.digitSet == .restricted ? UInt8(ascii: "1") : UInt8(ascii: "0"))
        for text in [build.hardwareModel, build.firmwareVersion, build.testCode?.digits] {
            line.append(UInt8(ascii: "\t"))
            if let text { line.append(contentsOf: text.utf8) }
        }
        line.append(UInt8(ascii: "\n"))
    }

    /// Appends a number in decimal.
    private static func append(_ number: UInt32, to line: inout [UInt8]) {
        let start = line.count
        var rest = number
        repeat {
            line.append(UInt8(ascii: "0") + UInt8(rest % 10))
            rest /= 10
        } while rest > 0
        line[start...].reverse()
    }

    /// Adds a row of `unit` as it is, whether or not a unit can be so.
    mutating func add(imported row: Row) {
        add([
            row.exact("payg_id"), row.exact("dispatched_count"), row.exact("time_divider"),
            row.exact("restricted_digits"), row.exact("hardware_model"), row.exact("firmware_version"),
            row.exact("test_code"),
        ])
    }

    private static func append(_ words: [String], to line: inout [UInt8]) {
        for (place, word) in words.enumerated() {
            if place > 0 { line.append(UInt8(ascii: "\t")) }
            line.append(contentsOf: word.utf8)
        }
        line.append(UInt8(ascii: "\n"))
    }

    private mutating func add(_ words: [String]) {
        Self.append(words, to: &pending)
        hashPending()
    }

    /// Adds what ``append(_:to:)`` appends.
    mutating func add(line: ArraySlice<UInt8>) {
        pending.append(contentsOf: line)
        hashPending()
    }

    private mutating func hashPending() {
        guard pending.count >= 1 << 14 else { return }
        hash.update(data: pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Adds a unit as it went into a provider's file.
    mutating func add(_ id: PaygID, count: TokenCount) {
        add([id.text, String(count.number)])
    }

    /// Adds a row of `export_unit` as it is.
    mutating func add(exported row: Row) {
        add([row.exact("payg_id"), row.exact("count")])
    }

    var value: SHA256.Digest {
        var whole = hash
        whole.update(data: pending)
        return whole.finalize()
    }
}
