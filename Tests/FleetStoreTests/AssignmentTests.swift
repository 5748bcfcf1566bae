import Fleet
import FleetStore
import TestSupport
import Testing

struct AssignmentTests {
    private let bench: StoreBench
    private let unit: PaygID
    private let first: CustomerReference
    private let second: CustomerReference

    init() throws {
        bench = try StoreBench()
        unit = try PaygID("CSP-0001")
        first = try CustomerReference("K-1")
        second = try CustomerReference("K-2")
        try bench.add("CSP-0001", "CSP-0002")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            for reference in ["K-1", "K-2"] { _ = try add(Customer(reference: reference, name: "Amina", phone: nil)) }
        }
    }

    private func day(_ day: Int) throws -> Timestamp {
        try #require(Timestamp(text: "2026-10-\(day < 10 ? "0" : "")\(day)T00:00:00Z"))
    }

    @discardableResult
    private func assign(_ customer: CustomerReference, since date: Timestamp? = nil, unit: String = "CSP-0001") throws
        -> (assignment: Assignment, isNew: Bool)
    {
        try bench.registry.assign(
            try PaygID(unit), to: customer, since: date, at: bench.now, actor: bench.actor
        )
    }

    @discardableResult
    private func unassign(on date: Timestamp? = nil) throws -> Assignment {
        try bench.registry.unassign(unit, on: date, at: bench.now, actor: bench.actor)
    }

    @Test func `a unit is given and taken back at dates in the past, and its whole history is kept`() throws {
        try assign(first, since: try day(1))
        #expect(try unassign(on: try day(5)).since == day(1))
        try assign(second, since: try day(5))
        try unassign(on: try day(5))
        try assign(first, since: try day(9), unit: "CSP-0002")
        try assign(first)
        func held(_ customer: CustomerReference) throws -> [String] {
            try bench.registry.assignments(of: customer).map {
                "\($0.unit) \($0.since.text.prefix(10)) \($0.until?.text.prefix(10) ?? "")"
            }
        }
        #expect(
            try held(first) == ["CSP-0001 2026-10-01 2026-10-05", "CSP-0002 2026-10-09 ", "CSP-0001 2026-11-03 "]
        )
        #expect(try held(second) == ["CSP-0001 2026-10-05 2026-10-05"])
        #expect(try bench.registry.customer(first).units.map(\.text) == ["CSP-0001", "CSP-0002"])
        #expect(throws: FleetError.customerNotFound(try CustomerReference("X"), nearest: [])) {
            try held(try CustomerReference("X"))
        }
        #expect(try bench.registry.verify().ok)
    }

    @Test func `nothing begins within another's time, and who had it until when is told`() throws {
        try assign(first, since: try day(1))
        try unassign(on: try day(5))
        for date in [try day(4), try day(1), Timestamp(seconds: 0)] {
            #expect(throws: FleetError.unitHeldUntil(unit, by: first, until: try day(5))) {
                try assign(second, since: date)
            }
        }
        try assign(second, since: try day(6))
        #expect(throws: FleetError.unitHeld(unit, by: second)) { try assign(first, since: try day(7)) }
        #expect(throws: FleetError.unitHeldSince(unit, by: second, since: try day(6))) { try unassign(on: try day(5)) }
        #expect(throws: FleetError.unitHeldSince(unit, by: second, since: try day(6))) {
            try assign(second, since: try day(7))
        }
        #expect(try !assign(second, since: try day(6)).isNew, "it is just so")
        #expect(try !assign(second).isNew)
        #expect(try bench.registry.events().count == 7, "what was refused has no event")
        #expect(FleetError.unitHeldUntil(unit, by: first, until: try day(5)).kind == .refused)
    }

    @Test func `nothing is dated in the future, to the second`() throws {
        #expect(throws: FleetError.self) { try assign(first, since: bench.now + 1) }
        #expect(try bench.registry.assignments(of: first).isEmpty)
        try assign(first, since: bench.now)
        #expect(throws: FleetError.self) { try unassign(on: bench.now + 1) }
        #expect(try unassign(on: bench.now).until == bench.now)
    }

    @Test func `a clock that was set back ends nothing before it began`() throws {
        try assign(first)
        let earlier = bench.now + -60
        #expect(throws: FleetError.unitHeldSince(unit, by: first, since: bench.now)) {
            try bench.registry.unassign(unit, at: earlier, actor: bench.actor)
        }
        try unassign()
        #expect(throws: FleetError.unitHeldUntil(unit, by: first, until: bench.now)) {
            try bench.registry.assign(unit, to: second, at: earlier, actor: bench.actor)
        }
    }

    @Test func `an event has the date only where it is another than its own`() throws {
        try assign(first, since: try day(1))
        try unassign()
        try assign(first, since: bench.now)
        let details = try bench.registry.events(HistoryFilter(unit: unit)).dropFirst().map(\.detail)
        #expect(
            details == [
                #"{"customer":"K-1","date":"2026-10-01T00:00:00Z","unit":"CSP-0001"}"#,
                #"{"customer":"K-1","unit":"CSP-0001"}"#, #"{"customer":"K-1","unit":"CSP-0001"}"#,
            ]
        )
    }
}
