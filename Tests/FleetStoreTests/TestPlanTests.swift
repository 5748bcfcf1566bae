import ChargeController
import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

/// The standard's acceptance procedure, with tokens of the registry's own.
struct TestPlanTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
    }

    private func add(_ divider: Int?, restricted: Bool = false) throws {
        let listed = try bench.listed("CSP-0001", divider: divider)
        try bench.add([
            ListedUnit(
                row: 2, id: listed.id, credentials: listed.credentials, count: .one, timeDivider: listed.timeDivider,
                digitSet: restricted ? .restricted : nil, hardwareModel: nil, firmwareVersion: nil, testCode: nil
            )
        ])
    }

    private func plan() throws -> TestPlan {
        try bench.registry.makeTestPlan(of: try PaygID("CSP-0001"), at: bench.now, actor: bench.actor)
    }

    @Test(arguments: [(1, false), (1, true), (24, false), (255, true), (12, false)])
    func `a simulated unit passes every step, whatever its divider and its keypad`(
        divider: Int, restricted: Bool
    ) throws {
        try add(divider, restricted: restricted)
        let listed = try bench.listed("CSP-0001", divider: divider)
        let plan = try plan()
        #expect(plan.steps.count == (restricted ? 58 : 57))
        var unit = SolarUnit(
            UnitParameters(
                key: listed.credentials.key, startingCode: listed.credentials.startingCode, dispatchedCount: .one,
                timeDivider: try TimeDivider(divider), digitSet: restricted ? .restricted : .full
            )
        )
        for step in plan.steps {
            if case .wait(let hours) = step.before { unit.advance(by: hours * 3600) }
            let answer: TestPlan.Answer =
                switch unit.enter(step.digits) {
                case .valid: .valid
                case .alreadyUsed: .used
                case .invalid: .invalid
                default: .nothing
                }
            #expect(answer == step.answer, "\(step.name)")
            if step.after == .cutPower {
                unit.cutPower()
                unit.restorePower()
            }
            switch step.state {
            case .unlocked: #expect(unit.isUnlocked && unit.isLoadOn, "\(step.name)")
            case .left(let seconds):
                // A step of 1/255 day is no whole number of seconds.
                #expect(!unit.isUnlocked && abs(unit.secondsLeft - seconds) <= 2, "\(step.name)")
                #expect(unit.isLoadOn == (unit.secondsLeft > 0), "\(step.name)")
            }
        }
        #expect(unit.secondsLeft == 0 && !unit.isUnlocked, "it goes out locked")
    }

    @Test func `test tokens are on record as such, and the next one paid for leaves nothing of the test`() throws {
        try add(nil)
        let plan = try plan()
        let tokens = try bench.registry.tokens()
        #expect(tokens.count == plan.tokens.count && tokens.allSatisfy { $0.test != nil && $0.paidUntil == nil })
        #expect(tokens.first?.test == "G2")
        #expect(try bench.registry.verify().problems == [])
        let unit = try bench.registry.unit(PaygID("CSP-0001"))
        #expect(unit.count == tokens.last?.count && unit.paidUntil == nil && !unit.credit.isUnlocked)
        #expect(throws: FleetError.noTokens(of: "unit CSP-0001")) {
            try bench.registry.lastOrder(of: PaygID("CSP-0001"))
        }
        // Whoever broke the test off after G9 has a unit that is on for good.
        let paid = try bench.issue("CSP-0001", days: "7")
        #expect(paid.tokens.map(\.instruction) == [.setTime(try TimeValue(7))])
        #expect(try bench.registry.verify().problems == [])
    }

    @Test func `a unit that somebody uses, or that is away, is not tested`() throws {
        try add(nil)
        try bench.add("CSP-0002", "CSP-0003", "CSP-0004")
        func refused(_ unit: String) throws -> FleetError? {
            let before = try bench.sql(".dump").output
            do {
                _ = try bench.registry.makeTestPlan(of: PaygID(unit), at: bench.now, actor: bench.actor)
                return nil
            } catch {
                #expect(try bench.sql(".dump").output == before)
                return error
            }
        }
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        let customer = try CustomerReference("K-1")
        _ = try bench.registry.assign(try PaygID("CSP-0001"), to: customer, at: bench.now, actor: bench.actor)
        #expect(try refused("CSP-0001") == .unitInUse(try PaygID("CSP-0001"), by: customer))
        try bench.issue("CSP-0002", days: "3")
        #expect(try refused("CSP-0002") == .unitInUse(try PaygID("CSP-0002"), by: nil))
        try bench.export(ExportSelection(.units([try PaygID("CSP-0003")])))
        #expect(
            try refused("CSP-0003") == .tokensMadeElsewhere(try PaygID("CSP-0003"), provider: "paygops", export: 1))
        _ = try bench.registry.retire(
            PaygID("CSP-0004"), reason: try Reason("lost"), at: bench.now, actor: bench.actor)
        #expect(try refused("CSP-0004") == .unitRetired(try PaygID("CSP-0004"), at: bench.now))
        #expect(try refused("CSP-0009")?.kind == .notFound)
    }

    @Test func `a test token made to look like one that was paid for, or the other way round, is noticed`() throws {
        try add(nil)
        _ = try plan()
        #expect(try bench.unguardedSQL("UPDATE token SET test = NULL WHERE test = 'G9'").status == 0)
        #expect(try bench.registry.verify().problems.first?.contains("is not the one that was issued") == true)
    }
}
