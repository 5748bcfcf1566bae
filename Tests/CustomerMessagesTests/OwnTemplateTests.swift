import CustomerMessages
import Fleet
import OpenPAYGO
import Testing

struct OwnTemplateTests {
    private func text(
        _ template: String, _ notice: TokenNotice, language: String? = nil
    ) throws -> String {
        let language = try language.map { try MessageLanguage(code: $0) }
        return try MessageTemplate(file: template, name: "own.txt", language: language).message(for: notice).text
    }

    @Test func `every placeholder is filled`() throws {
        let notice = try notice(
            days("1.5"), until: "2026-12-03T23:00:00Z", name: "Amina", contact: "0700 111 222"
        )
        #expect(
            try text("{name}: {days}d until {until} for {unit}, {token}# ({contact})", notice)
                == "Amina: 1.5d until 2026-12-03 for CSP-240311, 649 118 926# (0700 111 222)"
        )
        #expect(
            try text("{days} j jusqu'au {until} : {token}", notice, language: "fr")
                == "1,5 j jusqu'au 3 décembre 2026 : 649 118 926"
        )
        #expect(try text("{token}{token}", notice) == "649 118 926649 118 926")
    }

    @Test func `several tokens are numbered in their order`() throws {
        #expect(
            try text("{days} days: {token} Thank you", notice(days("1990"), tokens: 3))
                == "1990 days: 1) 649 118 926# 2) 588 224 011# 3) 000 120 034# Thank you"
        )
    }

    @Test func `a line that nothing can fill is left out, unless it has the token or the days`() throws {
        let template = "Dear {name},\n{token}\n\nCall {contact}\nPaid until {until}\nfor {days} days{name}"
        #expect(try text(template, notice(days("3"))) == "649 118 926\n\nfor 3 days")
        #expect(
            try text(template, notice(days("3"), name: "A", contact: "0"))
                == "Dear A,\n649 118 926\n\nCall 0\nfor 3 daysA"
        )
        #expect(try text("{name}{token}", notice(days("3"))) == "649 118 926")
    }

    @Test func `what is filled in is never filled again`() throws {
        #expect(
            try text("{name} {contact} {token}", notice(days("3"), name: "{unit}", contact: "{token"))
                == "{unit} {token 649 118 926"
        )
    }

    @Test func `a byte order mark, Windows line ends and empty lines at the end are no part of a message`() throws {
        #expect(try text("\u{FEFF}A\r\n{token}\r\n\r\n", notice(days("3"))) == "A\n649 118 926")
    }

    @Test(arguments: [
        ("", "it is empty"), (" \n\n", "it is empty"), ("\u{FEFF}", "it is empty"),
        ("30 days", "no line has {token}"),
        ("{token}\n{amount}", "line 2 has {amount}"), ("{token} {}", "line 1 has {}"),
        ("{Token}", "line 1 has {Token}"), ("{ token }", "line 1 has { token }"),
        ("{number} {token}", "line 1 has {number}"),
        ("a\r\nb\r\n{token", "line 3 has a { that no } closes"), ("{token\n}", "line 1 has a { that no } closes"),
        ("{{token}}", "line 1 has a { that no } closes"),
        ("\n{token}}", "line 2 has a } that no { is open for"),
        ("{token}\n\n\tx", "line 3 has an invisible character"),
        ("{token}\u{1B}[2J", "line 1 has an invisible character"),
    ])
    func `a template that cannot be used is refused, with its name and line`(template: String, problem: String) throws {
        do {
            _ = try MessageTemplate(file: template, name: "own.txt")
            Issue.record("it was taken")
        } catch {
            #expect(error.kind == .badInput)
            #expect("\(error)".hasPrefix("the template own.txt cannot be used: \(problem)"), "\(error)")
        }
    }

    @Test func `an unknown placeholder is answered with those there are`() throws {
        for template in ["{amount} {token}", "{token"] {
            do {
                _ = try MessageTemplate(file: template, name: "own.txt")
                Issue.record("it was taken")
            } catch {
                #expect("\(error)".hasSuffix("{token}, {days}, {unit}, {until}, {name}, {contact}"))
            }
        }
    }

    @Test func `a user's own text is for tokens with days, and refused for others`() throws {
        let template = try MessageTemplate(file: "{days}: {token}", name: "own.txt")
        for effect in [TokenNotice.Effect.locked, .unlocked, .synced] {
            #expect { try template.message(for: notice(effect)) } throws: { error in
                "\(error)".hasPrefix("the template own.txt is for tokens that add or set days, and this one ")
            }
        }
        #expect(try template.message(for: notice(.setDays(try Days(2)))).text == "2: 649 118 926")
    }

    @Test func `a name outside the alphabet is told as it is, and its cost said`() throws {
        let template = try MessageTemplate(file: "{name}: {token}", name: "own.txt")
        let notice = try notice(days("30"), name: "Wanjirũ Ñandú")
        #expect(try template.message(for: notice).text.hasPrefix("Wanjirũ Ñandú: "))
        #expect(try template.message(for: notice).encoding == .ucs2)
        #expect(template.unreviewed == nil)
    }
}
