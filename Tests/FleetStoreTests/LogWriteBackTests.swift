import CSQLiteExtras
import Dispatch
import Foundation
import GRDB
import Synchronization
import TestSupport
import Testing

@testable import FleetStore

/// A database with a log, and rows that take a page each.
private struct Pages {
    let folder: TemporaryFolder
    let database: DatabaseQueue
    let queue = DispatchQueue(label: "test")
    let log: LogWriteBack

    var path: String { folder.file("pages.sqlite") }

    init(limit: Int = 8) throws {
        folder = try TemporaryFolder()
        let path = folder.file("pages.sqlite")
        database = try DatabaseQueue(path: path, configuration: Registry.configuration())
        try database.writeWithoutTransaction { db in
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            try db.execute(sql: "CREATE TABLE page (id INTEGER PRIMARY KEY, filling BLOB NOT NULL)")
            try db.checkpoint(.truncate)
        }
        log = LogWriteBack(path, pages: limit, queue: queue)
        database.inDatabase(log.follow)
    }

    private init(_ folder: TemporaryFolder, limit: Int) throws {
        self.folder = folder
        let path = folder.file("pages.sqlite")
        database = try DatabaseQueue(path: path, configuration: Registry.configuration())
        log = LogWriteBack(path, pages: limit, queue: queue)
        database.inDatabase(log.follow)
    }

    /// Another program that has it open.
    func another(limit: Int = 8) throws -> Pages { try Pages(folder, limit: limit) }

    /// Adds rows, a change each.
    func add(_ rows: Int) throws {
        for _ in 0..<rows { try add(atOnce: 1) }
    }

    /// Adds rows in one change.
    func add(atOnce rows: Int) throws {
        try database.write { db in
            for _ in 0..<rows { try db.execute(sql: "INSERT INTO page (filling) VALUES (zeroblob(3000))") }
        }
    }

    /// How many rows are in a file when its log is not looked at.
    func rowsInFile() throws -> Int {
        let alone = folder.file("alone.sqlite")
        try? FileManager.default.removeItem(atPath: alone)
        try FileManager.default.copyItem(atPath: path, toPath: alone)
        // A file that says it has a log is not opened where none can be made.
        var configuration = Configuration()
        configuration.readonly = true
        let copy = try DatabaseQueue(path: "file:\(alone)?immutable=1", configuration: configuration)
        return try copy.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") ?? 0 }
    }

    func logSize() throws -> Int {
        try FileManager.default.attributesOfItem(atPath: path + "-wal")[.size] as? Int ?? 0
    }
}

struct LogWriteBackTests {
    @Test func `a short log is left alone, and a longer one is written back while changes go on`() throws {
        let pages = try Pages()
        try pages.add(2)
        pages.log.finish()
        #expect(try pages.rowsInFile() == 0)
        // As if the disk took its time.
        pages.queue.suspend()
        try pages.add(10)
        #expect(try pages.rowsInFile() == 0, "no change waited for it")
        pages.queue.resume()
        pages.log.finish()
        #expect(try pages.rowsInFile() == 12)
    }

    @Test func `the log starts anew, and does not grow for ever`() throws {
        let pages = try Pages()
        for _ in 0..<100 {
            try pages.add(10)
            pages.log.finish()
        }
        #expect(try pages.logSize() < 80 * 4096, "a thousand rows would be a thousand pages and more")
        #expect(try pages.database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") } == 1000)
    }

    @Test func `what is left behind it is written back by the next change`() throws {
        let pages = try Pages()
        pages.queue.suspend()
        try pages.add(10)
        pages.queue.resume()
        pages.log.finish()
        let atIt = try pages.rowsInFile()
        try pages.add(1)
        #expect(try pages.rowsInFile() == atIt + 1)
    }

    @Test func `one large change is written back by who made it`() throws {
        let pages = try Pages()
        pages.queue.suspend()
        try pages.add(atOnce: 40)
        #expect(try pages.rowsInFile() == 40)
        pages.queue.resume()
    }

    @Test func `in a long log others are waited for, and held off for the rest`() throws {
        let pages = try Pages()
        let other = try pages.another()
        pages.queue.suspend()
        try pages.add(30)
        try other.database.write { db in
            try db.execute(sql: "INSERT INTO page (filling) VALUES (zeroblob(3000))")
            pages.queue.resume()
            // All but this one; a copy made meanwhile may be none.
            while (try? pages.rowsInFile()) ?? 0 < 30 {}
        }
        pages.log.finish()
        #expect(try pages.rowsInFile() == 31)
    }

    @Test func `in a log that others made long, a change of a few pages does not wait`() throws {
        let pages = try Pages()
        let other = try pages.another()
        other.queue.suspend()
        pages.queue.suspend()
        try other.add(60)
        try pages.add(1)
        try other.add(60)
        try pages.add(1)
        #expect(try pages.rowsInFile() == 0)
        pages.queue.resume()
        other.queue.resume()
    }

    @Test func `while somebody reads the log grows, is not tried each time, and starts anew when they are done`() throws
    {
        let pages = try Pages()
        try pages.add(1)
        var configuration = Registry.configuration()
        configuration.allowsUnsafeTransactions = true
        let reader = try DatabaseQueue(path: pages.path, configuration: configuration)
        try reader.inDatabase { db in
            try db.execute(sql: "BEGIN")
            #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM page") == 1)
        }
        try pages.add(60)
        pages.log.finish()
        #expect(try pages.rowsInFile() <= 1, "what a reader does not see may not be written over what they do")
        #expect(try reader.inDatabase { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") } == 1)
        try reader.inDatabase { db in try db.execute(sql: "COMMIT") }
        for _ in 0..<20 {
            try pages.add(10)
            pages.log.finish()
        }
        let grown = try pages.logSize()
        for _ in 0..<20 {
            try pages.add(10)
            pages.log.finish()
        }
        #expect(try pages.logSize() == grown)
        #expect(try pages.database.read { db in try Int.fetchOne(db, sql: "SELECT count(*) FROM page") } == 461)
    }

    @Test func `a file that is gone meanwhile harms nobody`() throws {
        let pages = try Pages()
        pages.queue.suspend()
        try pages.add(10)
        for ending in ["", "-wal", "-shm"] { try FileManager.default.removeItem(atPath: pages.path + ending) }
        pages.queue.resume()
        pages.log.finish()
        #expect(!FileManager.default.fileExists(atPath: pages.path))
    }

    @Test func `whoever is to be alone with the registry waits for it`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-1")
        #expect(hasWaited(bench.registry) { bench.registry.emptyLog() })
        #expect(try hasWaited(bench.registry) { try bench.registry.close() })
        #expect(!FileManager.default.fileExists(atPath: bench.path + "-wal"))
    }

    @Test func `a registry that nobody needs any more waits for it, and leaves no log`() throws {
        let bench = try StoreBench()
        var another: Registry? = try Registry.open(bench.path, keyFile: bench.keyFile)
        let log = try #require(another).logWriteBack
        #expect(hasWaited(log) { another = nil })
        withExtendedLifetime(bench) {}
    }

    private func hasWaited(_ registry: Registry, _ work: () throws -> Void) rethrows -> Bool {
        try hasWaited(registry.logWriteBack, work)
    }

    /// Whether what is under way is over after some work that would itself be
    /// over much sooner.
    private func hasWaited(_ log: LogWriteBack, _ work: () throws -> Void) rethrows -> Bool {
        let isOver = Mutex(false)
        log.queue.async {
            var hash = Hasher()
            for number in 0..<20_000_000 { hash.combine(number) }
            isOver.withLock { $0 = hash.finalize() != 1 }
        }
        try work()
        return isOver.withLock { $0 }
    }

    @Test func `what was written to a file is made durable by the connection that wrote it`() throws {
        let pages = try Pages()
        try pages.add(3)
        #expect(pages.database.inDatabase { db in database_file_sync(db.sqliteConnection) } == 0)
        // There is no file to speak of.
        #expect(try DatabaseQueue().inDatabase { db in database_file_sync(db.sqliteConnection) } != 0)
    }
}
