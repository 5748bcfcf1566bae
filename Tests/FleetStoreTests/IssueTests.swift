import ChargeController
import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

struct IssueTests {
    @Test func `a token brings count and paid-until forward`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let first = try bench.issue("CSP-0001", days: "30").tokens[0]
        #expect(first.count == (try TokenCount(2)))
        #expect(first.paidUntil == bench.now + 30 * 86_400)
        let second = try bench.issue("csp-0001", days: "7", at: bench.now + 86_400).tokens[0]
        #expect(second.count == (try TokenCount(4)))
        #expect(second.unit.text == "CSP-0001")
        let unit = try bench.registry.unit(try PaygID("CSP-0001"))
        #expect(unit.count == second.count && unit.paidUntil == bench.now + 37 * 86_400)
        #expect(try bench.registry.tokens().map(\.token) == [first.token, second.token])
    }

    @Test func `a simulated unit takes every token issued for it, once`() throws {
        let bench = try StoreBench()
        let listed = try bench.listed("CSP-0001", count: 0)
        try bench.add([listed])
        var unit = SolarUnit(
            UnitParameters(
                key: listed.credentials.key, startingCode: listed.credentials.startingCode, dispatchedCount: .zero))
        for days in 1...12 {
            let token = try bench.issue("CSP-0001", days: "\(days)").tokens[0]
            #expect(unit.enter(token.token.digits) == .valid(token.instruction))
            #expect(unit.enter(token.token.digits) == .alreadyUsed)
        }
        let paid = try #require(try bench.registry.unit(try PaygID("CSP-0001")).paidUntil)
        #expect(Int64(unit.secondsLeft) == paid.seconds - bench.now.seconds)
    }

    @Test func `the same payment reference for the same request gives the same token`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        let first = try bench.issue("CSP-0001", days: "30", ref: "MP-77")
        let again = try bench.issue("CSP-0001", days: "30", ref: "MP-77", at: bench.now + 999_999)
        #expect(!first.alreadyIssued && again.alreadyIssued)
        #expect(first.tokens == again.tokens)
        #expect(try bench.registry.tokens().count == 1)
        #expect(throws: FleetError.referenceUsed(by: first.tokens)) {
            try bench.issue("CSP-0001", days: "31", ref: "MP-77")
        }
        #expect(throws: FleetError.referenceUsed(by: first.tokens)) {
            try bench.issue("CSP-0002", days: "30", ref: "MP-77")
        }
        #expect(try bench.registry.tokens().count == 1)
        #expect(try bench.issue("CSP-0001", days: "30", ref: "MP-78").tokens[0].count == (try TokenCount(4)))
    }

    @Test func `a customer's one unit is found, and none or several are not guessed`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        let customer = try CustomerReference("K-1")
        let order = TokenOrder(
            recipient: .customer(customer), request: .days(try Days(1)), reference: try PaymentReference("MP-1")
        )
        func issue() throws -> TokenDelivery { try bench.registry.issue(order, at: bench.now, actor: bench.actor) }
        func assign(_ id: String) throws -> Bool {
            try bench.registry.assign(try PaygID(id), to: customer, at: bench.now, actor: bench.actor).isNew
        }

        #expect(throws: FleetError.customerNotFound(customer, nearest: [])) { try issue() }
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            let isNew = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
            #expect(isNew)
        }
        #expect(throws: FleetError.customerHoldsNoUnit(customer)) { try issue() }
        #expect(try assign("CSP-0001"))
        let token = try issue().tokens[0]
        #expect(token.unit.text == "CSP-0001" && token.customer == customer)
        #expect(try assign("CSP-0002"))
        #expect(try issue().alreadyIssued, "the payment is known, whatever the customer holds now")
        let next = TokenOrder(recipient: .customer(customer), request: .days(try Days(1)), reference: nil)
        #expect(
            throws: FleetError.customerHoldsSeveral(customer, units: [try PaygID("CSP-0001"), try PaygID("CSP-0002")])
        ) { try bench.registry.issue(next, at: bench.now, actor: bench.actor) }
    }

    @Test func `an unknown unit is answered with the nearest, and nothing is written`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0100", "XYZ-9")
        let before = try bench.sql(".dump").output
        #expect(throws: FleetError.unitNotFound(try PaygID("CSP-001"), nearest: ["CSP-0001", "CSP-0100"])) {
            try bench.issue("CSP-001")
        }
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `days that the unit cannot take are refused, and nothing is written`() throws {
        let bench = try StoreBench()
        try bench.add([try bench.listed("CSP-0001", divider: 24)])
        let before = try bench.sql(".dump").output
        for days in ["0", "1/48", "1327", "100000"] {
            #expect(throws: FleetError.self) { try bench.issue("CSP-0001", days: days) }
        }
        #expect(try bench.sql(".dump").output == before)
        #expect(try bench.issue("CSP-0001", days: "995/24").tokens[0].instruction == .addTime(try TimeValue(995)))
    }

    @Test func `a unit that used its last count gets no token`() throws {
        let bench = try StoreBench()
        try bench.add([try bench.listed("CSP-0001", count: Int(TokenCount.maximum))])
        #expect(throws: FleetError.countsExhausted(try PaygID("CSP-0001"))) { try bench.issue("CSP-0001") }
    }

    @Test func `time is not sold beyond the year 9999`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let late = try #require(Timestamp(text: "9999-12-30T00:00:00Z"))
        #expect(throws: FleetError.paidTooFar(try PaygID("CSP-0001"))) {
            try bench.issue("CSP-0001", days: "2", at: late)
        }
        try bench.issue("CSP-0001", days: "1", at: late)
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a unit that a provider makes tokens for gets none here, until it is taken back`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        let id = try PaygID("CSP-0001")
        try bench.issue("CSP-0001")
        try bench.export(ExportSelection(.units([id])))
        #expect(throws: FleetError.tokensMadeElsewhere(id, provider: "paygops", export: 1)) {
            try bench.issue("CSP-0001")
        }
        try bench.issue("CSP-0002")

        func reclaim(_ count: Int) throws -> String {
            try bench.registry.reclaim(
                id, count: try TokenCount(count), reason: try Reason("moved"), at: bench.now, actor: bench.actor
            ).provider
        }
        #expect(throws: FleetError.countUsed(id, given: .one, highest: try TokenCount(2))) { try reclaim(1) }
        #expect(try reclaim(21) == "paygops")
        #expect(try bench.issue("CSP-0001").tokens[0].count == (try TokenCount(22)))
        #expect(throws: FleetError.tokensMadeHere(id)) { try reclaim(30) }
        #expect(try bench.registry.verify() == report(events: 7, tokens: 3))
    }

    private func report(events: Int, tokens: Int) -> AuditReport {
        var report = AuditReport()
        report.events = events
        report.tokens = tokens
        return report
    }
}
