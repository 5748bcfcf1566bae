import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import FleetStore

struct BackupTests {
    let bench: StoreBench

    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.issue("CSP-0001", ref: "MP-1")
    }

    private func backup(_ name: String, _ registry: Registry? = nil) throws -> BackupRecord {
        try (registry ?? bench.registry).backup(to: bench.folder.file(name), at: bench.now, actor: bench.actor)
    }

    @Test func `a backup is one private file with all there is, also what is only in the log`() throws {
        #expect(try bench.folder.names().contains("registry.sqlite-wal"), "the token is not in the file itself yet")
        let record = try backup("copy.sqlite")
        #expect(record.facts.events == 3 && record.facts.tokens == 1 && record.facts.units == 3)
        #expect(record.problems == [] && record.keyMissing == nil && record.notRecorded == nil)
        #expect(try bench.folder.names().filter { $0.hasPrefix("copy") || $0.hasPrefix(".") } == ["copy.sqlite"])
        #expect(try permissions(of: record.path) == 0o600)
        // Whoever else looks finds the same: SQLite's own shell, and `sha256sum`.
        #expect(try sqlite3(record.path, "PRAGMA integrity_check; SELECT count(*) FROM token").output == "ok\n1\n")
        #expect(try ProgramRun("sha256sum", [record.path]).output.hasPrefix(record.sha256))
        #expect(try Registry.open(record.path, keyFile: bench.keyFile).verify().ok)
    }

    @Test func `a backup is on record, as what it was, and the record is part of the proof`() throws {
        let record = try backup("copy.sqlite")
        let event = try #require(try bench.registry.events().last)
        #expect(event.action == "backupMade" && event.detail.contains(record.sha256))
        #expect(try bench.registry.verify().ok)
        let run = try bench.sql(
            """
            DROP TRIGGER event_never_changed;
            UPDATE event SET detail = replace(detail, '"events":3', '"events":2') WHERE sequence = 4
            """
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try bench.registry.verify().problems.contains("event 4: event 2 is not the one that the copy ended with"))
    }

    @Test func `a backup never replaces anything`() throws {
        let path = try bench.folder.write("mine", to: "copy.sqlite")
        #expect(throws: FleetError.outputExists(path: path)) { try backup("copy.sqlite") }
        #expect(try text(of: path) == "mine")
        #expect(throws: FleetError.self) { try backup("nowhere/copy.sqlite") }
        #expect(try !bench.folder.names().contains { $0.hasPrefix(".payg") })
    }

    @Test func `without the key file, or with one that others can read, it is checked as far as that goes`() throws {
        let registry = try Registry.open(bench.path, keyFile: bench.folder.file("none.key"))
        let record = try backup("copy.sqlite", registry)
        #expect(record.keyMissing == .keyFileMissing(path: bench.folder.file("none.key")))
        #expect(record.problems == [] && record.notRecorded == nil)
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a registry that does not prove itself is copied as it is, and that is told`() throws {
        let run = try bench.sql("UPDATE unit SET count = 8 WHERE payg_id = 'CSP-0002'")
        #expect(run.status == 0)
        let record = try backup("copy.sqlite")
        #expect(record.problems == ["unit CSP-0002: its count is 8, and its last event says 1"])
        #expect(try bench.folder.names().contains("copy.sqlite"))
    }

    @Test func `of a damaged registry there is no backup`() throws {
        try bench.registry.close()
        // A page of the middle, as a failing disk leaves it.
        let file = try #require(FileHandle(forUpdatingAtPath: bench.path))
        try file.seek(toOffset: 4096 * 9)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        try file.close()
        let registry = try Registry.open(bench.path, keyFile: bench.keyFile)
        #expect {
            try backup("copy.sqlite", registry)
        } throws: { error in
            switch error as? FleetError {
            case .copyBroken, .registryDamaged: true
            default: false
            }
        }
        #expect(try bench.folder.names().filter { $0.hasPrefix("copy") || $0.hasPrefix(".") } == [])
    }

    @Test func `backups under a writer at full speed end, and each is of one moment`() async throws {
        let (path, keyFile, now, actor) = (bench.path, bench.keyFile, bench.now, bench.actor)
        let writer = Task.detached {
            let registry = try Registry.open(path, keyFile: keyFile)
            var issued = 0
            while !Task.isCancelled {
                _ = try registry.issue(
                    TokenOrder(
                        recipient: .unit(try PaygID("CSP-0002")), request: .days(try Days(text: "1")), reference: nil),
                    at: now, actor: actor
                )
                issued += 1
            }
            return issued
        }
        var events: [Int] = []
        for round in 0..<5 {
            // Let it write something in between: the backup's own event is one.
            let record = try backup("\(round).sqlite")
            #expect(record.problems == [])
            events.append(record.facts.events)
        }
        writer.cancel()
        _ = try await writer.value
        #expect(events == events.sorted() && Set(events).count == 5)
        #expect(try bench.registry.verify().ok)
    }

    @Test func `what is written during the copying starts nothing again, and is not in it`() throws {
        let other = try Registry.open(bench.path, keyFile: bench.keyFile)
        // Large enough to be copied in many steps.
        _ = try bench.sql("CREATE TABLE ballast (b); INSERT INTO ballast SELECT zeroblob(40000000)")
        var steps: [Int] = []
        let order = TokenOrder(
            recipient: .unit(try PaygID("CSP-0002")), request: .days(try Days(text: "1")), reference: nil
        )
        let record = try bench.registry.backup(to: bench.folder.file("copy.sqlite"), at: bench.now, actor: bench.actor)
        { done, _ in
            steps.append(done)
            _ = try? other.issue(order, at: bench.now, actor: bench.actor)
        }
        #expect(steps.count > 4 && steps == steps.sorted() && Set(steps).count == steps.count)
        #expect(record.facts.tokens == 1)
        #expect(try bench.registry.tokens().count == 1 + steps.count)
        #expect(record.problems == ["the table ballast is not in the schema"])
    }

    @Test func `rotation deletes the oldest of its own, and nothing else`() throws {
        let folder = bench.folder.file("backups")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        func name(_ day: Int) -> String { BackupName(of: bench.path, at: bench.now + day * 86_400).text }
        #expect(name(0) == "registry-2026-11-03T090000Z.sqlite")
        for day in 0..<5 { _ = try backup("backups/\(name(day))") }
        // Such a name on something else, another registry, a link, one in use, and another name.
        _ = try bench.folder.write("notes", to: "backups/registry-2020-01-01T000000Z.sqlite")
        let stranger = try StoreBench()
        try FileManager.default.copyItem(atPath: stranger.path, toPath: folder + "/registry-2020-01-02T000000Z.sqlite")
        try FileManager.default.createSymbolicLink(
            atPath: folder + "/registry-2020-01-03T000000Z.sqlite", withDestinationPath: folder + "/" + name(4))
        try FileManager.default.copyItem(
            atPath: folder + "/" + name(1), toPath: folder + "/registry-2020-01-04T000000Z.sqlite")
        _ = try bench.folder.write("", to: "backups/registry-2020-01-04T000000Z.sqlite-wal")
        try FileManager.default.copyItem(atPath: folder + "/" + name(1), toPath: folder + "/before-the-move.sqlite")
        try FileManager.default.copyItem(
            atPath: folder + "/" + name(1), toPath: folder + "/registry-2026-13-03T090000Z.sqlite")
        let before = Set(try FileManager.default.contentsOfDirectory(atPath: folder))

        let id = try bench.registry.read { db in try RegistryFacts(db).registryID }
        let backups = BackupFolder(folder, of: bench.path, registryID: id)
        #expect(backups.rotate(keeping: 2, newest: folder + "/" + name(4)) == (0..<3).map { folder + "/" + name($0) })
        let after = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        #expect(before.subtracting(after) == Set((0..<3).map(name)))
        #expect(backups.rotate(keeping: 2, newest: folder + "/" + name(4)) == [])
    }

    @Test func `names of backups are read as they are written, and no others`() throws {
        let name = BackupName(of: "/srv/fleet.sqlite", at: bench.now)
        #expect(name.text == "fleet-2026-11-03T090000Z.sqlite")
        #expect(BackupName(name.text, of: "/srv/fleet.sqlite") == name)
        for other in [
            "fleet.sqlite", "fleet-2026-11-03T090000Z.sqlite-wal", "fleet-2026-11-03T096000Z.sqlite",
            "fleet-2026-11-03T090000Z-2.sqlite", "registry-2026-11-03T090000Z.sqlite",
            "fleet-replaced-2026-11-03T090000Z.sqlite", "fleet-2026-11-3éT09000Z.sqlite",
        ] {
            #expect(BackupName(other, of: "/srv/fleet.sqlite") == nil, "\(other)")
        }
        #expect(BackupName(of: "registry", at: bench.now).text == "registry-2026-11-03T090000Z.sqlite")
    }
}
