import Fleet
import GRDB

/// The rows of `handed_over`: the units whose tokens a provider makes, each with
/// the export that told it so last, or with the provider's name where that
/// export is not in the registry.
enum HandedOverRows {
    /// Who makes the tokens of the `unit` that a statement looks at: a
    /// provider's name, or `here`.
    static let authority = """
        coalesce((SELECT coalesce(provider, authority)
                  FROM handed_over LEFT JOIN export ON export.id = handed_over.export_id
                  WHERE handed_over.unit_id = unit.id), 'here')
        """

    /// Whether the registry makes the tokens of the `unit` that a statement
    /// looks at.
    static let isHere = "unit.id NOT IN (SELECT unit_id FROM handed_over)"

    /// Hands the units of an export over, or confirms it of those that were.
    static func insert(unitsOf export: Int, _ db: Database) throws {
        try db.execute(
            literal: """
                INSERT INTO handed_over (unit_id, export_id)
                SELECT unit_id, export_id FROM export_unit WHERE export_id = \(export)
                ON CONFLICT DO UPDATE SET export_id = excluded.export_id, provider = NULL
                """
        )
    }

    /// Says who makes a unit's tokens, by what is known of a registry that an
    /// older copy replaced.
    static func set(_ authority: String, of unit: Int64, _ db: Database) throws {
        guard authority != TokeningAuthority.here.name else { return try delete(unit, db) }
        try db.cachedStatement(
            sql: """
                INSERT INTO handed_over (unit_id, provider) VALUES (?, ?)
                ON CONFLICT DO UPDATE SET export_id = NULL, provider = excluded.provider
                """
        ).execute(arguments: [unit, authority])
    }

    /// The providers who make tokens, by name.
    static func providers(_ db: Database) throws -> [String] {
        try String.fetchAll(
            db,
            sql: """
                SELECT DISTINCT coalesce(provider, authority)
                FROM handed_over LEFT JOIN export ON export.id = handed_over.export_id ORDER BY 1
                """
        )
    }

    /// The export that handed a unit over; nil for one whose tokens are made
    /// here, or that the registry has no such export of.
    static func export(of unit: Int64, _ db: Database) throws -> Int? {
        try Int.fetchOne(
            db.cachedStatement(sql: "SELECT export_id FROM handed_over WHERE unit_id = ?"), arguments: [unit])
    }

    /// Takes a unit back.
    static func delete(_ unit: Int64, _ db: Database) throws {
        try db.cachedStatement(sql: "DELETE FROM handed_over WHERE unit_id = ?").execute(arguments: [unit])
    }
}
