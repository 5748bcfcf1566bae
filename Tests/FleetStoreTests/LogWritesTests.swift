import Foundation
import GRDB
import TestSupport
import Testing

@testable import FleetStore

/// A change goes to the log in one piece, and what anyone can read is what SQLite
/// would have written page by page.
struct LogWritesTests {
    /// A database whose log is written so, and one whose log is SQLite's alone.
    private struct Twins {
        let folder: TemporaryFolder
        let joined: DatabaseQueue
        let usual: DatabaseQueue

        var path: String { folder.file("joined.sqlite") }

        init(synchronous: String = "FULL", cache: Int = 10) throws {
            folder = try TemporaryFolder()
            joined = try Self.open(folder.file("joined.sqlite"), synchronous, cache)
            usual = try Self.open("file:\(folder.file("usual.sqlite"))?vfs=unix", synchronous, cache)
            for twin in [joined, usual] {
                try twin.writeWithoutTransaction { db in
                    _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
                    try db.execute(sql: "CREATE TABLE page (id INTEGER PRIMARY KEY, filling BLOB NOT NULL)")
                }
            }
        }

        private static func open(_ path: String, _ synchronous: String, _ cache: Int) throws -> DatabaseQueue {
            var configuration = Registry.configuration()
            configuration.prepareDatabase { db in
                // So few pages that a change of more goes to the log before it is committed.
                try db.execute(sql: "PRAGMA synchronous = \(synchronous); PRAGMA cache_size = \(cache)")
            }
            return try DatabaseQueue(path: path, configuration: configuration)
        }

        /// Does the same with both.
        func both(_ body: (Database) throws -> Void) throws {
            for twin in [joined, usual] { try twin.writeWithoutTransaction(body) }
        }

        /// What another program finds, which writes logs and reads them as SQLite does.
        func seen(_ name: String = "joined") throws -> String {
            let run = try sqlite3(
                folder.file("\(name).sqlite"),
                """
                PRAGMA integrity_check;
                SELECT count(*), total(id), total(length(filling)), group_concat(hex(substr(filling, 1, 8))) FROM page
                """)
            #expect(run.status == 0, "\(run.errors)")
            return run.output
        }
    }

    @Test(arguments: ["OFF", "NORMAL", "FULL", "EXTRA"])
    func `another program sees each change as soon as it is made, whatever is synced`(synchronous: String) throws {
        let twins = try Twins(synchronous: synchronous)
        var numbers = SystemRandomNumberGenerator()
        for round in 0..<24 {
            let rows = [1, 2, 3, 20, 60][round % 5]
            let number = Int.random(in: 0..<1_000_000, using: &numbers)
            try twins.both { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                for row in 0..<rows {
                    try db.execute(
                        sql: "INSERT INTO page (filling) VALUES (CAST(printf('%08d', ?) AS BLOB) || zeroblob(3000))",
                        arguments: [number + row])
                    // Pages that were written before they were complete are written over.
                    try db.execute(sql: "UPDATE page SET filling = filling WHERE id % 7 = ?", arguments: [row % 7])
                }
                switch round % 4 {
                case 1: try db.execute(sql: "ROLLBACK")
                case 2:
                    try db.execute(
                        sql: "SAVEPOINT here; UPDATE page SET filling = zeroblob(4000); ROLLBACK TO here; RELEASE here")
                    try db.commitAtOnce()
                case 3: try db.execute(sql: "COMMIT")
                default: try db.commitAtOnce()
                }
            }
            #expect(try twins.seen() == twins.seen("usual"), "round \(round)")
            if round == 10 { try twins.both { db in _ = try db.checkpoint(.truncate) } }
            if round == 17 { try twins.both { db in _ = try db.checkpoint(.restart) } }
        }
    }

    @Test func `what another program adds to the log in between stays`() throws {
        let twins = try Twins()
        for round in 0..<20 {
            try twins.both { db in
                try db.execute(
                    sql: "BEGIN IMMEDIATE; INSERT INTO page (filling) VALUES (zeroblob(\(100 * round + 9000)))")
                try db.commitAtOnce()
            }
            for name in ["joined", "usual"] {
                let sql = "INSERT INTO page (filling) VALUES (zeroblob(\(200 * round + 5000)))"
                #expect(try sqlite3(twins.folder.file("\(name).sqlite"), sql).status == 0)
            }
            #expect(try twins.seen() == twins.seen("usual"))
        }
        #expect(try twins.joined.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") } == 40)
    }

    @Test func `a copy of file and log at any moment between two changes has all changes`() throws {
        let twins = try Twins()
        for round in 1...12 {
            try twins.joined.writeWithoutTransaction { db in
                try db.execute(sql: "BEGIN IMMEDIATE")
                for _ in 0..<(round % 3 == 0 ? 100 : 2) {
                    try db.execute(sql: "INSERT INTO page (filling) VALUES (zeroblob(3000))")
                }
                try db.commitAtOnce()
            }
            let copy = twins.folder.file("copy-\(round).sqlite")
            for ending in ["", "-wal"] {
                try FileManager.default.copyItem(atPath: twins.path + ending, toPath: copy + ending)
            }
            let rows = try twins.joined.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") ?? 0 }
            #expect(try sqlite3(copy, "SELECT count(*) FROM page").output == "\(rows)\n")
        }
    }

    /// How often this thread has written anything so far; nil where the system
    /// does not tell.
    private static func pieces() -> Int? {
        // Of no length that could be known before it is read.
        guard let file = FileHandle(forReadingAtPath: "/proc/thread-self/io"), let bytes = try? file.readToEnd() else {
            return nil
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .first { $0.hasPrefix("syscw: ") }.flatMap { Int($0.dropFirst(7)) }
    }

    @Test(.enabled(if: LogWritesTests.pieces() != nil))
    func `a change goes to the log in one piece, and otherwise a page does, with its header`() throws {
        let twins = try Twins(cache: 2000)
        func written(_ twin: DatabaseQueue, _ commit: (Database) throws -> Void) throws -> Int {
            try twin.writeWithoutTransaction { db in
                try db.execute(sql: "INSERT INTO page (filling) VALUES (zeroblob(9000))")
                try db.execute(sql: "BEGIN IMMEDIATE; INSERT INTO page (filling) VALUES (zeroblob(9000))")
                let before = try #require(Self.pieces())
                try commit(db)
                return try #require(Self.pieces()) - before
            }
        }
        let usual = try written(twins.usual) { try $0.commitAtOnce() }
        #expect(usual >= 8)
        #expect(try written(twins.joined) { try $0.execute(sql: "COMMIT") } * 2 == usual)
        #expect(try written(twins.joined) { try $0.commitAtOnce() } == 1)
    }

    @Test(arguments: 1...12)
    func `a commit that moves pages reads what it has just written`(seed: Int) throws {
        let folder = try TemporaryFolder()
        var configuration = Registry.configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA auto_vacuum = FULL; PRAGMA cache_size = 10")
        }
        let database = try DatabaseQueue(path: folder.file("moving.sqlite"), configuration: configuration)
        try database.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            try db.execute(
                sql: "CREATE TABLE page (id INTEGER PRIMARY KEY, filling BLOB); CREATE INDEX found ON page (filling)")
            for round in 0..<12 {
                try db.execute(sql: "BEGIN IMMEDIATE")
                try db.execute(
                    sql: """
                        WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 300)
                        INSERT INTO page (filling) SELECT randomblob(200) FROM row
                        """)
                try db.execute(sql: "DELETE FROM page WHERE id % 7 <> \((seed + round) % 7)")
                try db.commitAtOnce()
                if round % 4 == seed % 4 { _ = try db.checkpoint(.truncate) }
                if round % 4 == (seed + 1) % 4 { _ = try db.checkpoint(.passive) }
            }
            #expect(try String.fetchAll(db, sql: "PRAGMA integrity_check") == ["ok"])
        }
    }

    @Test(arguments: [11, 14, 20, 200, 440], [false, true])
    func `a change that was taken back leaves what others changed after it alone`(pages: Int, isClosed: Bool) throws {
        let twins = try Twins(cache: pages > 400 ? -2000 : 10)
        try twins.joined.writeWithoutTransaction { db in
            try db.execute(sql: "INSERT INTO page (filling) VALUES (x'01')")
            _ = try db.checkpoint(.truncate)
            // More than is kept in memory: some goes to the log before it is taken back.
            try db.execute(
                sql: """
                    BEGIN IMMEDIATE;
                    WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < \(pages))
                    INSERT INTO page (filling) SELECT zeroblob(3900) FROM row;
                    ROLLBACK
                    """)
        }
        let insert = String(repeating: "INSERT INTO page (filling) VALUES (zeroblob(3000));", count: 4)
        #expect(try sqlite3(twins.path, "PRAGMA wal_autocheckpoint = 0; " + insert).status == 0)
        if isClosed {
            try twins.joined.close()
        } else {
            #expect(try twins.joined.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") } == 5)
        }
        #expect(try sqlite3(twins.path, "PRAGMA integrity_check; SELECT count(*) FROM page").output == "ok\n5\n")
    }
}
