import Fleet
import Foundation
import GRDB

/// What a registry has that a copy of before does not have.
struct HistoryComparison {
    private let copy: Database
    private let old: Database
    private let isSame: Bool
    private var lost = LostHistory()

    /// - Returns: what would be lost, and the counts and makers that the copy
    ///   does not know.
    static func run(copy: Registry, old: Registry) throws(FleetError) -> (LostHistory, [CountSkip]) {
        try copy.read { copyDatabase in
            try old.read { oldDatabase in
                var comparison = try HistoryComparison(copyDatabase, oldDatabase)
                return try comparison.run()
            }
        }
    }

    private init(_ copy: Database, _ old: Database) throws {
        self.copy = copy
        self.old = old
        let id = "SELECT registry_id FROM registry"
        isSame = try String.fetchOne(copy, sql: id) == String.fetchOne(old, sql: id)
    }

    private mutating func run() throws -> (LostHistory, [CountSkip]) {
        let (copyLast, oldLast) = (try last(copy), try last(old))
        lost.common = isSame ? try common(min(copyLast, oldLast)) : 0
        let since = lost.common
        // All that it has, the copy has too.
        guard since < oldLast else { return (lost, []) }
        try collect(since)
        return (lost, try skips(since))
    }

    private func last(_ db: Database) throws -> Int {
        try Int.fetchOne(db, sql: "SELECT max(sequence) FROM event") ?? 0
    }

    /// The last event that both have: each hash stands for all before it.
    private func common(_ last: Int) throws -> Int {
        func hash(_ db: Database, _ sequence: Int) throws -> Data? {
            try Data.fetchOne(
                db.cachedStatement(sql: "SELECT hash FROM event WHERE sequence = ?"), arguments: [sequence]
            )
        }
        var (equal, different) = (0, last + 1)
        while different - equal > 1 {
            let middle = (equal + different) / 2
            if try hash(copy, middle) == hash(old, middle) { equal = middle } else { different = middle }
        }
        return equal
    }

    private mutating func collect(_ since: Int) throws {
        let counted = try Row.fetchCursor(
            old,
            sql: """
                SELECT action, count(*) AS number FROM event
                WHERE sequence > ? AND action <> 'backupMade' GROUP BY action
                """, arguments: [since]
        )
        while let row = try counted.next() { lost.events[row["action"]] = row["number"] }
        // What stands beside a max is of the row that has it.
        let tokens = try Row.fetchCursor(
            old,
            sql: """
                SELECT payg_id, tokens, last, customer.reference
                FROM (SELECT unit_id, count(*) AS tokens, max(count) AS last, customer_id FROM token
                      WHERE event > ? GROUP BY unit_id)
                JOIN unit ON unit.id = unit_id LEFT JOIN customer ON customer.id = customer_id
                ORDER BY payg_id
                """, arguments: [since]
        )
        while let row = try tokens.next() {
            lost.units.append(
                LostTokens(unit: try PaygID(row[0]), customer: row[3], tokens: row[1], count: row[2])
            )
        }
        lost.exports = try Row.fetchAll(
            old,
            sql: """
                SELECT export.id, authority, unit_count FROM event JOIN export ON export.id = export_id
                WHERE sequence > ? AND action = 'credentialsExported' ORDER BY export.id
                """, arguments: [since]
        ).map { (number: $0[0], authority: $0[1], units: $0[2]) }
        lost.replacedCredentials = try units("credentialsReplaced", since).map { name in try PaygID(name) }
        lost.dispatches = try String.fetchAll(
            old,
            sql: """
                SELECT file FROM event JOIN dispatch ON dispatch.id = dispatch_id
                WHERE sequence > ? AND action = 'dispatchImported' ORDER BY dispatch.id
                """, arguments: [since]
        )
        lost.customers = try String.fetchAll(
            old,
            sql: """
                SELECT reference FROM event JOIN customer ON customer.id = customer_id
                WHERE sequence > ? AND action = 'customerAdded' ORDER BY reference
                """, arguments: [since]
        )
    }

    private func units(_ action: String, _ since: Int) throws -> [String] {
        try String.fetchAll(
            old,
            sql: """
                SELECT DISTINCT payg_id FROM event JOIN unit ON unit.id = unit_id
                WHERE sequence > ? AND action = ? ORDER BY payg_id
                """, arguments: [since, action]
        )
    }

    /// The counts and makers of what was there count, where the copy would use
    /// a count again or give a unit two makers.
    private func skips(_ since: Int) throws -> [CountSkip] {
        struct Known {
            let name: String
            let count: Int
            let authority: String
        }
        let here = TokeningAuthority.here.name
        let all = "SELECT payg_id, count, \(HandedOverRows.authority), dispatched_count FROM unit ORDER BY id"
        var known: [String: Known] = [:]
        let copied = try Row.fetchCursor(copy, sql: all)
        while let row = try copied.next() {
            let unit = Known(name: row[0], count: row[1], authority: row[2])
            known[unit.name.lowercased()] = unit
        }
        let reclaimed = Set(try units("unitReclaimed", since).map { $0.lowercased() })
        var skips: [CountSkip] = []
        func compare(_ name: String, _ count: Int, _ authority: String, isNew: Bool) throws {
            guard let own = known[name.lowercased()] else {
                guard isNew || authority != here else { return }
                skips.append(
                    CountSkip(unit: try PaygID(name), from: nil, to: count, authority: authority, isKnown: true)
                )
                return
            }
            // Only who took it back on record makes its tokens here again.
            let isSettled = authority == own.authority || authority == here && !reclaimed.contains(name.lowercased())
            guard count > own.count || !isSettled else { return }
            skips.append(
                CountSkip(
                    unit: try PaygID(own.name), from: own.count, to: max(count, own.count),
                    authority: isSettled ? nil : authority, isKnown: true
                )
            )
        }
        let there = try Row.fetchCursor(old, sql: all)
        while let row = try there.next() {
            try compare(row[0], row[1], row[2], isNew: (row[1] as Int) > (row[3] as Int))
        }
        let awaited = try Row.fetchCursor(old, sql: "SELECT payg_id, count, authority FROM awaited_unit")
        while let row = try awaited.next() {
            // One that came meanwhile is among the units.
            let isThere = try Bool.fetchOne(
                old.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM unit WHERE payg_id = ?)"),
                arguments: [row[0] as String]
            )
            if isThere != true { try compare(row[0], row[1], row[2], isNew: true) }
        }
        return skips
    }
}
