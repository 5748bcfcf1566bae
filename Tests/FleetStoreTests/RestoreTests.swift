import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import FleetStore

struct RestoreTests {
    let bench: StoreBench
    let copy: String

    init() throws {
        bench = try StoreBench()
        copy = bench.folder.file("copy.sqlite")
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003", "CSP-0004")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        _ = try bench.registry.assign(
            try PaygID("CSP-0001"), to: try CustomerReference("K-1"), at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0001", ref: "MP-1")
        try bench.export(ExportSelection(.units([try PaygID("CSP-0004")])))
        _ = try bench.registry.backup(to: copy, at: bench.now, actor: bench.actor)
    }

    private func look(dryRun: Bool = false) throws -> Restoration {
        try Restoration(of: copy, at: bench.path, keyFile: bench.keyFile, dryRun: dryRun)
    }

    @discardableResult
    private func restore(skipAhead: Int = 0) throws -> RestoreResult {
        try look().apply(skipAhead: skipAhead, at: bench.now, actor: bench.actor)
    }

    private func open() throws -> Registry { try Registry.open(bench.path, keyFile: bench.keyFile) }

    private func count(_ unit: String) throws -> Int { Int(try open().unit(try PaygID(unit)).count.number) }

    @Test func `a backup of now loses nothing, and the restore is on record`() throws {
        let before = try bench.registry.events()
        let finding = try look().finding
        #expect(finding.loss == nil && finding.lost.isEmpty && finding.skips.isEmpty && !finding.isBlind)
        let result = try restore()
        let registry = try open()
        // Without the event of the backup itself, and with the one of the restore.
        #expect(try registry.events().dropLast() == before.dropLast())
        #expect(try registry.events().last?.action == "registryRestored")
        #expect(try registry.verify().ok)
        #expect(try Registry.open(try #require(result.kept), keyFile: bench.keyFile).events() == before)
        #expect(try bench.folder.names().filter { $0.hasPrefix(".") } == [])
    }

    @Test func `what was done since is told, and no count of it is used again`() throws {
        try bench.issue("CSP-0001", ref: "MP-2")
        try bench.issue("CSP-0001")
        try bench.issue("CSP-0002")
        let used = try bench.registry.tokens()
        let restoration = try look()
        let lost = restoration.finding.lost
        #expect(restoration.finding.loss == .newer && lost.tokens == 3 && lost.events == ["tokenIssued": 3])
        #expect(
            lost.units.map { "\($0.unit) \($0.customer ?? "-") \($0.tokens) \($0.count)" } == [
                "CSP-0001 K-1 2 6", "CSP-0002 - 1 2",
            ])
        let result = try restoration.apply(skipAhead: 0, at: bench.now, actor: bench.actor)
        #expect(result.skipped.map { "\($0.unit) \($0.from ?? -1) \($0.to)" } == ["CSP-0001 2 6", "CSP-0002 1 2"])
        let registry = try open()
        #expect(try registry.verify().ok)
        for unit in ["CSP-0001", "CSP-0002", "CSP-0003"] { try bench.issue(unit, ref: "again-\(unit)") }
        let counts = Set(used.map { "\($0.unit) \($0.count)" })
        let new = try registry.tokens().filter { !used.contains($0) }
        #expect(new.count == 3 && new.allSatisfy { !counts.contains("\($0.unit) \($0.count)") })
        #expect(try registry.verify().ok)
        // Nor can somebody set it back to one of them.
        #expect(throws: FleetError.self) {
            try registry.setCount(
                of: try PaygID("CSP-0002"), to: try TokenCount(1), isConfirmed: true, reason: try Reason("x"),
                at: bench.now, actor: bench.actor
            )
        }
    }

    @Test func `a program that has the registry open goes on with what was restored`() throws {
        try bench.issue("CSP-0002")
        try bench.issue("CSP-0002")
        try restore()
        // It was opened before.
        let token = try #require(try bench.issue("CSP-0002").tokens.first)
        #expect(token.count.number == 6)
        #expect(try open().tokens().map(\.count.number) == [2, 6])
        #expect(try bench.registry.verify().ok)
    }

    @Test func `units handed to a provider since stay there, and those taken back are here`() throws {
        try bench.export(ExportSelection(.units([try PaygID("CSP-0002")])), to: "angaza")
        _ = try bench.registry.reclaim(
            try PaygID("CSP-0004"), count: try TokenCount(9), reason: try Reason("back"), at: bench.now,
            actor: bench.actor
        )
        let finding = try look().finding
        #expect(finding.lost.exports.map(\.authority) == ["angaza"])
        try restore()
        let registry = try open()
        #expect(try registry.unit(try PaygID("CSP-0002")).authority == .provider("angaza"))
        #expect(try registry.unit(try PaygID("CSP-0004")).authority == .here)
        #expect(try count("CSP-0004") == 9)
        #expect(throws: FleetError.tokensMadeElsewhere(try PaygID("CSP-0002"), provider: "angaza", export: nil)) {
            try bench.issue("CSP-0002")
        }
        #expect(try registry.verify().ok)
        _ = try registry.reclaim(
            try PaygID("CSP-0002"), count: try TokenCount(5), reason: try Reason("back"), at: bench.now,
            actor: bench.actor
        )
        #expect(try registry.verify().ok)
    }

    @Test func `of two histories that went apart, a provider that either knows of keeps the unit`() throws {
        // The copy goes on by itself, and hands a unit over.
        try allow(0o600, copy)
        let other = try Registry.open(copy, keyFile: bench.keyFile)
        _ = try other.setCount(
            of: try PaygID("CSP-0003"), to: try TokenCount(7), reason: try Reason("x"), at: bench.now,
            actor: bench.actor)
        try other.close()
        _ = try bench.registry.reclaim(
            try PaygID("CSP-0004"), count: try TokenCount(3), reason: try Reason("back"), at: bench.now,
            actor: bench.actor
        )
        try bench.export(ExportSelection(.units([try PaygID("CSP-0004")])), to: "angaza")
        let finding = try look().finding
        #expect(finding.loss == .newer && finding.lost.common == 6, "\(finding.lost)")
        try restore()
        #expect(try open().unit(try PaygID("CSP-0004")).authority == .provider("angaza"))
        #expect(try count("CSP-0003") == 7 && count("CSP-0004") == 3)
        #expect(try open().verify().ok)
    }

    @Test func `units of lists imported since go on from their counts when the list comes again`() throws {
        let listed = [try bench.listed("CSP-0009"), try bench.listed("CSP-0010"), try bench.listed("CSP-0011")]
        try bench.add(listed, sha256: String(repeating: "1", count: 64))
        try bench.issue("CSP-0009")
        try bench.issue("CSP-0009")
        try bench.export(ExportSelection(.units([try PaygID("CSP-0010")])))
        #expect(try look().finding.lost.dispatches == ["list.csv"])
        try restore()
        let registry = try open()
        #expect(try registry.verify().ok)
        // Another restore of the same copy forgets nothing.
        _ = try look().apply(skipAhead: 0, at: bench.now, actor: bench.actor)
        let summary = try #require(
            try registry.importDispatches(
                [bench.feed(listed, sha256: String(repeating: "1", count: 64))], at: bench.now, actor: bench.actor
            ).first)
        #expect(summary.added == 3 && summary.resumed == 2)
        #expect(try count("CSP-0009") == 4 && count("CSP-0010") == 1 && count("CSP-0011") == 1)
        #expect(try registry.unit(try PaygID("CSP-0010")).authority == .provider("paygops"))
        #expect(try bench.issue("CSP-0009").tokens.first?.count.number == 6)
        #expect(try registry.verify().ok)
    }

    @Test func `where there is no registry, counts are skipped ahead, and a log that is left is kept`() throws {
        try bench.registry.close()
        try FileManager.default.removeItem(atPath: bench.path)
        _ = try bench.folder.write("old frames", to: "registry.sqlite-wal")
        #expect(try look().finding.isBlind)
        let result = try restore(skipAhead: 20)
        #expect(try text(of: try #require(result.kept) + "-wal") == "old frames")
        #expect(try count("CSP-0001") == 22 && count("CSP-0002") == 21)
        #expect(try count("CSP-0004") == 1, "its tokens are made elsewhere")
        #expect(try permissions(of: bench.path) == 0o600)
        let registry = try open()
        #expect(try registry.verify().ok)
        #expect(
            try registry.issue(
                TokenOrder(
                    recipient: .unit(try PaygID("CSP-0002")), request: .days(try Days(text: "1")), reference: nil),
                at: bench.now, actor: bench.actor
            ).tokens.first?.count.number == 22)
        // Nobody knows that they were used: where the unit is behind, it can be set back.
        _ = try registry.setCount(
            of: try PaygID("CSP-0003"), to: try TokenCount(5), isConfirmed: true, reason: try Reason("x"),
            at: bench.now,
            actor: bench.actor)
    }

    @Test func `a registry that cannot be read is put aside with its log, byte for byte`() throws {
        try bench.registry.close()
        _ = try bench.folder.write("what a failing disk gave back", to: "registry.sqlite")
        _ = try bench.folder.write("old frames", to: "registry.sqlite-wal")
        let finding = try look().finding
        #expect(finding.loss == .unreadable && finding.isBlind)
        let kept = try #require(try restore(skipAhead: 20).kept)
        #expect(try text(of: kept) == "what a failing disk gave back")
        #expect(try text(of: kept + "-wal") == "old frames")
        #expect(try open().verify().ok)
    }

    @Test func `another registry in the place is told, and its counts of the same units are not used again`() throws {
        try bench.registry.close()
        for name in try bench.folder.names() where name.hasPrefix("registry.sqlite") {
            try FileManager.default.removeItem(atPath: bench.folder.file(name))
        }
        // Somebody began anew, with the same units and another key.
        let newKey = bench.folder.file("new.key")
        try Registry.create(bench.path, keyFile: newKey, at: bench.now, actor: bench.actor)
        let new = try Registry.open(bench.path, keyFile: newKey)
        _ = try new.importDispatches([bench.feed([try bench.listed("csp-0002")])], at: bench.now, actor: bench.actor)
        _ = try new.issue(
            TokenOrder(recipient: .unit(try PaygID("CSP-0002")), request: .days(try Days(text: "1")), reference: nil),
            at: bench.now, actor: bench.actor)
        #expect(try look().finding.loss == .another)
        try restore()
        #expect(try count("CSP-0002") == 2)
        #expect(try open().verify().ok)
    }

    @Test func `work that is done between the look and the restore stops it`() throws {
        let restoration = try look()
        try bench.issue("CSP-0002")
        #expect(throws: FleetError.registryChanged(path: bench.path)) {
            try restoration.apply(skipAhead: 0, at: bench.now, actor: bench.actor)
        }
        #expect(try bench.registry.tokens().count == 2)
        #expect(try bench.registry.verify().ok)
        #expect(try !bench.folder.names().contains { $0.contains("replaced") })
    }

    @Test func `somebody who writes is waited for, and then told of`() throws {
        let restoration = try look()
        // The lock of a long import.
        let holder = try Process.ready("sqlite3", [bench.path])
        let pipe = Pipe()
        holder.standardInput = pipe
        let answer = Pipe()
        holder.standardOutput = answer
        try holder.run()
        try pipe.fileHandleForWriting.write(contentsOf: Data("BEGIN IMMEDIATE; SELECT 'locked';\n".utf8))
        _ = answer.fileHandleForReading.availableData
        #expect(throws: FleetError.registryBusy(path: bench.path)) {
            try restoration.apply(skipAhead: 0, at: bench.now, actor: bench.actor)
        }
        try pipe.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(try bench.registry.verify().ok)
    }

    @Test(arguments: ["flipped", "truncated", "text", "other", "newer"])
    func `a copy that is no whole registry changes nothing, and is left as it is`(damage: String) throws {
        let file = try #require(FileHandle(forUpdatingAtPath: copy))
        switch damage {
        case "flipped":
            try file.seek(toOffset: 4096 * 9)
            try file.write(contentsOf: Data(repeating: 0xA5, count: 4096))
        case "truncated": try file.truncate(atOffset: 4096 * 11)
        case "text":
            try file.truncate(atOffset: 0)
            try file.write(contentsOf: Data("PAYG ID,Key".utf8))
        case "other": _ = try sqlite3(copy, "PRAGMA application_id = 7")
        default: _ = try sqlite3(copy, "INSERT INTO grdb_migrations VALUES ('9999_later')")
        }
        try file.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: copy))
        let names = try bench.folder.names()
        let error = #expect(throws: FleetError.self) { try look() }
        switch damage {
        case "newer": #expect(error == .registryNewer(path: copy))
        case "other", "text": #expect(error == .notARegistry(path: copy))
        default: if case .copyBroken = error {} else { Issue.record("\(String(describing: error))") }
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == before)
        #expect(try bench.folder.names() == names)
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a copy that an older version made is brought up to date, and proven`() throws {
        // The schema of before, as a copy of then has it.
        let old = """
            DROP TABLE awaited_unit;
            DELETE FROM grdb_migrations WHERE identifier = '0009_awaited_units'
            """
        // The triggers of the table go with it.
        #expect(try sqlite3(copy, old).status == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: copy))
        let finding = try look().finding
        #expect(finding.problems == [] && finding.loss == nil)
        try restore()
        #expect(try open().verify().ok)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy)) == before)
    }

    @Test func `a restore of a restored registry, whose log nobody has, skips as far again`() throws {
        let elsewhere = bench.folder.file("elsewhere.sqlite")
        for counts in [21, 41, 61] {
            let result = try Restoration(of: copy, at: elsewhere, keyFile: bench.keyFile).apply(
                skipAhead: RestoreFinding.usualSkip, at: bench.now, actor: bench.actor)
            #expect(result.skipped.contains { $0.unit.text == "CSP-0002" && $0.to == counts })
            let registry = try Registry.open(elsewhere, keyFile: bench.keyFile)
            // The unit took none of the tokens; it still takes this one.
            let token = try #require(
                try registry.issue(
                    TokenOrder(
                        recipient: .unit(try PaygID("CSP-0002")), request: .days(try Days(text: "1")), reference: nil),
                    dryRun: true, at: bench.now, actor: bench.actor
                ).tokens.first)
            #expect(Int(token.count.number) - 1 <= RestoreFinding.window)
            try FileManager.default.removeItem(atPath: copy)
            _ = try registry.backup(to: copy, at: bench.now, actor: bench.actor)
            try registry.close()
            for name in try bench.folder.names() where name.hasPrefix("elsewhere") {
                try FileManager.default.removeItem(atPath: bench.folder.file(name))
            }
        }
    }

    @Test func `a copy with a hand-edited row is found out`() throws {
        _ = try sqlite3(copy, "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-0002'")
        #expect(try look().finding.problems == ["unit CSP-0002: its count is 8, and its last event says 1"])
    }

    @Test func `a copy with its log beside it is taken with what is in the log`() throws {
        // As somebody who copies the files by hand has it.
        try FileManager.default.removeItem(atPath: copy)
        try bench.issue("CSP-0003")
        for ending in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: bench.path + ending, toPath: copy + ending)
        }
        let log = try Data(contentsOf: URL(fileURLWithPath: copy + "-wal"))
        #expect(!log.isEmpty)
        try restore()
        #expect(try count("CSP-0003") == 2)
        #expect(try Data(contentsOf: URL(fileURLWithPath: copy + "-wal")) == log)
    }

    @Test(arguments: [
        (
            "UPDATE unit SET count = 2 WHERE payg_id = 'CSP-0001'",
            "unit CSP-0001: its count is 2, and its last event says 4"
        ),
        ("UPDATE awaited_unit SET count = 1", "the count that unit CSP-0009 is awaited with is not the one on record"),
        ("DELETE FROM awaited_unit", "the count that unit CSP-0009 is awaited with is missing"),
        (
            "INSERT INTO awaited_unit VALUES ('CSP-0077', 1, 'here')",
            "the count that unit CSP-0077 is awaited with is not the one on record"
        ),
        (
            "DELETE FROM handed_over WHERE unit_id = (SELECT id FROM unit WHERE payg_id = 'CSP-0002')",
            "unit CSP-0002: its tokening authority is not that of its last event"
        ),
        (
            "UPDATE event SET mac = NULL WHERE action = 'countSkipped'",
            "event 8 was not written with this registry's key"
        ),
        (
            "UPDATE event SET detail = replace(detail, '\"events\":6', '\"events\":5') WHERE action = 'registryRestored'",
            "event 7: the copy ended with event 5, and others came before it"
        ),
    ])
    func `what a restore did is part of the proof`(sql: String, problem: String) throws {
        try bench.issue("CSP-0001")
        try bench.export(ExportSelection(.units([try PaygID("CSP-0002")])))
        try bench.add([try bench.listed("CSP-0009")], sha256: String(repeating: "1", count: 64))
        try bench.issue("CSP-0009")
        try restore()
        #expect(try bench.registry.verify().ok)
        let run = try bench.unguardedSQL(sql)
        #expect(run.status == 0, "\(run.errors)")
        let problems = try open().verify().problems
        #expect(problems.contains(problem), "\(problems)")
    }
}
