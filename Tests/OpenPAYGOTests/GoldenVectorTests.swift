import Foundation
import OpenPAYGO
import Testing

/// A row of `Vectors/golden.jsonl.gz`, which `Vectors/make_vectors.py` made
/// with openpaygo 0.6.3.
private struct Vector: Decodable {
    let key: String
    let startingCode: Int?
    let derivedStartingCode: Int?
    let count: Int
    let type: String
    let value: Int?
    let restricted: Bool
    let extended: Bool
    let newCount: Int
    let token: String

    static func all() throws -> [Vector] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Vectors/golden.jsonl.gz")
        let unpack = Process()
        let output = Pipe()
        unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        unpack.arguments = ["gzip", "-dc", file.path]
        unpack.standardOutput = output
        try unpack.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        unpack.waitUntilExit()
        return try text.split(separator: UInt8(ascii: "\n")).map { try JSONDecoder().decode(Vector.self, from: $0) }
    }

    func instruction() throws -> TokenInstruction {
        try #require(TokenInstruction(type: tokenType(), time: value.map { try TimeValue($0) }))
    }

    func tokenType() throws -> TokenType {
        try #require(TokenType(rawValue: type))
    }

    func credentials() throws -> (SecretKey, StartingCode) {
        let key = try SecretKey(hex: key)
        return (key, try startingCode.map { try StartingCode($0) } ?? StartingCode(derivedFrom: key))
    }

    var digitSet: Token.DigitSet { restricted ? .restricted : .full }
}

struct GoldenVectorTests {
    @Test func `every token is the one that openpaygo makes, and is read back as what it says`() throws {
        let vectors = try Vector.all().filter { !$0.extended }
        #expect(vectors.count >= 16_000)
        #expect(Set(vectors.map(\.type)) == Set(TokenType.allCases.map(\.rawValue)))
        #expect(Set(vectors.compactMap(\.startingCode)).isSuperset(of: [0, 999_999_999]))
        #expect(Set(vectors.map(\.count)) == Set(0...1000))
        #expect(Set(vectors.filter { $0.type == "setTime" }.compactMap(\.value)).count > 500)
        for vector in vectors {
            let (key, startingCode) = try vector.credentials()
            let maker = TokenMaker(key: key, startingCode: startingCode, digitSet: vector.digitSet)
            let last = try TokenCount(vector.count)
            let made = try maker.make(try vector.instruction(), after: last)
            #expect(made.token.digits == vector.token, "\(vector)")
            #expect(Int(made.count.number) == vector.newCount, "\(vector)")

            guard vector.count < 64 else { continue }
            let reader = TokenReader(key: key, startingCode: startingCode, dispatchedCount: last)
            var state = DeviceState(dispatchedWith: last)
            let token = try Token(digits: vector.token, digitSet: vector.digitSet)
            let outcome = reader.read(token, state: &state)
            #expect(outcome == .accepted(try vector.instruction(), count: made.count), "\(vector)")
        }
    }

    @Test func `every extended token is the one that openpaygo makes, and is read back as what it says`() throws {
        let vectors = try Vector.all().filter(\.extended)
        #expect(vectors.count >= 4_000)
        for vector in vectors {
            let (key, startingCode) = try vector.credentials()
            let maker = TokenMaker(key: key, startingCode: startingCode, digitSet: vector.digitSet)
            let last = try TokenCount(vector.count)
            let value = try ExtendedValue(try #require(vector.value))
            let kind: ExtendedKind = try vector.tokenType() == .addTime ? .adding : .setting
            let made = try maker.makeExtended(value, kind, after: last)
            #expect(made.token.digits == vector.token, "\(vector)")
            #expect(Int(made.count.number) == vector.newCount, "\(vector)")

            guard vector.count < 64 else { continue }
            let reader = TokenReader(key: key, startingCode: startingCode, dispatchedCount: last)
            var state = DeviceState(dispatchedWith: last)
            let token = try ExtendedToken(digits: vector.token, digitSet: vector.digitSet)
            #expect(
                reader.readExtended(token, state: &state) == .accepted(value, kind, count: made.count), "\(vector)"
            )
            #expect(
                reader.readExtended(token, state: &state) == .alreadyUsed(value, kind, count: made.count), "\(vector)"
            )
        }
    }

    @Test func `starting codes are derived from the key as openpaygo derives them`() throws {
        let derived = try Vector.all().compactMap { vector in
            vector.derivedStartingCode.map { (vector.key, $0) }
        }
        #expect(derived.count == 100)
        for (key, code) in derived {
            #expect(StartingCode(derivedFrom: try SecretKey(hex: key)) == (try StartingCode(code)), "\(key)")
        }
    }
}
