import Testing

@testable import Fleet

struct CheckpointTests {
    private let checkpoint = Checkpoint(
        registryID: "fedcba98765432100123456789abcdef", sequence: 12, at: Timestamp(seconds: 1_793_696_400),
        hash: Array(1...32)
    )
    /// Made with Python's `base64.b32encode`, and a long division by the polynomial.
    private let line = "PAYG1 ZVEBN 12 20261103T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHD0"

    @Test func `a checkpoint is the line that others make of the same facts, and reads back`() throws {
        #expect(checkpoint.text == line)
        #expect(try Checkpoint(typed: line) == checkpoint)
        // The check value that the catalogue of CRCs has for CRC-24/OPENPGP.
        #expect(Checkpoint.check("123456789") == 0x21_CF02)
    }

    @Test func `the longest fits a text message of the seven-bit alphabet with room to spare`() {
        let longest = Checkpoint(
            registryID: String(repeating: "f", count: 32), sequence: 999_999_999_999,
            at: Timestamp(text: "9999-12-31T23:59:59Z") ?? Timestamp(seconds: 0),
            hash: [UInt8](repeating: 255, count: 32)
        ).text
        #expect(longest.count == 95)
        #expect(longest.allSatisfy { "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ".contains($0) })
    }

    @Test func `it is read as people and phones write it`() throws {
        let variants = [
            line.lowercased(), line.replacing("0", with: "O"), line.replacing("1", with: "l"),
            line.replacing("1", with: "I"), "  \(line)\r\n", line.replacing(" ", with: "\n"),
            line.replacing(" ", with: "\u{A0}\u{200B}"),
            line.replacing("20261103T090000Z", with: "2026-11-03T09:00:00Z"),
            line.replacing("04106 1050R", with: "04106-1050R"), line.replacing("04106 1050R", with: "041061050R"),
        ]
        for variant in variants { #expect(try Checkpoint(typed: variant) == checkpoint, "\(variant)") }
    }

    @Test func `a space too many or too few, anywhere, says nothing`() throws {
        for place in line.indices {
            var other = line
            if line[place] == " " { other.remove(at: place) } else { other.insert(" ", at: place) }
            #expect(try Checkpoint(typed: other) == checkpoint, "\(other)")
        }
    }

    @Test func `every slip of one character, and of two that changed places, is told from another history`() {
        let characters = Array(line)
        for place in characters.indices {
            for other in "0123456789ABCDEFGHJKMNPQRSTVWXYZ -UÄ" where other != characters[place] {
                var wrong = characters
                wrong[place] = other
                #expect(throws: FleetError.self, "\(String(wrong))") {
                    let read = try Checkpoint(typed: String(wrong))
                    // Spaces between groups carry nothing.
                    if read == checkpoint { throw FleetError.noTerminal }
                }
            }
            guard place + 1 < characters.count, characters[place] != characters[place + 1] else { continue }
            var wrong = characters
            wrong.swapAt(place, place + 1)
            #expect(throws: FleetError.self, "\(String(wrong))") {
                if try Checkpoint(typed: String(wrong)) == checkpoint { throw FleetError.noTerminal }
            }
        }
    }

    @Test(arguments: [
        ("", "is none: one begins with PAYG1"),
        ("hello", "is none: one begins with PAYG1"),
        ("PAYG2 ZVEBN 12", "begins with PAYG2: this payg reads those with PAYG1"),
        ("PAYG1 ZVEBN 12", "is not whole: behind PAYG1 come twelve words"),
        (
            "PAYG1 ZVEBN 12 20261103T090000Z 04106 1050R",
            "is not whole: behind the time it has 45 letters and digits, and here 10"
        ),
        (
            "PAYG1 ZVEBN 12 20261103T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHDU",
            "was mistyped: no checkpoint holds “U”"
        ),
        (
            "PAYG1 ZVEBN 12 20261103T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHD1",
            "was mistyped: its last five letters do not fit the others"
        ),
        (
            "PAYG1 ZVEB 12 20261103T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHD0",
            "was mistyped: its second word has five letters and digits"
        ),
        (
            "PAYG1 ZVEBN 0 20261103T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHD0",
            "was mistyped: its number or its time is none"
        ),
        (
            "PAYG1 ZVEBN 12 20261303T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHD0",
            "was mistyped: its number or its time is none"
        ),
        (
            "PAYG1 ZVEBN 99999999999999999999 20261103T090000Z 04106 1050R 3GG28 A1C60 T3GF2 08H44 RM2MB 1E60S FGHD0",
            "was mistyped: its number or its time is none"
        ),
    ])
    func `what is no checkpoint is told apart`(text: String, problem: String) {
        #expect(throws: FleetError.badValue(what: "checkpoint", problem: problem)) { try Checkpoint(typed: text) }
    }
}
