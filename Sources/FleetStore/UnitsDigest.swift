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

    /// What is hashed of a unit that is imported.
    static func line(of listed: ListedUnit) -> [UInt8] {
        let build = listed.build
        return line([
            listed.id.text, String((listed.count ?? ListedUnit.usualCount).number), String(build.timeDivider.number),
            build.digitSet == .restricted ? "1" : "0", build.hardwareModel ?? "", build.firmwareVersion ?? "",
            build.testCode?.digits ?? "",
        ])
    }

    /// Adds a row of `unit` as it is, whether or not a unit can be so.
    mutating func add(imported row: Row) {
        add([
            row.exact("payg_id"), row.exact("dispatched_count"), row.exact("time_divider"),
            row.exact("restricted_digits"), row.exact("hardware_model"), row.exact("firmware_version"),
            row.exact("test_code"),
        ])
    }

    private static func line(_ words: [String]) -> [UInt8] {
        var line: [UInt8] = []
        line.reserveCapacity(64)
        for (place, word) in words.enumerated() {
            if place > 0 { line.append(UInt8(ascii: "\t")) }
            line.append(contentsOf: word.utf8)
        }
        line.append(UInt8(ascii: "\n"))
        return line
    }

    private mutating func add(_ words: [String]) { add(line: Self.line(words)) }

    /// Adds what ``line(of:)`` gives.
    mutating func add(line: [UInt8]) {
        pending.append(contentsOf: line)
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
