import Fleet
import GRDB

/// The rows of `awaited_unit`: units that a registry had which a copy of before
/// replaced, until a list brings them again.
enum AwaitedUnits {
    /// Remembers a unit's count and maker; of two counts the higher one.
    ///
    /// - Returns: nothing where it was known before, just so.
    static func remember(_ skip: CountSkip, _ trail: AuditTrail, _ db: Database) throws {
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT payg_id, count, authority FROM awaited_unit WHERE payg_id = ?"),
            arguments: [skip.unit.text]
        )
        let detail = UnitAwaitedDetail(
            unit: row?["payg_id"] ?? skip.unit.text, count: max(skip.to, row?["count"] ?? 0),
            authority: skip.authority ?? TokeningAuthority.here.name
        )
        if let row, row["count"] == detail.count, row["authority"] == detail.authority { return }
        try db.cachedStatement(
            sql: row == nil
                ? "INSERT INTO awaited_unit (count, authority, payg_id) VALUES (?, ?, ?)"
                : "UPDATE awaited_unit SET count = ?, authority = ? WHERE payg_id = ?"
        ).execute(arguments: [detail.count, detail.authority, detail.unit])
        try trail.append(.unitAwaited, detail)
    }

    /// Has the units of a new dispatch that were awaited go on from where they were.
    ///
    /// - Returns: how many there were.
    static func resume(dispatch: Int, _ trail: AuditTrail, _ db: Database) throws -> Int {
        guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM awaited_unit)") == true else { return 0 }
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT unit.id, unit.payg_id, unit.count, awaited_unit.count AS awaited, awaited_unit.authority
                FROM awaited_unit JOIN unit ON unit.payg_id = awaited_unit.payg_id
                WHERE unit.dispatch_id = ? ORDER BY unit.id
                """, arguments: [dispatch]
        )
        for row in rows {
            let (id, from, awaited): (Int64, Int, Int) = (row["id"], row["count"], row["awaited"])
            let authority: String = row["authority"]
            let skip = CountSkip(
                unit: try PaygID(row["payg_id"]), from: from, to: max(from, awaited),
                authority: authority == TokeningAuthority.here.name ? nil : authority, isKnown: true
            )
            try apply(skip, unit: id, trail, db)
        }
        return rows.count
    }

    /// Has a unit go on from a count, with the maker that it has.
    static func apply(_ skip: CountSkip, unit id: Int64, _ trail: AuditTrail, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE unit SET count = ? WHERE id = ?").execute(arguments: [skip.to, id])
        if let authority = skip.authority { try HandedOverRows.set(authority, of: id, db) }
        try trail.append(
            .countSkipped,
            CountSkippedDetail(
                unit: skip.unit.text, from: skip.from ?? 0, to: skip.to, authority: skip.authority,
                isKnown: skip.isKnown
            ), about: .init(unit: id)
        )
    }
}
