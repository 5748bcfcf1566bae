import Crypto
import Foundation
import SecretMemory
import TestSupport
import Testing

@testable import KeyVault

/// What is left of keys, passphrases and opened secrets in memory that is given
/// back. What swift-crypto leaves there is not in our hands, and stands in
/// SECURITY.md.
@Suite(.enabled(if: FreedMemory.canWatch, "memory cannot be looked at as it is freed, here"))
struct WipingTests {
    private let folder: TemporaryFolder
    private let path: String
    private let passphrase = HiddenSecret(count: 40)
    private static let cheap = ScryptCost(log2Rounds: 10)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("registry.key")
    }

    private func hidden(_ master: MasterKey) -> HiddenSecret { master.withBytes { HiddenSecret($0) } }

    private func sealed(_ secret: HiddenSecret, by vault: Vault) throws -> [UInt8] {
        try secret.clear.withBytes { bytes in
            var sealer = vault.sealer()
            var sealed: [UInt8] = []
            try sealer.seal(bytes, for: "CSP-0001", into: &sealed)
            return sealed
        }
    }

    // MARK: - Opened secrets

    @Test func `a secret is wiped where it was opened and where it was sealed`() throws {
        let secret = HiddenSecret(count: 40)
        let (vault, other) = (MasterKey().vault, MasterKey().vault)
        let found = try FreedMemory.blocks(holding: secret) {
            let sealed = try sealed(secret, by: vault)
            let first = try sealed.withUnsafeBytes { try vault.open($0, for: "CSP-0001") { $0[0] } }
            #expect(first == secret.masked[0] ^ HiddenSecret.mask)
            var sealer = other.sealer()
            var resealed: [UInt8] = []
            try sealed.withUnsafeBytes {
                try sealer.reseal($0, of: vault, for: "CSP-0001", into: &resealed)
            }
            #expect(resealed.count == sealed.count)
        }
        #expect(found == 0)
    }

    @Test func `it is wiped where whoever reads it fails`() throws {
        let secret = HiddenSecret(count: 40)
        let vault = MasterKey().vault
        let sealed = try sealed(secret, by: vault)
        struct Failed: Error {}
        let found = FreedMemory.blocks(holding: secret) {
            #expect(throws: SealBroken()) {
                try sealed.withUnsafeBytes { try vault.open($0, for: "CSP-0001") { _ in throw Failed() } }
            }
        }
        #expect(found == 0)
    }

    // MARK: - The master key and what is derived from it

    @Test(arguments: [false, true])
    func `the master key is wiped once it is written, read and let go`(isProtected: Bool) throws {
        var master: MasterKey? = MasterKey()
        let secret = try hidden(#require(master))
        let phrase = isProtected ? passphrase.clear : nil
        let found = try FreedMemory.blocks(holding: secret) {
            try KeyFile.write(try #require(master), to: path, passphrase: phrase, cost: Self.cheap)
            try KeyFile.copy(try KeyFile.read(path), to: path + ".copy")
            #expect(try KeyFile.open(path + ".copy", passphrase: phrase).keyID == master?.keyID)
            master = nil
        }
        #expect(found == 0)
        #expect(try KeyFile.read(path).cost == (isProtected ? Self.cheap : nil))
    }

    @Test func `a protected key that is another one than it says is wiped, too`() throws {
        let master = MasterKey()
        let secret = hidden(master)
        try KeyFile.write(master, to: path, passphrase: passphrase.clear, cost: Self.cheap)
        var bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        // The id of another key, with everything else as its maker would have it.
        let cost = try #require(Self.cheap)
        let salt = Array(bytes[12..<28])
        let key = try cost.key(from: passphrase.clear, salt: salt)
        bytes.replaceSubrange(28..<44, with: MasterKey().keyID)
        let box = try master.withBytes { master in
            try AES.GCM.seal(
                master, using: key, nonce: try AES.GCM.Nonce(data: bytes[44..<56]), authenticating: bytes[..<56])
        }
        bytes.replaceSubrange(56..<104, with: box.ciphertext + box.tag)
        bytes.replaceSubrange(104..<112, with: Array(SHA256.hash(data: bytes[..<104])).prefix(8))
        try write(bytes, to: path)
        let found = FreedMemory.blocks(holding: secret) {
            #expect(throws: KeyFileError.damaged(problem: "it holds another key than it says")) {
                try KeyFile.open(path, passphrase: passphrase.clear)
            }
        }
        #expect(found == 0)
    }

    @Test(arguments: ["payg 1 credentials", "payg 1 former keys"])
    func `a derived key is wiped when its vault is let go`(info: String) throws {
        let vault = try KeyFile.create(path)
        let master = try Data(contentsOf: URL(fileURLWithPath: path))
        let key = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: master), info: Data(info.utf8), outputByteCount: 32)
        let secret = key.withUnsafeBytes { HiddenSecret($0) }
        let found = try FreedMemory.blocks(holding: secret) {
            let opened = try KeyFile.open(path)
            #expect(opened.keyID == vault.keyID)
            let sealed = try sealed(HiddenSecret(count: 20), by: opened)
            #expect(try sealed.withUnsafeBytes { try opened.open($0, for: "CSP-0001") { $0.count } } == 20)
        }
        #expect(found == 0)
    }

    // MARK: - Passphrases

    @Test func `a passphrase, and what scrypt makes of it, are wiped once they opened the key`() throws {
        try KeyFile.write(MasterKey(), to: path, passphrase: passphrase.clear, cost: Self.cheap)
        let salt = Array(try Data(contentsOf: URL(fileURLWithPath: path))[12..<28])
        let key = try #require(Self.cheap).key(from: passphrase.clear, salt: salt)
        for secret in [passphrase, key.withUnsafeBytes { HiddenSecret($0) }] {
            let found = try FreedMemory.blocks(holding: secret) {
                _ = try KeyFile.open(path, passphrase: passphrase.clear)
            }
            #expect(found == 0)
        }
        let found = FreedMemory.blocks(holding: passphrase) {
            #expect(throws: KeyFileError.wrongPassphrase) {
                let wrong = SecretBytes(capacity: 41) { place in
                    passphrase.clear.withBytes { place.copyMemory(from: $0) }
                    return 41
                }
                _ = try KeyFile.open(path, passphrase: wrong)
            }
            #expect(throws: KeyFileError.exists) {
                try KeyFile.write(MasterKey(), to: path, passphrase: passphrase.clear, cost: Self.cheap)
            }
        }
        #expect(found == 0)
    }

    // MARK: - Recovery sheets

    /// The values of a line's characters, as they are worked on.
    private func symbols(_ line: String) -> HiddenSecret {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
        return HiddenSecret(line.dropFirst(2).compactMap { alphabet.firstIndex(of: $0).map(UInt8.init) })
    }

    private func typed(_ line: String) -> HiddenSecret { HiddenSecret(Array(line.utf8)) }

    @Test func `what a line of a recovery sheet is worked out with is wiped`() throws {
        let master = MasterKey()
        let lines = RecoveryText.lines(of: master)
        for (place, line) in lines.prefix(4).enumerated() {
            let secret = symbols(line)
            #expect(secret.masked.count == 16)
            var made: [String] = []
            made.reserveCapacity(5)
            let found = FreedMemory.blocks(holding: secret) { made += RecoveryText.lines(of: master) }
            #expect(found == 0 && made == lines)
            let text = typed(line).clear
            let read = try FreedMemory.blocks(holding: secret) { _ = try RecoveryLine.read(place + 1, text) }
            #expect(read == 0)
        }
    }

    @Test func `a line that is wrong or too long is wiped, too`() throws {
        let line = try #require(RecoveryText.lines(of: MasterKey()).first)
        let secret = symbols(line)
        let texts = [line + line, line + line + line + line + line, line + "*", "7" + line.dropFirst(1)].map(typed)
        for text in texts.map(\.clear) {
            let found = FreedMemory.blocks(holding: secret) {
                #expect(throws: RecoveryLineProblem.self) { try RecoveryLine.read(1, text) }
            }
            #expect(found == 0)
        }
    }

    @Test func `what was typed, and the key of it, are wiped`() throws {
        let master = MasterKey()
        let lines = RecoveryText.lines(of: master)
        let texts = lines.map(typed)
        for secret in [hidden(master)] + texts {
            let found = try FreedMemory.blocks(holding: secret) {
                let read = try texts.enumerated().map { try RecoveryLine.read($0 + 1, $1.clear) }
                #expect(RecoveryText.master(read)?.keyID == master.keyID)
            }
            #expect(found == 0)
        }
    }
}
