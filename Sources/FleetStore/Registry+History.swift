import Fleet
import Foundation
import GRDB
import OpenPAYGO

/// The rows of `dispatch`.
enum DispatchRows {
    static func existing(_ number: Int, _ db: Database) throws -> DispatchRecord {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM dispatch WHERE id = ?", arguments: [number]) else {
            throw FleetError.dispatchNotFound(number)
        }
        return try record(row)
    }

    static func record(_ row: Row) throws -> DispatchRecord {
        DispatchRecord(
            number: try row.stored("id"), file: try row.stored("file"), sha256: try row.stored("sha256"),
            units: try row.stored("unit_count"), importedAt: try moment(row.stored("imported_at")),
            actor: try row.stored("actor")
        )
    }
}

extension Registry {
    /// The unit of this name.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``.
    public func unit(_ id: PaygID) throws(FleetError) -> FleetUnit {
        try read { db in try UnitRows.existing(id, db).unit }
    }

    /// Units by PAYG ID; those that fit every given filter.
    ///
    /// - Parameters:
    ///   - search: any part of the PAYG ID, or of the reference, name or phone
    ///     of the customer who holds it.
    ///   - authority: who makes their tokens, `here` or a provider.
    /// - Throws: ``FleetError/badValue(what:problem:)`` for a text that cannot
    ///   be searched for; not found.
    public func units(
        search: String? = nil, customer: CustomerReference? = nil, dispatch: Int? = nil, authority: String? = nil
    ) throws(FleetError) -> [FleetUnit] {
        let search = try search.map { text throws(FleetError) in try SearchText(text) }
        return try read { db in
            var condition: SQL = "TRUE"
            if let search {
                condition += """
                     AND unit.id IN (
                        \(search.unitsNamedSo)
                        UNION SELECT unit_id FROM assignment
                        WHERE until IS NULL AND customer_id IN (SELECT id FROM customer WHERE \(search.isInCustomer))
                    )
                    """
            }
            if let customer {
                condition += " AND customer.id = \(try CustomerRows.existing(customer, db)["id"] as Int64)"
            }
            if let dispatch { condition += " AND dispatch_id = \(try DispatchRows.existing(dispatch, db).number)" }
            if let authority { condition += " AND \(sql: HandedOverRows.authority) = \(authority) COLLATE NOCASE" }
            var units: [FleetUnit] = []
            try UnitRows.forEach(db, where: condition + " ORDER BY unit.payg_id") { units.append($0.unit) }
            return units
        }
    }

    /// The providers who make tokens for some unit, by name.
    public func providers() throws(FleetError) -> [String] {
        try read { db in try HandedOverRows.providers(db) }
    }

    /// What became of a unit's credentials: whom they were handed to, and what
    /// they were before.
    ///
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)``.
    public func past(of id: PaygID) throws(FleetError) -> UnitPast {
        try read { db in
            let stored = try UnitRows.existing(id, db)
            let handedOver = try HandedOverRows.export(of: stored.rowID, db).map { export in
                try ExportRows.existing(export, db)
            }
            let events = try Row.fetchAll(
                db,
                sql: """
                    SELECT at, actor, detail FROM event
                    WHERE unit_id = ? AND action <> 'tokenIssued' AND action = 'credentialsReplaced' ORDER BY sequence
                    """, arguments: [stored.rowID]
            )
            // What says something else is for audit verify to tell.
            let replacements = events.compactMap { row -> CredentialsReplacement? in
                guard let at = Timestamp(text: row["at"]),
                    let told = try? JSONDecoder().decode(
                        CredentialsReplacedDetail.self, from: Data((row["detail"] as String).utf8)
                    ),
                    let lastCount = try? TokenCount(told.lastCount)
                else { return nil }
                return CredentialsReplacement(
                    at: at, actor: row["actor"], lastCount: lastCount, file: told.file, reason: told.reason
                )
            }
            return UnitPast(handedOver: handedOver, replacements: replacements)
        }
    }

    /// The dispatches, first to last.
    public func dispatches() throws(FleetError) -> [DispatchRecord] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT * FROM dispatch ORDER BY id").map(DispatchRows.record)
        }
    }

    /// One dispatch.
    ///
    /// - Throws: ``FleetError/dispatchNotFound(_:)``.
    public func dispatch(_ number: Int) throws(FleetError) -> DispatchRecord {
        try read { db in try DispatchRows.existing(number, db) }
    }

    /// The tokens issued, oldest first.
    public func tokens(_ filter: HistoryFilter = HistoryFilter()) throws(FleetError) -> [IssuedToken] {
        try read { db in
            var condition: SQL = "TRUE"
            if let unit = filter.unit {
                condition += " AND token.id IN \(sql: TokenRows.made(for: "\(try UnitRows.existing(unit, db).rowID)"))"
            }
            if let customer = filter.customer {
                let row: Int64 = try CustomerRows.existing(customer, db)["id"]
                condition +=
                    " AND token.customer_id = \(row) AND token.id IN \(sql: TokenRows.made(for: Self.everHeld(by: row)))"
            }
            if let dispatch = filter.dispatch {
                let number = try DispatchRows.existing(dispatch, db).number
                let units = "SELECT id FROM unit WHERE dispatch_id = \(number)"
                condition += " AND token.id IN \(sql: TokenRows.made(for: units))"
            }
            if let since = filter.since { condition += " AND token.issued_at >= \(since.text)" }
            if let before = filter.before { condition += " AND token.issued_at < \(before.text)" }
            let request = SQLRequest<Row>(
                literal: "\(sql: TokenRows.select) WHERE \(condition) ORDER BY token.id"
            )
            return try Row.fetchAll(db, request).map(TokenRows.issued)
        }
    }

    /// The units that a customer has or had: among their tokens are the
    /// customer's.
    private static func everHeld(by customer: Int64) -> String {
        "SELECT unit_id FROM assignment WHERE customer_id = \(customer)"
    }

    /// The audit events, first to last. A unit's are those of its dispatch and
    /// its exports too, for they are part of its history.
    public func events(_ filter: HistoryFilter = HistoryFilter()) throws(FleetError) -> [AuditEvent] {
        try read { db in
            var condition: SQL = "TRUE"
            if let id = filter.unit {
                let unit = try UnitRows.existing(id, db)
                condition += """
                     AND sequence IN (
                         SELECT sequence FROM event WHERE unit_id = \(unit.rowID) AND action <> 'tokenIssued'
                         UNION ALL SELECT event FROM token WHERE id IN \(sql: TokenRows.made(for: "\(unit.rowID)"))
                         UNION ALL SELECT sequence FROM event WHERE dispatch_id = \(unit.unit.dispatch)
                         UNION ALL SELECT sequence FROM event WHERE export_id IN
                             (SELECT export_id FROM export_unit WHERE unit_id = \(unit.rowID)))
                    """
            }
            if let customer = filter.customer {
                let row: Int64 = try CustomerRows.existing(customer, db)["id"]
                condition += """
                     AND sequence IN (
                         SELECT sequence FROM event WHERE customer_id = \(row) AND action <> 'tokenIssued'
                         UNION ALL SELECT event FROM token
                         WHERE customer_id = \(row) AND id IN \(sql: TokenRows.made(for: Self.everHeld(by: row))))
                    """
            }
            if let dispatch = filter.dispatch {
                let number = try DispatchRows.existing(dispatch, db).number
                condition += """
                     AND (dispatch_id = \(number)
                          OR unit_id IN (SELECT id FROM unit WHERE unit.dispatch_id = \(number))
                          OR export_id IN (SELECT export_id FROM export_unit JOIN unit ON unit.id = unit_id
                                           WHERE unit.dispatch_id = \(number)))
                    """
            }
            if let since = filter.since { condition += " AND at >= \(since.text)" }
            if let before = filter.before { condition += " AND at < \(before.text)" }
            let request = SQLRequest<Row>(literal: "SELECT * FROM event WHERE \(condition) ORDER BY sequence")
            return try Row.fetchAll(db, request).map { row in
                AuditEvent(
                    sequence: try row.stored("sequence"), at: try moment(row.stored("at")),
                    actor: try row.stored("actor"), action: try row.stored("action"),
                    detail: try row.stored("detail"), hash: Array(try row.stored("hash") as Data)
                )
            }
        }
    }
}
