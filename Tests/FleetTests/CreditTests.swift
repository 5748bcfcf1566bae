import Fleet
import OpenPAYGO
import Testing

struct CreditTests {
    private let now = Timestamp(seconds: 1_793_696_400)
    private let unit: PaygID

    init() throws {
        unit = try PaygID("CSP-0001")
    }

    @Test func `days are added to what is left`() throws {
        let credit = Credit(paidUntil: now + 86_400)
        #expect(credit.adding(try Days(30), at: now).paidUntil == now + 31 * 86_400)
    }

    @Test func `days are never added to a time already past`() throws {
        #expect(Credit(paidUntil: now + -86_400).adding(try Days(1), at: now).paidUntil == now + 86_400)
        #expect(Credit(paidUntil: nil).adding(try Days(text: "1.5"), at: now).paidUntil == now + 129_600)
    }

    @Test(arguments: [("0", 1), ("0.5", 1), ("996", 1), ("42", 24), ("1/48", 24), ("0", 24)])
    func `days that a token cannot carry are refused with the allowed range`(text: String, divider: Int) throws {
        let (days, divider) = (try Days(text: text), try TimeDivider(divider))
        #expect(
            throws: FleetError.daysNotAllowed(days, unit: unit, smallest: divider.step, largest: divider.longest)
        ) { try Credit.instruction(for: days, unit: unit, divider: divider) }
    }

    @Test func `the refusal names the range in words`() throws {
        let whole = FleetError.daysNotAllowed(
            try Days(996), unit: unit, smallest: try Days(1), largest: try Days(995)
        )
        #expect(
            "\(whole)"
                == "996 days cannot be put into a token for CSP-0001: it takes whole days, from 1 to 995; no token was made"
        )
    }
}
