import Fleet
import Foundation
import KeyVault
import OpenPAYGO
import TestSupport
import Testing

@testable import FleetStore

/// Small registries that the programs of their time made, one for each schema
/// that was released: `scripts/keep-schema` adds the present one.
struct KeptSchemaTests {
    static let folder = projectFolder + "/Tests/FleetStoreTests/Schemas"

    static var kept: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".sql") }.sorted()
    }

    /// A kept registry as it was, with its key file.
    private func restore(_ name: String, in folder: TemporaryFolder) throws -> (path: String, keyFile: String) {
        let path = folder.file("registry.sqlite")
        // The shell would make a file that others can read.
        try write([], to: path)
        let run = try sqlite3(path, ".read \"\(Self.folder)/\(name)\"")
        try #require(run.status == 0, "\(run.errors)")
        let dump = try text(of: "\(Self.folder)/\(name)")
        let line = try #require(dump.split(separator: "\n").first { $0.hasPrefix("-- key ") })
        let hex = Array(line.dropFirst("-- key ".count).utf8)
        let key = stride(from: 0, to: hex.count, by: 2).compactMap {
            UInt8(String(decoding: hex[$0...($0 + 1)], as: UTF8.self), radix: 16)
        }
        try write(key, to: folder.file("registry.key"))
        return (path, folder.file("registry.key"))
    }

    @Test func `a migration that was released is never edited, and its schema is kept`() throws {
        var released: [String] = []
        for line in try text(of: Self.folder + "/SHA256SUMS").split(separator: "\n") {
            let (sum, file) = (line.prefix(64), String(line.dropFirst(66)))
            released.append(String(file.dropFirst("Migrations/".count)))
            let bytes = Array(try Data(contentsOf: URL(filePath: projectFolder + "/" + file)))
            #expect(bytes.sha256 == sum, "\(file) was edited: registries that have it would differ from new ones")
        }
        #expect(released == Schema.migrations.prefix(released.count).map { $0.name + ".sql" })
        #expect(Self.kept == released)
    }

    @Test(arguments: kept)
    func `a registry of an older schema is brought forward, proven, and goes on`(name: String) throws {
        let folder = try TemporaryFolder()
        let (path, keyFile) = try restore(name, in: folder)
        func before(_ sql: String) throws -> String {
            try sqlite3(path, sql).output.trimmingCharacters(in: .newlines)
        }
        let unit = "SELECT payg_id, count, paid_until, "
        let authority =
            try sqlite3(path, "SELECT authority FROM unit").status == 0 ? "authority" : HandedOverRows.authority
        let units = try before(unit + authority + " FROM unit ORDER BY id")
        let facts = """
            SELECT unit_id, count, type, value, digits, reference, paid_until, issued_at FROM token ORDER BY id;
            SELECT sequence, at, actor, action, detail, hex(hash), hex(mac) FROM event ORDER BY sequence;
            SELECT id, file, sha256 FROM dispatch; SELECT id, file, sha256, authority FROM export;
            SELECT reference, name, phone FROM customer; SELECT unit_id, customer_id, since FROM assignment
            """
        let (told, held) = (try before("SELECT count(*) FROM event"), try before("SELECT count(*) FROM token"))
        let rows = try before(facts)
        let paid = try before("SELECT digits FROM token WHERE reference = 'MP-1'")
        let count = try #require(Int(try before("SELECT count FROM unit WHERE payg_id = 'KEPT-2'")))

        let registry = try Registry.open(path, keyFile: keyFile)
        #expect(try before(facts) == rows, "what it held is what it holds")
        #expect(try before(unit + HandedOverRows.authority + " FROM unit ORDER BY id") == units)
        let report = try registry.verify()
        #expect(report.problems == [])
        #expect("\(report.events)" == told && "\(report.tokens)" == held)

        // A payment of then has the token of then; a new one has the next.
        let actor = try ActorName("Tester")
        let now = Timestamp(seconds: 2_000_000_000)
        func issue(_ unit: String, days: Int, ref: String) throws -> TokenDelivery {
            try registry.issue(
                TokenOrder(
                    recipient: .unit(try PaygID(unit)), request: .days(try Days(days)),
                    reference: try PaymentReference(ref)
                ), at: now, actor: actor
            )
        }
        let again = try issue("KEPT-1", days: 30, ref: "MP-1")
        #expect(again.alreadyIssued && again.tokens.map(\.token.digits) == [paid])
        // Made from the key and the starting code that the list had.
        let next = try issue("KEPT-2", days: 2, ref: "MP-9")
        let maker = TokenMaker(
            Credentials(
                key: try SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb"), startingCode: try StartingCode(516_959_010)
            ), UnitBuild(digitSet: .restricted)
        )
        let made = try #require(next.tokens.first)
        #expect(Int(made.count.number) > count)
        #expect(maker.make(made.instruction, at: made.count) == made.token)
        #expect(try registry.verify().problems == [])

        // It is then as if it had been made today.
        let bench = try StoreBench()
        let schema = """
            SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name; PRAGMA application_id;
            SELECT identifier FROM grdb_migrations ORDER BY 1
            """
        #expect(try before(schema) == bench.sql(schema).output.trimmingCharacters(in: .newlines))
    }

    @Test func `a registry whose rows were changed by hand is brought forward, and uses no count again`() throws {
        let folder = try TemporaryFolder()
        let (path, keyFile) = try restore("0006_test_tokens.sql", in: folder)
        let run = try sqlite3(
            path,
            """
            CREATE VIEW spent AS SELECT count FROM token;
            CREATE TABLE others (token_id INTEGER REFERENCES token (id)); INSERT INTO others VALUES (2);
            DROP TRIGGER unit_count_never_used_again; DROP TRIGGER token_never_changed;
            UPDATE unit SET count = dispatched_count; UPDATE token SET id = 5000 WHERE id = 1;
            """
        )
        try #require(run.status == 0, "\(run.errors)")
        let registry = try Registry.open(path, keyFile: keyFile)
        let unit = try PaygID("KEPT-1")
        let counts = try registry.tokens(HistoryFilter(unit: unit)).map(\.count.number).sorted()
        #expect(counts == [2, 4, 5, 7, 8], "none is lost")
        #expect(try registry.unit(unit).count.number == 8)
        #expect(
            try sqlite3(path, "SELECT count(*) = (SELECT count(*) FROM token) FROM spent; SELECT token_id FROM others")
                .output == "1\n2\n")
        #expect(
            try sqlite3(path, "SELECT sql FROM sqlite_schema WHERE name = 'others'").output
                == "CREATE TABLE others (token_id INTEGER REFERENCES token (id))\n")
        let next = try registry.issue(
            TokenOrder(recipient: .unit(unit), request: .days(try Days(1)), reference: nil),
            at: Timestamp(seconds: 2_000_000_000), actor: try ActorName("Tester"))
        #expect(next.tokens.map(\.count.number) == [10])
        let triggers =
            "SELECT count(*) FROM sqlite_schema WHERE name IN ('unit_count_never_used_again', 'token_never_changed')"
        #expect(try sqlite3(path, triggers).output == "2\n")
    }
}
