import Fleet
import FleetStore
import Foundation
import OpenPAYGO
import SecretMemory
import TestSupport
import Testing

/// Changing the master key.
struct RotationTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.issue("CSP-0001", ref: "MP-1")
        try bench.replace("CSP-0002")
        try bench.issue("CSP-0002")
        return bench
    }

    private func secret(_ text: String) -> SecretBytes {
        SecretBytes(capacity: text.utf8.count) { place in
            place.copyBytes(from: text.utf8)
            return text.utf8.count
        }
    }

    private func files(_ bench: StoreBench) throws -> [String] {
        try bench.folder.names().filter { $0.hasPrefix("registry.key") }
    }

    /// The registry as another program opens it.
    private func opened(_ bench: StoreBench, passphrase: String? = nil) throws -> Registry {
        let secret = passphrase.map(secret)
        return try Registry.open(bench.path, keyFile: bench.keyFile) { path throws(FleetError) in
            guard let secret else { throw .passphraseMissing(path: path) }
            return secret
        }
    }

    @discardableResult
    private func rotate(_ bench: StoreBench, _ change: KeyProtectionChange = .kept) throws -> KeyRotation {
        try opened(bench).rotateKey(change, at: bench.now, actor: bench.actor)
    }

    private func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

    /// Every value that is sealed, in hexadecimal.
    private func sealed(_ bench: StoreBench) throws -> [String] {
        try bench.sql(
            "SELECT hex(sealed) FROM unit UNION ALL SELECT hex(sealed) FROM former_credentials "
                + "UNION ALL SELECT hex(sealed) FROM former_key"
        ).output.split(separator: "\n").map(String.init)
    }

    @Test func `everything sealed is sealed anew, tokens stay the same, and the history is proven`() throws {
        let (bench, other) = (try bench(), try bench())
        let (before, oldKey) = (try sealed(bench), try bytes(bench.keyFile))
        var told: [[Int]] = []
        let done = try opened(bench).rotateKey(at: bench.now, actor: bench.actor) { told.append([$0, $1]) }
        #expect(done.units == 3 && done.formerCredentials == 1 && told.first == [0, 3] && told.last == [3, 3])
        #expect(try Set(before).isDisjoint(with: sealed(bench)))
        #expect(try sealed(bench).count == 5)

        // The former key is kept, and opens nothing here any more.
        #expect(done.keyFile == bench.keyFile && done.formerKeyFile == "\(bench.keyFile).\(done.former)")
        #expect(try bytes(done.formerKeyFile) == oldKey && bytes(bench.keyFile) != oldKey)
        #expect(try files(bench) == ["registry.key", "registry.key.\(done.former)"])
        for file in try files(bench) { #expect(try permissions(of: bench.folder.file(file)) == 0o600) }
        let withOld = try Registry.open(bench.path, keyFile: done.formerKeyFile)
        #expect(throws: FleetError.keyFileOfAnotherRegistry(path: done.formerKeyFile)) { try withOld.verify() }

        let registry = try opened(bench)
        #expect(try registry.verify().problems == [])
        let order = TokenOrder(
            recipient: .unit(try PaygID("CSP-0002")), request: .days(try Days(text: "3")), reference: nil)
        let token = try registry.issue(order, at: bench.now, actor: bench.actor).tokens.map(\.token.digits)
        #expect(try token == other.issue("CSP-0002", days: "3").tokens.map(\.token.digits))
        try bench.replaceAgain("CSP-0002", in: registry)
        #expect(try registry.verify().problems == [])
    }

    @Test func `a key is changed again and again, and all of the history is proven still`() throws {
        let bench = try bench()
        for round in 1...4 {
            try rotate(bench)
            let registry = try opened(bench)
            if round == 2 { try bench.replaceAgain("CSP-0003", in: registry) }
            _ = try registry.issue(
                TokenOrder(
                    recipient: .unit(try PaygID("CSP-0003")), request: .days(try Days(text: "1")), reference: nil),
                at: bench.now, actor: bench.actor
            )
            let report = try registry.verify()
            #expect(report.problems == [] && report.tokens == 2 + round)
        }
        #expect(try files(bench).count == 5)
        let status = try opened(bench).keyStatus()
        #expect(status.rotations == 4 && status.units == 3 && status.formerCredentials == 2 && status.isRegistrys)
        #expect(status.rotatedAt == bench.now && status.cost == nil && status.keyFile == bench.keyFile)
    }

    @Test func `nothing that the former key opens is left in the registry's file or its log`() throws {
        let bench = try StoreBench()
        try bench.add(try (1...500).map { try bench.listed(String(format: "U-%04d", $0), row: $0 + 1) })
        try bench.replace("U-0007")
        let before = try sealed(bench)
        #expect(before.count == 501)
        try rotate(bench)
        var found = 0
        for name in try bench.folder.names() where name.hasPrefix("registry.sqlite") {
            let hex = try bytes(bench.folder.file(name)).map { String(format: "%02X", $0) }.joined()
            found += before.count { hex.contains($0) }
        }
        #expect(found == 0)
    }

    // MARK: - Killed on the way

    @Test func `killed before the registry knows the new key, the former one is in its place`() throws {
        let bench = try bench()
        // What was written until then: a key that sealed nothing.
        let unused = try StoreBench()
        let id = try #require(try unused.registry.keyID())
        let waiting = "\(bench.keyFile).\(id).new"
        try FileManager.default.copyItem(atPath: unused.keyFile, toPath: waiting)
        let key = try bytes(bench.keyFile)
        #expect(try opened(bench).verify().problems == [])
        #expect(try bytes(bench.keyFile) == key && FileManager.default.fileExists(atPath: waiting))
        try rotate(bench)
        #expect(try opened(bench).verify().problems == [])
    }

    /// Puts the key files as they were when the registry had just learnt of the
    /// new key.
    private func unsettle(_ bench: StoreBench, _ done: KeyRotation, keepsCopy: Bool = false) throws {
        let (key, files) = (bench.keyFile, FileManager.default)
        try files.moveItem(atPath: key, toPath: "\(key).\(done.key).new")
        try files.copyItem(atPath: done.formerKeyFile, toPath: key)
        if !keepsCopy { try files.removeItem(atPath: done.formerKeyFile) }
    }

    @Test(arguments: [false, true])
    func `killed after the registry knows the new key, the next that opens it moves the files`(copied: Bool) throws {
        let bench = try bench()
        let done = try rotate(bench)
        let (new, old) = (try bytes(bench.keyFile), try bytes(done.formerKeyFile))
        try unsettle(bench, done, keepsCopy: copied)
        let registry = try opened(bench)
        // Looking on is no reason to.
        #expect(try registry.keyStatus().keyFile == "\(bench.keyFile).\(done.key).new")
        #expect(try registry.units().count == 3 && bytes(bench.keyFile) == old)
        #expect(try registry.verify().problems == [])
        #expect(try bytes(bench.keyFile) == new && bytes(done.formerKeyFile) == old)
        #expect(try files(bench) == ["registry.key", "registry.key.\(done.former)"])
    }

    @Test(arguments: [[".new"], [".new", ""], [""]])
    func `killed with other names of the new key there, those go that are of the change`(names: [String]) throws {
        let bench = try bench()
        let done = try rotate(bench)
        for name in names {
            try FileManager.default.copyItem(atPath: bench.keyFile, toPath: "\(bench.keyFile).\(done.key)\(name)")
        }
        let (new, old) = (try bytes(bench.keyFile), try bytes(done.formerKeyFile))
        #expect(try opened(bench).verify().problems == [])
        #expect(try bytes(bench.keyFile) == new && bytes(done.formerKeyFile) == old)
        // Somebody's own copy is none of it.
        let kept = names == [""] ? ["registry.key.\(done.key)"] : []
        #expect(try Set(files(bench)) == Set(["registry.key", "registry.key.\(done.former)"] + kept))
    }

    @Test func `killed with the new key on its way to the place, the next that opens it has it arrive`() throws {
        let bench = try bench()
        let done = try rotate(bench)
        let (new, old) = (try bytes(bench.keyFile), try bytes(done.formerKeyFile))
        try unsettle(bench, done, keepsCopy: true)
        try FileManager.default.copyItem(
            atPath: "\(bench.keyFile).\(done.key).new", toPath: "\(bench.keyFile).\(done.key)")
        #expect(try opened(bench).verify().problems == [])
        #expect(try bytes(bench.keyFile) == new && bytes(done.formerKeyFile) == old)
        #expect(try files(bench) == ["registry.key", "registry.key.\(done.former)"])
    }

    @Test func `with the new key's file gone before it is done, nothing is changed`() throws {
        let bench = try bench()
        let before = try bytes(bench.keyFile)
        var gone: String?
        let error = #expect(throws: FleetError.self) {
            try bench.registry.rotateKey(at: bench.now, actor: bench.actor) { _, _ in
                for name in (try? files(bench)) ?? [] where name.hasSuffix(".new") {
                    gone = bench.folder.file(name)
                    try? FileManager.default.removeItem(atPath: bench.folder.file(name))
                }
            }
        }
        #expect(try error == .keyFileMissing(path: #require(gone)))
        #expect(try bytes(bench.keyFile) == before && files(bench) == ["registry.key"])
        #expect(try opened(bench).verify().problems == [])
    }

    @Test func `a place that has another registry's key is left alone`() throws {
        let (bench, other) = (try bench(), try StoreBench())
        let done = try rotate(bench)
        try unsettle(bench, done)
        let foreign = try bytes(other.keyFile)
        try FileManager.default.removeItem(atPath: bench.keyFile)
        try write(Array(foreign), to: bench.keyFile)
        #expect(try opened(bench).verify().problems == [])
        #expect(try bytes(bench.keyFile) == foreign)
        #expect(try files(bench) == ["registry.key", "registry.key.\(done.key)"], "it waits for nothing any more")
        let again = try rotate(bench)
        #expect(again.keyFile == "\(bench.keyFile).\(again.key)")
        #expect(try bytes(bench.keyFile) == foreign && opened(bench).verify().problems == [])
    }

    @Test func `a copy of the registry from before finds the key that was kept`() throws {
        let bench = try bench()
        let copy = bench.folder.file("copy.sqlite")
        try write([], to: copy)
        #expect(try bench.sql("VACUUM INTO '\(copy)'").status == 0)
        try rotate(bench)
        try rotate(bench)
        let registry = try Registry.open(copy, keyFile: bench.keyFile)
        #expect(try registry.verify().problems == [])
        // And may go on with a key of its own.
        _ = try registry.rotateKey(at: bench.now, actor: bench.actor)
        #expect(try Registry.open(copy, keyFile: bench.keyFile).verify().problems == [])
        #expect(try opened(bench).verify().problems == [])
    }

    #if os(Linux)
        @Test func `a key file that is a link keeps it, and its kin are beside the file itself`() throws {
            let bench = try bench()
            let stick = bench.folder.file("stick")
            try FileManager.default.createDirectory(atPath: stick, withIntermediateDirectories: false)
            try FileManager.default.moveItem(atPath: bench.keyFile, toPath: stick + "/registry.key")
            try FileManager.default.createSymbolicLink(
                atPath: bench.keyFile, withDestinationPath: stick + "/registry.key")
            let done = try rotate(bench)
            #expect(try files(bench) == ["registry.key"])
            let names = try FileManager.default.contentsOfDirectory(atPath: stick).sorted()
            #expect(names == ["registry.key", "registry.key.\(done.former)"])
            #expect(try opened(bench).verify().problems == [])
        }
    #endif

    // MARK: - Side by side

    @Test func `what was opened with the former key changes nothing, and goes on with the new one`() throws {
        let bench = try bench()
        // It has used its key already.
        try bench.issue("CSP-0001")
        try rotate(bench)
        let changed = FleetError.keyChanged(path: bench.path)
        #expect(throws: changed) { try bench.issue("CSP-0001") }
        #expect(changed.kind == .key)
        try bench.issue("CSP-0001")
        try rotate(bench)
        #expect(throws: changed) { try bench.add("CSP-0004") }
        try bench.add("CSP-0004")
        try rotate(bench)
        #expect(throws: changed) { try bench.registry.verify() }
        #expect(try bench.registry.verify().problems == [])
    }

    @Test func `a registry that was opened and used no key yet takes the new one`() throws {
        let bench = try bench()
        let waiting = try opened(bench)
        try rotate(bench)
        #expect(try waiting.verify().problems == [])
    }

    @Test func `of two that change the key at once, each finds the other's`() async throws {
        let bench = try bench()
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    do {
                        _ = try Registry.open(bench.path, keyFile: bench.keyFile)
                            .rotateKey(at: bench.now, actor: bench.actor)
                        return true
                    } catch FleetError.keyChanged {
                        return false
                    } catch {
                        Issue.record(error)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let done = outcomes.count { $0 }
        #expect(done >= 1)
        let registry = try opened(bench)
        #expect(try registry.verify().problems == [] && registry.keyStatus().rotations == done)
        #expect(try files(bench).count == 1 + done, "those that came too late took their keys back")
    }

    @Test func `what does not open stops it, and nothing is changed`() throws {
        let bench = try bench()
        let triggers = try bench.sql("SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'")
        #expect(try bench.sql(triggers.output).status == 0)
        let broken = try StoreBench()
        for sql in ["UPDATE unit SET sealed = (SELECT sealed FROM unit WHERE id = 1) WHERE id = 3"] {
            #expect(try bench.sql(sql).status == 0)
        }
        let (before, key) = (try sealed(bench), try bytes(bench.keyFile))
        // The triggers are gone, which is damage too; the seal is what is told.
        #expect(throws: FleetError.self) { try rotate(bench) }
        #expect(try sealed(bench) == before && bytes(bench.keyFile) == key && files(bench) == ["registry.key"])

        try broken.add("CSP-0001", "CSP-0002")
        let script = """
            import sqlite3, sys
            db = sqlite3.connect(sys.argv[1])
            sql = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'unit_credentials_kept'").fetchone()[0]
            db.execute("DROP TRIGGER unit_credentials_kept")
            db.execute("UPDATE unit SET sealed = (SELECT sealed FROM unit WHERE id = 1) WHERE id = 2")
            db.execute(sql)
            db.commit()
            """
        #expect(try ProgramRun("python3", ["-c", script, broken.path]).status == 0)
        #expect(throws: FleetError.credentialsDoNotOpen(try PaygID("CSP-0002"))) { try rotate(broken) }
        #expect(try files(broken) == ["registry.key"])
        #expect(try broken.sql("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'").output != "0\n")
    }

    @Test func `a folder that cannot be written to stops it before anything is changed`() throws {
        let bench = try bench()
        let status = try opened(bench).keyStatus()
        // A name that is too long for its id to fit behind it.
        let long = bench.folder.file(String(repeating: "k", count: 250))
        try FileManager.default.copyItem(atPath: bench.keyFile, toPath: long)
        let registry = try Registry.open(bench.path, keyFile: long)
        #expect(throws: FleetError.self) { try registry.rotateKey(at: bench.now, actor: bench.actor) }
        #expect(try opened(bench).keyStatus().registryKey == status.registryKey)
        #expect(try opened(bench).verify().problems == [])
    }

    // MARK: - Passphrases

    private static let cheap = KeyCost(log2Rounds: 10)

    private func protection(_ passphrase: String) throws -> KeyProtection {
        try .chosen(secret(passphrase), cost: Self.cheap)
    }

    @Test func `a passphrase is put on, kept, changed and taken off with the key`() throws {
        let bench = try bench()
        try rotate(bench, .to(try protection("correct horse")))
        #expect(throws: FleetError.passphraseMissing(path: bench.keyFile)) { try opened(bench).verify() }
        #expect(throws: FleetError.wrongPassphrase(path: bench.keyFile)) {
            try opened(bench, passphrase: "incorrect horse").verify()
        }
        #expect(try opened(bench, passphrase: "correct horse").verify().problems == [])
        #expect(try opened(bench).keyStatus().cost == Self.cheap)

        let kept = try opened(bench, passphrase: "correct horse").rotateKey(at: bench.now, actor: bench.actor)
        #expect(try bytes(kept.formerKeyFile).count == 112)
        #expect(try opened(bench, passphrase: "correct horse").verify().problems == [])

        _ = try opened(bench, passphrase: "correct horse")
            .rotateKey(.to(try protection("battery staple")), at: bench.now, actor: bench.actor)
        #expect(throws: FleetError.wrongPassphrase(path: bench.keyFile)) {
            try opened(bench, passphrase: "correct horse").verify()
        }
        _ = try opened(bench, passphrase: "battery staple").rotateKey(.to(.none), at: bench.now, actor: bench.actor)
        #expect(try opened(bench).verify().problems == [])
        #expect(try opened(bench).keyStatus().cost == nil)
    }

    @Test func `nobody is asked for a passphrase until a key is really opened, and then once`() throws {
        let bench = try bench()
        try rotate(bench, .to(try protection("correct horse")))
        let asked = Counter()
        let passphrase = secret("correct horse")
        let registry = try Registry.open(bench.path, keyFile: bench.keyFile) { _ throws(FleetError) in
            asked.add()
            return passphrase
        }
        #expect(try registry.units().count == 3 && registry.keyStatus().isRegistrys && asked.value == 0)
        #expect(try registry.verify().problems == [] && asked.value == 1)
        #expect(try registry.verify().problems == [] && asked.value == 1)
        // Another registry's key is told of without asking.
        let other = try StoreBench()
        let foreign = try Registry.open(other.path, keyFile: bench.keyFile) { _ throws(FleetError) in
            asked.add()
            return passphrase
        }
        #expect(throws: FleetError.keyFileOfAnotherRegistry(path: bench.keyFile)) { try foreign.verify() }
        #expect(asked.value == 1)
    }

    private final class Counter: @unchecked Sendable {
        private let lock = NSLock()
        private var count = 0

        var value: Int { lock.withLock { count } }

        func add() { lock.withLock { count += 1 } }
    }
}

extension StoreBench {
    /// Gives a unit other credentials, in the registry as another program opened it.
    fileprivate func replaceAgain(_ unit: String, in registry: Registry) throws {
        let isChanged = try registry.replaceCredentials(
            of: try PaygID(unit), from: feed([try listed(unit, key: "6f9bcbc644574d8fab284173577ba8ab", code: 8)]),
            reason: try Reason("another letter"), at: now, actor: actor
        )
        #expect(isChanged)
    }
}
