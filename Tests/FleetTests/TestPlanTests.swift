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
        let unit = try Unit(key: "58e06491d926c1df1305b715ce4ce7be", startingCode: 102_553_315, count: 29)
        let plan = try unit.plan()
        try unit.passes(plan.steps[...], of: plan)
        let published = try unit.maker.make(.setTime(try TimeValue(36)), after: try TokenCount(560))
        #expect(unit.reader.matches(of: published.token, upTo: published.count).count > 1, "or it shows nothing")
    }

    @Test func `a unit whose sync tokens are all alike is tested without them`() throws {
        // Found by scripts/conformance: every 40th count has the same sync token,
        // and the unit goes back to the first that it looks at.
        for digitSet in [Token.DigitSet.full, .restricted] {
            let unit = try Unit(
                key: "d2b1d76c3f254a749699261f32bee8d7", startingCode: 560_524_266, count: 27, digitSet: digitSet)
            let plan = try unit.plan()
            try unit.passes(plan.steps[...], of: plan)
            #expect(!plan.steps.contains { $0.name.hasPrefix("S") })
            #expect(!plan.hasCounterSync && plan.isCertain)
            #expect(plan.tokens.map(\.step).contains("H2A") && !plan.tokens.contains { $0.step.hasPrefix("S") })
            #expect(plan.tokens.map(\.count) == plan.tokens.map(\.count).sorted(), "no count is used twice")
            let sync = try unit.maker.make(.counterSync, after: try TokenCount(694))
            #expect(unit.reader.matches(of: sync.token, upTo: sync.count).count > 10, "or it shows nothing")
        }
    }

    @Test func `a plan says where a good unit may answer otherwise`() throws {
        // From count 360 on, Set Time 0 is the same token at every count.
        let unit = try Unit(
            key: "e8254ca8d181e4baa882f7159a62cff6", startingCode: 134_190_534, count: 49, timeDivider: 24)
        #expect(try !unit.plan().isCertain)
    }

    @Test func `a token that another count has by chance is not in a plan`() throws {
        // One day at count 42 has the digits of count 55: entered again, it is taken.
        let unit = try Unit(
            key: "1a2d8f6a654b99597afba92720dd488d", startingCode: 387_520_847, count: 40, timeDivider: 24)
        let plan = try unit.plan()
        try unit.passes(plan.steps[...], of: plan)
        #expect(plan.steps.count == 57 && plan.hasCounterSync && plan.isCertain, "and nothing is left out")
        let published = try unit.maker.make(.addTime(TimeValue(1)), after: try TokenCount(40))
        let matches = unit.reader.matches(of: published.token, upTo: try TokenCount(120)).map(\.count.number)
        #expect(matches == [42, 55], "or it shows nothing")
    }
}

private struct Unit {
    let maker: TokenMaker
    let reader: TokenReader
    let build: UnitBuild
    let parameters: UnitParameters

    init(
        key: String, startingCode: Int, count: Int, timeDivider: Int = 2, digitSet: Token.DigitSet = .full
    ) throws {
        let (key, code) = (try SecretKey(hex: key), try StartingCode(startingCode))
        let count = try TokenCount(count)
        build = UnitBuild(timeDivider: try TimeDivider(timeDivider), digitSet: digitSet)
        maker = TokenMaker(key: key, startingCode: code, digitSet: digitSet)
        reader = TokenReader(key: key, startingCode: code, dispatchedCount: count)
        parameters = UnitParameters(
            key: key, startingCode: code, dispatchedCount: count, timeDivider: build.timeDivider, digitSet: digitSet)
    }

    func plan() throws -> TestPlan {
        try TestPlan(
            try PaygID("A-1"), build: build, maker: maker, reader: reader, after: parameters.dispatchedCount)
    }

    /// Enters the steps: each token is taken for what it was made for.
    func passes(_ steps: ArraySlice<TestPlan.Step>, of plan: TestPlan) throws {
        var unit = SolarUnit(parameters)
        for step in steps {
            if case .wait(let hours) = step.before { unit.advance(by: hours * 3600) }
            let answer = unit.enter(step.digits)
            switch step.answer {
            case .valid: #expect(answer == .valid(try #require(plan.instruction(of: step))), "\(step.name)")
            case .used: #expect(answer == .alreadyUsed, "\(step.name)")
            case .invalid: #expect(answer == .invalid, "\(step.name)")
            case .nothing: #expect(answer != .invalid, "\(step.name)")
            }
            if case .left(let seconds) = step.state { #expect(abs(unit.secondsLeft - seconds) <= 4, "\(step.name)") }
        }
    }
}

extension TestPlan {
    /// What the token of a step says.
    fileprivate func instruction(of step: Step) -> TokenInstruction? {
        tokens.first { $0.token.digits == step.digits }?.instruction
    }
}
