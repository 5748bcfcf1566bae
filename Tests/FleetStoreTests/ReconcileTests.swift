import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

struct ReconcileTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
    }

    private func compare(
        _ units: [ListedUnit], with selection: UnitSelection = .all, takesCounts: Bool = false
    ) throws -> Reconciliation {
        try bench.registry.reconcile(
            bench.feed(units), with: selection, takesCounts: takesCounts, at: bench.now, actor: bench.actor
        )
    }

    private func assign(_ units: String..., to customer: String) throws {
        let reference = try CustomerReference(customer)
        _ = try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: reference, name: "Achieng", phone: nil))
        }
        for unit in units {
            _ = try bench.registry.assign(try PaygID(unit), to: reference, at: bench.now, actor: bench.actor)
        }
    }

    private func units(_ result: Reconciliation, _ kind: UnitDifference.Kind) -> [String] {
        result.differences(kind).map(\.unit.text)
    }

    private func count(_ unit: String) throws -> UInt32 { try bench.registry.unit(try PaygID(unit)).count.number }

    @Test func `what both have is the same, in whatever case and order, and nothing is written`() throws {
        try bench.add("CSP-0001", "CSP-0002", "CSP-0003")
        let before = try bench.sql(".dump").output
        let result = try compare([
            try bench.listed("csp-0003", key: StoreBench.keys[1], code: 100_000_000 + 443, row: 2),
            try bench.listed("CSP-0001", row: 3), try bench.listed("CSP-0002", row: 4),
        ])
        // What `listed` makes of a name depends on its letters.
        #expect(units(result, .credentials) == ["CSP-0003"])
        #expect(result.rows == 3 && result.units == 3 && result.same == 2)
        let same = try compare([try bench.listed("CSP-0002", row: 2), try bench.listed("CSP-0001", row: 3)])
        #expect(same.same == 2 && units(same, .onlyHere) == ["CSP-0003"])
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `each difference is found, with its row, its holder and who makes the tokens`() throws {
        try bench.add("A", "B", "C", "D")
        try assign("B", to: "KIS-1")
        _ = try bench.export(ExportSelection(.units([try PaygID("C")])))
        let result = try compare([
            try bench.listed("A", key: StoreBench.keys[1], code: 5, count: 3, row: 2),
            try bench.listed("B", count: 0, row: 3), try bench.listed("C", divider: 24, row: 4),
            try bench.listed("E", row: 5),
        ])
        #expect(result.rows == 4 && result.units == 4 && result.same == 0 && !result.isSame)
        let credentials = try #require(result.differences(.credentials).first)
        #expect(credentials.unit.text == "A" && credentials.row == 2)
        #expect(credentials.fields == [.key, .startingCode])
        #expect(result.differences(.count).map(\.distance) == [2, -1])
        #expect(result.differences(.count).map(\.customer?.text) == [nil, "KIS-1"])
        let settings = try #require(result.differences(.settings).first)
        #expect(settings.unit.text == "C" && settings.authority == .provider("paygops"))
        #expect(units(result, .onlyHere) == ["D"] && units(result, .onlyThere) == ["E"])
        #expect(result.notStated == [.restrictedDigits, .testCode])
    }

    @Test func `a list of thousands in another order is the same`() throws {
        var numbers = SystemRandomNumberGenerator()
        let names = (0..<5_000).map { "CSP-\($0)" }
        try bench.add(try names.enumerated().map { try bench.listed($1, row: $0 + 2) })
        var shuffled = try names.shuffled(using: &numbers).enumerated().map { try bench.listed($1, row: $0 + 2) }
        let same = try compare(shuffled)
        #expect(same.isSame && same.same == 5_000 && same.units == 5_000)
        let gone = shuffled.remove(at: 4_321).id.text
        let other = shuffled[17].id.text
        shuffled[17] = try bench.listed(other, count: 9, row: 19)
        let result = try compare(shuffled)
        #expect(result.same == 4_998 && units(result, .onlyHere) == [gone] && units(result, .count) == [other])
        #expect(result.differences(.count).map(\.row) == [19])
    }

    @Test func `thousands that differ are told in their order, each with its holder`() throws {
        let names = (0..<6_000).map { "CSP-\(1_000_000 + $0)" }
        try bench.add(try names.enumerated().map { try bench.listed($1, row: $0 + 2) })
        try assign(names[3], names[5_900], to: "KIS-1")
        let result = try compare(try names.enumerated().map { try bench.listed($1, count: 3, row: $0 + 2) })
        #expect(units(result, .count) == names)
        let held = result.differences(.count).filter { $0.customer?.text == "KIS-1" }.map(\.unit.text)
        #expect(held == [names[3], names[5_900]])
    }

    @Test func `only the chosen units are expected, and only they are compared`() throws {
        try bench.add("A", "B")
        try bench.add(
            [try bench.listed("C"), try bench.listed("D", row: 3)], sha256: String(repeating: "1", count: 64))
        try assign("A", to: "KIS-1")
        _ = try bench.export(ExportSelection(.units([try PaygID("B")])))
        let list = [try bench.listed("C", count: 9), try bench.listed("X", row: 3)]
        for (selection, missing) in [
            (UnitSelection.dispatch(1), ["A", "B"]), (.customer(try CustomerReference("kis-1")), ["A"]),
            (.authority("paygops"), ["B"]), (.units([try PaygID("B"), try PaygID("a")]), ["A", "B"]),
        ] {
            let result = try compare(list, with: selection, takesCounts: true)
            #expect(units(result, .onlyHere) == missing && result.units == missing.count, "\(selection)")
            #expect(result.outsideSelection == 1 && result.number(.count) == 0 && result.takenCounts == 0)
            #expect(units(result, .onlyThere) == ["X"])
        }
        let whole = try compare(list, with: .dispatch(2))
        #expect(units(whole, .onlyHere) == ["D"] && units(whole, .count) == ["C"] && whole.outsideSelection == 0)
        #expect(try count("C") == 1)
        #expect(throws: FleetError.noUnitsChosen) { try compare(list, with: .authority("angaza")) }
        #expect(throws: FleetError.dispatchNotFound(9)) { try compare(list, with: .dispatch(9)) }
    }

    @Test func `retired units are not expected, and compared where they are listed`() throws {
        try bench.add("A", "B")
        for unit in ["A", "B"] {
            _ = try bench.registry.retire(
                try PaygID(unit), reason: try Reason("broken"), at: bench.now, actor: bench.actor)
        }
        let result = try compare([try bench.listed("B", count: 3)])
        #expect(result.retiredNotListed == 1 && units(result, .onlyHere) == [] && units(result, .count) == ["B"])
        #expect(result.units == 1)
    }

    @Test func `credentials that the unit had before are told from others`() throws {
        try bench.add("CSP-0001")
        let former = try bench.listed("CSP-0001")
        try bench.replace("CSP-0001")
        let result = try compare([former])
        #expect(
            result.differences(.credentials).first?.content == .credentials([.key, .startingCode], areFormer: true))
        let other = try compare([try bench.listed("CSP-0001", key: StoreBench.keys[2], code: 9)])
        #expect(
            other.differences(.credentials).first?.content == .credentials([.key, .startingCode], areFormer: false))
    }

    @Test func `a unit under another name is known by its key`() throws {
        let keys = ["348db87e65661ba7865f3bf3ed667db0", "5f9bcbc644574d8fab284173577ba8aa"]
        try bench.add([try bench.listed("000123", key: keys[0]), try bench.listed("B", key: keys[1], row: 3)])
        let result = try compare([
            try bench.listed("123", key: keys[0]), try bench.listed("B", key: keys[1], row: 3),
            try bench.listed("C", key: keys[1], row: 4),
        ])
        #expect(
            result.differences(.onlyThere).map(\.content)
                == [.onlyThere(sameKeyAs: try PaygID("000123")), .onlyThere(sameKeyAs: nil)]
        )
        #expect(units(result, .onlyHere) == ["000123"])
        // Imported, it would be beside the units that were not chosen, too.
        let chosen = try compare([try bench.listed("123", key: keys[0])], with: .units([try PaygID("B")]))
        #expect(
            chosen.differences(.onlyThere).map(\.content) == [.onlyThere(sameKeyAs: try PaygID("000123"))])
        #expect(units(chosen, .onlyHere) == ["B"])
    }

    @Test func `a list with a unit twice, or a row that is none, is not compared`() throws {
        try bench.add("A")
        let twice = try #require(throws: FleetError.self) {
            try compare(
                [
                    try bench.listed("A", count: 9), try bench.listed("X", row: 3), try bench.listed("x", row: 4),
                    try bench.listed("a", row: 5),
                ], takesCounts: true)
        }
        guard case .listNotCompared("list.csv", let problems, 2, 4, 2) = twice else {
            Issue.record("\(twice)")
            return
        }
        #expect(
            problems.map(\.description) == ["row 4, PAYG ID: x is in row 3 too", "row 5, PAYG ID: a is in row 2 too"])
        #expect(try count("A") == 1)
    }

    @Test func `higher counts are taken, on record, and tokens go on from them`() throws {
        try bench.add(["A", "B", "C", "D", "E"].enumerated().map { try bench.listed($1, count: 5, row: $0 + 2) })
        _ = try bench.export(ExportSelection(.units([try PaygID("B")])))
        let list = [
            try bench.listed("A", count: 8, row: 2), try bench.listed("B", count: 70, row: 3),
            try bench.listed("C", count: 4, row: 4), try bench.listed("D", code: 1, count: 8, row: 5),
            try bench.listed("E", count: 8, divider: 2, row: 6),
        ]
        let result = try compare(list, takesCounts: true)
        #expect(result.takenCounts == 2 && result.farCounts == 1 && result.number(.count) == 3)
        #expect(result.differences(.count).map(\.isSettled) == [true, true, false, false, false])
        #expect(try ["A", "B", "C", "D", "E"].map(count) == [8, 70, 5, 5, 5])
        #expect(try bench.registry.verify().ok)
        #expect(try bench.issue("A").tokens.first?.count.number == 10)
        let events = try bench.registry.events(HistoryFilter(unit: try PaygID("B"))).filter {
            $0.action == "countAccepted"
        }
        #expect(events.map(\.detail) == [#"{"file":"list.csv","from":5,"to":70,"unit":"B"}"#])
        let again = try compare(list, takesCounts: true)
        #expect(again.takenCounts == 0 && again.number(.count) == 4, "A got a token since")
        #expect(try count("A") == 10)
    }

    @Test func `what keeps the report from being written keeps the counts from being taken`() throws {
        try bench.add("A")
        let before = try bench.sql(".dump").output
        #expect(throws: FleetError.outputFailed(path: "r.html", reason: "full")) {
            try bench.registry.reconcile(
                bench.feed([try bench.listed("A", count: 9)]), takesCounts: true, at: bench.now, actor: bench.actor,
                beforeCommit: { result in
                    #expect(result.takenCounts == 1)
                    throw FleetError.outputFailed(path: "r.html", reason: "full")
                }
            )
        }
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `a seal that does not open stops the comparison, and names the unit`() throws {
        try bench.add("A", "B")
        _ = try bench.sql(
            "DROP TRIGGER unit_credentials_kept; UPDATE unit SET sealed = (SELECT sealed FROM unit WHERE payg_id = 'A') "
                + "WHERE payg_id = 'B'"
        )
        #expect(throws: FleetError.credentialsDoNotOpen(try PaygID("B"))) {
            try compare([try bench.listed("A"), try bench.listed("B", row: 3)])
        }
    }

    @Test func `units whose rows somebody else numbered are found too`() throws {
        try bench.add("A", "B")
        _ = try bench.sql(
            "DROP TRIGGER unit_named_once; UPDATE unit SET id = 9000000000000000000 WHERE payg_id = 'B'")
        let result = try compare([try bench.listed("B"), try bench.listed("A", row: 3)])
        #expect(result.same == 2 && result.isSame)
        #expect(throws: FleetError.self) { try compare([try bench.listed("B"), try bench.listed("B", row: 3)]) }
    }
}
