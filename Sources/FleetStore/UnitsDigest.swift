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

    /// Adds a unit as it was imported.
    mutating func add(_ id: PaygID, _ dispatchedCount: TokenCount, _ build: UnitBuild) {
        add([
            id.text, String(dispatchedCount.number), String(build.timeDivider.number),
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

    private mutating func add(_ words: [String]) {
        hash.update(data: Data((words.joined(separator: "\t") + "\n").utf8))
    }

    /// Adds a unit as it went into a provider's file.
    mutating func add(_ id: PaygID, count: TokenCount) {
        add([id.text, String(count.number)])
    }

    /// Adds a row of `export_unit` as it is.
    mutating func add(exported row: Row) {
        add([row.exact("payg_id"), row.exact("count")])
    }

    var value: SHA256.Digest { hash.finalize() }
}
