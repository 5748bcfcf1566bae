import Fleet
import GRDB
import OpenPAYGO

/// The rows of `token`.
enum TokenRows {
    static let select = """
        SELECT token.*, unit.payg_id, customer.reference AS customer
        FROM token
        JOIN unit ON unit.id = token.unit_id
        LEFT JOIN customer ON customer.id = token.customer_id
        """

    static func find(_ reference: PaymentReference, _ db: Database) throws -> IssuedToken? {
        try Row.fetchOne(
            db.cachedStatement(sql: select + " WHERE token.reference = ?"), arguments: [reference.text]
        ).map(issued)
    }

    static func insert(_ token: IssuedToken, unit: Int64, customer: Int64?, _ db: Database) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO token (unit_id, count, type, value, time_divider, digits, customer_id, reference,
                                   paid_until, issued_at, actor)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            unit, token.count.number, token.instruction.type.rawValue, token.instruction.time?.number,
            token.timeDivider.number, token.token.digits, customer, token.reference?.text,
            token.paidUntil?.text, token.issuedAt.text, token.actor,
        ])
    }

    static func issued(_ row: Row) throws -> IssuedToken {
        let digits: String = row["digits"]
        guard let type = TokenType(rawValue: row["type"]),
            let instruction = TokenInstruction(
                type: type, time: try (row["value"] as Int?).map { value in try TimeValue(value) })
        else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "token \(row["id"] as Int64) has no such type")
        }
        return IssuedToken(
            token: try Token(digits: digits, digitSet: digits.utf8.count == 9 ? .full : .restricted),
            instruction: instruction,
            count: try TokenCount(row["count"] as Int),
            unit: try PaygID(row["payg_id"]),
            timeDivider: try TimeDivider(row["time_divider"]),
            customer: try (row["customer"] as String?).map { text in try CustomerReference(text) },
            reference: try (row["reference"] as String?).map { text in try PaymentReference(text) },
            paidUntil: try (row["paid_until"] as String?).map(moment),
            issuedAt: try moment(row["issued_at"]),
            actor: row["actor"]
        )
    }
}

extension TokenIssuedDetail {
    init(_ token: IssuedToken) {
        self.init(
            unit: token.unit.text, token: token.token.digits, type: token.instruction.type.rawValue,
            count: Int(token.count.number), value: token.instruction.time?.number,
            timeDivider: Int(token.timeDivider.number), customer: token.customer?.text,
            reference: token.reference?.text, paidUntil: token.paidUntil?.text
        )
    }
}
