import Foundation
import SecretMemory
import TestSupport
import Testing

@testable import KeyVault

/// The lines of a recovery sheet.
struct RecoveryTests {
    private func typed(_ text: String) -> SecretBytes {
        SecretBytes(capacity: text.utf8.count) { place in
            place.copyBytes(from: text.utf8)
            return text.utf8.count
        }
    }

    private func master(_ bytes: [UInt8]) throws -> MasterKey {
        try #require(bytes.withUnsafeBytes { MasterKey(bytes: $0) })
    }

    /// The bytes 0 to 31.
    private func example() throws -> MasterKey { try master(Array(0..<32)) }

    private func problem(_ number: Int, _ text: String) -> RecoveryLineProblem? {
        do {
            _ = try RecoveryLine.read(number, typed(text))
            return nil
        } catch {
            return error
        }
    }

    /// As another implementation has them: base 32 by Python's own numbers, the
    /// check by long division over GF(32) with its table written out.
    @Test func `the lines of a key are those that another implementation makes`() throws {
        let script = """
            import hashlib, hmac
            digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
            def times(a, b):
                product = 0
                while b:
                    if b & 1: product ^= a
                    a, b = a << 1, b >> 1
                    if a & 32: a ^= 37
                return product
            generator = [1]
            for root in (2, 4, 8):
                generator = [x ^ times(y, root) for x, y in zip(generator + [0], [0] + generator)]
            def line(number, part):
                value = int.from_bytes(part, "big") << 1
                data = [value >> 5 * (12 - i) & 31 for i in range(13)]
                rest = [number] + data + [0, 0, 0]
                for i in range(14):
                    lead = rest[i]
                    for j in range(4): rest[i + j] ^= times(lead, generator[j])
                text = "".join(digits[s] for s in data + rest[-3:])
                return f"{number} " + " ".join(text[i:i + 4] for i in range(0, 16, 4))
            key = bytes(range(32))
            extracted = hmac.digest(bytes(32), key, "sha256")
            id = hmac.digest(extracted, b"payg 1 key id\\x01", "sha256")[:8]
            for n, part in enumerate([key[i:i + 8] for i in range(0, 32, 8)] + [id], 1): print(line(n, part))
            """
        let run = try ProgramRun("python3", ["-c", script])
        let lines = try RecoveryText.lines(of: example())
        #expect(run.output == lines.joined(separator: "\n") + "\n", "\(run.errors)")
        #expect(lines.count == 5 && lines.allSatisfy { $0.count == 1 + 4 * 5 })
    }

    @Test func `a key comes back from its lines, however they are typed`() throws {
        for _ in 0..<50 {
            let key = MasterKey()
            let lines = RecoveryText.lines(of: key)
            let forms: [(String) -> String] = [
                { $0 }, { $0.lowercased() }, { $0.replacing(" ", with: "") }, { String($0.dropFirst(2)) },
                { "  " + $0.dropFirst(2).replacing(" ", with: "-") + " \t\r" },
                { $0.replacing("0", with: "O").replacing("1", with: "l").replacing("V", with: "u") },
                { $0.prefix(1) + ": " + $0.dropFirst(2) },
            ]
            for form in forms {
                let read = try lines.enumerated().map { try RecoveryLine.read($0 + 1, typed(form($1))) }
                let again = try #require(RecoveryText.master(read))
                #expect(again.withBytes { Array($0) } == key.withBytes { Array($0) })
            }
        }
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    @Test func `every slip of one character is noticed, and its block named`() throws {
        for (number, line) in try RecoveryText.lines(of: example()).enumerated() {
            let characters = Array(line.dropFirst(2).filter { $0 != " " })
            for place in characters.indices {
                for other in Self.alphabet where other != characters[place] {
                    var wrong = characters
                    wrong[place] = other
                    #expect(problem(number + 1, String(wrong)) == .slip(block: place / 4 + 1))
                }
            }
        }
    }

    @Test func `two characters swapped, two wrong and three wrong are noticed`() throws {
        for (number, line) in try RecoveryText.lines(of: example()).enumerated() {
            let characters = Array(line.dropFirst(2).filter { $0 != " " })
            for place in characters.indices.dropLast() where characters[place] != characters[place + 1] {
                var wrong = characters
                wrong.swapAt(place, place + 1)
                #expect(problem(number + 1, String(wrong)) != nil)
            }
            for count in [2, 3] {
                for _ in 0..<500 {
                    var wrong = characters
                    for place in characters.indices.shuffled().prefix(count) {
                        wrong[place] = Self.alphabet.filter { $0 != characters[place] }.randomElement() ?? "0"
                    }
                    #expect(problem(number + 1, String(wrong)) != nil, "\(wrong)")
                }
            }
        }
    }

    @Test func `a line in another's place, too short, too long or of other characters is told as such`() throws {
        let lines = try RecoveryText.lines(of: example())
        for number in 1...5 {
            for other in 1...5 where other != number {
                #expect(problem(number, lines[other - 1]) == .otherLine(other))
                #expect(problem(number, String(lines[other - 1].dropFirst(2))) == .otherLine(other))
            }
            #expect(problem(number, String(lines[number - 1].dropLast())) != nil)
            #expect(problem(number, String(lines[number - 1].dropFirst(2).dropLast())) == .length(15))
            #expect(problem(number, lines[number - 1] + "0") == .length(18))
            #expect(problem(number, lines[number - 1].replacing(" ", with: "*")) == .character("*"))
            #expect(problem(number, "é") == .character("\u{FFFD}"))
            #expect(problem(number, "") == .length(0))
        }
        #expect(problem(1, String(repeating: "0", count: 100_000)) == .length(64))
    }

    @Test func `lines of two sheets are no key`() throws {
        let (one, other) = (RecoveryText.lines(of: MasterKey()), RecoveryText.lines(of: MasterKey()))
        for place in 0..<5 {
            var mixed = one
            mixed[place] = other[place]
            let read = try mixed.enumerated().map { try RecoveryLine.read($0 + 1, typed($1)) }
            #expect(RecoveryText.master(read) == nil)
        }
        #expect(RecoveryText.master([]) == nil)
    }
}
