import Testing

@testable import payg

struct ListCommandTests {
    @Test func `units are shown without their credentials`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "SLK-0076", "KIS-0003")
        bench.payg("issue", "SLK-0076", "--days", "10")
        let run = bench.payg("unit", "show", "slk-0076", forPerson: true)
        #expect(
            run.output == """
                unit              SLK-0076
                customer          KIS-0003
                paid until        2026-11-13 09:00 UTC
                count             14
                dispatched count  12
                tokens made by    here
                dispatch          2
                time divider      1
                digits            all
                hardware model    CSC-10
                firmware version  2.2
                test code         643328325

                TOKEN        UNIT      DAYS  COUNT  ISSUED                CUSTOMER  REFERENCE  TYPE      BY
                \(grouped(try token(bench)))  SLK-0076    10     14  2026-11-03 09:00 UTC  KIS-0003             add time  amina

                """
        )
        let json = try bench.payg("unit", "show", "SLK-0076", "--json").json()
        #expect((json["unit"] as? [String: Any])?["count"] as? Int == 14)
        #expect((json["tokens"] as? [[String: Any]])?.first?["days"] as? Int == 10)
    }

    private func token(_ bench: CommandBench) throws -> String {
        try #require(bench.payg("audit", "tokens", "--json").jsonRows().first?["token"] as? String)
    }

    private func grouped(_ digits: String) -> String {
        [digits.prefix(3), digits.dropFirst(3).prefix(3), digits.suffix(3)].joined(separator: " ")
    }

    @Test func `lists are tab-separated in a pipe, and filtered`() throws {
        let bench = try CommandBench.withFleet()
        let lines = bench.payg("unit", "list", "--search", "slr").output.split(separator: "\n")
        #expect(lines.count == 5)
        #expect(lines[1].split(separator: "\t", omittingEmptySubsequences: false).first == "SLR-0013")
        bench.payg("issue", "SLR-0013", "--unlock", "--yes")
        bench.payg("issue", "SLR-0014", "--days", "30")
        bench.payg("unit", "retire", "SLR-0014", "--reason", "broken")
        let states = bench.payg("unit", "list", "--search", "slr").output.split(separator: "\n").dropFirst()
            .map { $0.split(separator: "\t", omittingEmptySubsequences: false)[3] }
        #expect(states == ["unlocked", "retired", "", ""])
        #expect(try bench.payg("unit", "list", "--dispatch", "1", "--json").jsonRows().count == 25)
        #expect(bench.payg("unit", "list", "--dispatch", "7").status == 3)
        let dispatches = try bench.payg("dispatch", "list", "--json").jsonRows()
        #expect(dispatches.map { $0["units"] as? Int } == [25, 10])
        #expect(dispatches.first?["actor"] as? String == "amina")
        #expect(try bench.payg("dispatch", "show", "2", "--json").json()["units"] as? [Any] != nil)
        #expect(bench.payg("dispatch", "show", "3").status == 3)
    }
}
