import Fleet
import GRDB
import OpenPAYGO

/// Adds the units of a list, many with one statement: a list has a million of
/// them, and to begin a statement costs as much as the row that it adds.
struct UnitAdder {
    /// Units with one statement.
    static let atOnce = 32

    private let db: Database
    private let dispatch: Int64
    private let one: Statement
    private let many: Statement

    init(_ db: Database, dispatch: Int) throws {
        self.db = db
        self.dispatch = Int64(dispatch)
        one = try db.makeStatement(sql: Self.sql(units: 1))
        many = try db.makeStatement(sql: Self.sql(units: Self.atOnce))
    }

    private static func sql(units: Int) -> String {
        // On failure the units before stay.
        """
        INSERT OR FAIL INTO unit (dispatch_id, payg_id, sealed, dispatched_count, count, time_divider,
                          restricted_digits, hardware_model, firmware_version, test_code)
        VALUES
        """ + " "
            + (0..<units).map { unit in
                let place = 2 + 8 * unit
                let count = place + 2
                let rest = (3...7).map { "?\(place + $0)" }.joined(separator: ", ")
                return "(?1, ?\(place), ?\(place + 1), ?\(count), ?\(count), \(rest))"
            }.joined(separator: ", ")
    }

    /// Adds some units.
    ///
    /// - Parameters:
    ///   - rows: where they are in the rows; each a unit. One, or ``atOnce``.
    /// - Returns: how many were added, all that come before the first one whose
    ///   name the registry has; and the row that the first one has now, the
    ///   others following it.
    func add(_ range: Range<Int>, of rows: SealedRows) throws -> (count: Int, first: Int64) {
        let isWhole = try rows.bytes.withUnsafeBufferPointer { bytes in
            var row = BoundRow(range.count == 1 ? one : many)
            row.bind(dispatch)
            for index in range {
                guard case .unit(let listed) = rows.rows[index].content else { continue }
                let place = rows.places[index]
                row.bind(text: bytes[place.start..<place.id])
                row.bind(blob: bytes[place.testCode..<place.sealed])
                row.bind(Int64((listed.count ?? ListedUnit.usualCount).number))
                row.bind(Int64((listed.timeDivider ?? .wholeDays).number))
                row.bind(listed.digitSet == .restricted ? 1 : 0)
                row.bind(text: bytes[place.id..<place.model])
                row.bind(text: bytes[place.model..<place.version])
                row.bind(text: bytes[place.version..<place.testCode])
            }
            return try row.run(db)
        }
        let count = isWhole ? range.count : db.changesCount
        return (count, db.lastInsertedRowID - Int64(count - 1))
    }
}
