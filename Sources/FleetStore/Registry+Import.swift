import Crypto
import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

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
        return try write(dryRun: rules.dryRun) { db in
            // Names come in any order, and each has its place in the index.
            try db.execute(sql: "PRAGMA cache_size = -32768")
            let summaries = try withoutReplacementTrigger(db) {
                try lists.map { list in
                    var one = OneImport(db, vault, rules, at: now, actor: actor)
                    return try one.run(list, reject)
                }
            }
            if !rules.dryRun { try beforeCommit() }
            return summaries
        }
    }
}

/// Runs a body without the trigger that refuses `INSERT OR REPLACE`, which
/// looks each unit up a second time. Nobody else sees the schema without it: it
/// is back before the transaction ends, however that ends.
private func withoutReplacementTrigger<Result>(_ db: Database, _ body: () throws -> Result) throws -> Result {
    let trigger = try String.fetchOne(
        db, sql: "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'unit_not_replaced'"
    )
    guard let trigger else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a trigger is missing") }
    try db.execute(sql: "DROP TRIGGER unit_not_replaced")
    let result = try body()
    try db.execute(sql: trigger)
    return result
}

/// The import of one list, inside its transaction.
private struct OneImport {
    private let db: Database
    private let vault: Vault
    private let rules: ImportRules
    private let trail: AuditTrail
    private let now: Timestamp
    private let actor: ActorName

    private var number = 1
    private var summary = ImportSummary()
    private var problems = ProblemList()
    private var added = AddedUnits()

    init(_ db: Database, _ vault: Vault, _ rules: ImportRules, at now: Timestamp, actor: ActorName) {
        self.db = db
        self.vault = vault
        self.rules = rules
        self.now = now
        self.actor = actor
        trail = AuditTrail(db, at: now, actor: actor, vault: vault)
    }

    mutating func run(
        _ list: ListFeed, _ reject: (_ problems: [RowProblem], _ row: ListedRow) throws -> Void
    ) throws -> ImportSummary {
        summary.dryRun = rules.dryRun
        number = 1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM dispatch") ?? 0)
        let adder = try UnitAdder(db, dispatch: number)
        let source = try ListPipeline(list, vault: vault).forEach { rows in
            summary.rows += rows.rows.count
            var next = 0
            while next < rows.rows.count {
                let some = next..<min(next + UnitAdder.atOnce, rows.rows.count)
                next += try addAll(some, of: rows, adder)
                // And those from the one that stopped them.
                for place in next..<some.upperBound { try take(place, of: rows, adder, reject) }
                next = some.upperBound
            }
        }
        if problems.total > 0, added.count == 0, let dispatch = try whole(source.sha256) {
            // Whatever happened to its units since is on record.
            var recognised = ImportSummary()
            recognised.dispatch = dispatch
            recognised.recognised = true
            recognised.rows = summary.rows
            recognised.unchanged = summary.rows
            recognised.dryRun = rules.dryRun
            return recognised
        }
        if !rules.keepsGoing { try problems.refuse(list.file, rows: summary.rows) }
        summary.added = added.count
        summary.rejected = problems.rejected
        summary.problems = problems
        try record(source)
        return summary
    }

    /// Adds some rows up to the first that is no new unit, if there are enough
    /// of them.
    ///
    /// - Returns: how many were added.
    private mutating func addAll(_ some: Range<Int>, of rows: SealedRows, _ adder: UnitAdder) throws -> Int {
        guard some.count == UnitAdder.atOnce else { return 0 }
        // Names out of order touch a page each, and SQLite keeps a copy of all
        // the pages that a statement touches: then one by one is faster.
        var last = ""
        for place in some {
            guard case .unit(let listed) = rows.rows[place].content, listed.id.text > last else { return 0 }
            last = listed.id.text
        }
        let (count, first) = try adder.add(some, of: rows)
        for place in some.prefix(count) {
            guard case .unit(let listed) = rows.rows[place].content else { continue }
            added.add(listed, line: rows.line(place), as: first + Int64(place - some.lowerBound))
        }
        return count
    }

    /// Takes one row in, whatever it is.
    private mutating func take(
        _ place: Int, of rows: SealedRows, _ adder: UnitAdder,
        _ reject: (_ problems: [RowProblem], _ row: ListedRow) throws -> Void
    ) throws {
        let row = rows.rows[place]
        let wrong: [RowProblem]
        switch row.content {
        case .problems(let found):
            wrong = found
        case .unit(let listed):
            let (count, rowID) = try adder.add(place..<place + 1, of: rows)
            if count == 1 { return added.add(listed, line: rows.line(place), as: rowID) }
            wrong = try compare(listed)
        }
        guard !wrong.isEmpty else { return }
        problems.add(wrong)
        if rules.keepsGoing { try reject(wrong, row) }
    }

    /// Compares a unit with the one of its name that the registry has.
    private mutating func compare(_ listed: ListedUnit) throws -> [RowProblem] {
        guard let stored = try UnitRows.find(listed.id, db) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unit \(listed.id) is there, and is not found")
        }
        if let row = added.row(of: stored.rowID) {
            return [
                RowProblem(
                    row: listed.row, column: ListField.paygID.title, problem: "\(listed.id) is in row \(row) too"
                )
            ]
        }
        var problems = listed.contradictions(with: stored.unit, credentials: try stored.credentials(vault))
        if let count = listed.count, count > stored.unit.count, rules.acceptsCounts {
            problems.removeAll { $0.column == ListField.count.title }
            if problems.isEmpty {
                try UnitRows.update(stored.rowID, count: count, paidUntil: stored.unit.paidUntil, db)
                try trail.append(
                    .countAccepted,
                    CountAcceptedDetail(
                        unit: stored.unit.id.text, from: Int(stored.unit.count.number), to: Int(count.number)
                    ),
                    about: .init(unit: stored.rowID)
                )
                summary.acceptedCounts += 1
                return []
            }
        }
        if problems.isEmpty { summary.unchanged += 1 }
        if let count = listed.count, count < stored.unit.count { summary.olderCounts += 1 }
        return problems
    }

    /// The dispatch that these very bytes were, if all their units came with it.
    private func whole(_ sha256: String) throws -> Int? {
        try Int.fetchOne(
            db, sql: "SELECT id FROM dispatch WHERE sha256 = ? AND unit_count = ? LIMIT 1",
            arguments: [sha256, summary.rows]
        )
    }

    /// Records the dispatch, if it brought anything.
    private mutating func record(_ source: ListSource) throws {
        let earlier = try Int.fetchOne(
            db, sql: "SELECT id FROM dispatch WHERE sha256 = ? LIMIT 1", arguments: [source.sha256]
        )
        if summary.added == 0 {
            summary.dispatch = earlier
            summary.recognised = earlier != nil && summary.acceptedCounts == 0 && summary.rejected == 0
            return
        }
        summary.dispatch = rules.dryRun ? nil : number
        try db.execute(
            sql: """
                INSERT INTO dispatch (id, file, sha256, unit_count, imported_at, actor)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [number, source.file, source.sha256, summary.added, now.text, actor.text]
        )
        try trail.append(
            .dispatchImported,
            DispatchImportedDetail(
                dispatch: number, file: source.file, sha256: source.sha256, added: summary.added,
                unchanged: summary.unchanged, rejected: summary.rejected > 0 ? summary.rejected : nil,
                unitsSHA256: added.digest.hex
            ),
            about: .init(dispatch: number)
        )
    }
}

/// The units that one import adds: where each stood in the list, and a digest
/// over them all.
private struct AddedUnits {
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
