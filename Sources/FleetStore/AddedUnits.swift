import Crypto
import Fleet
import OpenPAYGO

/// The units that one import adds: where each stood in the list, and a digest
/// over them all.
struct AddedUnits {
    private var first: Int64 = 0
    private(set) var count = 0
    /// Where the distance between a unit's row in the list and its row in the
    /// registry changes: most lists have one such place, and no memory is spent
    /// on each row.
    private var distances: [(from: Int64, distance: Int64)] = []
    private var units = UnitsDigest()

    var digest: SHA256.Digest { units.value }

    mutating func add(_ listed: ListedUnit, line: ArraySlice<UInt8>, as rowID: Int64) {
        if count == 0 { first = rowID }
        count += 1
        let distance = Int64(listed.row) - rowID
        if distance != distances.last?.distance { distances.append((rowID, distance)) }
        units.add(line: line)
    }

    /// The row in the list of a unit that this import added.
    func row(of rowID: Int64) -> Int? {
        guard count > 0, rowID >= first else { return nil }
        var (low, high) = (0, distances.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if distances[middle].from <= rowID { low = middle } else { high = middle }
        }
        return Int(rowID + distances[low].distance)
    }
}
