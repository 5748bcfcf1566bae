import Fleet
import Testing

struct NameTests {
    @Test func `PAYG IDs are trimmed, keep their case and are equal regardless of it`() throws {
        let id = try PaygID("  Csp-0001 \t")
        #expect(id.text == "Csp-0001")
        #expect(id == (try PaygID("CSP-0001")))
        #expect(Set([id, try PaygID("csp-0001")]).count == 1)
    }

    @Test(arguments: [
        "", "   ", "CSP\u{0}1", "CSP\n1", "CSP\u{202E}1", "СSP-0001", "ＣSP", String(repeating: "x", count: 65),
    ])
    func `what cannot be read off a label is no PAYG ID`(text: String) {
        #expect(throws: FleetError.self) { try PaygID(text) }
    }

    @Test func `a payment reference is one, however its letters are composed, and has none that is not seen`() throws {
        let (composed, decomposed) = (try PaymentReference("P\u{E9}"), try PaymentReference("Pe\u{301}"))
        #expect(composed.text.utf8.elementsEqual(decomposed.text.utf8))
        for text in ["MP\u{200D}1", "MP\u{0}1", "", " "] {
            #expect(throws: FleetError.self) { try PaymentReference(text) }
        }
    }

    @Test(arguments: [
        ("\r\n a b \r\n", "a b"), (" \u{301}x\u{301} ", "\u{301}x\u{301}"), ("\u{A0}\u{2003}é\t", "é"), ("a", "a"),
        ("\u{301}", "\u{301}"), (" \r\n ", ""),
    ])
    func `white space goes from both ends, and nothing that is written over it`(text: String, trimmed: String) {
        #expect(text.trimmingSpaces.unicodeScalars.elementsEqual(trimmed.unicodeScalars))
        #expect(text[...].trimmingSpaces.unicodeScalars.elementsEqual(trimmed.unicodeScalars))
    }

    @Test func `of ASCII what Unicode calls control characters is refused, and nothing else`() {
        for scalar in (UInt8.min..<128).map(Unicode.Scalar.init) {
            #expect(scalar.isControl == (scalar.properties.generalCategory == .control), "\(scalar.value)")
        }
    }

    @Test func `a secret key is no PAYG ID, however it is grouped`() {
        for text in ["a29ab82edc5fbbc41ec9530f6dac86b1", "a29a-b82e-dc5f-bbc4-1ec9-530f-6dac-86b1"] {
            #expect(throws: FleetError.self) { try PaygID(text) }
        }
    }

    @Test func `names in any script are taken for customers`() throws {
        #expect(try Customer(reference: "K-1", name: " আমিনা ", phone: " ").name == "আমিনা")
        #expect(try Customer(reference: "K-1", name: "A", phone: " ").phone == nil)
        #expect(throws: FleetError.self) { try Customer(reference: "K-1", name: "A\u{1B}[2J", phone: nil) }
        #expect(throws: FleetError.self) { try Customer(reference: "K-1", name: "", phone: nil) }
        #expect(throws: FleetError.self) { try Customer(reference: "K-1", name: "A", phone: "none") }
    }
}

struct TimestampTests {
    @Test func `a moment is written as ISO 8601 in UTC and read back`() throws {
        let moment = try #require(Timestamp(text: "2026-11-03T09:00:00Z"))
        #expect(moment.seconds == 1_793_696_400)
        #expect(moment.text == "2026-11-03T09:00:00Z")
        #expect(moment.readable == "2026-11-03 09:00 UTC")
        #expect((moment + 86_400).text == "2026-11-04T09:00:00Z")
        #expect(Timestamp(text: "2026-02-30T00:00:00Z") == nil)
        #expect(Timestamp(text: "yesterday") == nil)
    }
}

struct NearnessTests {
    private let fleet = ["CSP-240311", "CSP-240318", "CSP-240325", "SLK-0071", "SLR-0013"]

    @Test func `a mistyped PAYG ID is answered with the nearest`() {
        #expect(Nearness(to: "CSP-240313").nearest(fleet).first == "CSP-240311")
        #expect(Nearness(to: "csp-24031").nearest(fleet) == ["CSP-240311", "CSP-240318", "CSP-240325"])
        #expect(Nearness(to: "SKL-0071").nearest(fleet) == ["SLK-0071"])
        #expect(Nearness(to: "0013").nearest(fleet).first == "SLR-0013", "part of one")
        #expect(Nearness(to: "something else entirely").nearest(fleet).isEmpty)
    }
}
