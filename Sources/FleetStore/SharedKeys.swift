import Fleet
import Foundation
import GRDB
import KeyVault

/// The keys of the units that a list adds to a registry which has others: to
/// find those that another unit has already. A unit whose PAYG ID lost its
/// zeros would be one device under two names, and its counts used twice.
struct SharedKeys {
    /// A list of more units is not watched further: memory must not grow with it.
    private static let most = 1 << 20

    /// The row of each key, by its fingerprint.
    private var rows: [UInt64: Int32] = [:]
    /// The row in the registry of the first unit added.
    private var first: Int64?

    mutating func add(_ listed: ListedUnit, as rowID: Int64) {
        first = first ?? rowID
        guard rows.count < Self.most else { return }
        rows[listed.credentials.key.fingerprint] = Int32(clamping: listed.row)
    }

    /// What to warn about, by row.
    func warnings(_ db: Database, _ vault: Vault) throws -> [RowProblem] {
        guard let first, !rows.isEmpty else { return [] }
        var warnings: [RowProblem] = []
        let units = try Row.fetchCursor(
            db, sql: "SELECT payg_id, sealed FROM unit WHERE id < ? ORDER BY id", arguments: [first]
        )
        while let unit = try units.next() {
            // What does not open is for audit verify to tell.
            guard let id = try? PaygID(unit[0] as String),
                let credentials = try? vault.credentials(Array(unit[1] as Data), of: id),
                let row = rows[credentials.key.fingerprint]
            else { continue }
            warnings.append(
                RowProblem(
                    row: Int(row), column: ListField.key.title,
                    problem: "the secret key is also that of unit \(id) in the registry: if both are one device, its "
                        + "counts will be used twice"
                )
            )
            if warnings.count == ProblemList.most { break }
        }
        return warnings.sorted { $0.row < $1.row }
    }
}
