import Fleet
import TestSupport
import Testing

@testable import payg

/// A clock that is set back, as empty batteries and wrong time zones do it.
struct ClockTests {
    /// The times of all events, in the order of their sequence.
    private func times(_ bench: CommandBench) throws -> [String] {
        try sqlite3(bench.folder.file("registry.sqlite"), "SELECT at FROM event ORDER BY sequence").output
            .split(separator: "\n").map(String.init)
    }

    private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text: text)) }

    @Test func `what is done after the clock was set back is warned about once, and keeps its place`() throws {
        let bench = try CommandBench.withFleet()
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").talk.contains("warning") == false)
        bench.now = try Self.moment("2026-11-03T06:00:00Z")
        let run = bench.payg("issue", "CSP-240318", "--days", "1")
        #expect(run.status == 0)
        #expect(
            run.talk.contains(
                "warning: the clock says 2026-11-03 06:00 UTC, and what was done before is dated 2026-11-03 09:00 UTC"))
        #expect(run.output.count == 10, "the answer is the token and nothing else")
        // The next one follows an event of the same clock.
        #expect(!bench.payg("issue", "CSP-240318", "--days", "1").talk.contains("warning"))
        #expect(try times(bench).suffix(2) == ["2026-11-03T06:00:00Z", "2026-11-03T06:00:00Z"])

        let verified = bench.payg("audit", "verify")
        #expect(verified.status == 0 && verified.output == "", "a clock is no damage")
        let event = try times(bench).count - 1
        #expect(
            verified.talk.contains(
                "the clock was set back: event \(event) is dated 2026-11-03 06:00 UTC, and the one before it 2026-11-03 09:00 UTC"
            ))
        let told = try bench.payg("audit", "verify", "--json").json()["warnings"] as? [String]
        #expect(told?.count == 1 && told?.first?.hasPrefix("the clock was set back: event \(event) is") == true)
        // Lists are in the order in which things were done, whatever the clock said.
        let events = try bench.payg("audit", "events", "--json").jsonRows().compactMap { $0["sequence"] as? Int }
        #expect(events == events.sorted())
    }

    @Test func `every change is warned about, not only tokens; a question is not`() throws {
        for words in [
            ["customer", "add", "NEW-1", "--name", "Zawadi"], ["assign", "CSP-240311", "KIS-0001"],
            ["unit", "retire", "CSP-240311", "--reason", "burnt"], ["export", "openpaygo", "-o", "out.csv"],
            ["import", "more.csv"],
        ] {
            let bench = try CommandBench.withFleet()
            _ = try bench.folder.write(
                "PAYG ID,Key,Starting Code,Count\nN-1,0f0e0d0c0b0a09080706050403020100,7,1\n", to: "more.csv")
            bench.now = try Self.moment("2026-11-03T08:59:59Z")
            #expect(!bench.payg("unit", "list").talk.contains("the clock"))
            let run = bench.payg(words)
            #expect(run.status == 0 && run.talk.contains("warning: the clock says"), "\(words) \(run.talk)")
            #expect(bench.payg("audit", "verify").talk.hasSuffix("everything fits\n"), "a second is what programs wait")
        }
    }

    @Test func `what is refused or changes nothing says nothing of the clock`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "1", "--ref", "MP-1")
        bench.now = try Self.moment("2026-11-03T06:00:00Z")
        for words in [
            ["issue", "CSP-240311", "--days", "1", "--dry-run"], ["issue", "NOBODY", "--days", "1"],
            ["issue", "CSP-240311", "--days", "1", "--ref", "MP-1"],
        ] {
            #expect(!bench.payg(words).talk.contains("warning: the clock"), "\(words)")
        }
    }

    @Test func `a clock that lost days makes no token unless it is insisted on`() throws {
        let bench = try CommandBench.withFleet()
        bench.now = try Self.moment("1970-01-01T00:00:00Z")
        let run = bench.payg("issue", "CSP-240311", "--days", "1")
        #expect(run.status == 64 && run.talk.contains("the clock says 1970-01-01"))
        let insisted = bench.payg("issue", "CSP-240311", "--days", "1", "--yes")
        #expect(insisted.status == 0 && insisted.talk.contains("warning: the clock says 1970-01-01 00:00 UTC"))
        #expect(bench.payg("audit", "verify").status == 0)
    }
}
