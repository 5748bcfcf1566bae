import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

struct ImportTests {
    @Test func `a list becomes one dispatch with its units`() throws {
        let bench = try StoreBench()
        let summary = try bench.add("CSP-0001", "CSP-0002")
        #expect(summary.dispatch == 1 && summary.added == 2 && summary.unchanged == 0 && summary.rows == 2)
        let unit = try bench.registry.unit(try PaygID("csp-0001"))
        #expect(unit.id.text == "CSP-0001")
        #expect(unit.count == .one && unit.dispatchedCount == .one && unit.authority == .here)
        #expect(try bench.registry.dispatches().map(\.units) == [2])
    }

    @Test func `a list imported again changes nothing`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        let before = try bench.sql(".dump").output
        let again = try bench.add("CSP-0001", "CSP-0002")
        #expect(again.added == 0 && again.unchanged == 2 && again.recognised && again.dispatch == 1)
        let other = try bench.add([try bench.listed("CSP-0002")], sha256: String(repeating: "1", count: 64))
        #expect(other.added == 0 && other.unchanged == 1 && !other.recognised && other.dispatch == nil)
        #expect(try bench.sql(".dump").output == before)
    }

    @Test func `new units of a list that also has known ones are added`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let summary = try bench.add("CSP-0001", "CSP-0002")
        #expect(summary.dispatch == 2 && summary.added == 1 && summary.unchanged == 1)
        #expect(try bench.registry.unit(try PaygID("CSP-0001")).dispatch == 1)
    }

    @Test func `a list that disagrees with the registry is refused by row and column, and shows no secret`() throws {
        let bench = try StoreBench()
        try bench.add([try bench.listed("CSP-0001", key: StoreBench.keys[0], code: 5, count: 3, divider: 24)])
        func told(_ unit: ListedUnit) throws -> [String] {
            do {
                // Another unit before it, to see that it is not kept.
                try bench.add([try bench.listed("CSP-0000"), unit])
                return []
            } catch FleetError.badInput(_, let problems, _, _, _) {
                #expect(try bench.registry.units().count == 1, "all or nothing")
                return problems.map { "\($0.row) \($0.column ?? "") \($0.problem)" }
            }
        }
        let key = try told(try bench.listed("csp-0001", key: StoreBench.keys[1], code: 5, count: 3, row: 9))
        #expect(key == ["9 Key csp-0001 is in the registry with another secret key"])
        let code = try told(try bench.listed("CSP-0001", key: StoreBench.keys[0], code: 987_654_321, count: 3, row: 9))
        #expect(code == ["9 Starting Code CSP-0001 is in the registry with another starting code"])
        let divider = try told(
            try bench.listed("CSP-0001", key: StoreBench.keys[0], code: 5, count: 3, divider: 12, row: 9)
        )
        #expect(divider == ["9 Time Divider CSP-0001 has time divider 24 in the registry"])
        let count = try told(try bench.listed("CSP-0001", key: StoreBench.keys[0], code: 5, count: 4, row: 9))
        #expect(count.first?.hasPrefix("9 Count CSP-0001 has count 3 in the registry and 4 in the list") == true)
        for secret in StoreBench.keys + ["987654321"] {
            #expect(!(key + code + divider + count).joined().contains(secret))
        }
    }

    @Test func `a count below the registry's is an old list, and ours is kept`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001")
        let summary = try bench.add("CSP-0001")
        #expect(summary.unchanged == 1 && summary.olderCounts == 1)
        #expect(try bench.registry.unit(try PaygID("CSP-0001")).count == (try TokenCount(2)))
    }

    @Test func `a list without starting codes says nothing against the ones we have`() throws {
        let bench = try StoreBench()
        let listed = try bench.listed("CSP-0001", code: 5)
        try bench.add([listed])
        let derived = ListedUnit(
            row: 2, id: listed.id,
            credentials: Credentials(
                key: listed.credentials.key, startingCode: StartingCode(derivedFrom: listed.credentials.key)
            ),
            isStartingCodeDerived: true, count: nil, timeDivider: nil, digitSet: nil, hardwareModel: nil,
            firmwareVersion: nil, testCode: nil
        )
        #expect(try bench.add([derived]).unchanged == 1)
    }

    @Test func `a unit listed twice is refused, naming both rows`() throws {
        let bench = try StoreBench()
        let units = [
            try bench.listed("CSP-0001", row: 2), try bench.listed("CSP-0002", row: 3),
            try bench.listed("csp-0001", row: 4),
        ]
        #expect(
            throws: FleetError.badInput(
                file: "list.csv",
                problems: [
                    RowProblem(
                        row: 4, column: "PAYG ID", problem: "csp-0001 is in row 2 too, with other credentials",
                        kind: .twice
                    )
                ], total: 1,
                rows: 3, rejected: 1
            )
        ) { try bench.add(units) }
        #expect(try bench.registry.units().isEmpty)
    }

    /// Units are added many with one statement, up to the first one that is not new.
    @Test(arguments: [0, 1, 31, 32, 33, 60, 63, 64, 99])
    func `a unit that is there already, or twice, among a hundred stops none of the others`(place: Int) throws {
        let bench = try StoreBench()
        func units(_ numbers: some Sequence<Int>) throws -> [ListedUnit] {
            try numbers.map { try bench.listed("CSP-\($0 + 1_000)", row: $0 + 2) }
        }
        let known = try units([place])
        try bench.add(known, sha256: String(repeating: "1", count: 64))
        let all = try units(0..<100)
        let summary = try bench.add(all)
        #expect(summary.added == 99 && summary.unchanged == 1 && summary.rows == 100)
        let stored = try bench.registry.units()
        #expect(stored.map(\.id.text) == all.map(\.id.text))
        #expect(try bench.registry.verify().ok)

        let other = try StoreBench()
        do {
            let twice = ListedUnit(
                row: 200, id: try PaygID("csp-\(place + 1_000)"), credentials: all[place].credentials, count: nil,
                timeDivider: nil, digitSet: nil, hardwareModel: nil, firmwareVersion: nil, testCode: nil
            )
            try other.add(all + [twice])
            Issue.record("it was taken")
        } catch FleetError.badInput(_, let problems, _, _, _) {
            #expect(problems.map(\.problem) == ["csp-\(place + 1_000) is in row \(place + 2) too"])
        }
        #expect(try other.registry.units().isEmpty)
    }

    @Test func `names in any order are all added, each with its own credentials`() throws {
        let bench = try StoreBench()
        let units = try (0..<200).map { try bench.listed("CSP-\($0 * 7_919 % 200 + 1_000)", row: $0 + 2) }
        #expect(try bench.add(units).added == 200)
        for unit in units { try bench.issue(unit.id.text) }
        #expect(try bench.registry.verify().ok, "every token is made again from what was sealed")
    }

    @Test func `a dry run tells the same and keeps nothing`() throws {
        let bench = try StoreBench()
        let before = try bench.sql(".dump").output
        var rules = ImportRules()
        rules.dryRun = true
        let summaries = try bench.registry.importDispatches(
            [bench.feed([try bench.listed("CSP-0001")])], rules, at: bench.now, actor: bench.actor
        )
        #expect(summaries.map(\.added) == [1] && summaries.allSatisfy(\.dryRun))
        #expect(try bench.sql(".dump").output == before)
    }
}
