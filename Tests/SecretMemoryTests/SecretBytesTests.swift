import Foundation
import SecretMemory
import TestSupport
import Testing

struct SecretBytesTests {
    /// The secret as nobody but the test's own copies of it has it.
    private func clear(_ secret: HiddenSecret) -> SecretBytes {
        SecretBytes(capacity: secret.masked.count) { place in
            for (index, byte) in secret.masked.enumerated() { place[index] = byte ^ HiddenSecret.mask }
            return secret.masked.count
        }
    }

    @Test func `secret bytes are in memory once, and nowhere when they are let go`() throws {
        let secret = HiddenSecret(count: 4000)
        var bytes: SecretBytes? = clear(secret)
        // Nil where this system does not let another process look.
        guard let times = try secret.timesInMemory() else { return }
        #expect(times == 1)
        let copy = bytes
        #expect(copy == bytes)
        #expect(try secret.timesInMemory() == 1, "a copy is the same place")
        bytes = nil
        #expect(copy?.count == 4000)
        withExtendedLifetime(copy) {}
    }

    @Test func `they are wiped when the last of them goes`() throws {
        let secret = HiddenSecret(count: 4000)
        do { #expect(clear(secret).count == 4000) }
        if let times = try secret.timesInMemory() { #expect(times == 0) }
    }

    @Test func `what writes them may fail, and leaves nothing`() throws {
        let secret = HiddenSecret(count: 4000)
        struct Failed: Error {}
        #expect(throws: Failed.self) {
            try SecretBytes(capacity: 4000) { place throws in
                for (index, byte) in secret.masked.enumerated() { place[index] = byte ^ HiddenSecret.mask }
                throw Failed()
            }
        }
        if let times = try secret.timesInMemory() { #expect(times == 0) }
    }

    @Test func `they print as nothing, and compare by what they hold`() {
        let one = SecretBytes(capacity: 8) { place in
            place.copyBytes(from: Array("password".utf8))
            return 8
        }
        #expect("\(one)" == "<redacted>" && String(reflecting: one) == "<redacted>")
        var dumped = ""
        dump(one, to: &dumped)
        #expect(!dumped.contains("password"))
        let other = SecretBytes(capacity: 20) { place in
            place.copyBytes(from: Array("password and more".utf8))
            return 8
        }
        #expect(one == other && other.count == 8)
        #expect(one != SecretBytes(capacity: 8) { _ in 8 } && one != SecretBytes(capacity: 8) { _ in 0 })
    }
}
