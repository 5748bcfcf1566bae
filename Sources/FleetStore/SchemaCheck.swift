import GRDB

/// A registry's schema beside the one that its migrations make: whoever drops
/// a trigger does away with one of the registry's promises.
struct SchemaCheck {
    /// A table, an index or a trigger, as `sqlite_schema` has it.
    struct Object: Hashable {
        let type: String
        let name: String
        let table: String
        let sql: String
    }

    /// What there is to say about an object.
    enum Difference: Equatable {
        /// It is not there; as it should be.
        case missing(Object)
        /// It is another; as it should be.
        case altered(Object)
        /// No migration makes it; as it is.
        case added(Object)

        /// What does not fit.
        var problem: String {
            switch self {
            case .missing(let object): "the \(object.type) \(object.name) is missing from the schema"
            case .altered(let object): "the \(object.type) \(object.name) is not as the schema has it"
            case .added(let object): "the \(object.type) \(object.name) is not in the schema"
            }
        }

        /// The object, as it should be or as it is.
        var object: Object {
            switch self {
            case .missing(let object), .altered(let object), .added(let object): object
            }
        }

        /// Whether nothing can be said about what was in it.
        var isMissingTable: Bool {
            if case .missing(let object) = self { object.type == "table" } else { false }
        }

        /// Whether nothing here knows of it.
        var isAdded: Bool {
            if case .added = self { true } else { false }
        }

        /// What mends it, where nothing that is stored is lost or changed by that.
        var mend: (object: Object, sql: String)? {
            switch self {
            case .missing(let object) where object.type != "table": (object, object.sql)
            case .altered(let object) where object.type != "table":
                (object, "DROP \(object.type) \"\(object.name)\"; \(object.sql)")
            case .added(let object) where ["trigger", "index"].contains(object.type):
                (object, "DROP \(object.type) \"\(object.name.replacing("\"", with: "\"\""))\"")
            default: nil
            }
        }
    }

    /// Where a registry's schema is another than its migrations make.
    static func differences(_ db: Database) throws -> [Difference] {
        let applied = Set(try String.fetchAll(db, sql: "SELECT identifier FROM grdb_migrations"))
        let expected = try objects(applying: applied)
        var found: [Key: Object] = [:]
        for object in try objects(db) { found[Key(object)] = object }
        var differences: [Difference] = []
        for object in expected {
            guard let own = found.removeValue(forKey: Key(object)) else {
                differences.append(.missing(object))
                continue
            }
            if own != object { differences.append(.altered(object)) }
        }
        return differences
            + found.values.sorted { ($0.type, $0.name) < ($1.type, $1.name) }.map(Difference.added)
    }

    /// What mends those that can be mended: not what goes with a table that is
    /// not there, nor an index of a table that is somebody else's.
    static func mends(_ differences: [Difference]) -> [(difference: Difference, object: Object, sql: String)] {
        let missing = Set(differences.filter(\.isMissingTable).map(\.object.name))
        let others = Set(differences.filter { $0.isAdded && $0.object.type == "table" }.map(\.object.name))
        return differences.compactMap { difference in
            let object = difference.object
            if missing.contains(object.table) || object.type == "index" && others.contains(object.table) { return nil }
            return difference.mend.map { (difference, $0.object, $0.sql) }
        }
    }

    private struct Key: Hashable {
        let type: String
        let name: String

        init(_ object: Object) {
            type = object.type
            name = object.name
        }
    }

    /// What the migrations make in an empty database.
    private static func objects(applying applied: Set<String>) throws -> [Object] {
        try DatabaseQueue().write { db in
            for migration in Schema.migrations where applied.contains(migration.name) {
                try db.execute(sql: String(decoding: migration.sql, as: UTF8.self))
            }
            return try objects(db)
        }
    }

    /// What is SQLite's own, GRDB's or Litestream's is none of the schema.
    private static func objects(_ db: Database) throws -> [Object] {
        let columns = ExactText.columns(["type", "name", "tbl_name", "sql"], of: "stored")
        return try Row.fetchAll(
            db,
            sql: """
                SELECT \(columns) FROM sqlite_schema AS stored
                WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
                  AND NOT (type = 'table' AND name IN ('grdb_migrations', '_litestream_seq', '_litestream_lock'))
                ORDER BY rowid
                """
        ).map { row in
            Object(
                type: row.exact("type"), name: row.exact("name"), table: row.exact("tbl_name"), sql: row.exact("sql")
            )
        }
    }
}

extension AuditVerification {
    /// Whether every table is there; one that is not is among the problems.
    mutating func hasTables() throws -> Bool {
        let differences = try SchemaCheck.differences(db)
        guard differences.contains(where: \.isMissingTable) else { return true }
        for difference in differences { found(difference.problem) }
        return false
    }

    /// The schema is the one that the migrations make.
    mutating func checkSchema() throws {
        for difference in try SchemaCheck.differences(db) { found(difference.problem) }
    }
}
