import Fleet
import Testing

struct CustomerTests {
    private func customer(language: String? = nil, note: String? = nil) throws -> Customer {
        try Customer(reference: "K-1", name: "Amina", phone: nil, language: language, note: note)
    }

    @Test(arguments: [
        ("sw", "sw"), ("FR", "fr"), (" pt-BR ", "pt-br"), ("pt_BR", "pt-br"), ("luo", "luo"), ("es-419", "es-419"),
    ])
    func `a language is its code, in lower case`(typed: String, code: String) throws {
        #expect(try customer(language: typed).language == code)
    }

    @Test(arguments: ["s", "swahili", "sw-", "-sw", "sw-K", "sw-KEN", "sw-KE-x", "s1", "śl", "sw-41"])
    func `what is no language's code is refused`(typed: String) {
        #expect(throws: FleetError.badValue(what: "language", problem: "is no language's code: write sw, fr or pt-BR"))
        {
            try customer(language: typed)
        }
    }

    @Test func `a note is one line of 512 characters at most, and an empty cell is none`() throws {
        #expect(try customer(note: " pays on Fridays ").note == "pays on Fridays")
        #expect(try customer(language: " ", note: "").note == nil)
        #expect(try customer(language: " ", note: "").language == nil)
        #expect(try customer(note: String(repeating: "é", count: 512)).note != nil)
        for note in [String(repeating: "é", count: 513), "two\nlines", "\u{1B}[2J"] {
            #expect(throws: FleetError.self) { try customer(note: note) }
        }
    }

    @Test func `an edit changes what it names, and tells what is not as it was`() throws {
        let before = try Customer(
            reference: "K-1", name: "Amina", phone: "+254 712 345 678", language: "sw", note: "pays on Fridays"
        )
        func changed(_ edit: CustomerEdit) -> [CustomerFact] { edit.applied(to: before).differences(from: before) }
        #expect(changed(try CustomerEdit()) == [])
        #expect(changed(try CustomerEdit(name: " Amina ")) == [])
        #expect(changed(try CustomerEdit(name: "Amina Otieno", note: .remove)) == [.name, .note])
        #expect(changed(try CustomerEdit(language: .set("SW"), note: .set("pays on Mondays"))) == [.note])
        #expect(try CustomerEdit(phone: .remove, language: .remove).applied(to: before).phone == nil)
        let number = try PhoneNumber("+254712345678")
        #expect(changed(try CustomerEdit(phone: .set(number))) == [.phone], "as it is to be stored")
        for refused in [
            { try CustomerEdit(name: " ") }, { try CustomerEdit(note: .set("")) },
            { try CustomerEdit(language: .set("swahili")) },
        ] {
            #expect(throws: FleetError.self) { try refused() }
        }
        #expect(CustomerFact.joined([.name]) == "name")
        #expect(CustomerFact.joined([.name, .phone, .note]) == "name, phone and note")
    }
}

struct SearchTextTests {
    @Test(arguments: [
        ("José Ángström", "jose angstrom"), ("WANJIRŨ", "wanjiru"), ("N\u{2019}Golo", "n'golo"),
        ("Đặng Łukasz", "dang lukasz"),
        ("Straße", "strasse"), ("İsmail", "ismail"), ("O\u{2011}A\u{A0}B", "o-a b"), ("Ａｍｉｎａ", "amina"),
        ("مُحَمَّد", "محمد"), ("Ελένη", "ελενη"),
    ])
    func `names are compared without case and accents`(name: String, folded: String) {
        #expect(name.foldedForSearch == folded)
        #expect(folded.foldedForSearch == folded, "and folding again changes nothing")
    }

    @Test(
        arguments: [
            ("0712 345", "712345"), ("712-345", "712345"), ("+254 712", "254712"), ("00254712", "254712"),
            ("(0)712", "712"),
            ("71", nil), ("007", nil), ("CSP-240311", nil), ("-", nil),
        ] as [(String, String?)])
    func `a part of a phone number is its digits, without what is dialled in front`(typed: String, digits: String?)
        throws
    {
        #expect(try SearchText(typed).phoneDigits == digits)
    }

    @Test func `nothing cannot be searched for`() {
        for text in ["", "  ", "a\u{0}b", String(repeating: "x", count: 129)] {
            #expect(throws: FleetError.self) { try SearchText(text) }
        }
    }
}
