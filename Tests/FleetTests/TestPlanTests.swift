import ChargeController
import Fleet
import Foundation
import OpenPAYGO
import Testing

/// A row of the procedure as `make_acceptance.py` made it with openpaygo 0.6.3.
private struct Vector: Decodable {
    let key: String
    let startingCode: Int
    let dispatchedCount: Int
    let timeDivider: Int
    let restricted: Bool
    let step: String
    let waitHours: Int
    let type: String?
    let token: String
    let answer: String
    let secondsLeft: Int?

    static func procedures() throws -> [[Vector]] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("ChargeControllerTests/Vectors/acceptance.jsonl")
        let vectors = try Data(contentsOf: file).split(separator: UInt8(ascii: "\n"))
            .map { try JSONDecoder().decode(Vector.self, from: $0) }
        return Dictionary(grouping: vectors) { "\($0.key) \($0.restricted) \($0.dispatchedCount)" }.map(\.value)
    }

    func plan() throws -> TestPlan {
        let key = try SecretKey(hex: key)
        let code = try StartingCode(startingCode)
        let count = try TokenCount(dispatchedCount)
        let build = UnitBuild(
            timeDivider: try TimeDivider(timeDivider), digitSet: restricted ? .restricted : .full)
        return try TestPlan(
            try PaygID("A-1"), build: build,
            maker: TokenMaker(key: key, startingCode: code, digitSet: build.digitSet),
            reader: TokenReader(key: key, startingCode: code, dispatchedCount: count), after: count)
    }
}

struct TestPlanTests {
    @Test func `a plan's steps are the published procedure's, token by token as openpaygo makes them`() throws {
        let procedures = try Vector.procedures()
        #expect(procedures.count == 5)
        for vectors in procedures {
            let plan = try vectors[0].plan()
            for (step, vector) in zip(plan.steps, vectors) {
                #expect(step.name == vector.step)
                // The number that is no token may be any such.
                if vector.type != nil { #expect(step.digits == vector.token, "\(vector)") }
                #expect(step.answer.rawValue == vector.answer, "\(vector)")
                #expect(step.state == vector.secondsLeft.map { .left($0) } ?? .unlocked, "\(vector)")
                #expect(step.before == (vector.waitHours == 0 ? nil : .wait(hours: vector.waitHours)), "\(vector)")
            }
            #expect(plan.steps.count == vectors.count + (vectors[0].restricted ? 1 : 0) + 6)
        }
    }

    @Test func `a chain that goes in a circle leaves no step to be taken for another`() throws {
        // Found by scripts/conformance: from count 305 on, the chain of 36 steps
        // is the same 23 numbers again and again.
        let key = try SecretKey(hex: "58e06491d926c1df1305b715ce4ce7be")
        let (code, last) = (try StartingCode(102_553_315), try TokenCount(29))
        let reader = TokenReader(key: key, startingCode: code, dispatchedCount: last)
        let plan = try TestPlan(
            try PaygID("A-1"), build: UnitBuild(timeDivider: try TimeDivider(2)),
            maker: TokenMaker(key: key, startingCode: code), reader: reader, after: last)
        var unit = SolarUnit(
            UnitParameters(
                key: key, startingCode: code, dispatchedCount: last, timeDivider: try TimeDivider(2)))
        for step in plan.steps.prefix(while: { $0.name != "G9" }) {
            let answer = unit.enter(step.digits)
            switch step.answer {
            case .valid: #expect(answer == .valid(try #require(plan.instruction(of: step))), "\(step.name)")
            case .used: #expect(answer == .alreadyUsed, "\(step.name)")
            default: #expect(answer == .invalid, "\(step.name)")
            }
        }
        let made = try #require(plan.tokens.first { $0.step == "G8R" })
        #expect(reader.matches(of: made.token, upTo: made.count).count > 1, "or it shows nothing")
    }
}

extension TestPlan {
    /// What the token of a step says.
    fileprivate func instruction(of step: Step) -> TokenInstruction? {
        tokens.first { $0.token.digits == step.digits }?.instruction
    }
}
