import Crypto
import Foundation
import SecretMemory
import TestSupport
import Testing

@testable import KeyVault

/// Key files with a passphrase.
struct ProtectedKeyTests {
    private let folder: TemporaryFolder
    private let path: String
    private static let cheap = ScryptCost(log2Rounds: 10)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("registry.key")
    }

    private func secret(_ text: String) -> SecretBytes {
        SecretBytes(capacity: text.utf8.count) { place in
            place.copyBytes(from: text.utf8)
            return text.utf8.count
        }
    }

    @discardableResult
    private func make(_ passphrase: String = "correct horse") throws -> MasterKey {
        let master = MasterKey()
        try KeyFile.write(master, to: path, passphrase: secret(passphrase), cost: Self.cheap)
        return master
    }

    private func bytes() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }

    @Test func `a protected key file opens with its passphrase as the key it was made with`() throws {
        let master = try make()
        #expect(try bytes().count == 112 && permissions(of: path) == 0o600)
        let stored = try KeyFile.read(path)
        #expect(stored.keyID == master.keyID && stored.cost == Self.cheap)
        let opened = try stored.master(passphrase: secret("correct horse"))
        #expect(opened.withBytes { Array($0) } == master.withBytes { Array($0) })
        let key = master.withBytes { Data($0) }
        #expect(Data(try bytes()).range(of: key) == nil, "the key is not in it in the clear")
    }

    @Test func `another program that knows the documentation opens it too`() throws {
        let master = try make("ein Pferd für Ölfässer")
        let run = try ProgramRun(
            "python3",
            ["\(projectFolder)/Tests/KeyVaultTests/open_key_file.py", path, "ein Pferd für Ölfässer"])
        let hex = master.withBytes { bytes in bytes.map { String(format: "%02x", $0) }.joined() }
        #expect(run.output == hex + "\n", "\(run.errors)")
    }

    @Test func `another passphrase is told from a file that is damaged`() throws {
        try make()
        for wrong in ["correct horsf", "Correct horse", "correct horse ", "c", ""] {
            #expect(throws: KeyFileError.wrongPassphrase) { try KeyFile.open(path, passphrase: secret(wrong)) }
        }
        #expect(throws: KeyFileError.passphraseMissing) { try KeyFile.open(path) }
        let whole = try bytes()
        for place in 0..<whole.count {
            var altered = whole
            altered[place] ^= 0x10
            try write(altered, to: path)
            #expect(throws: KeyFileError.self, "byte \(place)") {
                try KeyFile.open(path, passphrase: secret("correct horse"))
            }
            if place > 8 {
                #expect(throws: KeyFileError.damaged(problem: "it is not as it was written")) { try KeyFile.read(path) }
            }
        }
        for length in [8, 32, 111] {
            try write(Array(whole.prefix(length)), to: path)
            #expect(throws: KeyFileError.damaged(problem: "it is not as it was written"), "\(length) bytes") {
                try KeyFile.read(path)
            }
        }
        try write(whole + [0], to: path)
        #expect(throws: KeyFileError.damaged(problem: "it is not as it was written")) { try KeyFile.read(path) }
        try write(Array(whole.prefix(7)) + [2] + whole.dropFirst(8), to: path)
        #expect(throws: KeyFileError.newer) { try KeyFile.read(path) }
    }

    /// A file with some bytes changed by somebody who knows how its digest is made.
    private func forge(_ changes: [Int: UInt8]) throws {
        var forged = try bytes()
        for (place, byte) in changes { forged[place] = byte }
        forged.replaceSubrange(104..<112, with: Array(SHA256.hash(data: forged[..<104])).prefix(8))
        try write(forged, to: path)
    }

    @Test func `a file that somebody made up does not take all memory or all day`() throws {
        for (place, byte) in [
            (9, 19), (9, 30), (9, 63), (9, 255), (9, 0), (10, 255), (10, 1), (11, 0), (11, 9), (11, 255),
        ] {
            try? FileManager.default.removeItem(atPath: path)
            try make()
            try forge([place: UInt8(byte)])
            #expect(
                throws: KeyFileError.damaged(
                    problem: "its passphrase would cost more, or less, than any that payg makes")
            ) { try KeyFile.open(path, passphrase: secret("correct horse")) }
        }
        #expect(ScryptCost(log2Rounds: 18, parallelism: 8)?.memory == 256 << 20)
    }

    @Test func `everything in front of the encrypted key is authenticated`() throws {
        for place in [9, 12, 27, 28, 43, 44, 55] {
            try? FileManager.default.removeItem(atPath: path)
            try make()
            // 2^11 rounds are as good as 2^10, if one could have them.
            try forge([place: place == 9 ? 11 : try bytes()[place] ^ 1])
            #expect(throws: KeyFileError.wrongPassphrase, "byte \(place)") {
                try KeyFile.open(path, passphrase: secret("correct horse"))
            }
        }
    }

    @Test func `two files of one key and one passphrase have nothing in common`() throws {
        let master = try make()
        let other = folder.file("other.key")
        try KeyFile.write(master, to: other, passphrase: secret("correct horse"), cost: Self.cheap)
        let (one, two) = (try bytes(), Array(try Data(contentsOf: URL(fileURLWithPath: other))))
        for range in [12..<28, 44..<56, 56..<88, 88..<104] { #expect(one[range] != two[range]) }
        #expect(one[28..<44] == two[28..<44])
    }

    @Test func `the cost is about half a second, between 128 and 256 MB, whatever the computer`() {
        // How long 2^14 rounds take, and what is asked for.
        for (probe, rounds, parallelism) in [
            (200, 17, 1), (50, 17, 1), (47, 17, 1), (46, 18, 1), (37, 18, 1), (31, 18, 1), (15, 18, 2), (8, 18, 3),
            (1, 18, 8), (0, 18, 8),
        ] {
            let cost = ScryptCost.suiting(.milliseconds(probe))
            #expect(Int(cost.log2Rounds) == rounds && Int(cost.parallelism) == parallelism, "\(probe) ms: \(cost)")
        }
        #expect(ScryptCost.measured().log2Rounds >= 17)
    }

    @Test func `what a key file holds is nowhere in memory but in the key`() throws {
        let secret = HiddenSecret(count: 32)
        try TestSupport.write([], to: path)
        try secret.write(to: path)
        var vault: Vault?
        do {
            let stored = try KeyFile.read(path)
            vault = try stored.master(passphrase: nil).vault
        }
        if let times = try secret.timesInMemory() { #expect(times == 0, "the vault has what is derived of it") }
        #expect(vault != nil)
    }
}

struct FormerKeyTests {
    @Test func `what a former key signed is checked with what was kept of it, and of no other`() throws {
        let (former, new) = (MasterKey(), MasterKey())
        let code = former.vault.signer.authenticationCode(for: [1, 2, 3])
        let kept = try new.vault.seal(former.vault.signer, ofKey: former.keyID)
        #expect(kept.count == 61)
        let signer = try new.vault.signer(kept, ofKey: former.keyID)
        #expect(signer.isAuthentic(code, for: [1, 2, 3]) && !new.vault.signer.isAuthentic(code, for: [1, 2, 3]))
        #expect(throws: SealBroken()) { try new.vault.signer(kept, ofKey: new.keyID) }
        #expect(throws: SealBroken()) { try former.vault.signer(kept, ofKey: former.keyID) }
        let name = "former key " + former.keyID.map { String(format: "%02x", $0) }.joined()
        #expect(throws: SealBroken(), "it is no credential of a unit with that name") {
            try new.vault.open(kept, for: name)
        }
    }
}
