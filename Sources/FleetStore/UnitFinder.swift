import Fleet
import GRDB
import OpenPAYGO

/// Finds many units, one after the other, with no more of each than a
/// comparison needs: who holds it would take longer than all the rest.
struct UnitFinder {
    private let db: Database
    private let byName: Statement
    private let byRow: Statement
    private let holder: Statement
    /// Who holds each unit, once there were so many questions that all are known.
    private var holders: [Int64: CustomerReference]?
    private var asked = 0
    private static let manyQuestions = 5_000
    private static let heldNow = """
        SELECT customer.reference, unit_id FROM assignment JOIN customer ON customer.id = customer_id
        WHERE until IS NULL
        """

    private static let columns = """
        id, payg_id, sealed, count, time_divider, restricted_digits, test_code, hardware_model, firmware_version,
        \(HandedOverRows.authority), retired_at
        """

    init(_ db: Database) throws {
        self.db = db
        byName = try db.makeStatement(sql: "SELECT \(Self.columns) FROM unit WHERE payg_id = ?")
        byRow = try db.makeStatement(sql: "SELECT \(Self.columns) FROM unit WHERE id = ?")
        holder = try db.makeStatement(sql: Self.heldNow + " AND unit_id = ?")
    }

    /// The unit of a name.
    func find(_ id: PaygID) throws -> KnownUnit? {
        var row = BoundRow(byName)
        row.bind(id.text)
        return try row.first(db, Self.unit)
    }

    /// The unit in a row, and whether it is retired.
    func unit(_ rowID: Int64) throws -> (KnownUnit, isRetired: Bool)? {
        var row = BoundRow(byRow)
        row.bind(rowID)
        return try row.first(db) { row in (try Self.unit(row), !row.isNull(10)) }
    }

    /// Who holds the unit in a row now.
    mutating func customer(of rowID: Int64) throws -> CustomerReference? {
        asked += 1
        if asked == Self.manyQuestions {
            var holders: [Int64: CustomerReference] = [:]
            try db.makeStatement(sql: Self.heldNow).forEach(db) { row in
                holders[row.rowID(1)] = try CustomerReference(row.text(0))
            }
            self.holders = holders
        }
        if let holders { return holders[rowID] }
        var row = BoundRow(holder)
        row.bind(rowID)
        return try row.first(db) { row in try CustomerReference(row.text(0)) }
    }

    private static func unit(_ row: ColumnValues) throws -> KnownUnit {
        let name = row.text(1)
        return KnownUnit(
            rowID: row.rowID(0),
            id: try PaygID(plain: name) ?? PaygID(name),
            sealed: row.bytes(2),
            count: try TokenCount(row.number(3)),
            build: UnitBuild(
                timeDivider: try TimeDivider(row.number(4)),
                digitSet: row.number(5) != 0 ? .restricted : .full,
                hardwareModel: row.textOrNil(7),
                firmwareVersion: row.textOrNil(8),
                testCode: try row.textOrNil(6).map { text in try TestCode(digits: text) }
            ),
            authority: TokeningAuthority(name: row.text(9))
        )
    }
}
