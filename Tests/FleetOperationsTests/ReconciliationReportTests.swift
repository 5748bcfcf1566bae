import Fleet
import OpenPAYGO
import Testing

@testable import FleetOperations

struct ReconciliationReportTests {
    private func html(_ result: Reconciliation, of selection: UnitSelection = .all) throws -> String {
        let report = ReconciliationReport(
            result, of: selection, in: "/home/amina/fleet.sqlite", at: Timestamp(seconds: 1_793_696_400),
            by: try ActorName("<i>Amina")
        )
        var html = ""
        report.write { html += $0 }
        return html
    }

    private func counts(_ number: Int) throws -> [UnitDifference] {
        try (0..<number).map { place in
            UnitDifference(
                unit: try PaygID("CSP-\(place)"), row: place + 2,
                content: .count(here: .one, there: .zero, isTaken: false), authority: .here
            )
        }
    }

    /// The tags in order, and whether each that is opened is closed in its place.
    private func isNested(_ html: String) -> Bool {
        var open: [Substring] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let tag = rest[rest.index(after: start)..<end].prefix { $0 != " " }
            rest = rest[rest.index(after: end)...]
            if tag == "!DOCTYPE" || tag == "meta" { continue }
            if tag.hasPrefix("/") {
                guard open.popLast() == tag.dropFirst() else { return false }
            } else {
                open.append(tag)
            }
        }
        return open.isEmpty
    }

    @Test func `a report without a difference says so`() throws {
        var result = Reconciliation()
        result.same = 25
        let html = try html(result)
        #expect(isNested(html) && html.contains(">No difference<") && html.contains("<td>25</td>"))
        #expect(!html.contains("<section") && !html.contains("<ul>"))
        #expect(html.contains("all units of the registry fleet.sqlite") && !html.contains("/home"))
    }

    @Test func `names are nothing but text`() throws {
        var result = Reconciliation()
        result.source = ListSource(file: "a\u{202E}<script>\"'&.csv", sha256: "0")
        result.ignoredColumns = ["<img src=x>"]
        let reference = try CustomerReference("<u>")
        result.set(
            .onlyHere,
            [
                UnitDifference(
                    unit: try PaygID("<b>1"), row: nil, content: .onlyHere, customer: reference,
                    authority: .provider("<s>")
                )
            ]
        )
        let html = try html(result, of: .customer(reference))
        #expect(isNested(html))
        for raw in ["<script>", "<img", "<b>", "<u>", "<s>", "<i>", "\u{202E}"] {
            #expect(!html.contains(raw), "\(raw)")
        }
        #expect(html.contains("Reconciliation of a\u{FFFD}&lt;script&gt;&quot;&#39;&amp;.csv"))
        #expect(html.contains("<td>&lt;b&gt;1</td><td>&lt;u&gt;</td><td>&lt;s&gt;</td>"))
    }

    @Test func `it needs nothing from outside, and runs nothing`() throws {
        var result = Reconciliation()
        result.set(.count, try counts(3))
        let html = try html(result)
        for word in ["http:", "https:", "src=", "url(", "@import", "<script", "<link", "javascript"] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(html.contains("default-src 'none'"))
    }

    @Test(arguments: [1, 499, 500, 501, 1_200]) func `no difference is lost between two groups of rows`(number: Int)
        throws
    {
        var result = Reconciliation()
        result.set(.count, try counts(number))
        let html = try html(result)
        #expect(isNested(html))
        #expect(html.ranges(of: "<td>CSP-").count == number)
        #expect(html.ranges(of: "<tbody>").count == (number + 499) / 500)
        #expect(html.contains("<h2>Another count: \(number) unit\(number == 1 ? "" : "s")</h2>"))
    }

    @Test func `every kind has its table, and what was taken is no difference any more`() throws {
        var result = Reconciliation()
        let unit = try PaygID("CSP-1")
        let contents: [UnitDifference.Content] = [
            .credentials([.key, .startingCode], areFormer: true),
            .settings([
                .timeDivider(here: .wholeDays, there: try TimeDivider(24)),
                .testCode(here: nil, there: try TestCode(digits: "012345678")),
            ]),
            .count(here: .zero, there: .one, isTaken: true), .onlyHere, .onlyThere(sameKeyAs: try PaygID("0001")),
        ]
        for content in contents {
            let difference = UnitDifference(unit: unit, row: 7, content: content, authority: .here)
            result.set(difference.kind, [difference])
        }
        result.takenCounts = 1
        result.farCounts = 1
        result.retiredNotListed = 2
        result.outsideSelection = 3
        result.otherModels = 4
        result.notStated = [.testCode]
        let html = try html(result, of: .units([unit]))
        #expect(isNested(html))
        #expect(html.ranges(of: "<section id=").count == 5)
        #expect(html.contains(">4 differences<"), "the count that was taken is none")
        #expect(html.contains("<h2>Another count: 0 units, and 1 taken from the list</h2>"))
        #expect(html.contains("<td>CSP-1</td><td>Key, Starting Code (former)</td><td></td><td>here</td>"))
        #expect(html.contains("<td>Time Divider, Test Code</td><td>1, none</td><td>24, 012345678</td>"))
        #expect(html.contains("<td class=\"number\">+1</td><td>yes</td>"))
        #expect(html.contains("<td>CSP-1</td><td>0001</td><td class=\"number\">7</td>"))
        for note in [
            "1 unit now more than 64", "3 rows of other units", "2 retired units", "4 units with another model",
        ] {
            #expect(html.contains("<li>\(note)"), "\(note)")
        }
    }
}
