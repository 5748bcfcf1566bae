import Fleet
import Foundation
import GRDB

/// The rows of `export` and `export_unit`.
enum ExportRows {
    /// Records the units that fit a condition, with their counts of now.
    static func insert(_ number: Int, _ condition: SQL, tellsCustomer: Bool, _ db: Database) throws {
        let customer: SQL =
            """
            (SELECT json_object('reference', reference, 'name', name, 'phone', phone, 'language', language, 'note', note)
             FROM assignment JOIN customer ON customer.id = customer_id
             WHERE unit_id = unit.id AND until IS NULL)
            """
        // The number is that of no export yet.
        try db.without(trigger: "export_unit_adds") {
            try db.execute(
                literal: """
                    INSERT INTO export_unit (export_id, unit_id, count, customer)
                    SELECT \(number), unit.id, count, \(tellsCustomer ? customer : "NULL")
                    FROM unit WHERE \(condition) ORDER BY unit.id
                    """
            )
        }
    }

    static func insert(
        _ number: Int, _ terms: ExportTerms, _ file: ExportedFile, units: Int, authority: TokeningAuthority,
        at now: Timestamp, actor: ActorName, _ db: Database
    ) throws {
        try db.execute(
            sql: """
                INSERT INTO export (id, profile, profile_text, products, file, sha256, encrypted_sha256, unit_count,
                                    authority, exported_at, actor)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                number, terms.profile, terms.profileText, try terms.products.auditDetail, file.name, file.sha256,
                file.encryptedSHA256, units, authority.name, now.text, actor.text,
            ]
        )
    }

    /// The exports that handed units to a provider.
    static func handedOver(to provider: String, _ db: Database) throws -> [Int] {
        try Int.fetchAll(db, sql: "SELECT id FROM export WHERE authority = ?", arguments: [provider])
    }

    static func all(_ db: Database) throws -> [ExportRecord] {
        try Row.fetchAll(db, sql: "SELECT * FROM export ORDER BY id").map(record)
    }

    /// - Throws: ``FleetError/exportNotFound(_:)``.
    static func existing(_ number: Int, _ db: Database) throws -> ExportRecord {
        guard let row = try Row.fetchOne(db, sql: "SELECT * FROM export WHERE id = ?", arguments: [number]) else {
            throw FleetError.exportNotFound(number)
        }
        return try record(row)
    }

    private static func record(_ row: Row) throws -> ExportRecord {
        let profile: String? = try row.storedOrNil("profile_text")
        let products = try (try row.storedOrNil("products") as String?).map { text in
            try JSONDecoder().decode(ExportProducts.self, from: Data(text.utf8))
        }
        return ExportRecord(
            number: try row.stored("id"), profile: try row.stored("profile"), profileText: profile,
            profileSHA256: profile.map { Array($0.utf8).sha256 }, products: products ?? ExportProducts(),
            file: try row.stored("file"), sha256: try row.stored("sha256"),
            encryptedSHA256: try row.storedOrNil("encrypted_sha256"), units: try row.stored("unit_count"),
            authority: TokeningAuthority(name: try row.stored("authority")),
            exportedAt: try moment(row.stored("exported_at")), actor: try row.stored("actor")
        )
    }
}
