import Crypto
import Fleet
import Foundation
import OpenPAYGO

/// A digest over what was imported of some units besides their credentials,
/// in the order of the list: what never changes afterwards.
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

    var value: SHA256.Digest { hash.finalize() }
}
