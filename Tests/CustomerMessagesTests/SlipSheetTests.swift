import CustomerMessages
import Fleet
import OpenPAYGO
import Testing

struct SlipSheetTests {
    private func sheet(_ slips: [TokenNotice], _ code: String = "en") throws -> String {
        try SlipSheet.html(slips, language: try MessageLanguage(code: code))
    }

    /// The elements that are open at each slip, outermost first. Nil where a
    /// tag closes another than the one open, or something stays open.
    private func slipParents(in html: String) -> [[String]]? {
        var open: [String] = []
        var slips: [[String]] = []
        var rest = html[...]
        while let start = rest.firstIndex(of: "<"), let end = rest[start...].firstIndex(of: ">") {
            let tag = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            let name = String(tag.prefix { $0 != " " })
            if name == "!DOCTYPE" || name == "meta" { continue }
            if name.hasPrefix("/") {
                guard open.popLast()?.prefix(while: { $0 != " " }) == name.dropFirst() else { return nil }
            } else {
                if tag.contains("class=\"slip") { slips.append(open) }
                open.append(String(tag))
            }
        }
        return open.isEmpty ? slips : nil
    }

    private func occurrences(_ text: String, in html: String) -> Int { html.ranges(of: text).count }

    @Test(arguments: [0, 1, 2, 3, 10, 11, 100, 101, 201])
    func `no slip is lost or printed twice, and two share a row`(count: Int) throws {
        let notices = try (0..<count).map { try notice(days("30"), unit: "CSP-\(1000 + $0)") }
        let html = try sheet(notices)
        let slips = try #require(slipParents(in: html))
        #expect(slips.count == count)
        for slip in slips { #expect(slip == ["html lang=\"en\"", "body", "section", "div class=\"row\""]) }
        #expect(occurrences("class=\"row\"", in: html) == (count + 1) / 2)
        for notice in notices { #expect(occurrences("\(notice.unit)<", in: html) == 1) }
    }

    @Test func `a slip of many tokens has a row of its own, and the order of the slips is kept`() throws {
        func many(_ count: Int, _ unit: String) throws -> TokenNotice {
            try TokenNotice(
                unit: try PaygID(unit), tokens: Array(repeating: try token(), count: count), effect: try days("995"),
                paidUntil: nil, customerName: nil, contact: nil
            )
        }
        let notices = try [1, 9, 1, 1, 12, 2, 4, 1].enumerated().map { try many($1, "U-\($0)") }
        let html = try sheet(notices)
        #expect(try #require(slipParents(in: html)).count == 8)
        let rows = html.split(separator: "class=\"row\"").dropFirst()
        #expect(
            rows.map { row in notices.map(\.unit.text).filter { row.contains($0 + "<") } }
                == [["U-0"], ["U-1"], ["U-2", "U-3"], ["U-4"], ["U-5", "U-6"], ["U-7"]]
        )
        #expect(occurrences("649 118 926", in: html) == 31)
        #expect(html.contains("12)"))
    }

    @Test(arguments: languages)
    func `a slip tells all that a message does, and unit, name and date`(code: String) throws {
        let html = try sheet(
            [
                try notice(
                    days("30"), tokens: 2, .restricted, until: "2026-12-03T09:00:00Z", name: "हरि", contact: "+254 700"
                )
            ], code
        )
        for part in [
            "<html lang=\"\(code)\">", "<meta charset=\"utf-8\">", "30", "312 344 211 432 123", "144 332 211 123 412",
            "1)", "2)", "#", "CSP-240311", "हरि", "2026", "+254 700",
        ] {
            #expect(html.contains(part), "\(part)")
        }
        #expect(!html.contains("{until}") && !html.contains("{contact}"))
    }

    @Test func `words on paper keep the letters that text messages cannot carry`() throws {
        #expect(try sheet([notice(days("30"))], "pt").contains("Código"))
        #expect(try sheet([notice(.unlocked)], "ha").contains("buɗe"))
        #expect(try sheet([notice(days("30"), until: "2026-08-01T09:00:00Z")], "fr").contains("1er août 2026"))
    }

    @Test(arguments: languages)
    func `tokens that add nothing come with their sentence, and no number of days`(code: String) throws {
        for effect in [TokenNotice.Effect.locked, .unlocked, .synced] {
            let html = try sheet([notice(effect)], code)
            let message = try MessageTemplate(language: try MessageLanguage(code: code)).message(for: notice(effect))
            let word = try #require(message.text.split(separator: " ").first)
            #expect(html.contains("<p class=\"sentence\">\(word)"))
            #expect(!html.contains("class=\"what\""))
        }
    }

    @Test func `what people are called is text, whatever is in it`() throws {
        let html = try sheet([
            try notice(
                days("30"), unit: "A<B>&\"C'", name: "<b>&\"</p><script>alert(1)</script>", contact: "'0700' & <i>")
        ])
        #expect(html.contains("&lt;b&gt;&amp;&quot;&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(html.contains("A&lt;B&gt;&amp;&quot;C&#39;"))
        #expect(html.contains("&#39;0700&#39; &amp; &lt;i&gt;"))
        #expect(!html.contains("<script"))
        #expect(try #require(slipParents(in: html)).count == 1)
    }

    @Test func `a mark is no shelter for a sign of HTML`() throws {
        // Swift takes < with a mark over it for one character that is not <.
        let html = try sheet([notice(days("30"), name: "<\u{301}b>")])
        let scalars = html.unicodeScalars
        #expect(!zip(scalars, scalars.dropFirst()).contains { $0 == "<" && $1 == "\u{301}" })
        #expect(html.contains("&lt;\u{301}b&gt;"))
    }

    @Test(arguments: languages)
    func `a sheet needs no other file, no network and no script`(code: String) throws {
        let html = try sheet([notice(days("30"), name: "A", contact: "0700")], code)
        for word in ["http", "//", "src=", "href=", "url(", "@import", "@font-face", "<script", "<link", "<img"] {
            #expect(!html.contains(word), "\(word)")
        }
    }

    @Test func `a sheet is printed on A4, and no page break goes through a slip`() throws {
        let html = try sheet([])
        #expect(html.contains("@page { size: A4;"))
        let row = try #require(html.split(separator: "\n").first { $0.hasPrefix(".row {") })
        #expect(row.contains("break-inside: avoid"))
    }

    @Test func `a sheet written slip by slip is the same`() throws {
        let notices = try (1...7).map { try notice(days("\($0)"), tokens: $0 % 3 + 1) }
        var slips = try SlipSheet(language: try MessageLanguage(code: "sw"))
        var html = slips.start
        for notice in notices { html += slips.add(notice) }
        html += slips.finish()
        #expect(html == (try sheet(notices, "sw")))
    }
}
