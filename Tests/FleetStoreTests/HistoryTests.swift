import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

struct HistoryTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.add("CSP-0003")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            for reference in ["K-1", "K-2"] { _ = try add(Customer(reference: reference, name: "Amina", phone: nil)) }
        }
        _ = try bench.registry.assign(
            try PaygID("CSP-0001"), to: try CustomerReference("k-1"), at: bench.now, actor: bench.actor
        )
        for (day, unit) in ["CSP-0001", "CSP-0002", "CSP-0003", "CSP-0001"].enumerated() {
            try bench.issue(unit, at: bench.now + day * 86_400)
        }
        return bench
    }

    @Test func `tokens are filtered by unit, customer, dispatch and time`() throws {
        let bench = try bench()
        func counts(_ filter: HistoryFilter) throws -> [String] {
            try bench.registry.tokens(filter).map { "\($0.unit) \($0.count)" }
        }
        #expect(try counts(HistoryFilter(unit: try PaygID("csp-0001"))) == ["CSP-0001 2", "CSP-0001 4"])
        #expect(try counts(HistoryFilter(customer: try CustomerReference("K-1"))) == ["CSP-0001 2", "CSP-0001 4"])
        #expect(try counts(HistoryFilter(customer: try CustomerReference("K-2"))) == [])
        #expect(try counts(HistoryFilter(dispatch: 2)) == ["CSP-0003 2"])
        #expect(
            try counts(HistoryFilter(since: bench.now + 86_400, before: bench.now + 3 * 86_400))
                == ["CSP-0002 2", "CSP-0003 2"]
        )
        #expect(throws: FleetError.unitNotFound(try PaygID("X"), nearest: [])) {
            try counts(HistoryFilter(unit: try PaygID("X")))
        }
    }

    @Test func `a unit's events are those of its dispatch and exports too`() throws {
        let bench = try bench()
        try bench.export(ExportSelection(.dispatch(1)))
        func actions(_ filter: HistoryFilter) throws -> [String] { try bench.registry.events(filter).map(\.action) }
        #expect(
            try actions(HistoryFilter(unit: try PaygID("CSP-0001"))) == [
                "dispatchImported", "unitAssigned", "tokenIssued", "tokenIssued", "credentialsExported",
            ]
        )
        #expect(
            try actions(HistoryFilter(customer: try CustomerReference("K-1"))) == [
                "customerAdded", "unitAssigned", "tokenIssued", "tokenIssued",
            ]
        )
        #expect(try actions(HistoryFilter(dispatch: 2)) == ["dispatchImported", "tokenIssued"])
        #expect(try actions(HistoryFilter(dispatch: 1)).last == "credentialsExported", "who got the keys")
        #expect(try bench.registry.events().map(\.sequence) == Array(1...11))
    }

    @Test func `a unit has one holder at a time, and its whole history is kept`() throws {
        let bench = try bench()
        let (id, first, second) = (
            try PaygID("CSP-0001"), try CustomerReference("K-1"), try CustomerReference("K-2")
        )
        func assign(_ customer: CustomerReference) throws -> Bool {
            try bench.registry.assign(id, to: customer, at: bench.now, actor: bench.actor).isNew
        }
        #expect(try !assign(first), "held already")
        #expect(throws: FleetError.unitHeld(id, by: first)) { try assign(second) }
        #expect(try bench.registry.unassign(id, at: bench.now, actor: bench.actor).customer == first)
        #expect(throws: FleetError.unitNotHeld(id)) {
            try bench.registry.unassign(id, at: bench.now, actor: bench.actor)
        }
        #expect(try assign(second))
        #expect(try bench.registry.customers().map(\.units) == [[], [id]])
        #expect(
            try bench.registry.tokens(HistoryFilter(customer: first)).count == 2, "tokens stay with whom they were for")
        #expect(try bench.sql("SELECT count(*) FROM assignment").output == "2\n")
        #expect(
            try bench.sql(
                "INSERT INTO assignment (unit_id, customer_id, since) SELECT unit_id, customer_id, since FROM assignment WHERE until IS NULL"
            ).status != 0,
            "the schema says so too"
        )
        #expect(try bench.registry.verify().ok)
    }
}
