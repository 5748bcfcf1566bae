import ChargeController
import Foundation
import OpenPAYGO
import Testing

/// A row of `Vectors/acceptance.jsonl`, which `Vectors/make_acceptance.py` made
/// with openpaygo 0.6.3.
private struct Vector: Decodable {
    let key: String
    let startingCode: Int
    let dispatchedCount: Int
    let timeDivider: Int
    let restricted: Bool
    let step: String
    let waitHours: Int
    let type: String?
    let value: Int?
    let count: Int?
    let token: String
    let answer: String
    /// Nil for unlocked.
    let secondsLeft: Int?

    /// The steps of each unit, in their order.
    static func procedures() throws -> [[Vector]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Vectors/acceptance.jsonl")
        return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Vector.self, from: $0) }
            .reduce(into: []) { procedures, vector in
                if vector.step == "G1" { procedures.append([]) }
                procedures[procedures.count - 1].append(vector)
            }
    }

    var digitSet: Token.DigitSet { restricted ? .restricted : .full }

    func parameters() throws -> UnitParameters {
        UnitParameters(
            key: try SecretKey(hex: key), startingCode: try StartingCode(startingCode),
            dispatchedCount: try TokenCount(dispatchedCount), timeDivider: try TimeDivider(timeDivider),
            digitSet: digitSet)
    }

    func instruction() throws -> TokenInstruction? {
        guard let type else { return nil }
        return TokenInstruction(
            type: try #require(TokenType(rawValue: type)), time: try value.map { try TimeValue($0) })
    }
}

/// The standard's published test procedure, with the tokens of another
/// implementation.
struct PublishedProcedureTests {
    private static let steps =
        ["G1", "G2", "G3", "G4A", "G4B", "G5", "G6", "G7A", "G7B", "G7C"]
        + "ABCDEFGHIJKLMNOPQRSTU".map { "G8\($0)" }
        + ["G9", "G10", "G11A", "G11B", "G12A", "G12B"]
        + ["U1A", "U1B", "U1C", "U1D", "U2A", "U2B", "U2C", "U3A", "U3B", "U4", "S1A", "S1B", "S1C", "S1D"]

    @Test func `each step has the answer and the time of the procedure, on units of both keypads`() throws {
        let procedures = try Vector.procedures()
        #expect(procedures.count == 5 && procedures.allSatisfy { $0.map(\.step) == Self.steps })
        #expect(Set(procedures.map { $0[0].restricted }) == [false, true])
        #expect(Set(procedures.map { $0[0].timeDivider }) == [1, 4])
        for vectors in procedures {
            var unit = SolarUnit(try vectors[0].parameters())
            for vector in vectors {
                unit.advance(by: vector.waitHours * 3600)
                let answer = unit.enter(vector.token)
                switch vector.answer {
                case "valid": #expect(answer == .valid(try #require(try vector.instruction())), "\(vector)")
                case "used": #expect(answer == .alreadyUsed, "\(vector)")
                default: #expect(answer == .invalid, "\(vector)")
                }
                #expect(unit.isUnlocked == (vector.secondsLeft == nil), "\(vector)")
                #expect(unit.secondsLeft == vector.secondsLeft ?? 0, "\(vector)")
                #expect(unit.isLoadOn == (vector.secondsLeft != 0), "\(vector)")
                if vector.answer == "valid", let count = vector.count {
                    #expect(unit.count.number == max(UInt32(count), unit.count.number), "\(vector)")
                }
            }
        }
    }

    @Test func `each token of the procedure is the one that we make`() throws {
        var made = 0
        for vectors in try Vector.procedures() {
            let parameters = try vectors[0].parameters()
            let maker = TokenMaker(
                key: parameters.key, startingCode: parameters.startingCode, digitSet: parameters.digitSet)
            for vector in vectors {
                guard let instruction = try vector.instruction(), let count = vector.count else { continue }
                #expect(maker.make(instruction, at: try TokenCount(count)).digits == vector.token, "\(vector)")
                made += 1
            }
        }
        #expect(made == 5 * 50)
    }
}
