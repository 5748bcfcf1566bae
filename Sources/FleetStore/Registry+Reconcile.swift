import Fleet
import GRDB

extension Registry {
    /// Compares a list with the registry, and tells every difference.
    ///
    /// Without `takesCounts` nothing is written. With it, counts above the
    /// registry's are taken from the list where nothing else of the unit
    /// differs, each with its audit event, in the same transaction in which
    /// the list is compared.
    ///
    /// - Parameters:
    ///   - list: what reads it.
    ///   - selection: the units that it should have. Others that it has are
    ///     counted, and not compared.
    ///   - beforeCommit: takes what differs when all that is left is to make
    ///     the counts last.
    /// - Returns: what differs, without what only the list's reader knows.
    /// - Throws: ``FleetError/listNotCompared(file:problems:total:rows:rejected:)``
    ///   with all that is wrong with the list itself;
    ///   ``FleetError/noUnitsChosen``, not found; what the list throws; the key
    ///   file's errors.
    public func reconcile(
        _ list: ListFeed, with selection: UnitSelection = .all, takesCounts: Bool = false, at now: Timestamp,
        actor: ActorName, beforeCommit: (Reconciliation) throws -> Void = { _ in }
    ) throws(FleetError) -> Reconciliation {
        let vault = try openVault()
        func compared(_ db: Database) throws -> OneReconciliation {
            // Names come in any order, and each has its place in the index.
            try db.execute(sql: "PRAGMA cache_size = -32768")
            var one = try OneReconciliation(db, vault, list, selection)
            try one.compare()
            return one
        }
        do throws(FleetError) {
            guard takesCounts else {
                let result = try read { db in
                    var one = try compared(db)
                    return try one.result()
                }
                try Self.translated(path) { try beforeCommit(result) }
                return result
            }
            return try write { db in
                var one = try compared(db)
                try one.takeCounts(AuditTrail(db, at: now, actor: actor, vault: vault))
                let result = try one.result()
                try beforeCommit(result)
                return result
            }
        } catch {
            guard case .badInput(let file, let problems, let total, let rows, let rejected) = error else { throw error }
            throw .listNotCompared(file: file, problems: problems, total: total, rows: rows, rejected: rejected)
        }
    }
}
