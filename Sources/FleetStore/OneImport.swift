import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

/// The import of one list, inside its transaction.
struct OneImport {
    private let db: Database
    private let vault: Vault
    private let rules: ImportRules
    private let trail: AuditTrail
    private let now: Timestamp
    private let actor: ActorName
    private let firstDispatch: Int

    private var number = 1
    private var file = ""
    private var summary = ImportSummary()
    private var problems = ProblemList()
    /// Whether the list says of itself that it is not whole, or contradicts itself.
    private var isDoubtful = false
    /// Rows that have the credentials a unit was given others for.
    private var formerCredentials = 0
    private var added = AddedUnits()
    /// Nil for a registry that had no unit before.
    private(set) var sharedKeys: SharedKeys?

    /// - Parameter firstDispatch: the first one that this call made or could make.
    init(
        _ db: Database, _ vault: Vault, _ rules: ImportRules, firstDispatch: Int, at now: Timestamp, actor: ActorName
    ) throws {
        sharedKeys = try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM unit)") ?? false ? SharedKeys() : nil
        self.firstDispatch = firstDispatch
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
        file = list.file
        number = try Self.nextDispatch(db)
        let adder = try UnitAdder(db, dispatch: number)
        let source = try read(list) { one, rows in
            one.summary.rows += rows.rows.count
            var next = 0
            while next < rows.rows.count {
                let some = next..<min(next + UnitAdder.atOnce, rows.rows.count)
                next += try one.addAll(some, of: rows, adder)
                // And those from the one that stopped them.
                for place in next..<some.upperBound { try one.take(place, of: rows, adder, reject) }
                next = some.upperBound
            }
        }
        if problems.rejected > 0, problems.rejected == formerCredentials, added.count == 0, summary.acceptedCounts == 0,
            !rules.keepsGoing, let dispatch = try whole(source.sha256)
        {
            var recognised = ImportSummary()
            recognised.dispatch = dispatch
            recognised.recognised = true
            recognised.rows = summary.rows
            recognised.unchanged = summary.unchanged
            recognised.changedSince = formerCredentials
            recognised.dryRun = rules.dryRun
            return recognised
        }
        let isNothingLeft = added.count + summary.unchanged + summary.acceptedCounts == 0
        if !rules.keepsGoing || isDoubtful || isNothingLeft { try problems.refuse(list.file, rows: summary.rows) }
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
            let rowID = first + Int64(place - some.lowerBound)
            added.add(listed, line: rows.line(place), as: rowID)
            sharedKeys?.add(listed, as: rowID)
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
            if count == 1 {
                sharedKeys?.add(listed, as: rowID)
                return added.add(listed, line: rows.line(place), as: rowID)
            }
            wrong = try compare(listed)
        }
        guard !wrong.isEmpty else { return }
        problems.add(wrong)
        if wrong.contains(where: { $0.kind == .end || $0.kind == .twice }) { isDoubtful = true }
        if rules.keepsGoing { try reject(wrong, row) }
    }

    /// Compares a unit with the one of its name that the registry has.
    private mutating func compare(_ listed: ListedUnit) throws -> [RowProblem] {
        guard let stored = try UnitRows.find(listed.id, db) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "unit \(listed.id) is there, and is not found")
        }
        let credentials = try stored.credentials(vault)
        if let row = added.row(of: stored.rowID) {
            let isSame = credentials == listed.credentials
            return [
                RowProblem(
                    row: listed.row, column: ListField.paygID.title,
                    problem: "\(listed.id) is in row \(row) too\(isSame ? "" : ", with other credentials")",
                    kind: isSame ? .value : .twice
                )
            ]
        }
        // What came with another list of this call would not stay.
        let isOfThisCall = stored.unit.dispatch >= firstDispatch
        var problems = listed.contradictions(
            with: stored.unit, credentials: credentials, in: isOfThisCall ? "the list before this one" : "the registry"
        )
        if isOfThisCall { problems = problems.map { $0.of(.twice) } }
        if !problems.isEmpty, problems.allSatisfy({ $0.kind == .otherCredentials }),
            try hadBefore(listed.credentials, stored)
        {
            formerCredentials += 1
        }
        if let count = listed.count, count > stored.unit.count, rules.acceptsCounts {
            problems.removeAll { $0.kind == .higherCount }
            if problems.isEmpty {
                try UnitRows.update(stored.rowID, count: count, db)
                try trail.append(
                    .countAccepted,
                    CountAcceptedDetail(
                        unit: stored.unit.id.text, from: Int(stored.unit.count.number), to: Int(count.number),
                        file: file
                    ),
                    about: .init(unit: stored.rowID)
                )
                summary.acceptedCounts += 1
                if count.number - stored.unit.count.number > TokenReader.window { summary.farCounts += 1 }
                return []
            }
        }
        if problems.isEmpty { summary.unchanged += 1 }
        if let count = listed.count, count < stored.unit.count { summary.olderCounts += 1 }
        return problems
    }

    /// Whether a unit had these credentials before it was given others.
    private func hadBefore(_ credentials: Credentials, _ stored: StoredUnit) throws -> Bool {
        let former = try Data.fetchAll(
            db.cachedStatement(sql: "SELECT sealed FROM former_credentials WHERE unit_id = ?"),
            arguments: [stored.rowID]
        )
        return try former.contains { try vault.credentials(Array($0), of: stored.unit.id) == credentials }
    }

    /// Reads a list. What is wrong with its text is told with what is wrong
    /// with the rows before.
    private mutating func read(
        _ list: ListFeed, _ body: (inout OneImport, SealedRows) throws -> Void
    ) throws -> ListSource {
        do {
            return try ListPipeline(list, vault: vault).forEach { rows in try body(&self, rows) }
        } catch FleetError.badInput(let file, let found, let total, _, _)
            where problems.total > 0 && total == found.count
        {
            problems.add(found)
            try problems.refuse(file, rows: summary.rows)
            throw FleetError.badInput(file: file, problems: found, total: total)
        }
    }

    /// The number of the next dispatch.
    static func nextDispatch(_ db: Database) throws -> Int {
        1 + (try Int.fetchOne(db, sql: "SELECT max(id) FROM dispatch") ?? 0)
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
            // One of a dry run is none.
            summary.dispatch = earlier.flatMap { rules.dryRun && $0 >= firstDispatch ? nil : $0 }
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
        summary.resumed = try AwaitedUnits.resume(dispatch: number, trail, db)
    }
}
