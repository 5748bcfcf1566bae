import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

/// Who makes a unit's tokens, from one hand to the next.
struct HandingOverTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
    }

    private func id(_ text: String) throws -> PaygID { try PaygID(text) }

    @discardableResult
    private func reclaim(
        _ unit: String, count: Int, isForced: Bool = false
    ) throws -> (provider: String, before: TokenCount) {
        try bench.registry.reclaim(
            try id(unit), count: try TokenCount(count), isForced: isForced, reason: try Reason("moved"), at: bench.now,
            actor: bench.actor
        )
    }

    private func takeover(_ counts: [(String, Int)], key: String? = nil, isForced: Bool = false) throws -> Takeover {
        Takeover(
            try counts.map { unit, count in
                let listed = try bench.listed(unit, key: key)
                return .init(
                    unit: listed.id, count: try TokenCount(count), credentials: key == nil ? nil : listed.credentials
                )
            }, file: "theirs.csv", reason: try Reason("moved to angaza"), isForced: isForced
        )
    }

    // MARK: - Taking back

    @Test func `a count below the one that was handed over is taken when somebody insists, and told of`() throws {
        try bench.issue("CSP-0001")
        try bench.export(ExportSelection(.units([try id("CSP-0001")]), again: false))
        // It was handed over with 2; the last token made here had 2 as well.
        for isForced in [false, true] {
            #expect(
                throws: FleetError.countUsed(try id("CSP-0001"), given: .one, highest: try TokenCount(2))
            ) { try reclaim("CSP-0001", count: 1, isForced: isForced) }
        }

        // Set too high by mistake, and handed over so: without a way back, the
        // unit would never take a token again.
        _ = try bench.registry.setCount(
            of: id("CSP-0002"), to: try TokenCount(900), isConfirmed: true, reason: try Reason("typed wrong"),
            at: bench.now, actor: bench.actor
        )
        try bench.export(ExportSelection(.units([try id("CSP-0002")])))
        #expect(
            throws: FleetError.countTooLow(
                try id("CSP-0002"), given: try TokenCount(9), registry: try TokenCount(900))
        ) { try reclaim("CSP-0002", count: 9) }
        let (provider, before) = try reclaim("CSP-0002", count: 9, isForced: true)
        #expect(provider == "paygops" && before.number == 900)
        #expect(try bench.issue("CSP-0002").tokens[0].count == (try TokenCount(10)))
        #expect(try bench.registry.verify().problems == [])
        let told = try bench.registry.events().last { $0.action == "unitReclaimed" }
        #expect(told?.detail.contains("\"countBefore\":900") == true, "the trail says that it went back")
    }

    @Test func `a unit that was taken back is not handed over again without being asked for`() throws {
        try bench.export(ExportSelection())
        try reclaim("CSP-0002", count: 5)
        #expect(throws: FleetError.nothingToExport) { try bench.export(ExportSelection()) }
        try bench.add("CSP-0004")
        let (summary, units) = try bench.export(ExportSelection())
        #expect(units.map(\.unit.id.text) == ["CSP-0004"] && summary.unitsLeftOut == 1)
        #expect(try bench.export(ExportSelection(again: true)).units.count == 4)
        try reclaim("CSP-0002", count: 5)
        #expect(try bench.export(ExportSelection(.units([try id("CSP-0002")]))).summary.units == 1, "asked for by name")
        try reclaim("CSP-0002", count: 5)
        #expect(try bench.export(ExportSelection(), to: "angaza").units.map(\.unit.id.text) == ["CSP-0002"])
        #expect(try bench.registry.verify().ok)
    }

    // MARK: - From one provider to the next

    @Test func `units go from one provider to the next in one step, with the counts that the first reports`() throws {
        try bench.export(ExportSelection())
        let moved = try takeover([("CSP-0001", 7), ("CSP-0003", 1)])
        let chosen = ExportSelection(.units(moved.reports.map(\.unit)))
        let (summary, units) = try bench.export(chosen, to: "angaza", takeover: moved)
        #expect(summary.unitsTakenOver == 2 && summary.unitsAgain == 0)
        #expect(units.map(\.unit.count.number) == [7, 1], "the file has the counts of now")
        #expect(try bench.registry.units(authority: "angaza").map(\.count.number) == [7, 1])
        #expect(try bench.registry.units(authority: "paygops").map(\.id.text) == ["CSP-0002"])
        #expect(
            try bench.registry.events().suffix(3).map(\.action) == [
                "unitReclaimed", "unitReclaimed", "credentialsExported",
            ]
        )
        #expect(
            throws: FleetError.tokensMadeElsewhere(try id("CSP-0001"), provider: "angaza", export: 2)
        ) { try bench.issue("CSP-0001") }
        #expect(try bench.registry.verify().problems == [])
    }

    @Test func `what a report cannot be right about is refused, and nothing changes hands`() throws {
        try bench.issue("CSP-0001")
        try bench.export(ExportSelection(.units([try id("CSP-0001"), try id("CSP-0002")])))
        let before = try bench.sql(".dump").output
        func moved(_ counts: [(String, Int)], to provider: String = "angaza", key: String? = nil) throws {
            let takeover = try takeover(counts, key: key)
            try bench.export(
                ExportSelection(.units(takeover.reports.map(\.unit))), to: provider, takeover: takeover
            )
        }
        #expect(
            throws: FleetError.countUsed(try id("CSP-0001"), given: .one, highest: try TokenCount(2))
        ) { try moved([("CSP-0002", 3), ("CSP-0001", 1)]) }
        #expect(throws: FleetError.notHandedOver(try id("CSP-0003"))) { try moved([("CSP-0003", 4)]) }
        #expect(
            throws: FleetError.alreadyHandedOver(try id("CSP-0001"), provider: "paygops")
        ) { try moved([("CSP-0001", 4)], to: "paygops") }
        #expect(throws: FleetError.self) { try moved([("CSP-0009", 4)]) }
        #expect(
            throws: FleetError.credentialsDiffer(try id("CSP-0002"), file: "theirs.csv")
        ) { try moved([("CSP-0002", 4)], key: "ffffffffffffffffffffffffffffffff") }
        #expect(try bench.sql(".dump").output == before)
    }

    // MARK: - The selection

    @Test func `units that came or went since somebody was asked stop the export`() throws {
        let asked = try bench.export(ExportSelection(), dryRun: true).summary
        _ = try bench.registry.retire(
            id("CSP-0003"), reason: try Reason("lost"), at: bench.now, actor: bench.actor)
        #expect(throws: FleetError.selectionChanged(expected: 3, found: 2)) {
            try bench.export(ExportSelection(), expecting: asked)
        }
        // As many as before, and others.
        try bench.add("CSP-0004")
        let before = try bench.sql(".dump").output
        #expect(throws: FleetError.selectionChanged(expected: 3, found: 3)) {
            try bench.export(ExportSelection(), expecting: asked)
        }
        #expect(try bench.sql(".dump").output == before)
        let now = try bench.export(ExportSelection(), dryRun: true).summary
        #expect(try bench.export(ExportSelection(), expecting: now).summary.units == 3)
    }

    @Test func `only units that are handed on are taken from a provider`() throws {
        try bench.export(ExportSelection())
        let moved = try takeover([("CSP-0001", 7), ("CSP-0002", 7)])
        let before = try bench.sql(".dump").output
        for selection in [
            ExportSelection(.units([try id("CSP-0001")])), ExportSelection(.dispatch(1)), ExportSelection(),
            ExportSelection(.authority("paygops"), again: true),
        ] {
            #expect(throws: FleetError.self) { try bench.export(selection, to: "angaza", takeover: moved) }
        }
        #expect(throws: FleetError.takeoverWithoutHandover) {
            try bench.export(
                ExportSelection(.units(moved.reports.map(\.unit))), to: "angaza", copy: true, takeover: moved)
        }
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `a list that went out, or came in with the units, is not taken for the provider's own`() throws {
        try bench.export(ExportSelection(), sha256: String(repeating: "a", count: 64))
        func moved(sha256: String) throws {
            var takeover = try takeover([("CSP-0001", 1)])
            takeover.sha256 = sha256
            try bench.export(ExportSelection(.units([try id("CSP-0001")])), to: "angaza", takeover: takeover)
        }
        #expect(throws: FleetError.ownList(file: "theirs.csv", what: "the file that export 1 wrote")) {
            try moved(sha256: String(repeating: "a", count: 64))
        }
        #expect(throws: FleetError.ownList(file: "theirs.csv", what: "the list that dispatch 1 came in")) {
            try moved(sha256: String(repeating: "0", count: 64))
        }
        try moved(sha256: String(repeating: "b", count: 64))
    }

    @Test func `force does not go below what a provider before reported`() throws {
        try bench.export(ExportSelection(.units([try id("CSP-0001")])))
        try reclaim("CSP-0001", count: 40)
        try bench.export(ExportSelection(.units([try id("CSP-0001")])), to: "angaza")
        #expect(
            throws: FleetError.countUsed(try id("CSP-0001"), given: try TokenCount(2), highest: try TokenCount(40))
        ) { try reclaim("CSP-0001", count: 2, isForced: true) }
        try reclaim("CSP-0001", count: 40)
        #expect(try bench.issue("CSP-0001").tokens[0].count == (try TokenCount(42)))
    }

    @Test func `units go by the customer who holds them, and by who makes their tokens`() throws {
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        let customer = try CustomerReference("K-1")
        _ = try bench.registry.assign(id("CSP-0002"), to: customer, at: bench.now, actor: bench.actor)
        let (summary, units) = try bench.export(ExportSelection(.customer(customer)), tells: (true, true))
        #expect(summary.units == 1)
        #expect(units[0].customer?.name == "Amina" && units[0].dispatch?.file == "list.csv")
        let again = try bench.export(ExportSelection(.authority("PAYGOPS"), again: true))
        #expect(again.units.map(\.unit.id.text) == ["CSP-0002"] && again.units[0].customer == nil)
        #expect(throws: FleetError.self) {
            try bench.export(ExportSelection(.customer(try CustomerReference("K-9"))))
        }
    }
}
