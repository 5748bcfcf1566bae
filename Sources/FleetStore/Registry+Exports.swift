import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

/// The exports on record.
extension Registry {
    /// Every export, the first one first.
    public func exports() throws(FleetError) -> [ExportRecord] {
        try read(ExportRows.all)
    }

    /// An export, and its units by PAYG ID.
    ///
    /// - Throws: ``FleetError/exportNotFound(_:)``.
    public func export(_ number: Int) throws(FleetError) -> (record: ExportRecord, units: [HandedOverUnit]) {
        try read { db in
            let record = try ExportRows.existing(number, db)
            let units = try Row.fetchAll(
                db,
                sql: """
                    SELECT payg_id, export_unit.count, \(HandedOverRows.authority)
                    FROM export_unit JOIN unit ON unit.id = unit_id
                    WHERE export_id = ? ORDER BY payg_id
                    """, arguments: [number]
            ).map { row in
                HandedOverUnit(
                    unit: try PaygID(row.stored(0)), count: try TokenCount(row.stored(1) as Int),
                    authority: TokeningAuthority(name: try row.stored(2))
                )
            }
            return (record, units)
        }
    }

    /// Opens the credentials of an export's units once more, as they were, and
    /// records that. Nothing is handed over: the counts are those of then.
    ///
    /// - Parameter sink: gets the units; where its file is not the same, byte
    ///   for byte, it is given up.
    /// - Throws: ``FleetError/exportNotFound(_:)``,
    ///   ``FleetError/exportNotRepeatable(_:reason:)``, the key file's errors,
    ///   what the sink throws.
    public func exportAgain(
        _ number: Int, to sink: ExportSink, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> ExportRecord {
        let vault = try openVault()
        return try write { db in
            let record = try ExportRows.existing(number, db)
            let since = try Int.fetchOne(
                db, sql: "SELECT sequence FROM event WHERE export_id = ? AND action = 'credentialsExported'",
                arguments: [number]
            )
            try sink.begin(number)
            let chosen: SQL = "unit.id IN (SELECT unit_id FROM export_unit WHERE export_id = \(number))"
            var dispatches: [Int: DispatchRecord] = [:]
            try UnitRows.forEach(db, where: chosen + " ORDER BY unit.payg_id") { stored in
                let dispatch = try dispatches[stored.unit.dispatch] ?? DispatchRows.existing(stored.unit.dispatch, db)
                dispatches[dispatch.number] = dispatch
                let then = try ExportRows.unit(stored.rowID, of: number, db)
                try sink.add(
                    ExportedUnit(
                        unit: stored.unit.exported(at: then.count, to: then.customer?.reference),
                        credentials: try vault.credentials(
                            try ExportRows.sealed(stored, at: since ?? 0, db), of: stored.unit.id),
                        dispatch: dispatch, customer: then.customer
                    )
                )
            }
            let file = try sink.finish()
            guard file.sha256 == record.sha256 else {
                throw FleetError.exportNotRepeatable(
                    number, reason: "what the registry has now makes another file than the one on record"
                )
            }
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .exportedAgain,
                ExportedAgainDetail(
                    export: number, file: file.name, sha256: file.sha256, encryptedSHA256: file.encryptedSHA256
                ), about: .init(export: number)
            )
            return record
        }
    }

    /// Units as an export would have them, with credentials that are nobody's.
    ///
    /// - Parameters:
    ///   - ids: which; the first ones by PAYG ID where there are none.
    ///   - most: how many of those.
    /// - Throws: not found.
    public func previewed(_ ids: [PaygID], most: Int) throws(FleetError) -> [ExportedUnit] {
        try read { db in
            let stored =
                ids.isEmpty ? try UnitRows.firstOnes(most, db) : try ids.map { id in try UnitRows.existing(id, db) }
            let nobodys = Credentials(
                key: try SecretKey(bytes: [UInt8](repeating: 0, count: 16)), startingCode: try StartingCode(0)
            )
            return try stored.map { stored in
                let customer = try stored.unit.customer.flatMap { reference in
                    try CustomerRows.find(reference, db).map { row in try CustomerRows.customer(row, units: []) }
                }
                return ExportedUnit(
                    unit: stored.unit, credentials: nobodys,
                    dispatch: try DispatchRows.existing(stored.unit.dispatch, db), customer: customer
                )
            }
        }
    }

    /// The names that a provider gave its products, by their keys in the profile.
    public func productNames(of profile: String) throws(FleetError) -> [String: String] {
        try read { db in
            let rows = try Row.fetchAll(
                db, sql: "SELECT product, name FROM product_name WHERE profile = ?", arguments: [profile]
            )
            return Dictionary(try rows.map { (try $0.stored(0), try $0.stored(1)) }) { first, _ in first }
        }
    }

    /// Says what a provider calls one of its products.
    ///
    /// - Returns: what it was called before; nil where it had no name.
    public func nameProduct(
        _ product: String, of profile: String, _ name: String, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> String? {
        try write { db in
            let before = try String.fetchOne(
                db, sql: "SELECT name FROM product_name WHERE profile = ? AND product = ?",
                arguments: [profile, product]
            )
            guard before != name else { return before }
            try db.execute(
                sql: """
                    INSERT INTO product_name (profile, product, name) VALUES (?, ?, ?)
                    ON CONFLICT DO UPDATE SET name = excluded.name
                    """, arguments: [profile, product, name]
            )
            try AuditTrail(db, at: now, actor: actor).append(
                .productNamed, ProductNamedDetail(profile: profile, product: product, name: name)
            )
            return before
        }
    }
}

extension ExportRows {
    /// What an export told of a unit.
    static func unit(_ unit: Int64, of export: Int, _ db: Database) throws -> (count: TokenCount, customer: Customer?) {
        struct Told: Decodable {
            let reference: String
            let name: String
            let phone: String?
            let language: String?
            let note: String?
        }
        let row = try Row.fetchOne(
            db.cachedStatement(sql: "SELECT count, customer FROM export_unit WHERE export_id = ? AND unit_id = ?"),
            arguments: [export, unit]
        )
        guard let row else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a unit of an export is gone") }
        let customer = try (row.storedOrNil(1) as String?).map { text in
            let told = try JSONDecoder().decode(Told.self, from: Data(text.utf8))
            return Customer(
                reference: try CustomerReference(told.reference), name: told.name, phone: told.phone,
                language: told.language, note: told.note
            )
        }
        return (try TokenCount(row.stored(0) as Int), customer)
    }

    /// The credentials that a unit had when an event was recorded.
    fileprivate static func sealed(_ stored: StoredUnit, at event: Int, _ db: Database) throws -> [UInt8] {
        let replacedSince = try Int.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT count(*) FROM event
                    WHERE unit_id = ? AND action <> 'tokenIssued' AND action = 'credentialsReplaced' AND sequence > ?
                    """), arguments: [stored.rowID, event]
        )
        guard let replacedSince, replacedSince > 0 else { return stored.sealed }
        let former = try Data.fetchOne(
            db,
            sql: "SELECT sealed FROM former_credentials WHERE unit_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?",
            arguments: [stored.rowID, replacedSince - 1]
        )
        return former.map { Array($0) } ?? stored.sealed
    }
}

extension FleetUnit {
    /// The unit with the count and the holder of then.
    fileprivate func exported(at count: TokenCount, to customer: CustomerReference?) -> FleetUnit {
        FleetUnit(
            id: id, dispatch: dispatch, build: build, dispatchedCount: dispatchedCount, count: count, credit: credit,
            authority: authority, customer: customer, retiredAt: retiredAt
        )
    }
}
