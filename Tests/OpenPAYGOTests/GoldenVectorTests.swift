import Foundation
import OpenPAYGO
import Testing

/// A row of `Vectors/golden.jsonl`, which `Vectors/make_vectors.py` made with
/// openpaygo 0.6.3.
private struct Vector: Decodable {
    let key: String
    let startingCode: Int?
    let derivedStartingCode: Int?
    let count: Int
    let type: String
    let value: Int?
    let restricted: Bool
    let newCount: Int
    let token: String

    static func all() throws -> [Vector] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Vectors/golden.jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(Vector.self, from: $0)
        }
    }

    func instruction() throws -> TokenInstruction {
        let type = try #require(TokenType(rawValue: type))
        return try #require(TokenInstruction(type: type, time: value.map { try TimeValue($0) }))
    }

    func credentials() throws -> (SecretKey, StartingCode) {
        let key = try SecretKey(hex: key)
        return (key, try startingCode.map { try StartingCode($0) } ?? StartingCode(derivedFrom: key))
    }
}

struct GoldenVectorTests {
    @Test func `every token is the one that openpaygo makes`() throws {
        let vectors = try Vector.all()
        #expect(vectors.count >= 500)
        #expect(Set(vectors.map(\.type)) == Set(TokenType.allCases.map(\.rawValue)))
        #expect(Set(vectors.compactMap(\.startingCode)).isSuperset(of: [0, 999_999_999]))
        for vector in vectors {
            let (key, startingCode) = try vector.credentials()
            let maker = TokenMaker(
                key: key, startingCode: startingCode, digitSet: vector.restricted ? .restricted : .full
            )
            let made = try maker.make(try vector.instruction(), after: try TokenCount(vector.count))
            #expect(made.token.digits == vector.token, "\(vector)")
            #expect(Int(made.count.number) == vector.newCount, "\(vector)")
        }
    }

    @Test func `every token is read back as what it was made to say`() throws {
        for vector in try Vector.all() where vector.count < 300 {
            let (key, startingCode) = try vector.credentials()
            let last = try TokenCount(vector.count)
            let reader = TokenReader(key: key, startingCode: startingCode, dispatchedCount: last)
            var state = DeviceState(dispatchedWith: last)
            let token = try Token(digits: vector.token, digitSet: vector.restricted ? .restricted : .full)
            let outcome = reader.read(token, state: &state)
            #expect(outcome == .accepted(try vector.instruction(), count: try TokenCount(vector.newCount)), "\(vector)")
        }
    }

    @Test func `starting codes are derived from the key as openpaygo derives them`() throws {
        let derived = try Vector.all().compactMap { vector in
            vector.derivedStartingCode.map { (vector.key, $0) }
        }
        #expect(derived.count >= 10)
        for (key, code) in derived {
            #expect(StartingCode(derivedFrom: try SecretKey(hex: key)) == (try StartingCode(code)), "\(key)")
        }
    }
}
