import Fleet
import Foundation
import GRDB
import KeyVault

/// What is in the registry, beside what the events tell.
extension AuditVerification {
    mutating func checkRowsWithoutEvents() throws {
        if try Int.fetchOne(db, sql: "SELECT count(*) FROM token") != report.tokens { try nameStrangeTokens() }
        let customers = try Row.fetchCursor(db, sql: "SELECT id, reference, changes FROM customer ORDER BY id")
        while let row = try customers.next() {
            let name: String = row["reference"]
            if !toldCustomers.contains(row["id"]) { found("customer \(name) has no event") }
            let (changes, told): (Int, Int) = (row["changes"], toldChanges[row["id"]] ?? 0)
            if changes != told {
                found("customer \(name): changes were made \(changes) times, and events tell of \(told)")
            }
        }
        for dispatch in try Int.fetchAll(db, sql: "SELECT id FROM dispatch ORDER BY id")
        where !toldDispatches.contains(dispatch) {
            found("dispatch \(dispatch) has no event")
        }
        for export in try Int.fetchAll(db, sql: "SELECT id FROM export ORDER BY id") where !toldExports.contains(export)
        {
            found("export \(export) has no event")
        }
    }

    mutating func nameStrangeTokens() throws {
        struct Issued: Hashable {
            let unit: Int64
            let count: Int
        }
        let events = try Row.fetchCursor(
            db,
            sql: """
                SELECT unit_id, json_extract(iif(json_valid(detail), detail, '{}'), '$.count') AS count
                FROM event WHERE action = 'tokenIssued'
                """
        )
        var issued: Set<Issued> = []
        var named = 0
        while let row = try events.next() {
            guard let unit = row["unit_id"] as Int64?, let count = row["count"] as Int? else { continue }
            issued.insert(Issued(unit: unit, count: count))
        }
        let tokens = try Row.fetchCursor(
            db,
            sql: "SELECT unit_id, payg_id, token.count FROM token LEFT JOIN unit ON unit.id = unit_id ORDER BY token.id"
        )
        while let row = try tokens.next() {
            // Whichever is the first has it.
            guard issued.remove(Issued(unit: row["unit_id"], count: row["count"])) == nil else { continue }
            named += 1
            let unit: String? = row["payg_id"]
            found("the token of unit \(unit ?? "that is missing") with count \(row["count"] as Int) has no event")
        }
        // Each has an event, and yet some were not found by it.
        if named == 0 { found("tokens are told of twice, or are not in their place among their unit's") }
    }

    /// Every unit is as the events left it, and its credentials open.
    mutating func checkUnits() throws {
        let columns =
            ExactText.columns(["paid_until", "furthest", "retired_at"], of: "unit") + ", "
            + ExactText.columns(["provider"], of: "handed_over")
        let statement = try db.makeStatement(
            sql: """
                SELECT \(ExactText.columns(["reference"], of: "customer")),
                       \(ExactText.columns(["since", "until"], of: "assignment"))
                FROM assignment LEFT JOIN customer ON customer.id = customer_id
                WHERE unit_id = ? ORDER BY assignment.id
                """
        )
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT id, payg_id, sealed, count, dispatched_count, unlocked, export_id, last_token_id, last_token_count, \(columns)
                FROM unit LEFT JOIN handed_over ON unit_id = unit.id ORDER BY unit.id
                """
        )
        let replaced = try Int.fetchOne(db, sql: "SELECT count(*) FROM former_credentials") ?? 0
        while let row = try rows.next() {
            let name: String = row["payg_id"]
            let told = told[row["id"]] ?? ToldUnit()
            if !opens(row["sealed"], of: name) { found("unit \(name): its sealed credentials do not open") }
            if replaced > 0 || told.replacements > 0 {
                let former = try former(row["id"])
                if let digest = told.sealedSHA256, Array(row["sealed"] as Data).sha256 != digest {
                    found("unit \(name): its credentials are not those that it was given last")
                }
                if former.count != told.replacements {
                    found("unit \(name): it has credentials put away that no event tells of, or lacks some")
                }
                for (sealed, _) in former where !opens(Data(sealed), of: name) {
                    found("unit \(name): the credentials that it had before do not open")
                }
            }
            let count: Int = row["count"]
            let expected: Int = told.count ?? row["dispatched_count"]
            if count != expected { found("unit \(name): its count is \(count), and its last event says \(expected)") }
            if !told.lastToken.isMissing,
                row["last_token_id"] != told.lastToken.row || row["last_token_count"] ?? 0 != told.lastToken.count
            {
                found("unit \(name): the token that it has as its last is another")
            }
            if !row.exactOrNil("paid_until").isExactly(told.credit.paidUntil?.text) {
                found("unit \(name): its paid-until is not that of its last token")
            }
            if !row.exactOrNil("furthest").isExactly(told.credit.furthestBeyondPaid?.text)
                || row["unlocked"] != told.credit.isUnlocked
            {
                found("unit \(name): what was ever given to it is not what its tokens say")
            }
            if !row.exactOrNil("retired_at").isExactly(told.retiredAt) {
                found("unit \(name): whether it is retired is not what its events say")
            }
            if row["export_id"] != told.handedOverBy || !row.exactOrNil("provider").isExactly(told.handedOverTo) {
                found("unit \(name): its tokening authority is not that of its last event")
            }
            let assignments = try Row.fetchAll(statement, arguments: [row["id"] as Int64]).map {
                ToldAssignment(customer: $0.exact("reference"), since: $0.exact("since"), until: $0.exactOrNil("until"))
            }
            if assignments.count != told.assignments.count
                || !zip(assignments, told.assignments).allSatisfy({ $0.isExactly($1) })
            {
                found("unit \(name): its customers are not those that its events tell of")
            }
        }
    }

    /// Whether sealed credentials open, as far as that can be told without the key.
    private func opens(_ sealed: Data, of unit: String) -> Bool {
        guard let vault else { return true }
        return (try? vault.credentials(Array(sealed), of: try PaygID(unit))) != nil
    }

    /// No row points to one that is not there. Programs other than this one
    /// may not have SQLite see to it.
    mutating func checkReferences() throws {
        let rows = try Row.fetchCursor(db, sql: "PRAGMA foreign_key_check")
        while let row = try rows.next() {
            found("a row of the table \(row[0] as String) points to a row of \(row[2] as String) that is not there")
        }
    }
}
