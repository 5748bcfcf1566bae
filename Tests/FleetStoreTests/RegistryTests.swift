import Fleet
@testable import FleetStore
import Foundation
import GRDB
import OpenPAYGO
import TestSupport
import Testing

struct RegistryTests {
    @Test func `a new registry is private, and so is what SQLite puts beside it`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001")
        for name in try bench.folder.names() {
            #expect(try permissions(of: bench.folder.file(name)) == 0o600, "\(name)")
        }
        #expect(try bench.folder.names().contains("registry.sqlite-wal"))
    }

    @Test func `a registry is made wholly or not at all, with its key file or without either`() throws {
        let folder = try TemporaryFolder()
        let (path, key) = (folder.file("registry.sqlite"), folder.file("registry.key"))
        let (now, actor) = (Timestamp(seconds: 0), try ActorName("Tester"))

        _ = try folder.write("precious", to: "registry.key")
        #expect(throws: FleetError.keyFileExists(path: key)) {
            try Registry.create(path, keyFile: key, at: now, actor: actor)
        }
        #expect(try folder.names() == ["registry.key"])
        #expect(try text(of: key) == "precious")

        let other = folder.file("other.key")
        _ = try folder.write("theirs", to: "registry.sqlite")
        #expect(throws: FleetError.registryExists(path: path)) {
            try Registry.create(path, keyFile: other, at: now, actor: actor)
        }
        #expect(try folder.names() == ["registry.key", "registry.sqlite"])
        #expect(try text(of: path) == "theirs")

        #expect(throws: FleetError.self) {
            try Registry.create(folder.file("registry.key/in/a/file"), keyFile: other, at: now, actor: actor)
        }
        #expect(try folder.names() == ["registry.key", "registry.sqlite"], "no key file without its registry")
    }

    @Test func `a registry that is not there is an error, and stays not there`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("registry.sqlite")
        #expect(throws: FleetError.registryMissing(path: path)) { try Registry.open(path, keyFile: "") }
        #expect(try folder.names() == [])
    }

    @Test func `what is no registry is left as it is`() throws {
        let folder = try TemporaryFolder()
        let picture = try folder.write("\u{89}PNG", to: "picture.png")
        let empty = try folder.write("", to: "empty")
        let other = folder.file("other.sqlite")
        #expect(try sqlite3(other, "CREATE TABLE t (a); INSERT INTO t VALUES (1)").status == 0)
        for path in [picture, empty, other, folder.path] {
            let before = try? Data(contentsOf: URL(fileURLWithPath: path))
            #expect(throws: FleetError.notARegistry(path: path)) { try Registry.open(path, keyFile: "") }
            #expect((try? Data(contentsOf: URL(fileURLWithPath: path))) == before)
        }
    }

    @Test func `a registry of a newer program is not opened`() throws {
        let bench = try StoreBench()
        #expect(try bench.sql("INSERT INTO grdb_migrations VALUES ('9999_later')").status == 0)
        #expect(throws: FleetError.registryNewer(path: bench.path)) {
            try Registry.open(bench.path, keyFile: bench.keyFile)
        }
    }

    @Test func `the migrations are those in the folder, in order`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: projectFolder + "/Migrations")
            .filter { $0.hasSuffix(".sql") }.sorted()
        let bench = try StoreBench()
        let applied = try bench.sql("SELECT identifier || '.sql' FROM grdb_migrations ORDER BY rowid").output
        #expect(applied.split(separator: "\n").map(String.init) == files)
    }

    @Test func `every table is strict, and commits are flushed to the disk`() throws {
        let bench = try StoreBench()
        let loose = try bench.sql(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%' AND name <> 'grdb_migrations'"
        )
        #expect(loose.output == "")
        #expect(try bench.sql("PRAGMA journal_mode").output == "wal\n")
        func setting(_ pragma: String) throws -> Int? {
            try bench.registry.read { db in try Int.fetchOne(db, sql: "PRAGMA \(pragma)") }
        }
        #expect(try setting("synchronous") == 2, "FULL")
        #expect(try setting("foreign_keys") == 1)
    }

    @Test func `without the key file, or with another, nothing is sealed or opened and lists still work`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let missing = bench.folder.file("none.key")
        let wrong = bench.folder.file("wrong.key")
        try write([UInt8](repeating: 7, count: 32), to: wrong)
        let short = try bench.folder.write("short", to: "short.key")
        let cases: [(String, FleetError)] = [
            (missing, .keyFileMissing(path: missing)), (wrong, .keyFileOfAnotherRegistry(path: wrong)),
            (short, .notAKeyFile(path: short)),
        ]
        for (keyFile, error) in cases {
            let registry = try Registry.open(bench.path, keyFile: keyFile)
            let order = TokenOrder(
                recipient: .unit(try PaygID("CSP-0001")), request: .days(try Days(1)), reference: nil)
            #expect(throws: error) { try registry.issue(order, at: bench.now, actor: bench.actor) }
            #expect(throws: error) { try registry.verify() }
            #expect(try registry.units().map(\.id.text) == ["CSP-0001"])
            #expect(try registry.tokens().isEmpty)
        }
    }

    @Test func `another program that holds the registry for too long is told as busy`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let impatient = try Registry.open(bench.path, keyFile: bench.keyFile, patience: .milliseconds(50))
        let other = try Registry.open(bench.path, keyFile: bench.keyFile)
        let (path, now, actor) = (bench.path, bench.now, bench.actor)
        let slow = ListFeed(file: "x") { _ in
            #expect(throws: FleetError.registryBusy(path: path)) {
                try impatient.assign(
                    try PaygID("CSP-0001"), to: try CustomerReference("K-1"), at: now, actor: actor
                )
            }
            return ListSource(file: "x", sha256: String(repeating: "0", count: 64))
        }
        _ = try other.importDispatches([slow], at: now, actor: actor)
    }
}
