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

    /// A master key, and how many blocks swift-crypto leaves it in when all other
    /// keys are derived from it, each time: its hashes keep what they took last.
    private func made() throws -> (key: MasterKey, secret: HiddenSecret, left: Int) {
        let (key, secret) = FreedMemory.unseen {
            let key = MasterKey()
            return (key, key.withBytes { HiddenSecret($0) })
        }
        let clear = secret.clear
        let left = FreedMemory.blocks(holding: secret) {
            let symmetric = clear.withBytes { SymmetricKey(data: $0) }
            for info in ["credentials", "former keys", "audit", "key id"] {
                _ = HKDF<SHA256>.deriveKey(
                    inputKeyMaterial: symmetric, info: Data("payg 1 \(info)".utf8), outputByteCount: 32)
            }
        }
        return (key, secret, left)
    }

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
        let (key, secret, left) = try made()
        let phrase = isProtected ? passphrase.clear : nil
        let written = try FreedMemory.blocks(holding: secret) {
            try KeyFile.write(key, to: path, passphrase: phrase, cost: Self.cheap)
        }
        #expect(written == 0)
        let read = try FreedMemory.blocks(holding: secret) {
            let opened = try KeyFile.open(path, passphrase: phrase)
            #expect(opened.keyID == key.keyID)
        }
        #expect(read == left)
        let copied = try FreedMemory.blocks(holding: secret) {
            try KeyFile.copy(try KeyFile.read(path), to: path + ".copy")
        }
        // A bare one is a key as soon as it is read.
        #expect(copied == (isProtected ? 0 : left))
    }

    @Test func `a protected key that is another one than it says is wiped, too`() throws {
        let (master, secret, left) = try made()
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
        #expect(found == left)
    }

    @Test(arguments: ["payg 1 credentials", "payg 1 former keys"])
    func `a derived key is wiped when its vault is let go`(info: String) throws {
        let (id, secret) = try FreedMemory.unseen {
            let id = try KeyFile.create(path).keyID
            let master = SymmetricKey(data: try Data(contentsOf: URL(fileURLWithPath: path)))
            let key = HKDF<SHA256>.deriveKey(
                inputKeyMaterial: master, info: Data(info.utf8), outputByteCount: 32)
            return (id, key.withUnsafeBytes { HiddenSecret($0) })
        }
        let found = try FreedMemory.blocks(holding: secret) {
            let opened = try KeyFile.open(path)
            #expect(opened.keyID == id)
        }
        #expect(found == 0)
    }

    // MARK: - Passphrases

    @Test func `a passphrase is wiped whether it opened the key or not`() throws {
        let made = FreedMemory.blocks(holding: passphrase) {
            #expect(throws: Never.self) {
                try KeyFile.write(MasterKey(), to: path, passphrase: passphrase.clear, cost: Self.cheap)
            }
            #expect(throws: KeyFileError.exists) {
                try KeyFile.write(MasterKey(), to: path, passphrase: passphrase.clear, cost: Self.cheap)
            }
        }
        #expect(made == 0)
        let opened = try FreedMemory.blocks(holding: passphrase) {
            _ = try KeyFile.open(path, passphrase: passphrase.clear)
            let longer = SecretBytes(capacity: 41) { place in
                passphrase.clear.withBytes { place.copyMemory(from: $0) }
                place[40] = 1
                return 41
            }
            #expect(throws: KeyFileError.wrongPassphrase) { try KeyFile.open(path, passphrase: longer) }
        }
        #expect(opened == 0)
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
            let (secret, text) = FreedMemory.unseen { (symbols(line), typed(line).clear) }
            #expect(secret.masked.count == 16)
            var made: [String] = []
            let found = FreedMemory.blocks(holding: secret) { made = RecoveryText.lines(of: master) }
            #expect(found == 0 && made == lines)
            let read = try FreedMemory.blocks(holding: secret) { _ = try RecoveryLine.read(place + 1, text) }
            #expect(read == 0)
        }
    }

    @Test func `a line that is wrong or too long is wiped, too`() throws {
        let (secret, texts) = try FreedMemory.unseen {
            let line = try #require(RecoveryText.lines(of: MasterKey()).first)
            let texts = [line + line, line + line + line + line + line, line + "*", "7" + line.dropFirst(1)]
            return (symbols(line), texts.map { typed($0).clear })
        }
        for text in texts {
            let found = FreedMemory.blocks(holding: secret) {
                #expect(throws: RecoveryLineProblem.self) { try RecoveryLine.read(1, text) }
            }
            #expect(found == 0)
        }
    }

    @Test func `what was typed, and the key of it, are wiped`() throws {
        let (master, key, left) = try made()
        let texts = FreedMemory.unseen { RecoveryText.lines(of: master).map(typed) }
        for secret in [key] + texts {
            let found = try FreedMemory.blocks(holding: secret) {
                let read = try texts.enumerated().map { try RecoveryLine.read($0 + 1, $1.clear) }
                #expect(RecoveryText.master(read)?.keyID == master.keyID)
            }
            #expect(found == (secret.masked == key.masked ? left : 0))
        }
    }
}
