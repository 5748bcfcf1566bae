import Fleet
import Foundation
import GRDB
import OpenPAYGO

/// Tokens, made again.
extension AuditVerification {
    private static let token = """
        SELECT id, previous_id, unit_id, customer_id, count, value, time_divider, event, \(ExactText.columns(
            ["type", "digits", "reference", "request", "paid_until", "issued_at", "actor", "test"], of: "token"
        )), (SELECT count FROM token AS first WHERE first.id = token.first_id AND first.unit_id = token.unit_id) AS first_count
        FROM token
        """

    /// The row of a token that an event tells of. They are told of in the order of
    /// their rows; where that is not so, each is looked for among its unit's.
    private mutating func row(ofTokenWith count: Int, of unit: Int64, event: Int) throws -> Row? {
        let next = try Row.fetchOne(
            db.cachedStatement(sql: Self.token + " WHERE id > ? ORDER BY id LIMIT 1"), arguments: [lastToken]
        )
        let isOne = next?["unit_id"] == unit && next?["count"] == count
        var row = next
        if !isOne || next?["event"] as Int? != event {
            // Of two with one count, the one that this event made.
            row = try Row.fetchOne(
                db.cachedStatement(
                    sql: Self.token + """
                         WHERE id IN \(TokenRows.made(for: "?1")) AND unit_id = ?1 AND count = ?2
                        ORDER BY event IS ?3 DESC, id LIMIT 1
                        """), arguments: [unit, count, event]
            )
            if row == nil, isOne { row = next }
        }
        if let row { lastToken = max(lastToken, row["id"]) }
        return row
    }

    /// Whether a token follows the one before it of its unit, and uses a count
    /// that no other did.
    ///
    /// - Parameter row: nil where it is missing.
    private mutating func follow(_ row: Row?, of unit: Int64, count: Int) -> (isNext: Bool, isNewCount: Bool) {
        let last = told[unit]?.lastToken ?? ToldToken()
        told[unit, default: ToldUnit()].lastToken = ToldToken(row: row?["id"], count: count, isMissing: row == nil)
        return (row == nil || last.isMissing || row?["previous_id"] == last.row, count > last.count)
    }

    mutating func replay(
        _ detail: TokenIssuedDetail, _ event: AuditEventWords
    ) throws -> AuditTrail.Subjects? {
        let name = "the token of unit \(detail.unit) with count \(detail.count)"
        guard let unit = try row(of: detail.unit, event) else { return nil }
        var subjects = AuditTrail.Subjects(unit: unit)
        if let customer = detail.customer { subjects.customer = try row(ofCustomer: customer, event) }
        let stored = try row(ofTokenWith: detail.count, of: unit, event: event.sequence)
        let place = follow(stored, of: unit, count: detail.count)
        if !place.isNewCount { found("event \(event.sequence): \(name) has a count that was used before") }
        guard let row = stored else {
            found("event \(event.sequence): \(name) is missing")
            return subjects
        }
        if !place.isNext { found("event \(event.sequence): \(name) does not name the unit's token before it") }
        report.tokens += 1
        told[unit, default: ToldUnit()].count = detail.count
        guard row["event"] as Int? == event.sequence, row["customer_id"] == subjects.customer,
            row["value"] == detail.value,
            row["time_divider"] as Int? == detail.timeDivider, row.exact("type").isExactly(detail.type),
            row.exact("digits").isExactly(detail.token), row.exactOrNil("reference").isExactly(detail.reference),
            row.exactOrNil("request").isExactly(detail.request), row["first_count"] == detail.first,
            row.exactOrNil("test").isExactly(detail.test),
            row.exactOrNil("paid_until").isExactly(detail.paidUntil), row.exact("issued_at").isExactly(event.at),
            row.exact("actor").isExactly(event.actor)
        else {
            found("event \(event.sequence): \(name) is not the one that was issued")
            return subjects
        }
        guard let type = TokenType(rawValue: detail.type), let count = try? TokenCount(detail.count),
            let instruction = TokenInstruction(type: type, time: detail.value.flatMap { try? TimeValue($0) }),
            let divider = try? TimeDivider(detail.timeDivider), let at = Timestamp(text: event.at)
        else {
            found("event \(event.sequence): \(name) says what no token says")
            return subjects
        }
        let before = (told[unit] ?? ToldUnit()).credit
        told[unit, default: ToldUnit()].credit =
            detail.test != nil
            ? before.afterTest()
            : before.after(
                instruction, divider: divider, paidUntil: detail.paidUntil.flatMap(Timestamp.init(text:)),
                isFollowing: detail.first != nil,
                // Only what somebody asked to be set takes time away that is not known.
                hasTimeFromElsewhere: told[unit]?.hasTimeFromElsewhere == true && detail.request == nil, at: at
            )
        guard let maker = try maker(of: unit) else { return subjects }
        guard maker.make(instruction, at: count).digits == detail.token else {
            found("event \(event.sequence): \(name) is not the one that its credentials make")
            return subjects
        }
        return subjects
    }

    /// The credentials that a unit had before those it has, the first ones first.
    func former(_ unit: Int64) throws -> [(sealed: [UInt8], lastCount: Int)] {
        try Row.fetchAll(
            db.cachedStatement(sql: "SELECT sealed, last_count FROM former_credentials WHERE unit_id = ? ORDER BY id"),
            arguments: [unit]
        ).map { (Array($0["sealed"] as Data), $0["last_count"]) }
    }

    /// What makes the tokens of a unit at this place of its history. Nil without
    /// the key, and when its credentials do not open, which is told of the unit.
    mutating func maker(of unit: Int64) throws -> TokenMaker? {
        guard let vault else { return nil }
        if let maker = makers[unit] { return maker }
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT payg_id, sealed, restricted_digits, test_code FROM unit WHERE id = ?"),
            arguments: [unit]
        )
        var maker: TokenMaker?
        let former = try former(unit)
        let place = told[unit]?.replacements ?? 0
        if let row, let id = try? PaygID(row["payg_id"]),
            let credentials = try? vault.credentials(
                former.indices.contains(place) ? former[place].sealed : Array(row["sealed"] as Data), of: id
            )
        {
            let isRestricted: Bool = row["restricted_digits"]
            maker = TokenMaker(credentials, UnitBuild(digitSet: isRestricted ? .restricted : .full))
        }
        makers[unit] = .some(maker)
        return maker
    }
}

// MARK: - Found by their digits

extension AuditVerification {
    /// Each token in a block is found by its digits, and by no others.
    mutating func checkTokenDigits() throws {
        let strange = try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM token_digits LEFT JOIN token ON token.id = token_id
                WHERE token.id IS NULL OR token_digits.digits <> CAST(token.digits AS INTEGER)
                   OR block <> (token_id + 4095) / 4096
                """
        )
        let missing = try Int.fetchOne(
            db,
            sql: """
                SELECT count(*) FROM token
                WHERE id <= (SELECT max(block) * 4096 FROM token_digits)
                  AND NOT EXISTS (SELECT 1 FROM token_digits
                                  WHERE block = (token.id + 4095) / 4096 AND token_id = token.id
                                    AND token_digits.digits = CAST(token.digits AS INTEGER))
                """
        )
        if let strange, strange > 0 {
            found("digits that tokens are found by, and that are of no token or of another: \(strange)")
        }
        if let missing, missing > 0 { found("tokens that are not found by their digits: \(missing)") }
    }
}
