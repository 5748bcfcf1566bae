import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import FleetStore

/// Registries that an older version made.
struct OlderRegistryTests {
    /// The rows of a registry under the schema of its first migrations.
    ///
    /// - Returns: the path of the older registry.
    private func older(_ bench: StoreBench, migrations: Int, then sql: String) throws -> String {
        let path = bench.folder.file("older.sqlite")
        var script = "PRAGMA journal_mode = WAL; CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);\n"
        for migration in Schema.migrations.prefix(migrations) {
            script += String(decoding: migration.sql, as: UTF8.self) + "\n"
            script += "INSERT INTO grdb_migrations VALUES ('\(migration.name)');\n"
        }
        try write([], to: path)
        try #require(try sqlite3(path, script).status == 0)
        script = "ATTACH '\(bench.path)' AS new;\n"
        for table in ["registry", "dispatch", "unit", "customer", "assignment", "export_unit", "export", "event"] {
            // Those that both have: some are newer, and some are gone.
            let run = try sqlite3(
                path,
                """
                ATTACH '\(bench.path)' AS new;
                SELECT group_concat(name) FROM pragma_table_info('\(table)')
                WHERE name IN (SELECT name FROM pragma_table_info('\(table)', 'new'))
                """
            )
            let columns = run.output.trimmingCharacters(in: .newlines)
            script += "INSERT INTO \(table) (\(columns)) SELECT \(columns) FROM new.\(table) ORDER BY 1;\n"
        }
        let run = try sqlite3(path, script + sql)
        try #require(run.status == 0, "\(run.errors)")
        return path
    }

    @Test func `customers and assignments of before are kept, proven, found, and the same when listed again`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            for (reference, name) in [("K-1", "José"), ("K-2", "Amina"), ("K-3", "Wanjirũ")] {
                _ = try add(Customer(reference: reference, name: name, phone: nil))
            }
        }
        let unit = try PaygID("CSP-0001")
        for customer in ["K-1", "K-2"] {
            _ = try bench.registry.assign(unit, to: try CustomerReference(customer), at: bench.now, actor: bench.actor)
            if customer == "K-1" { _ = try bench.registry.unassign(unit, at: bench.now, actor: bench.actor) }
        }
        let path = try older(
            bench, migrations: 2,
            then: """
                UPDATE customer SET phone = '+254 712 345 678' WHERE id = 1;
                UPDATE customer SET phone = '0712-345 679' WHERE id = 2;
                UPDATE customer SET phone = '+254 700' WHERE id = 3
                """
        )
        let registry = try Registry.open(path, keyFile: bench.keyFile)
        #expect(try registry.verify().problems == [])
        #expect(try registry.customers().map(\.phone) == ["+254 712 345 678", "0712-345 679", "+254 700"])
        #expect(try registry.customers().map(\.units) == [[], [unit], []])

        // The very list that they came from, and ways to write the same.
        var added = 0
        for phones in [
            ["+254 712 345 678", "0712-345 679", "+254 700"], ["+254712345678", "0712345679", "+254700"],
            [nil, nil, nil],
        ] {
            try registry.addCustomers(at: bench.now, actor: bench.actor) { add in
                for (customer, phone) in zip([("K-1", "José"), ("K-2", "Amina"), ("K-3", "Wanjirũ")], phones) {
                    if try add(Customer(reference: customer.0, name: customer.1, phone: phone)) { added += 1 }
                }
            }
        }
        #expect(added == 0)
        #expect(throws: FleetError.customerDiffers(try CustomerReference("K-2"), in: [.phone])) {
            try registry.addCustomers(country: try Country("KE"), at: bench.now, actor: bench.actor) { add in
                _ = try add(Customer(reference: "K-2", name: "Amina", phone: "0712345670"))
            }
        }

        #expect(try registry.customers(search: "jose").map(\.reference.text) == ["K-1"])
        #expect(try registry.customers(search: "WANJIRU").map(\.reference.text) == ["K-3"])
        #expect(try registry.customers(search: "712345").map(\.reference.text) == ["K-1", "K-2"])
        #expect(try registry.customers(search: "0712 345 67").map(\.reference.text) == ["K-1", "K-2"])
        #expect(try registry.units(search: "712.345.679").map(\.id) == [unit])

        // From here on the new rules hold.
        let changed = try registry.editCustomer(
            try CustomerReference("K-3"), try CustomerEdit(note: .set("moved")), at: bench.now, actor: bench.actor
        )
        #expect(changed.changed == [.note] && changed.customer.phone == "+254 700", "what is not named stays")
        _ = try registry.unassign(unit, at: bench.now, actor: bench.actor)
        #expect(try sqlite3(path, "UPDATE customer SET phone = '0700', changes = changes + 1").status != 0)
        #expect(try sqlite3(path, "DELETE FROM assignment").status != 0)
        #expect(try registry.verify().problems == [])
    }

    @Test func `assignments of before that overlap, for a clock was set back, stop nothing`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        let path = try older(
            bench, migrations: 2,
            then: """
                INSERT INTO assignment VALUES (1, 1, 1, '2026-01-05T00:00:00Z', '2026-01-04T00:00:00Z');
                INSERT INTO assignment VALUES (2, 1, 1, '2026-01-01T00:00:00Z', '2026-01-09T00:00:00Z')
                """
        )
        let registry = try Registry.open(path, keyFile: bench.keyFile)
        let customer = try CustomerReference("K-1")
        #expect(try registry.assignments(of: customer).count == 2)
        _ = try registry.assign(try PaygID("CSP-0001"), to: customer, at: bench.now, actor: bench.actor)
        #expect(try registry.customer(customer).units.count == 1)
    }

    @Test func `units that were handed over before are with the provider, by the export that told it last`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003", "CSP-0004")
        let units = try (1...4).map { try PaygID("CSP-000\($0)") }
        try bench.export(ExportSelection(.units(Array(units[..<3]))), to: "paygops")
        try bench.export(ExportSelection(.units([units[1]]), again: true), to: "paygops")
        _ = try bench.registry.reclaim(
            units[2], count: .one, reason: try Reason("moved"), at: bench.now, actor: bench.actor)
        try bench.export(ExportSelection(.units([units[2]])), to: "angaza")
        try bench.export(ExportSelection(.units([units[3]])), copy: true)
        let path = try older(
            bench, migrations: 6,
            then: """
                UPDATE unit SET authority = 'paygops' WHERE id < 3; UPDATE unit SET authority = 'angaza' WHERE id = 3
                """
        )
        let registry = try Registry.open(path, keyFile: bench.keyFile)
        #expect(try registry.verify().problems == [])
        let handedOver = "SELECT group_concat(unit_id || ' ' || export_id, ',') FROM handed_over"
        #expect(try sqlite3(path, handedOver).output == "1 1,2 2,3 3\n")
        let refused = FleetError.tokensMadeElsewhere(units[1], provider: "paygops", export: 2)
        let order = TokenOrder(recipient: .unit(units[1]), request: .days(try Days(text: "30")), reference: nil)
        #expect(throws: refused) { try registry.issue(order, at: bench.now, actor: bench.actor) }
        #expect(try registry.units(authority: "here").map(\.id) == [units[3]])
    }

    @Test func `a registry that one step cannot be taken with keeps the schema it had, and is told so`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        // In the way of the last step.
        let path = try older(bench, migrations: 2, then: "CREATE TABLE awaited_unit (x)")
        let schema = "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name; SELECT * FROM grdb_migrations"
        let before = try sqlite3(path, schema).output
        let told = FleetError.registryFailed(
            path: path,
            reason: "step 0009_awaited_units of its schema cannot be taken (table awaited_unit already exists)"
        )
        #expect(throws: told) { try Registry.open(path, keyFile: bench.keyFile) }
        #expect("\(told)".hasSuffix("; nothing was changed"))
        #expect(try sqlite3(path, schema).output == before)

        // Once that is out of the way it goes on from there.
        #expect(try sqlite3(path, "DROP TABLE awaited_unit").status == 0)
        let registry = try Registry.open(path, keyFile: bench.keyFile)
        #expect(try registry.verify().problems == [])
    }

    @Test func `a row that points to none is found before an older registry is brought forward`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let path = try older(
            bench, migrations: 8,
            then: "PRAGMA foreign_keys = OFF; INSERT INTO assignment VALUES (1, 1, 99, '2026-01-05T00:00:00Z', NULL)"
        )
        let before = try sqlite3(path, "SELECT * FROM grdb_migrations").output
        let told = FleetError.registryFailed(
            path: path, reason: "a row of assignment points to a row of customer that is not there")
        #expect(throws: told) { try Registry.open(path, keyFile: bench.keyFile) }
        #expect(try sqlite3(path, "SELECT * FROM grdb_migrations").output == before)
    }

    @Test func `many programs that open an older registry at once all go on with the newest`() async throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let path = try older(bench, migrations: 1, then: "")
        let (keyFile, unit) = (bench.keyFile, try PaygID("CSP-0001"))
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 {
                group.addTask { try Registry.open(path, keyFile: keyFile).units().map(\.id) == [unit] }
            }
            for try await isThere in group { #expect(isThere) }
        }
    }
}
