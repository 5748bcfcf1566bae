import Foundation
import Testing

@testable import Fleet

/// How numbers are written is taken from the countries' own numbering plans
/// and from numbers set aside for examples; none is anybody's.
struct PhoneNumberTests {
    @Test(arguments: [
        ("+254 712 345 678", "+254712345678"), ("00254712345678", "+254712345678"),
        ("00 254-712.345/678", "+254712345678"),
        (" +1 (212) 555-0123 ", "+12125550123"), ("+44 (0)20 7946 0958", "+442079460958"),
        ("0044 (0) 20 7946 0958", "+442079460958"), ("+39 06 698 12345", "+390669812345"),
        ("+225 07 07 12 34 56", "+2250707123456"), ("+870 773 123 456", "+870773123456"),
        // Copied from a contact: marks, a hard space, a hyphen of its own.
        ("\u{202A}+254\u{A0}712\u{2011}345678\u{202C}", "+254712345678"),
        // The shortest and the longest that there may be.
        ("+290 2345", "+2902345"), ("+49 1523 123456789", "+491523123456789"),
    ])
    func `an international number is read however it is written`(typed: String, number: String) throws {
        #expect(try PhoneNumber(typed).text == number)
    }

    @Test(arguments: [
        ("0712 345 678", "KE", "+254712345678"), ("712345678", "ke", "+254712345678"),
        ("0754 123 456", "TZ", "+255754123456"), ("0803 123 4567", "NG", "+2348031234567"),
        ("020 7946 0958", "GB", "+442079460958"), ("(212) 555-0123", "US", "+12125550123"),
        ("1 212 555 0123", "US", "+12125550123"), ("876 555 0123", "JM", "+18765550123"),
        // No trunk prefix, and none that begins with 0.
        ("612 34 56 78", "ES", "+34612345678"), ("77 123 45 67", "SN", "+221771234567"),
        // The 0 is part of the number.
        ("06 698 12345", "IT", "+390669812345"), ("07 07 12 34 56", "CI", "+2250707123456"),
        ("01 97 12 34 56", "BJ", "+2290197123456"), ("06 612 3456", "CG", "+242066123456"),
        // Trunk prefixes of their own.
        ("06 20 123 4567", "HU", "+36201234567"), ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("812 345 67 89", "RU", "+78123456789"), ("8 029 123-45-67", "BY", "+375291234567"),
        ("011 2345-6789", "AR", "+541123456789"),
        ("8 612 34567", "LT", "+37061234567"), ("0 612 34567", "LT", "+37061234567"),
        // A number that begins as its country code does.
        ("91234 56789", "IN", "+919123456789"), ("098765 43210", "IN", "+919876543210"),
        ("(55) 99123-4567", "BR", "+5555991234567"), ("701 234 56 78", "KZ", "+77012345678"),
        // With a country code, the country says nothing.
        ("+255 754 123 456", "KE", "+255754123456"), ("00255754123456", "KE", "+255754123456"),
    ])
    func `a national number is read with its country`(typed: String, country: String, number: String) throws {
        #expect(try PhoneNumber(typed, country: try Country(country)).text == number)
    }

    @Test(arguments: [
        ("", "has no digits"), ("+", "has no digits"), ("+254 712 CALL", "has characters that no phone number has"),
        ("+254 712 345 678 x2", "has characters that no phone number has"),
        ("+254 71", "has 5 digits with its country code, and a number has from 7 to 15"),
        ("+254 712 345 678 901 2", "has 16 digits with its country code, and a number has from 7 to 15"),
        ("+0712345678", "begins with no country code that there is"),
        ("+210 712 345 678", "begins with no country code that there is"),
        ("+254712345678+254712345679", "has more than one plus, or one that is not in front"),
        ("254+712345678", "has more than one plus, or one that is not in front"),
        ("+254 0712 345 678", "has a 0 after +254, which is dialled inside the country only: leave it out"),
        ("+1 555 0123", "has 7 digits after +1, and a number there has 10"),
        // One 0 too many, and it would be another country's.
        ("00712 345 678", "has 8 digits after +7, and a number there has 10"),
        ("+39 (0)6 698 12345", "has a 0 in brackets, and numbers of +39 may begin with one: write it plainly"),
    ])
    func `what is no number, or could be two, is refused`(typed: String, problem: String) {
        #expect(throws: FleetError.badValue(what: "phone", problem: problem)) { try PhoneNumber(typed) }
    }

    @Test func `a national number without a country is refused`() {
        #expect(throws: FleetError.phoneWithoutCountry) { try PhoneNumber("0712 345 678") }
        #expect(FleetError.phoneWithoutCountry.kind == .wrongUsage)
    }

    @Test(arguments: [
        // The country code without its plus, which would be put in front twice.
        ("254712345678", "KE"), ("22376123456", "ML"), ("6591234567", "SG"), ("79123456789", "RU"),
        ("919876543210", "IN"),
        // A 0 where no number has one.
        ("077 123 45 67", "SN"), ("555-0123", "US"), ("06 03 12 34", "GA"),
        // 15 stands for what is +54 9 from abroad.
        ("011 15-2345-6789", "AR"), ("0612345678", "ES"),
    ])
    func `a national number that may be another is refused`(typed: String, country: String) throws {
        let country = try Country(country)
        #expect(throws: FleetError.self) { try PhoneNumber(typed, country: country) }
    }

    @Test(
        arguments: [
            ("+254 712 345 678", nil, "+254 712 345 678"), ("+254 712 345 678", nil, "+254712345678"),
            ("+254712345678", nil, "+254-712-345678"), ("00254712345678", nil, "+254 712 345 678"),
            ("0712 345 678", nil, "0712345678"), ("0712 345 678", "KE", "0712345678"),
            ("0712 345 678", "KE", "+254 712 345 678"), ("+254712345678", "KE", "0712 345 678"),
            // Too short for a number, and what was taken all the same.
            ("+254 700", nil, "+254 700"),
        ] as [(String, String?, String)])
    func `a number is known in what an older version stored`(typed: String, country: String?, stored: String) throws {
        #expect(PhoneNumber.isSame(typed, country: try country.map { try Country($0) }, asStored: stored))
    }

    @Test func `another number is another, stored by whatever version`() throws {
        #expect(!PhoneNumber.isSame("+254712345679", country: nil, asStored: "+254 712 345 678"))
        #expect(!PhoneNumber.isSame("0712 345 678", country: nil, asStored: "+254712345678"), "nobody said where")
        #expect(!PhoneNumber.isSame("0712 345 678", country: try Country("TZ"), asStored: "+254712345678"))
    }

    @Test func `every country that there is has its numbers`() throws {
        // Those without people.
        let empty = ["BV", "HM", "TF", "UM"]
        for region in Locale.Region.isoRegions.map(\.identifier)
        where region.count == 2 && region.allSatisfy(\.isLetter) && !empty.contains(region) {
            // Not countries of ISO 3166-1, though Unicode has them.
            guard !["CP", "CQ", "DG", "EA", "IC", "XA", "XB", "EU", "EZ", "UN", "ZZ", "QO"].contains(region) else {
                continue
            }
            #expect((try? Country(region)) != nil, "\(region)")
        }
        for text in ["", "K", "KEN", "254", "XX", "EN", "UK"] {
            #expect(throws: FleetError.self, "\(text)") { try Country(text) }
        }
    }

    @Test func `no country code begins another`() {
        let codes = DiallingCodes.codes
        #expect(codes.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy { (48...57).contains($0) } })
        for code in codes {
            #expect(!codes.contains { $0 != code && $0.hasPrefix(code) }, "\(code)")
        }
    }
}
