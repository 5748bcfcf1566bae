import Fleet
import GRDB
import Foundation
import TestSupport
import Testing

@testable import FleetStore

struct SchemaCheckTests {
    @Test(
        arguments: [
            ("DROP TRIGGER token_adds", ["the trigger token_adds is missing from the schema"], true),
            ("DROP INDEX token_reference", ["the index token_reference is missing from the schema"], true),
            (
                "DROP TABLE product_name",
                [
                    "the table product_name is missing from the schema",
                    "the trigger product_name_kept is missing from the schema",
                ], false
            ),
            (
                "DROP TRIGGER unit_kept; CREATE TRIGGER unit_kept BEFORE DELETE ON unit BEGIN SELECT 1; END",
                ["the trigger unit_kept is not as the schema has it"], true
            ),
            (
                "CREATE TRIGGER helper AFTER INSERT ON token BEGIN UPDATE unit SET unlocked = 1; END",
                ["the trigger helper is not in the schema"], true
            ),
            (
                "CREATE UNIQUE INDEX once ON token (value)", ["the index once is not in the schema"], true
            ),
            ("CREATE TABLE notes (text)", ["the table notes is not in the schema"], false),
            ("CREATE VIEW spent AS SELECT * FROM token", ["the view spent is not in the schema"], false),
            (
                """
                PRAGMA writable_schema = ON;
                UPDATE sqlite_schema SET sql = replace(sql, 'count BETWEEN 1 AND 9999999', 'count > 0') WHERE name = 'token'
                """, ["the table token is not as the schema has it"], false
            ),
            // What Litestream keeps in what it copies.
            ("CREATE TABLE _litestream_seq (id INTEGER PRIMARY KEY, seq INTEGER)", [], true),
        ] as [(String, [String], Bool)])
    func `what is not as the migrations make it is named by the proof, and mended where nothing is lost`(
        sql: String, problems: [String], isMendable: Bool
    ) throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let run = try bench.sql(sql)
        #expect(run.status == 0, "\(run.errors)")
        let registry = try Registry.open(bench.path, keyFile: bench.keyFile)
        #expect(try registry.verify().problems == problems)
        let mended = try registry.mendSchema(at: bench.now, actor: bench.actor)
        #expect(!mended.hadNoLog)
        guard isMendable else { return #expect(mended.problems == []) }
        #expect(mended.problems == problems)
        #expect(try registry.verify().ok)
        #expect(try registry.events().last?.action == (problems.isEmpty ? "dispatchImported" : "schemaMended"))
        #expect(try registry.mendSchema(at: bench.now, actor: bench.actor).problems == [])
    }

    @Test func `an index that two rows stand against is not made, and nothing is changed`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001", ref: "MP-1")
        try bench.issue("CSP-0001", ref: "MP-2")
        let run = try bench.sql(
            "DROP TRIGGER token_never_changed; DROP INDEX token_reference; UPDATE token SET reference = 'MP-1'")
        #expect(run.status == 0, "\(run.errors)")
        #expect(throws: FleetError.self) { try bench.registry.mendSchema(at: bench.now, actor: bench.actor) }
        #expect(try bench.sql("SELECT count(*) FROM sqlite_schema WHERE name = 'token_never_changed'").output == "0\n")
        #expect(try bench.registry.events().last?.action == "tokenIssued")
    }

    @Test func `the table of the schema is written by a step of the schema, and by nobody else here`() throws {
        let bench = try StoreBench()
        let database = try DatabaseQueue(path: bench.path, configuration: Registry.configuration())
        let sql = "UPDATE sqlite_schema SET sql = replace(sql, 'addTime', 'gift') WHERE name = 'token'"
        #expect(throws: DatabaseError.self) {
            try database.write { db in try db.execute(sql: "PRAGMA writable_schema = ON; \(sql)") }
        }
        #expect(try bench.registry.verify().problems == [])
        let token = try bench.sql("SELECT sql FROM sqlite_schema WHERE name = 'token'").output
        #expect(
            token.contains(
                "CHECK (type = 'addTime' OR type = 'setTime' OR type = 'disablePayg' OR type = 'counterSync')"))
    }
}
