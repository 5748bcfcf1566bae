import Fleet
import FleetStore
import Foundation
import PrivateFiles
import TestSupport
import Testing

/// Which file has which key, when several registries look at the same ones.
struct KeyPlaceTests {
    private let bench: StoreBench
    private let copy: String
    private let old: KeyRotation

    /// A registry whose key was changed, with a copy from before.
    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        copy = bench.folder.file("copy.sqlite")
        try write([], to: copy)
        #expect(try bench.sql("VACUUM INTO '\(copy)'").status == 0)
        old = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
    }

    /// Every key file by its name.
    private func keyFiles() throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try bench.folder.names() where name.hasPrefix("registry.key") {
            files[name] = Array(try Data(contentsOf: URL(fileURLWithPath: bench.folder.file(name))))
        }
        return files
    }

    private func opened(_ path: String) throws -> Registry { try Registry.open(path, keyFile: bench.keyFile) }

    /// Everything that opens a registry with its key and is meant to look only.
    private func look(at path: String) throws {
        #expect(try opened(path).verify().problems == [])
        try opened(path).unlock()
        #expect(try opened(path).keyStatus().isRegistrys)
        if path != bench.path { _ = try Restoration(of: path, at: bench.path, keyFile: bench.keyFile, dryRun: true) }
        _ = try opened(path).reveal(
            try PaygID("CSP-0001"), reason: try Reason("a look"), at: bench.now, actor: bench.actor)
    }

    private func restore(_ file: String) throws -> String {
        let result = try Restoration(of: file, at: bench.path, keyFile: bench.keyFile)
            .apply(skipAhead: 0, at: bench.now, actor: bench.actor)
        return try #require(result.kept)
    }

    /// As it was when the registry had just learnt of the new key.
    private func interrupt() throws {
        let files = FileManager.default
        try files.moveItem(atPath: bench.keyFile, toPath: "\(bench.keyFile).\(old.key).new")
        try files.moveItem(atPath: old.formerKeyFile, toPath: bench.keyFile)
    }

    @Test func `a copy from before the key was changed is looked at, and no key file moves`() throws {
        let before = try keyFiles()
        #expect(before.count == 2)
        try look(at: copy)
        #expect(try keyFiles() == before)
    }

    @Test func `what a restore replaced is looked at, and the key files of the registry in use stay`() throws {
        let kept = try restore(copy)
        let before = try keyFiles()
        #expect(before.keys.sorted() == ["registry.key", "registry.key.\(old.key)"])
        try look(at: kept)
        #expect(try keyFiles() == before)
        #expect(try opened(bench.path).keyStatus().keyFile == bench.keyFile)

        // Back and forth: whose place it is, is the restored one's to say.
        let again = try restore(kept)
        let after = try keyFiles()
        #expect(try opened(bench.path).keyStatus().keyFile == bench.keyFile && after != before)
        for path in [again, copy, kept] { try look(at: path) }
        #expect(try keyFiles() == after)
    }

    @Test func `a change of the key that was cut off is completed before a restore, and not by looking later`() throws {
        try interrupt()
        let kept = try restore(copy)
        let before = try keyFiles()
        #expect(before.keys.sorted() == ["registry.key", "registry.key.\(old.key)"])
        #expect(try opened(bench.path).keyStatus().keyFile == bench.keyFile)
        try look(at: kept)
        try look(at: bench.path)
        #expect(try keyFiles() == before)
    }

    @Test func `one that was cut off is left alone by a copy from before, which has no part in it`() throws {
        try interrupt()
        let before = try keyFiles()
        #expect(try opened(copy).verify().problems == [])
        #expect(try keyFiles() == before)
        #expect(try opened(bench.path).verify().problems == [])
        #expect(try keyFiles().keys.sorted() == ["registry.key", "registry.key.\(old.former)"])
    }

    @Test func `where the place cannot be read the new key waits on, and gets it once it can`() throws {
        try interrupt()
        try allow(0o644, bench.keyFile)
        let before = try keyFiles()
        #expect(try opened(bench.path).verify().problems == [])
        #expect(try keyFiles() == before)
        try allow(0o600, bench.keyFile)
        #expect(try opened(bench.path).verify().problems == [])
        #expect(try keyFiles().keys.sorted() == ["registry.key", "registry.key.\(old.former)"])
    }

    @Test func `where the place is empty the new key is kept under its id, and found`() throws {
        try interrupt()
        try FileManager.default.moveItem(atPath: bench.keyFile, toPath: bench.folder.file("elsewhere"))
        #expect(try opened(bench.path).verify().problems == [])
        #expect(try keyFiles().keys.sorted() == ["registry.key.\(old.key)"])
        #expect(try opened(bench.path).verify().problems == [])
    }

    @Test func `a key that waits and that others can read is told, and mended`() throws {
        try interrupt()
        let waiting = "\(bench.keyFile).\(old.key).new"
        #expect(RegistryCheckUp.keyFiles(of: bench.keyFile) == [bench.keyFile, waiting])
        try allow(0o640, waiting)
        #expect(throws: FleetError.keyFileExposed(path: waiting, problem: "can be read by others (mode 0640)")) {
            try opened(bench.path).verify()
        }
        try #require(FileExposure(waiting)).mend()
        #expect(try opened(bench.path).verify().problems == [])
        #expect(try permissions(of: bench.keyFile) == 0o600 && keyFiles().count == 2)
    }
}
