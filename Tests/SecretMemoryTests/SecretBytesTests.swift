import Foundation
import SecretMemory
import TestSupport
import Testing

struct SecretBytesTests {
    @Test func `secret bytes are in memory once, however often they are copied`() throws {
        let secret = HiddenSecret(count: 4000)
        var bytes: SecretBytes? = secret.clear
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

@Suite(.enabled(if: FreedMemory.canWatch, "memory cannot be looked at as it is freed, here"))
struct WipingTests {
    @Test func `memory that is freed as it is is found, also half of it, and when it is moved`() {
        let secret = HiddenSecret(count: 64)
        func fill(_ place: UnsafeMutableRawBufferPointer) {
            for (index, byte) in secret.masked.enumerated() { place[index] = byte ^ HiddenSecret.mask }
        }
        let found = FreedMemory.blocks(holding: secret) {
            for wiped in [0..<0, 0..<56, 8..<64, 0..<64] {
                let place = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 1)
                fill(place)
                wipe(UnsafeMutableRawBufferPointer(rebasing: place[wiped]))
                place.deallocate()
            }
        }
        #expect(found == 3)
        let moved = FreedMemory.blocks(holding: secret) {
            var bytes: [UInt8] = []
            for byte in secret.masked { bytes.append(byte ^ HiddenSecret.mask) }
            wipe(&bytes)
        }
        #expect(moved > 0, "what it was copied to when it grew is not reached")
    }

    @Test func `secret bytes are wiped when the last copy goes`() {
        let secret = HiddenSecret(count: 40)
        let found = FreedMemory.blocks(holding: secret) {
            let bytes = secret.clear
            let copy = bytes
            #expect(copy.withBytes { SecretBytes($0) } == bytes)
        }
        #expect(found == 0)
    }

    @Test func `what writes them may fail, and leaves nothing`() {
        struct Failed: Error {}
        let secret = HiddenSecret(count: 40)
        let found = FreedMemory.blocks(holding: secret) {
            #expect(throws: Failed.self) {
                try SecretBytes(capacity: 48) { place throws(Failed) in
                    for (index, byte) in secret.masked.enumerated() { place[index] = byte ^ HiddenSecret.mask }
                    throw Failed()
                }
            }
        }
        #expect(found == 0)
    }

    @Test(arguments: [0, 16, 40])
    func `an array that is wiped is wiped whole, with what was removed from its end`(removed: Int) {
        let secret = HiddenSecret(count: 40)
        let found = FreedMemory.blocks(holding: secret) {
            var bytes: [UInt8] = []
            bytes.reserveCapacity(secret.masked.count)
            for byte in secret.masked { bytes.append(byte ^ HiddenSecret.mask) }
            bytes.removeLast(removed)
            wipe(&bytes)
            #expect(bytes.isEmpty)
        }
        #expect(found == 0)
    }
}
