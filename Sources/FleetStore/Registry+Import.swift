import Fleet
import GRDB

/// What an import is told to do beside what goes without saying.
public struct ImportRules: Sendable {
    /// Do everything, and keep nothing of it.
    public var dryRun = false
    /// Leave out the rows that have problems, and import the others.
    public var keepsGoing = false
    /// Take a count above the registry's from the list: somebody else made
    /// tokens for the unit.
    public var acceptsCounts = false

    /// All or nothing, for good, and nobody else makes tokens.
    public init() {}
}

extension Registry {
    /// Imports dispatch lists, all of them or none.
    ///
    /// - Parameters:
    ///   - lists: what reads them. Each becomes a dispatch of its own.
    ///   - reject: takes the rows that are left out, with what is wrong with
    ///     them, where the rules let the others in.
    ///   - beforeCommit: runs when all that is left is to make it last.
    /// - Returns: what was done for each list, without what only its reader knows.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` with all that
    ///   is wrong with the first list that anything is wrong with; what a list or
    ///   `reject` throws; ``FleetError``.
    public func importDispatches(
        _ lists: [ListFeed], _ rules: ImportRules = ImportRules(), at now: Timestamp, actor: ActorName,
        reject: (_ problems: [RowProblem], _ row: ListedRow) throws -> Void = { _, _ in },
        beforeCommit: () throws -> Void = {}
    ) throws(FleetError) -> [ImportSummary] {
        let vault = try openVault()
        var imports: [OneImport] = []
        var summaries = try write(dryRun: rules.dryRun) { db in
            // Names come in any order, and each has its place in the index.
            try db.execute(sql: "PRAGMA cache_size = -32768")
            let firstDispatch = try OneImport.nextDispatch(db)
            let summaries = try db.without(trigger: "unit_not_replaced") {
                try lists.map { list in
                    var one = try OneImport(db, vault, rules, firstDispatch: firstDispatch, at: now, actor: actor)
                    defer { imports.append(one) }
                    return try one.run(list, reject)
                }
            }
            if !rules.dryRun { try beforeCommit() }
            return summaries
        }
        // Only to warn, and to open a fleet's credentials takes its time: nobody
        // has to wait for it.
        for (place, one) in imports.enumerated() {
            // What is imported is imported, whether or not it can be read again.
            let warnings = try? read { db in try one.sharedKeys?.warnings(db, vault) ?? [] }
            summaries[place].warnings.add(warnings ?? [])
        }
        return summaries
    }
}
