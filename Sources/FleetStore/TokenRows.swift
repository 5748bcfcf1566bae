import Fleet
import GRDB
import OpenPAYGO

/// The rows of `token`.
enum TokenRows {
    /// The columns in the order in which ``issued(_:)`` takes them.
    static let select = """
        SELECT token.id, digits, type, value, token.count, payg_id, token.time_divider, customer.reference,
               token.reference, request, first_id, token.paid_until, issued_at, actor, test
        FROM token
        JOIN unit ON unit.id = token.unit_id
        LEFT JOIN customer ON customer.id = token.customer_id
        """

    /// The rows of the tokens that were made for some units, as a set: found from
    /// each unit's last one back, for no index has them by units.
    ///
    /// - Parameters:
    ///   - units: what selects the units' rows, or one such row.
    ///   - count: tokens with it, or below it, are not asked for; the first of
    ///     them may be among the rows all the same.
    static func made(for units: String, above count: String = "0") -> String {
        // UNION ends where damage has them go round in a circle.
        """
        (WITH RECURSIVE made (id) AS (
             SELECT last_token_id FROM unit WHERE id IN (\(units))
             UNION SELECT previous_id FROM made CROSS JOIN token ON token.id = made.id WHERE token.count > \(count)
         ) SELECT id FROM made WHERE id IS NOT NULL)
        """
    }

    /// The tokens that a payment reference got, in the order in which they are
    /// entered; none for a reference that got none.
    static func order(_ reference: PaymentReference, _ db: Database) throws -> [IssuedToken] {
        // Most references are new, and to find that out must cost little.
        var known = BoundRow(try db.cachedStatement(sql: "SELECT 1 FROM token WHERE reference = ?"))
        known.bind(reference.text)
        guard try known.first(db, { _ in true }) != nil else { return [] }
        let rows = try Row.fetchCursor(
            db.cachedStatement(sql: select + " WHERE token.reference = ?"), arguments: [reference.text]
        )
        guard let row = try rows.next() else { return [] }
        let first = (rowID: row[0] as Int64, token: try issued(row))
        let others = try Row.fetchAll(
            db.cachedStatement(sql: select + " WHERE token.first_id = ? ORDER BY token.id"), arguments: [first.rowID]
        )
        return [first.token] + (try others.map(issued))
    }

    /// Whether a later token of the unit closed the way back to an order.
    static func isClosed(_ tokens: [IssuedToken], _ db: Database) throws -> Bool {
        guard let last = tokens.last else { return false }
        return try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM token
                                   WHERE id IN \(made(for: "SELECT id FROM unit WHERE payg_id = ?1", above: "?2"))
                                     AND count > ?2 AND type <> 'addTime')
                    """), arguments: [last.unit.text, last.count.number]
        ) ?? false
    }

    /// The tokens of a unit, by their counts.
    static func all(of unit: Int64, _ db: Database) throws -> [IssuedToken] {
        try Row.fetchAll(
            db.cachedStatement(sql: select + " WHERE token.id IN \(made(for: "?")) ORDER BY token.count"),
            arguments: [unit]
        ).map(issued)
    }

    /// Adds a token: its count is its unit's from then on, and what it says is
    /// paid, which the schema sees to.
    ///
    /// - Parameters:
    ///   - first: the row of the first token of the same order; nil for the
    ///     first itself.
    ///   - previous: the row of the unit's last token before it; nil for none.
    /// - Returns: its row.
    /// - Throws: a `DatabaseError` where the unit did not take the count: a
    ///   trigger is missing.
    static func insert(
        _ token: IssuedToken, unit: Int64, customer: Int64?, first: Int64?, previous: Int64?, event: Int,
        _ db: Database
    ) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO token (unit_id, count, type, value, time_divider, digits, customer_id, reference,
                                   request, first_id, event, paid_until, issued_at, actor, test, previous_id)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        )
        var row = BoundRow(statement)
        row.bind(unit)
        row.bind(Int64(token.count.number))
        row.bind(token.instruction.type.rawValue)
        row.bind(token.instruction.time.map { Int64($0.number) })
        row.bind(Int64(token.timeDivider.number))
        row.bind(token.token.digits)
        row.bind(customer)
        row.bind(token.reference?.text)
        row.bind(token.request?.stored)
        row.bind(first)
        row.bind(Int64(event))
        row.bind(token.paidUntil?.text)
        row.bind(token.issuedAt.text)
        row.bind(token.actor)
        row.bind(token.test)
        row.bind(previous)
        let changes = db.totalChangesCount
        try row.execute(db)
        let rowID = db.lastInsertedRowID
        // The token and its unit, and now and then the digits of thousands.
        if db.totalChangesCount != changes + 2 { try checkTaken(rowID, db) }
        return rowID
    }

    private static func checkTaken(_ token: Int64, _ db: Database) throws {
        let isTaken = try Bool.fetchOne(
            db,
            sql: """
                SELECT last_token_id = token.id AND unit.count = token.count
                FROM token JOIN unit ON unit.id = token.unit_id WHERE token.id = ?
                """, arguments: [token])
        guard isTaken == true else {
            throw DatabaseError(
                resultCode: .SQLITE_SCHEMA,
                message: "its schema does not keep counts from being used twice (payg doctor --fix mends it)"
            )
        }
    }

    static func issued(_ row: Row) throws -> IssuedToken {
        let digits: String = try row.stored(1)
        let value: Int? = try row.storedOrNil(3)
        let customer: String? = try row.storedOrNil(7)
        let reference: String? = try row.storedOrNil(8)
        let request: String? = try row.storedOrNil(9)
        let first: Int64? = try row.storedOrNil(10)
        let paidUntil: String? = try row.storedOrNil(11)
        guard let type = TokenType(rawValue: try row.stored(2)),
            let instruction = TokenInstruction(type: type, time: try value.map { value in try TimeValue(value) })
        else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "token \(row[0] as Int64) has no such type")
        }
        return IssuedToken(
            token: try Token(digits: digits, digitSet: digits.utf8.count == 9 ? .full : .restricted),
            instruction: instruction,
            count: try TokenCount(row.stored(4) as Int),
            unit: try PaygID(row.stored(5)),
            timeDivider: try TimeDivider(row.stored(6)),
            customer: try customer.map { text in try CustomerReference(text) },
            reference: try reference.map { text in try PaymentReference(text) },
            request: try request.map { text in
                guard let request = TokenRequest(stored: text) else {
                    throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "“\(text)” is stored as a request")
                }
                return request
            },
            isFollowing: first != nil,
            test: try row.storedOrNil(14),
            paidUntil: try paidUntil.map(moment),
            issuedAt: try moment(row.stored(12)),
            actor: try row.stored(13)
        )
    }

    /// When time was last taken from a unit, and how much.
    static func lastRemoval(_ unit: Int64, before count: TokenCount, _ db: Database) throws -> Removal? {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT type, paid_until, issued_at, request FROM token
                    WHERE id IN \(made(for: "?")) AND count < ? ORDER BY count DESC
                    """), arguments: [unit, count.number]
        )
        // Newest first: a Set Time token that somebody asked for, and then the
        // end that the token before it had.
        var later: (paidUntil: Timestamp, at: Timestamp)?
        while let row = try rows.next() {
            let type: String = try row.stored(0)
            let paidUntil: String? = try row.storedOrNil(1)
            let request: String? = try row.storedOrNil(3)
            let at = try moment(row.stored(2))
            guard type != TokenType.disablePayg.rawValue else { return .unlock(at: at) }
            guard type != TokenType.counterSync.rawValue else { continue }
            let end = try paidUntil.map(moment)
            if let later, let end, end > later.paidUntil, end > later.at {
                return .time(seconds: Int(end.seconds - later.paidUntil.seconds), at: later.at)
            }
            later = type == TokenType.setTime.rawValue && request == nil ? end.map { ($0, at) } : nil
        }
        return nil
    }
}

extension TokenRequest {
    /// As it is stored where the tokens of an order do not say it themselves.
    var stored: String? {
        switch self {
        case .days(let days): "days \(days)"
        case .until(let date): "until \(date.text)"
        case .setDays, .unlock, .sync: nil
        }
    }

    init?(stored text: String) {
        if text.hasPrefix("days "), let days = try? Days(text: String(text.dropFirst(5))) {
            self = .days(days)
        } else if text.hasPrefix("until "), let date = Timestamp(text: String(text.dropFirst(6))) {
            self = .until(date)
        } else {
            return nil
        }
    }
}

extension TokenIssuedDetail {
    init(_ token: IssuedToken, first: TokenCount?) {
        self.init(
            unit: token.unit.text, token: token.token.digits, type: token.instruction.type.rawValue,
            count: Int(token.count.number), value: token.instruction.time?.number,
            timeDivider: Int(token.timeDivider.number), customer: token.customer?.text,
            reference: token.reference?.text, paidUntil: token.paidUntil?.text, request: token.request?.stored,
            first: first.map { Int($0.number) }, test: token.test
        )
    }

    /// What ``Encodable/auditDetail`` is, written by hand: of all events this is
    /// the one that there are millions of.
    var json: String {
        var line = ""
        // More than most have: it grows by a few letters at a time.
        line.reserveCapacity(320)
        func add(_ key: String, _ text: String?) {
            guard let text else { return }
            line += key
            line += text.escapedForJSON
            line += "\""
        }
        func add(_ key: String, _ number: Int?) {
            guard let number else { return }
            line += key
            line += String(number)
        }
        add("{\"count\":", count)
        add(",\"customer\":\"", customer)
        add(",\"first\":", first)
        add(",\"paidUntil\":\"", paidUntil)
        add(",\"reference\":\"", reference)
        add(",\"request\":\"", request)
        add(",\"test\":\"", test)
        add(",\"timeDivider\":", timeDivider)
        add(",\"token\":\"", token)
        add(",\"type\":\"", type)
        add(",\"unit\":\"", unit)
        add(",\"value\":", value)
        line += "}"
        return line
    }
}

extension String {
    /// Within quotation marks in JSON. Names hold no control characters, and
    /// where one does it is written as a number.
    fileprivate var escapedForJSON: String {
        guard utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
            return self
        }
        return unicodeScalars.reduce(into: "") { text, scalar in
            switch scalar {
            case "\"", "\\": text += "\\\(scalar)"
            case "\0"..<" ": text += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: text.unicodeScalars.append(scalar)
            }
        }
    }
}
