import Crypto
import Fleet
import Foundation
import GRDB

extension Registry {
    /// Imports one dispatch list, wholly or not at all.
    ///
    /// - Parameters:
    ///   - dryRun: do everything, and keep nothing of it.
    ///   - list: calls its argument for each unit of the list, in the order of
    ///     the rows, and gets back how the row contradicts the registry: most
    ///     often not at all. Throws to refuse the list.
    /// - Returns: what was done, without what only the reader of the list knows.
    /// - Throws: what `list` throws; ``FleetError``.
    public func importDispatch(
        dryRun: Bool = false, at now: Timestamp, actor: ActorName,
        _ list: (_ take: (ListedUnit) throws -> [RowProblem]) throws -> ListSource
    ) throws(FleetError) -> ImportSummary {
        let vault = try openVault()
        return try write(dryRun: dryRun) { db in
            var summary = ImportSummary()
            summary.dryRun = dryRun
            let number = 1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM dispatch") ?? 0)
            var added = AddedUnits()

            let source = try list { listed in
                summary.rows += 1
                if let stored = try UnitRows.find(listed.id, db) {
                    if let row = added.row(of: stored.rowID) {
                        return [
                            RowProblem(
                                row: listed.row, column: ListField.paygID.title,
                                problem: "\(listed.id) is in row \(row) too")
                        ]
                    }
                    let problems = listed.contradictions(
                        with: stored.unit, credentials: try stored.credentials(vault)
                    )
                    if problems.isEmpty { summary.unchanged += 1 }
                    if let count = listed.count, count < stored.unit.count { summary.olderCounts += 1 }
                    return problems
                }
                let sealed = try vault.seal(listed.credentials, of: listed.id)
                added.add(listed, as: try UnitRows.insert(listed, sealed: sealed, dispatch: number, db))
                return []
            }

            summary.added = added.count
            let earlier = try Int.fetchOne(
                db, sql: "SELECT id FROM dispatch WHERE sha256 = ? LIMIT 1", arguments: [source.sha256]
            )
            if summary.added == 0 {
                summary.dispatch = earlier
                summary.recognised = earlier != nil
                return summary
            }
            summary.dispatch = dryRun ? nil : number
            try db.execute(
                sql: """
                    INSERT INTO dispatch (id, file, sha256, unit_count, imported_at, actor)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [number, source.file, source.sha256, summary.added, now.text, actor.text]
            )
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .dispatchImported,
                DispatchImportedDetail(
                    dispatch: number, file: source.file, sha256: source.sha256, added: summary.added,
                    unchanged: summary.unchanged, unitsSHA256: added.digest.hex
                ),
                about: .init(dispatch: number)
            )
            return summary
        }
    }

    /// The units that one import adds: where each stood in the list, and a
    /// digest over them all.
    private struct AddedUnits {
        private var first: Int64 = 0
        private var rows: [Int32] = []
        private var units = UnitsDigest()

        var count: Int { rows.count }
        var digest: SHA256.Digest { units.value }

        mutating func add(_ listed: ListedUnit, as rowID: Int64) {
            if rows.isEmpty { first = rowID }
            rows.append(Int32(clamping: listed.row))
            units.add(listed.id, listed.count ?? ListedUnit.usualCount, listed.build)
        }

        func row(of rowID: Int64) -> Int? {
            let place = rowID - first
            return rows.indices.contains(Int(place)) ? Int(rows[Int(place)]) : nil
        }
    }
}
