import CustomerMessages
import Fleet
import OpenPAYGO
import Testing

struct BuiltInMessageTests {
    private func message(_ code: String, _ notice: TokenNotice) throws -> CustomerMessage {
        try MessageTemplate(language: try MessageLanguage(code: code)).message(for: notice)
    }

    @Test(arguments: languages, [Token.DigitSet.full, .restricted])
    func `one token and a contact of 20 characters fit one text message, or two in Devanagari`(
        code: String, digits: Token.DigitSet
    ) throws {
        // The longest number of days that a divider of 1…255 can make.
        let longest = try Days(text: "994/255")
        for effect in try effects() + [.days(longest), .setDays(longest)] {
            for contact in [nil, "0700 000 000", "+254 700 000 000 000"] {
                let message = try message(code, notice(effect, digits, name: "Ünal ɗan Ƙasa", contact: contact))
                #expect(message.segments <= (code == "ne" ? 2 : 1), "\(message.length): \(message.text)")
                #expect(message.encoding == (code == "ne" ? .ucs2 : .gsm7), "\(message.text)")
            }
        }
    }

    @Test(arguments: languages, 1...3)
    func `every message tells each token in its order, the key after it, and where to call`(
        code: String, tokens: Int
    ) throws {
        for digits in [Token.DigitSet.full, .restricted] {
            for effect in try effects() {
                let text = try message(code, notice(effect, tokens: tokens, digits, contact: "+254 700 111")).text
                var rest = text[...]
                for place in 0..<tokens {
                    let told = try token(place, digits).digits.chunked + (tokens > 1 ? "#" : "")
                    let range = try #require(rest.range(of: (tokens > 1 ? "\(place + 1)) " : "") + told), "\(text)")
                    rest = rest[range.upperBound...]
                }
                #expect(rest.contains("#"), "\(text)")
                #expect(rest.hasSuffix("+254 700 111"), "\(text)")
                #expect(!text.contains("{") && !text.contains("  ") && !text.contains("CSP-240311"), "\(text)")
            }
        }
    }

    @Test(arguments: languages)
    func `without a contact nothing is said of calling`(code: String) throws {
        let (with, without) = (
            try message(code, notice(days("30"), contact: "0700")).text, try message(code, notice(days("30"))).text
        )
        #expect(with.hasPrefix(without + " ") && with.hasSuffix("0700"))
        #expect(try message(code, notice(days("30"), contact: "  ")).text == without)
    }

    @Test(arguments: languages)
    func `each effect has words of its own`(code: String) throws {
        let thirty = try Days(30)
        let effects: [TokenNotice.Effect] = [.days(thirty), .setDays(thirty), .locked, .unlocked, .synced]
        let texts = try effects.map { try message(code, notice($0)).text }
        #expect(Set(texts).count == effects.count)
        for text in texts.prefix(2) { #expect(text.contains("30")) }
        for text in texts.dropFirst(2) { #expect(!text.contains("30"), "no number of days") }
    }

    @Test func `the English message reads as it should`() throws {
        #expect(
            try message("en", notice(days("1.5"), contact: "0700 1")).text
                == "1.5 days of solar power. Token: 649 118 926. Type it, press # after the last digit. Help: call 0700 1"
        )
        #expect(
            try message("en", notice(days("1"), tokens: 2)).text
                == "1 day of solar power. Tokens: 1) 649 118 926# 2) 588 224 011# "
                + "Type them in this order, press # after the last digit of each."
        )
    }

    @Test func `letters that cost seven bits stay, the others are written as on a phone`() throws {
        #expect(try message("fr", notice(.synced)).text.hasPrefix("Ce code règle le compteur"))
        #expect(try message("fr", notice(.locked)).text.contains("jusqu'au"))
        #expect(try message("fr", notice(.locked)).text.contains("Code : 649 118 926. "))
        let portuguese = try message("pt", notice(.locked)).text
        #expect(portuguese.contains("Codigo: ") && portuguese.contains("até ao proximo"))
        #expect(try message("ha", notice(.unlocked)).text.contains("bude sola"))
        #expect(try message("ne", notice(.unlocked)).text.contains("सधैँका"), "no sign of another script is dropped")
    }

    @Test func `where to call is told letter by letter, whatever that costs`() throws {
        let message = try message("pt", notice(days("30"), contact: "Loja São João"))
        #expect(message.text.hasSuffix("Loja São João"))
        #expect(message.encoding == .ucs2 && message.segments == 2)
    }

    @Test func `a notice without a token is refused`() throws {
        let unit = try PaygID("CSP-240311")
        #expect(throws: FleetError.badValue(what: "message", problem: "for CSP-240311 has no token to tell")) {
            try TokenNotice(
                unit: unit, tokens: [], effect: .locked, paidUntil: nil, customerName: nil, contact: nil
            )
        }
    }
}

extension String {
    /// The digits in threes.
    fileprivate var chunked: String {
        stride(from: 0, to: count, by: 3).map { String(dropFirst($0).prefix(3)) }.joined(separator: " ")
    }
}
