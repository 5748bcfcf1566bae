import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

/// The comparison of one list with the registry, inside its transaction.
struct OneReconciliation {
    private let db: Database
    private let vault: Vault
    private let list: ListFeed
    private var finder: UnitFinder
    /// The rows of the units that were chosen; nil for all.
    private let chosen: Set<Int64>?

    private var summary = Reconciliation()
    private var problems = ProblemList()
    private var listed = ListedRows()
    /// How many of the chosen units the list has.
    private var met = 0
    /// What rows of the list say, beside the key.
    private var stated: Set<ListField> = []
    /// The rows of units that the registry does not have, in their order.
    private var unknown: [(unit: PaygID, row: Int, key: UInt64)] = []
    private var unknownRows: [PaygID: Int] = [:]
    private var comparison: UnitComparison

    init(_ db: Database, _ vault: Vault, _ list: ListFeed, _ selection: UnitSelection) throws {
        self.db = db
        self.vault = vault
        self.list = list
        finder = try UnitFinder(db)
        chosen = selection == .all ? nil : try UnitRows.rowIDs(where: UnitRows.condition(selection, db), db)
        if let chosen, chosen.isEmpty { throw FleetError.noUnitsChosen }
        comparison = UnitComparison(vault, former: try Self.former(db))
    }

    /// Reads the list, and compares its units with those of the registry.
    mutating func compare() throws {
        do {
            let pipeline = ComparisonPipeline(list, comparison)
            (summary.source, comparison) = try pipeline.run { rows in try look(rows) }
        } catch FleetError.badInput(let file, let found, let total, let rows, let rejected)
            where problems.total > 0 && total == found.count
        {
            // What is wrong with its text is told with what is wrong with the rows before.
            problems.add(found)
            try problems.refuse(file, rows: summary.rows)
            throw FleetError.badInput(file: file, problems: found, total: total, rows: rows, rejected: rejected)
        }
        try problems.refuse(list.file, rows: summary.rows)
    }

    /// Looks some rows up.
    ///
    /// - Returns: those whose units are to be compared.
    private mutating func look(_ rows: [ListedRow]) throws -> [ComparisonPipeline.Pair] {
        var pairs: [ComparisonPipeline.Pair] = []
        pairs.reserveCapacity(rows.count)
        for row in rows {
            summary.rows += 1
            switch row.content {
            case .problems(let found):
                problems.add(found)
            case .unit(let unit):
                note(unit)
                guard let known = try finder.find(unit.id) else {
                    if let before = unknownRows.updateValue(unit.row, forKey: unit.id) { twice(unit, before) }
                    unknown.append((unit.id, unit.row, unit.credentials.key.fingerprint))
                    continue
                }
                if let before = listed.add(known.rowID, row: unit.row) { twice(unit, before) }
                guard chosen?.contains(known.rowID) ?? true else {
                    summary.outsideSelection += 1
                    continue
                }
                met += 1
                pairs.append((unit, known))
            }
        }
        return pairs
    }

    /// A list with a unit twice contradicts itself, whatever the rows say.
    private mutating func twice(_ unit: ListedUnit, _ before: Int) {
        let problem = "\(unit.id) is in row \(before) too"
        problems.add([RowProblem(row: unit.row, column: ListField.paygID.title, problem: problem, kind: .twice)])
    }

    /// Notes what a row says.
    private mutating func note(_ unit: ListedUnit) {
        guard stated.count < Self.optional.count else { return }
        if !unit.isStartingCodeDerived { stated.insert(.startingCode) }
        if unit.count != nil { stated.insert(.count) }
        if unit.timeDivider != nil { stated.insert(.timeDivider) }
        if unit.digitSet != nil { stated.insert(.restrictedDigits) }
        if unit.testCode != nil { stated.insert(.testCode) }
    }

    /// What is compared where the list has it.
    private static let optional: [ListField] = [.startingCode, .count, .timeDivider, .restrictedDigits, .testCode]

    /// Takes the higher counts of units that nothing else contradicts.
    mutating func takeCounts(_ trail: AuditTrail) throws {
        for place in comparison.counts.indices where comparison.counts[place].mayBeTaken {
            let found = comparison.counts[place]
            guard case .count(let here, let there, _) = found.difference.content else { continue }
            try UnitRows.update(found.rowID, count: there, db)
            try trail.append(
                .countAccepted,
                CountAcceptedDetail(
                    unit: found.difference.unit.text, from: Int(here.number), to: Int(there.number), file: list.file
                ),
                about: .init(unit: found.rowID)
            )
            comparison.counts[place].difference.content = .count(here: here, there: there, isTaken: true)
            summary.takenCounts += 1
            if there.number - here.number > TokenReader.window { summary.farCounts += 1 }
        }
    }

    /// What differs.
    mutating func result() throws -> Reconciliation {
        summary.same = comparison.same
        summary.otherModels = comparison.otherModels
        summary.notStated = Self.optional.filter { !stated.contains($0) }
        summary.units = met
        // Not held twice: a provider's list may differ in every row.
        try add(.credentials, Self.takeAll(&comparison.credentials))
        try add(.settings, Self.takeAll(&comparison.settings))
        try add(.count, Self.takeAll(&comparison.counts))
        try addUnmatched()
        return summary
    }

    private static func takeAll(_ differences: inout [FoundDifference]) -> [FoundDifference] {
        defer { differences = [] }
        return differences
    }

    private mutating func add(_ kind: UnitDifference.Kind, _ differences: [FoundDifference]) throws {
        var told: [UnitDifference] = []
        told.reserveCapacity(differences.count)
        for found in differences {
            var difference = found.difference
            difference.customer = try finder.customer(of: found.rowID)
            told.append(difference)
        }
        summary.set(kind, told)
    }

    /// Adds what only one of the two has.
    private mutating func addUnmatched() throws {
        let all = try chosen?.count ?? Int.fetchOne(db, sql: "SELECT count(*) FROM unit") ?? 0
        let (here, retired) = met < all ? try onlyHere(of: chosen) : ([], 0)
        summary.retiredNotListed += retired
        summary.units += here.count
        try add(.onlyHere, here.map(\.found))
        // One device under two names has one key.
        var names: [UInt64: PaygID] = [:]
        if !unknown.isEmpty {
            // Whatever was chosen: imported, it would be beside all of them.
            for (found, sealed) in chosen == nil ? here : try onlyHere(of: nil).units {
                // What does not open is for audit verify to tell.
                guard let own = try? vault.credentials(sealed, of: found.difference.unit) else { continue }
                names[own.key.fingerprint] = found.difference.unit
            }
        }
        summary.set(
            .onlyThere,
            unknown.map { unit, row, key in
                UnitDifference(unit: unit, row: row, content: .onlyThere(sameKeyAs: names[key]), authority: nil)
            }
        )
    }

    /// The units that the list does not have, by PAYG ID, and how many retired
    /// ones it does not have besides.
    ///
    /// - Parameter chosen: which are looked at; nil for all.
    private func onlyHere(
        of chosen: Set<Int64>?
    ) throws -> (units: [(found: FoundDifference, sealed: [UInt8])], retired: Int) {
        var retired = 0
        var missing: [Int64] = []
        // The index alone has both.
        try db.makeStatement(sql: "SELECT id FROM unit ORDER BY payg_id").forEach(db) { row in
            let rowID = row.rowID(0)
            if !listed.contains(rowID), chosen?.contains(rowID) ?? true { missing.append(rowID) }
        }
        var here: [(FoundDifference, [UInt8])] = []
        for rowID in missing {
            guard let (known, isRetired) = try finder.unit(rowID) else { continue }
            guard !isRetired else {
                retired += 1
                continue
            }
            let difference = UnitDifference(unit: known.id, row: nil, content: .onlyHere, authority: known.authority)
            here.append((FoundDifference(rowID: rowID, difference: difference), known.sealed))
        }
        return (here, retired)
    }

    /// Sealed credentials that units had before, by the unit's row.
    private static func former(_ db: Database) throws -> [Int64: [[UInt8]]] {
        var former: [Int64: [[UInt8]]] = [:]
        try db.makeStatement(sql: "SELECT unit_id, sealed FROM former_credentials").forEach(db) { row in
            former[row.rowID(0), default: []].append(row.bytes(1))
        }
        return former
    }
}
