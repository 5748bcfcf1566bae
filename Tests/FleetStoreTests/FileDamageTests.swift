import Fleet
import TestSupport
import Testing

@testable import FleetStore

/// A registry that the disk changed. `scripts/faults damage` does it at random.
struct FileDamageTests {
    @Test func `an index that lost its entries is found, for a payment could have a second token`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001", ref: "MP-1")
        #expect(try bench.registry.verify().ok)
        // No order has several tokens: that index has no entry. The two change places.
        let pages = try bench.sql(
            "SELECT rootpage FROM sqlite_schema WHERE name IN ('token_first', 'token_reference') ORDER BY name"
        ).output.split(separator: "\n")
        try #require(pages.count == 2)
        let swap = """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET rootpage = iif(name = 'token_first', \(pages[1]), \(pages[0]))
            WHERE name IN ('token_first', 'token_reference')
            """
        #expect(try bench.sql(swap).status == 0)
        #expect(try bench.sql("SELECT count(*) FROM token WHERE reference = 'MP-1'").output == "0\n", "it is not found")
        let report = try Registry.open(bench.path, keyFile: bench.keyFile).verify()
        #expect(report.problems.contains { $0.hasPrefix("the file is damaged") && $0.contains("token_reference") })
    }

    @Test func `an event whose words are no words any more is named, and so is what it told of`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try bench.issue("CSP-0001", ref: "MP-1")
        let broken = """
            DROP TRIGGER event_never_changed;
            UPDATE event SET detail = '{"unit":"CSP-0001"}' || char(1) || '}' WHERE action = 'tokenIssued'
            """
        #expect(try bench.sql(broken).status == 0)
        let report = try bench.registry.verify()
        #expect(report.problems.contains { $0.hasPrefix("event 3 does not fit the chain") })
        #expect(report.problems.contains { $0.hasPrefix("event 3 (tokenIssued) does not say") })
        #expect(report.problems.contains { $0.hasPrefix("the token of unit CSP-0001 with count 2 has no event") })
    }
}
