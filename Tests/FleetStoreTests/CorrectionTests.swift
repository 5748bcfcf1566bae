import ChargeController
import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

/// What a support desk sets right, beside simulated units.
struct CorrectionTests {
    private let bench: StoreBench
    private let day = 86_400

    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            for name in ["K-1", "K-2"] { _ = try add(Customer(reference: name, name: "Amina", phone: nil)) }
        }
    }

    private func id(_ text: String) throws -> PaygID { try PaygID(text) }

    private func device(_ name: String) throws -> SolarUnit {
        let listed = try bench.listed(name)
        return SolarUnit(
            UnitParameters(key: listed.credentials.key, startingCode: listed.credentials.startingCode))
    }

    private func maker(_ name: String) throws -> TokenMaker {
        let listed = try bench.listed(name)
        return TokenMaker(key: listed.credentials.key, startingCode: listed.credentials.startingCode)
    }

    private func check(_ token: Token, _ unit: String = "CSP-0001") throws -> TokenCheck {
        try bench.registry.check(token.digits, of: id(unit))
    }

    private func assign(_ unit: String, _ customer: String) throws {
        _ = try bench.registry.assign(
            id(unit), to: try CustomerReference(customer), at: bench.now, actor: bench.actor)
    }

    private func replace(
        _ old: String, _ new: String, retire: Bool = false, at moment: Timestamp? = nil
    ) throws -> UnitReplacement {
        try bench.registry.replace(
            id(old), by: id(new), reason: try Reason("broken"), isRetired: retire, at: moment ?? bench.now,
            actor: bench.actor
        )
    }

    // MARK: - Token check

    @Test func `a token just issued is told with whom it was for, and the unit would take it`() throws {
        try assign("CSP-0001", "K-1")
        let made = try bench.issue("CSP-0001", days: "30", ref: "MP-1").tokens[0]
        let check = try check(made.token)
        #expect(check.outcome == .accepted(.addTime(try TimeValue(30)), count: try TokenCount(2)))
        #expect(check.issued == made && check.issued?.customer?.text == "K-1")
    }

    @Test func `what a check says, the unit does: every token, entered after all the others`() throws {
        for days in [3, 5, 7] { try bench.issue("CSP-0001", days: "\(days)") }
        try bench.request("CSP-0001", .setDays(try Days(4)))
        for days in 1...12 { try bench.issue("CSP-0001", days: "\(days)") }
        let made = try bench.registry.tokens()
        #expect(made.count == 16)
        for one in made {
            var unit = try device("CSP-0001")
            for other in made where other.count != one.count { _ = unit.enter(other.token.digits) }
            let does = unit.enter(one.token.digits)
            switch try check(one.token).outcome {
            case .accepted(let instruction, _): #expect(does == .valid(instruction), "\(one)")
            case .alreadyUsed: #expect(does == .alreadyUsed, "\(one)")
            case .invalid: Issue.record("\(one) is the unit's")
            }
        }
        #expect(try check(made[0].token).closing?.instruction.type == .setTime)
    }

    @Test func `a token of another unit, or with a wrong digit, is invalid, and one made elsewhere is not issued`()
        throws
    {
        let other = try bench.issue("CSP-0002", days: "30").tokens[0]
        let stranger = try check(other.token)
        #expect(stranger.outcome == .invalid && stranger.issued == nil)
        let elsewhere = try maker("CSP-0001").make(.addTime(try TimeValue(7)), after: try TokenCount(21))
        let check = try check(elsewhere.token)
        #expect(check.outcome == .accepted(.addTime(try TimeValue(7)), count: elsewhere.count) && check.issued == nil)
        #expect(try bench.registry.check(" 123 456-789#", of: id("CSP-0001")).outcome == .invalid)
        #expect(throws: FleetError.self) { try bench.registry.check("12345678", of: id("CSP-0001")) }
        #expect(throws: FleetError.self) { try bench.registry.check("314114432231134", of: id("CSP-0001")) }
    }

    @Test func `a token is found by history, and one made elsewhere by computation`() throws {
        let issued = try bench.issue("CSP-0002", days: "30").tokens[0]
        #expect(try bench.registry.issued(issued.token) == [issued])
        let elsewhere = try maker("CSP-0003").make(.setTime(try TimeValue(7)), after: try TokenCount(40))
        #expect(try bench.registry.issued(elsewhere.token) == [])
        let found = try bench.registry.matches(of: elsewhere.token)
        #expect(found.map(\.unit) == [try id("CSP-0003")])
        #expect(found.map(\.outcome) == [.accepted(.setTime(try TimeValue(7)), count: elsewhere.count)])
    }

    // MARK: - The count

    @Test func `a count is recovered from any token that the unit accepted, and the next token is right`() throws {
        var unit = try device("CSP-0001")
        var count = TokenCount.one
        var last: Token?
        // A year of tokens that somebody else made.
        for _ in 0..<150 {
            let made = try maker("CSP-0001").make(.addTime(try TimeValue(1)), after: count)
            #expect(unit.enter(made.token.digits) == .valid(.addTime(try TimeValue(1))))
            (count, last) = (made.count, made.token)
        }
        let lost = try bench.issue("CSP-0001", days: "1").tokens[0]
        #expect(unit.enter(lost.token.digits) == .alreadyUsed, "the unit is ahead")
        let token = try #require(last)
        let change = try bench.registry.setCount(
            of: id("CSP-0001"), from: token.grouped, at: bench.now, actor: bench.actor)
        #expect(change.from == lost.count && change.to == count)
        let next = try bench.issue("CSP-0001", days: "2").tokens[0]
        #expect(unit.enter(next.token.digits) == .valid(.addTime(try TimeValue(2))))
        let again = try bench.registry.setCount(
            of: id("CSP-0001"), from: token.digits, at: bench.now, actor: bench.actor)
        #expect(again.from == again.to, "it is not ahead of the registry any more")
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a token out of reach, or of no unit, changes no count`() throws {
        let far = try maker("CSP-0001").make(.addTime(try TimeValue(1)), after: try TokenCount(5001))
        func setCount(_ text: String, reach: Int = 1000) throws -> CountChange {
            try bench.registry.setCount(of: id("CSP-0001"), from: text, reach: reach, at: bench.now, actor: bench.actor)
        }
        #expect(throws: FleetError.notATokenOf(try id("CSP-0001"), lookedUpTo: try TokenCount(1001))) {
            try setCount(far.token.digits)
        }
        #expect(try bench.registry.unit(id("CSP-0001")).count == .one)
        #expect(try setCount(far.token.digits, reach: 10_000).to == far.count)
    }

    @Test func `a count is set on record, back only when it is confirmed, and never below one that was used`() throws {
        func setCount(_ count: Int, isConfirmed: Bool = false, _ unit: String = "CSP-0001") throws -> CountChange {
            try bench.registry.setCount(
                of: id(unit), to: try TokenCount(count), isConfirmed: isConfirmed,
                reason: try Reason("read at the unit"),
                at: bench.now, actor: bench.actor
            )
        }
        let made = try bench.issue("CSP-0001").tokens[0]
        #expect(throws: FleetError.self) { try setCount(67) }
        #expect(try setCount(2000, isConfirmed: true).to == (try TokenCount(2000)))
        #expect(throws: FleetError.self) { try setCount(200) }
        #expect(try bench.registry.unit(id("CSP-0001")).count == (try TokenCount(2000)))
        #expect(try setCount(200, isConfirmed: true).to == (try TokenCount(200)))
        #expect(throws: FleetError.countUsed(try id("CSP-0001"), given: .one, highest: made.count)) {
            try setCount(1, isConfirmed: true)
        }
        #expect(try bench.issue("CSP-0001").tokens[0].count == (try TokenCount(202)))
        try bench.export(ExportSelection(.units([try id("CSP-0002")])))
        #expect(throws: FleetError.tokensMadeElsewhere(try id("CSP-0002"), provider: "paygops", export: 1)) {
            try setCount(9, "CSP-0002")
        }
        #expect(try bench.registry.verify().ok)
    }

    // MARK: - Service

    @Test func `a retired unit gets no token, no customer and no export, until it is back`() throws {
        try assign("CSP-0001", "K-1")
        let retired = try bench.registry.retire(
            id("CSP-0001"), reason: try Reason("stolen"), at: bench.now, actor: bench.actor)
        #expect(retired.takenFrom?.text == "K-1" && retired.unit.customer == nil)
        let refused = FleetError.unitRetired(try id("CSP-0001"), at: bench.now)
        #expect(throws: refused) { try bench.issue("CSP-0001") }
        #expect(throws: refused) { try assign("CSP-0001", "K-1") }
        #expect(throws: refused) { try bench.export(ExportSelection(.units([try id("CSP-0001")]))) }
        #expect(
            try bench.export(ExportSelection(.all), copy: true).units.map(\.unit.id.text) == [
                "CSP-0002", "CSP-0003",
            ])
        #expect(throws: refused) {
            try bench.registry.retire(id("CSP-0001"), reason: try Reason("x"), at: bench.now, actor: bench.actor)
        }
        #expect(try bench.registry.verify().ok)
        _ = try bench.registry.returnToService(
            id("CSP-0001"), reason: try Reason("found"), at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0001")
        #expect(throws: FleetError.notRetired(try id("CSP-0001"))) {
            try bench.registry.returnToService(
                id("CSP-0001"), reason: try Reason("x"), at: bench.now, actor: bench.actor)
        }
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a replaced unit is locked, and the new one has its customer and its days`() throws {
        try assign("CSP-0001", "K-1")
        var (old, new) = (try device("CSP-0001"), try device("CSP-0002"))
        let paid = try bench.issue("CSP-0001", days: "30").tokens[0]
        #expect(old.enter(paid.token.digits) == .valid(paid.instruction))
        // 9 days and 2 hours later 20 days and 22 hours are left.
        let later = 9 * day + 7200
        let done = try replace("CSP-0001", "CSP-0002", retire: true, at: bench.now + later)
        let (lock, tokens) = (try #require(done.lock?.tokens.first), try #require(done.tokens?.tokens.first))
        old.advance(by: later)
        #expect(old.enter(lock.token.digits) == .valid(.setTime(try TimeValue(0))) && !old.isLoadOn)
        #expect(new.enter(tokens.token.digits) == .valid(.addTime(try TimeValue(21))))
        #expect(lock.customer?.text == "K-1" && tokens.customer?.text == "K-1")
        let units = (try bench.registry.unit(id("CSP-0001")), try bench.registry.unit(id("CSP-0002")))
        #expect(units.0.customer == nil && units.0.retiredAt != nil && units.1.customer?.text == "K-1")
        #expect(units.1.paidUntil == bench.now + (later + 21 * day))
        #expect(try bench.registry.verify().ok)
    }

    @Test func `an unlocked unit's place is taken by an unlocked one, and a unit without time needs no token`() throws {
        try bench.request("CSP-0001", .unlock)
        let done = try replace("CSP-0001", "CSP-0002")
        #expect(done.lock?.tokens.first?.instruction == .setTime(try TimeValue(0)))
        #expect(done.tokens?.tokens.first?.instruction == .disablePayg)
        #expect(try bench.registry.unit(id("CSP-0002")).credit.isUnlocked)
        try assign("CSP-0003", "K-2")
        try bench.issue("CSP-0003", days: "1")
        #expect(throws: FleetError.unitHeld(try id("CSP-0003"), by: try CustomerReference("K-2"))) {
            try replace("CSP-0001", "CSP-0003")
        }
        let empty = try replace("CSP-0003", "CSP-0001", at: bench.now + 2 * day)
        #expect(empty.lock == nil && empty.tokens == nil && empty.customer?.text == "K-2")
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a replacement that is refused halfway changes nothing`() throws {
        try assign("CSP-0001", "K-1")
        try bench.issue("CSP-0001", days: "30")
        _ = try bench.registry.setCount(
            of: id("CSP-0002"), to: try TokenCount(Int(TokenCount.maximum)), isConfirmed: true, reason: try Reason("x"),
            at: bench.now, actor: bench.actor
        )
        let before = try bench.sql(".dump").output
        #expect(throws: FleetError.countsExhausted(try id("CSP-0002"))) { try replace("CSP-0001", "CSP-0002") }
        #expect(throws: FleetError.self) { try replace("CSP-0001", "csp-0001") }
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `the first token after the count was raised is one that the unit takes`() throws {
        _ = try bench.registry.setCount(
            of: id("CSP-0001"), to: try TokenCount(500), isConfirmed: true, reason: try Reason("x"), at: bench.now,
            actor: bench.actor
        )
        let made = try bench.issue("CSP-0001", days: "30").tokens[0]
        #expect(try check(made.token).outcome == .accepted(made.instruction, count: made.count))
    }

    @Test func `every token of an order just issued is one that the unit takes`() throws {
        try bench.issue("CSP-0001", days: "28")
        try bench.request("CSP-0001", .setDays(try Days(18)))
        let made = try bench.issue("CSP-0001", days: "9950").tokens
        #expect(made.count == 11)
        for token in made {
            #expect(try check(token.token).outcome == .accepted(token.instruction, count: token.count), "\(token)")
        }
    }

    @Test func `a count that a token proved is not used again`() throws {
        let made = try maker("CSP-0001").make(.addTime(try TimeValue(1)), after: try TokenCount(50))
        _ = try bench.registry.setCount(of: id("CSP-0001"), from: made.token.digits, at: bench.now, actor: bench.actor)
        #expect(throws: FleetError.countUsed(try id("CSP-0001"), given: .one, highest: made.count)) {
            try bench.registry.setCount(
                of: id("CSP-0001"), to: .one, isConfirmed: true, reason: try Reason("x"), at: bench.now,
                actor: bench.actor)
        }
    }

    @Test func `time that somebody else gave is reckoned with when time is removed, and when a unit is replaced`()
        throws
    {
        try assign("CSP-0001", "K-1")
        try bench.export(ExportSelection(.units([try id("CSP-0001")])))
        var unit = try device("CSP-0001")
        let provided = try maker("CSP-0001").make(.addTime(try TimeValue(300)), after: .one)
        #expect(unit.enter(provided.token.digits) == .valid(.addTime(try TimeValue(300))))
        _ = try bench.registry.reclaim(
            id("CSP-0001"), count: provided.count, reason: try Reason("moved"), at: bench.now, actor: bench.actor)
        #expect(try bench.issue("CSP-0001", days: "1").tokens[0].instruction == .addTime(try TimeValue(1)))
        try bench.request("CSP-0001", .setDays(try Days(0)))
        // Who leaves that one out has 300 days; the next one takes them back.
        let next = try bench.issue("CSP-0001", days: "7").tokens[0]
        #expect(unit.enter(next.token.digits) == .valid(.setTime(try TimeValue(7))))
        #expect(unit.secondsLeft == 7 * day)
        #expect(try bench.registry.verify().ok)

        let done = try replace("CSP-0001", "CSP-0002", at: bench.now + 30 * day)
        #expect(done.lock != nil && done.tokens == nil && done.hasTimeFromElsewhere)
        #expect(try bench.registry.verify().ok)
    }

    @Test func `a replacement asked for twice is told, and makes no other token`() throws {
        try assign("CSP-0001", "K-1")
        try bench.issue("CSP-0001", days: "30")
        _ = try replace("CSP-0001", "CSP-0002")
        let before = try bench.sql(".dump").output
        #expect(throws: FleetError.replacedAlready(try id("CSP-0001"), by: try id("CSP-0002"), at: bench.now)) {
            try replace("CSP-0001", "CSP-0002")
        }
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `a list that is stopped tells how many payments have their tokens`() throws {
        let payments = try (0..<2500).map { number in
            Payment(
                row: number + 2,
                order: TokenOrder(
                    recipient: .unit(try id("CSP-0001")), request: .days(try Days(1)),
                    reference: try PaymentReference("MP-\(number)")))
        }
        var taken = 0
        let full = FleetError.outputFailed(path: "out.csv", reason: "no space left on device")
        #expect(throws: FleetError.paymentsStopped(met: 2000, of: 2500, because: full)) {
            try bench.registry.issue(payments, of: "pay.csv", isAtomic: false, at: bench.now, actor: bench.actor) {
                taken += $0.count
                if taken > 1000 { throw full }
            }
        }
        #expect(try bench.registry.tokens().count == 2000)
        #expect(!"\(FleetError.paymentsStopped(met: 2000, of: 2500, because: full))".contains("nothing was changed"))
    }
}
