import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO
import SecretMemory

/// A row of `unit`, with what opens its credentials.
struct StoredUnit {
    let rowID: Int64
    let unit: FleetUnit
    let customerRowID: Int64?
    /// The row of its last token; nil where none was made here.
    let lastTokenRowID: Int64?
    let sealed: [UInt8]

    func credentials(_ vault: Vault) throws(FleetError) -> Credentials {
        try vault.credentials(sealed, of: unit.id)
    }
}

/// The rows of `unit`.
enum UnitRows {
    /// The columns in the order in which ``stored(_:)`` takes them: looking them
    /// up by name would cost more than the row.
    private static func select(
        _ customer: String, authority: String = HandedOverRows.authority, from tables: String
    ) -> String {
        """
        SELECT unit.id, payg_id, dispatch_id, time_divider, restricted_digits, hardware_model, firmware_version,
               test_code, dispatched_count, count, paid_until, \(authority), \(customer), sealed,
               furthest, unlocked, retired_at, last_token_id
        FROM \(tables)
        """
    }
    private static let select = select(
        "customer.reference, customer.id",
        from: """
            unit
            LEFT JOIN assignment ON assignment.unit_id = unit.id AND assignment.until IS NULL
            LEFT JOIN customer ON customer.id = assignment.customer_id
            """
    )
    /// Without who holds it, which takes two more looks for each.
    private static let selectAlone = select("NULL, NULL", from: "unit")
    private static let selectHere = select("NULL, NULL", authority: "'here'", from: "unit")

    private static let selectNamed = select + " WHERE unit.payg_id = ?"

    static func find(_ id: PaygID, _ db: Database) throws -> StoredUnit? {
        var row = BoundRow(try db.cachedStatement(sql: selectNamed))
        row.bind(id.text)
        return try row.first(db, stored)
    }

    /// The unit of this name.
    ///
    /// - Parameter suggesting: whether to look at all names for those that may
    ///   have been meant.
    /// - Throws: ``FleetError/unitNotFound(_:nearest:)`` with them.
    static func existing(_ id: PaygID, suggesting: Bool = true, _ db: Database) throws -> StoredUnit {
        if let unit = try find(id, db) { return unit }
        guard suggesting else { throw FleetError.unitNotFound(id, nearest: []) }
        let names = try String.fetchCursor(db, sql: "SELECT payg_id FROM unit")
        var failure: (any Error)?
        let nearest = Nearness(to: id.text).nearest(
            IteratorSequence(
                AnyIterator {
                    do { return try names.next() } catch {
                        failure = error
                        return nil
                    }
                }
            )
        )
        if let failure { throw failure }
        throw FleetError.unitNotFound(id, nearest: nearest)
    }

    /// The units held by a customer now, by PAYG ID.
    static func held(by customer: Int64, _ db: Database) throws -> [StoredUnit] {
        var units: [StoredUnit] = []
        try forEach(db, where: "customer.id = \(customer) ORDER BY unit.payg_id") { units.append($0) }
        return units
    }

    /// The units selected, as a condition.
    ///
    /// - Throws: not found.
    static func condition(_ selection: UnitSelection, _ db: Database) throws -> SQL {
        switch selection {
        case .all: "TRUE"
        case .dispatch(let number): "dispatch_id = \(try DispatchRows.existing(number, db).number)"
        case .units(let ids): condition(rows: try ids.map { id in try existing(id, db).rowID })
        case .customer(let reference):
            """
            unit.id IN (SELECT unit_id FROM assignment
                        WHERE customer_id = \(try CustomerRows.existing(reference, db)["id"] as Int64) AND until IS NULL)
            """
        case .authority(let name): "\(sql: HandedOverRows.authority) = \(name) COLLATE NOCASE"
        }
    }

    /// The units in these rows, however many.
    static func condition(rows: [Int64]) -> SQL {
        "unit.id IN (SELECT value FROM json_each(\("[" + rows.map(String.init).joined(separator: ",") + "]")))"
    }

    /// The first units by PAYG ID.
    static func firstOnes(_ most: Int, _ db: Database) throws -> [StoredUnit] {
        var units: [StoredUnit] = []
        try forEach(db, where: "retired_at IS NULL ORDER BY unit.payg_id LIMIT \(most)") { units.append($0) }
        return units
    }

    /// How many units fit a condition on the unit alone.
    static func number(where condition: SQL, _ db: Database) throws -> Int {
        try SQLRequest<Int>(literal: "SELECT count(*) FROM unit WHERE \(condition)").fetchOne(db) ?? 0
    }

    /// The units that fit a condition on the unit alone, one by one, by PAYG
    /// ID, each with its row and its sealed credentials, which are only lent.
    ///
    /// - Parameters:
    ///   - areHere: whether the condition takes none but those whose tokens are made here.
    ///   - withCustomer: whether to tell who holds each.
    static func forEachAlone(
        _ db: Database, where condition: SQL, areHere: Bool = false, withCustomer: Bool,
        _ body: (FleetUnit, Int64, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        let select = withCustomer ? select : areHere ? selectHere : selectAlone
        try db.makeStatement(literal: "\(sql: select) WHERE \(condition) ORDER BY unit.payg_id")
            .forEach(db) { row in try body(unit(row), row.rowID(0), row.lentBytes(14)) }
    }

    /// The rows of the units that fit a condition on the unit alone.
    static func rowIDs(where condition: SQL, _ db: Database) throws -> Set<Int64> {
        try SQLRequest<Int64>(literal: "SELECT unit.id FROM unit WHERE \(condition)").fetchSet(db)
    }

    /// The units that fit a condition, one by one.
    static func forEach(
        _ db: Database, where condition: SQL, _ body: (StoredUnit) throws -> Void
    ) throws {
        try db.makeStatement(literal: "\(sql: select) WHERE \(condition)").forEach(db) { try body(stored($0)) }
    }

    /// Stores what a unit's tokens left it with, where they do not say so themselves.
    static func update(_ rowID: Int64, credit: Credit, _ db: Database) throws {
        var row = BoundRow(
            try db.cachedStatement(sql: "UPDATE unit SET paid_until = ?, furthest = ?, unlocked = ? WHERE id = ?"))
        row.bind(credit.paidUntil?.text)
        row.bind(credit.furthestBeyondPaid?.text)
        row.bind(credit.isUnlocked ? 1 : 0)
        row.bind(rowID)
        try row.execute(db)
    }

    /// Whether somebody else made tokens for a unit, which may have given it
    /// any time.
    static func hasTimeFromElsewhere(_ rowID: Int64, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT EXISTS (SELECT 1 FROM event WHERE unit_id = ? AND action <> 'tokenIssued'
                                   AND action IN ('unitReclaimed', 'countAccepted', 'countSet', 'countSkipped'))
                    """), arguments: [rowID]
        ) ?? false
    }

    /// The highest count of a unit that was used, or that somebody was told to
    /// go on from.
    ///
    /// - Parameter provider: the one that says where it is: what it was told to
    ///   go on from is left out then, and what others reported before is not.
    static func highestUsed(
        _ stored: StoredUnit, exceptOf provider: String? = nil, _ db: Database
    ) throws -> TokenCount {
        let highest = try Int.fetchOne(
            db,
            sql: """
                SELECT max(coalesce((SELECT last_token_count FROM unit WHERE id = :unit), 0),
                           coalesce((SELECT max(count) FROM export CROSS JOIN export_unit ON export_id = export.id
                                     WHERE unit_id = :unit AND authority IS NOT :provider), 0),
                           coalesce((SELECT max(last_count) FROM former_credentials WHERE unit_id = :unit), 0),
                           coalesce((SELECT max(CAST(json_extract(detail, '$.to') AS INTEGER)) FROM event
                                     WHERE unit_id = :unit AND action <> 'tokenIssued' AND action = 'countSet'
                                       AND json_extract(detail, '$.token') IS NOT NULL), 0),
                           coalesce((SELECT max(CAST(json_extract(detail, '$.to') AS INTEGER)) FROM event
                                     WHERE unit_id = :unit AND action <> 'tokenIssued' AND action = 'countSkipped'
                                       AND json_extract(detail, '$.isKnown')), 0),
                           coalesce((SELECT max(CAST(json_extract(detail, '$.count') AS INTEGER)) FROM event
                                     WHERE unit_id = :unit AND action <> 'tokenIssued' AND action = 'unitReclaimed'
                                       AND :provider IS NOT NULL AND json_extract(detail, '$.from') <> :provider), 0))
                """, arguments: ["unit": stored.rowID, "provider": provider]
        )
        return max(try TokenCount(highest ?? 0), stored.unit.dispatchedCount)
    }

    static func update(_ rowID: Int64, count: TokenCount, _ db: Database) throws {
        try db.cachedStatement(sql: "UPDATE unit SET count = ? WHERE id = ?").execute(arguments: [count.number, rowID])
    }

    private static func stored(_ row: ColumnValues) throws -> StoredUnit {
        StoredUnit(
            rowID: row.rowID(0), unit: try unit(row), customerRowID: row.isNull(13) ? nil : row.rowID(13),
            lastTokenRowID: row.isNull(18) ? nil : row.rowID(18), sealed: row.bytes(14)
        )
    }

    private static func unit(_ row: ColumnValues) throws -> FleetUnit {
        let id = row.text(1)
        return FleetUnit(
            id: try PaygID(plain: id) ?? PaygID(id),
            dispatch: row.number(2),
            build: UnitBuild(
                timeDivider: try TimeDivider(row.number(3)),
                digitSet: row.number(4) != 0 ? .restricted : .full,
                hardwareModel: row.textOrNil(5),
                firmwareVersion: row.textOrNil(6),
                testCode: try row.textOrNil(7).map { text in try TestCode(digits: text) }
            ),
            dispatchedCount: try TokenCount(row.number(8)),
            count: try TokenCount(row.number(9)),
            credit: Credit(
                paidUntil: try row.textOrNil(10).map(moment), furthest: try row.textOrNil(15).map(moment),
                isUnlocked: row.number(16) != 0
            ),
            authority: TokeningAuthority(name: row.text(11)),
            customer: try row.textOrNil(12).map { text in try CustomerReference(text) },
            retiredAt: try row.textOrNil(17).map(moment)
        )
    }
}

/// A stored timestamp. The schema lets no other text in, so anything else is damage.
func moment(_ text: String) throws -> Timestamp {
    guard let moment = Timestamp(text: text) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "“\(text)” is stored as a time")
    }
    return moment
}

extension Vault {
    func credentials(_ sealed: [UInt8], of unit: PaygID) throws(FleetError) -> Credentials {
        do {
            return try sealed.withUnsafeBytes { sealed in try credentials(sealed, of: unit) }
        } catch {
            throw .credentialsDoNotOpen(unit)
        }
    }

    func credentials(_ sealed: UnsafeRawBufferPointer, of unit: PaygID) throws(FleetError) -> Credentials {
        do {
            return try open(sealed, for: unit.text) { secret in
                guard secret.count == 20 else { throw SealBroken() }
                return Credentials(
                    key: try SecretKey(
                        bytes: UnsafeBufferPointer(rebasing: secret.bindMemory(to: UInt8.self)[..<16])),
                    startingCode: try StartingCode(secret[16...].reduce(0) { $0 << 8 | Int($1) })
                )
            }
        } catch {
            throw .credentialsDoNotOpen(unit)
        }
    }
}

extension Vault.Sealer {
    /// Seals the secret key (16 bytes) and the starting code (4 bytes, the
    /// highest first) together.
    mutating func seal(_ credentials: Credentials, of unit: PaygID, into sealed: inout [UInt8]) throws {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { secret in
            defer { wipe(UnsafeMutableRawBufferPointer(secret)) }
            credentials.key.withBytes { key in _ = secret.initialize(from: key) }
            for place in 0..<4 {
                secret[16 + place] = UInt8(truncatingIfNeeded: credentials.startingCode.number >> (24 - 8 * place))
            }
            try seal(UnsafeRawBufferPointer(secret), for: unit.text, into: &sealed)
        }
    }
}

extension TokenMaker {
    /// What makes the tokens of a stored unit.
    init(_ credentials: Credentials, _ build: UnitBuild) {
        self.init(
            key: credentials.key, startingCode: credentials.startingCode, digitSet: build.digitSet,
            testCode: build.testCode
        )
    }
}
