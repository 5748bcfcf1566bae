import Crypto
import Fleet
import Foundation
import OpenPAYGO

/// A digest over some units, in their order: over what was imported of them
/// besides their credentials, which never changes afterwards, or over what was
/// exported.
struct UnitsDigest {
    private var hash = SHA256()

    mutating func add(_ id: PaygID, _ dispatchedCount: TokenCount, _ build: UnitBuild) {
        let words = [
            id.text, String(dispatchedCount.number), String(build.timeDivider.number),
            build.digitSet == .restricted ? "1" : "0", build.hardwareModel ?? "", build.firmwareVersion ?? "",
            build.testCode?.digits ?? "",
        ]
        hash.update(data: Data((words.joined(separator: "\t") + "\n").utf8))
    }

    /// Adds a unit as it went into a provider's file.
    mutating func add(_ id: PaygID, count: TokenCount) {
        hash.update(data: Data("\(id.text)\t\(count.number)\n".utf8))
    }

    var value: SHA256.Digest { hash.finalize() }
}
