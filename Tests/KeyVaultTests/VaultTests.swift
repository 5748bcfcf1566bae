import Foundation
import KeyVault
import TestSupport
import Testing

struct VaultTests {
    private let folder: TemporaryFolder
    private let vault: Vault

    init() throws {
        folder = try TemporaryFolder()
        vault = try KeyFile.create(folder.file("registry.key"))
    }

    private let secret = Array("a key and a starting".utf8)

    @Test func `what is sealed opens again for the same name`() throws {
        #expect(try vault.open(try vault.seal(secret, for: "CSP-0001"), for: "CSP-0001") == secret)
    }

    @Test func `a sealed value moved to another unit does not open`() throws {
        let sealed = try vault.seal(secret, for: "CSP-0001")
        #expect(throws: SealBroken()) { try vault.open(sealed, for: "CSP-0002") }
    }

    @Test func `a sealed value with any bit changed does not open`() throws {
        let sealed = try vault.seal(secret, for: "CSP-0001")
        #expect(sealed.count == 49, "format, nonce, 20 bytes, tag")
        for index in sealed.indices {
            var altered = sealed
            altered[index] ^= 1
            #expect(throws: SealBroken()) { try vault.open(altered, for: "CSP-0001") }
        }
        for length in [0, 1, 28, 48] {
            #expect(throws: SealBroken()) { try vault.open(Array(sealed.prefix(length)), for: "CSP-0001") }
        }
    }

    @Test func `the same secret is never sealed to the same bytes`() throws {
        #expect(try vault.seal(secret, for: "CSP-0001") != vault.seal(secret, for: "CSP-0001"))
        #expect(try !vault.seal(secret, for: "CSP-0001").contains(secret[0...7]))
    }

    @Test func `another key file does not open it, and is told apart`() throws {
        let other = try KeyFile.create(folder.file("other.key"))
        #expect(other.keyID != vault.keyID)
        #expect(throws: SealBroken()) { try other.open(try vault.seal(secret, for: "CSP-0001"), for: "CSP-0001") }
    }
}

struct KeyFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a key file has 32 bytes, is private and opens as the key it was made with`() throws {
        let path = folder.file("keys/registry.key")
        let vault = try KeyFile.create(path)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == 32)
        #expect(try permissions(of: path) == 0o600)
        #expect(try permissions(of: folder.file("keys")) == 0o700)
        #expect(try KeyFile.open(path).keyID == vault.keyID)
    }

    @Test func `a key file is never overwritten`() throws {
        let path = try folder.write("precious", to: "registry.key")
        #expect(throws: KeyFileError.exists) { try KeyFile.create(path) }
        #expect(try text(of: path) == "precious")
    }

    @Test func `what is no key file is not opened`() throws {
        #expect(throws: KeyFileError.missing) { try KeyFile.open(folder.file("none")) }
        for bytes in [0, 31, 33, 4096] {
            let path = try folder.write(String(repeating: "x", count: bytes), to: "\(bytes).key")
            #expect(throws: KeyFileError.notAKeyFile) { try KeyFile.open(path) }
        }
        #expect(throws: KeyFileError.self) { try KeyFile.open(folder.path) }
    }
}
