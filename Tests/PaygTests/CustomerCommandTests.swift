import Foundation
import TestSupport
import Testing

@testable import payg

struct CustomerCommandTests {
    @Test func `customers are added, imported, listed, and given units`() throws {
        let bench = try CommandBench.withFleet()
        #expect(
            bench.payg("customer", "add", "KIS-0100", "--name", "Otieno, Juma", "--phone", "+254 700 000 100").status
                == 0)
        #expect(
            bench.payg("customer", "add", "KIS-0100", "--name", "Otieno, Juma", "--phone", "+254 700 000 100").status
                == 0)
        let other = bench.payg("customer", "add", "kis-0100", "--name", "Somebody Else")
        #expect(other.status == 4 && other.talk.contains("with another name; nothing was changed"))
        #expect(bench.payg("assign", "csp-240311", "KIS-0100").status == 0)
        #expect(bench.payg("assign", "CSP-240311", "KIS-0100").talk.contains("already: nothing was changed"))
        let taken = bench.payg("assign", "CSP-240311", "KIS-0001")
        #expect(taken.status == 4)
        #expect(taken.talk.contains("hint: payg unassign CSP-240311"))
        let customers = try bench.payg("customer", "list", "--json").jsonRows()
        #expect(customers.count == 9)
        #expect(customers.last?["units"] as? [String] == ["CSP-240311"])
        #expect(bench.payg("unassign", "CSP-240311").status == 0)
        #expect(bench.payg("unassign", "CSP-240311").status == 4)
        #expect(bench.payg("assign", "CSP-240311", "KIS-9999").status == 3)
        #expect(bench.payg("customer", "import", "cloud-solar-dispatch.csv").status == 65)
    }

    @Test func `names are answered as the registry spells them, and refused where two would look alike`() throws {
        let bench = try CommandBench.withFleet()
        let held = try bench.payg("assign", "csp-240311", "kis-0001", "--json").json()
        #expect(held["unit"] as? String == "CSP-240311" && held["customer"] as? String == "KIS-0001")
        let again = try bench.payg("customer", "add", "kis-0001", "--name", "Achieng Odhiambo", "--json").json()
        #expect(again["customer"] as? String == "KIS-0001" && again["units"] as? [String] == ["CSP-240311"])
        #expect(bench.payg("customer", "add", "É-1", "--name", "Amina").status == 64)
        #expect(bench.payg("customer", "add", "K-9", "--name", "Amina\u{1B}[2J").status == 64)
        #expect(bench.payg("unit", "reclaim", "CSP-240311", "--count", "1", "--reason", " ").status == 64)
    }

    @Test func `names in wide and joined scripts keep the columns straight`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("customer", "add", "A-1", "--name", "山田太郎", "--phone", "+81 3 1234 5678")
        bench.payg("customer", "add", "A-2", "--name", "ශ්\u{200D}රී", "--phone", "+94 11 234 5678")
        let lines = bench.payg("customer", "list", forPerson: true).output.split(separator: "\n")
        let phones = lines.dropFirst().prefix(2).map { line in
            String(line.prefix { $0 != "+" }).cellWidth
        }
        #expect(phones.count == 2 && phones[0] == phones[1], "\(lines)")
    }

    @Test func `a customer is shown with every unit they hold or held`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001", "--since", "2026-10-01")
        bench.payg("unassign", "CSP-240311", "--on", "2026-10-05 08:30")
        bench.payg("assign", "CSP-240318", "KIS-0001")
        bench.payg("customer", "edit", "KIS-0001", "--language", "sw", "--note", "pays on Fridays")
        #expect(
            bench.payg("customer", "show", "kis-0001", forPerson: true).output == """
                customer          KIS-0001
                name              Achieng Odhiambo
                phone             +254712000101
                language          sw
                note              pays on Fridays
                units             CSP-240318

                UNIT        FROM                  UNTIL
                CSP-240311  2026-10-01 00:00 UTC  2026-10-05 08:30 UTC
                CSP-240318  2026-11-03 09:00 UTC

                """
        )
        let json = try bench.payg("customer", "show", "KIS-0001", "--json").json()
        let customer = try #require(json["customer"] as? [String: Any])
        #expect(Set(customer.keys) == ["customer", "name", "phone", "language", "note", "units"])
        #expect(customer["units"] as? [String] == ["CSP-240318"] && customer["language"] as? String == "sw")
        let assignments = try #require(json["assignments"] as? [[String: Any]])
        #expect(assignments.map { $0["unit"] as? String } == ["CSP-240311", "CSP-240318"])
        #expect(assignments.first?["until"] as? String == "2026-10-05T08:30:00Z")
        #expect(assignments.last?["until"] is NSNull && assignments.last?["since"] as? String == "2026-11-03T09:00:00Z")
        #expect(bench.payg("customer", "show", "KIS-0002", forPerson: true).output.hasSuffix("000102\n"), "no table")
        #expect(bench.payg("customer", "show", "nobody").status == 3)
    }

    @Test func `a unit is shown with those who had it before`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001", "--since", "2026-10-01")
        let show = ["unit", "show", "CSP-240311"]
        #expect(!bench.payg(show, forPerson: true).output.contains("UNTIL"), "its only holder is among the facts")
        bench.payg("unassign", "CSP-240311", "--on", "2026-10-05")
        bench.payg("assign", "CSP-240311", "KIS-0002", "--since", "2026-10-05")
        #expect(
            bench.payg(show, forPerson: true).output.hasSuffix(
                """

                CUSTOMER  FROM                  UNTIL
                KIS-0001  2026-10-01 00:00 UTC  2026-10-05 00:00 UTC
                KIS-0002  2026-10-05 00:00 UTC

                """
            )
        )
        let holders = try bench.payg(show + ["--json"]).json()["assignments"] as? [[String: Any]]
        #expect(holders?.map { $0["customer"] as? String } == ["KIS-0001", "KIS-0002"])
        #expect(holders?.last?["until"] is NSNull && holders?.last?["since"] as? String == "2026-10-05T00:00:00Z")
    }

    @Test func `a customer is changed, and told what is not as it was`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("customer", "edit", "kis-0001", "--name", "Achieng Otieno", "--no-phone")
        #expect(run.status == 0 && run.output == "")
        #expect(run.talk == "changed the name and phone of customer KIS-0001\n")
        let again = bench.payg("customer", "edit", "KIS-0001", "--name", "Achieng Otieno", "--no-phone")
        #expect(again.status == 0)
        #expect(again.talk == "customer KIS-0001 is just so already: nothing was changed\n")
        let json = try bench.payg("customer", "edit", "KIS-0001", "--note", "moved", "--json").json()
        #expect(json["changed"] as? [String] == ["note"])
        #expect((json["customer"] as? [String: Any])?["note"] as? String == "moved")
        #expect((json["customer"] as? [String: Any])?["phone"] is NSNull)
        #expect(bench.payg("customer", "edit", "KIS-0001", "--no-note", "--no-language").status == 0)
        for wrong in [
            [], ["--name", " "], ["--note", "x", "--no-note"], ["--phone", "+254712345678", "--no-phone"],
            ["--language", "sw", "--no-language"], ["--language", "swahili"], ["--phone", "0712345678"],
            ["--country", "KE"], ["--phone", "0712345678", "--country", "Kenya"],
        ] {
            #expect(bench.payg(["customer", "edit", "KIS-0001"] + wrong).status == 64, "\(wrong)")
        }
        #expect(bench.payg("customer", "edit", "KIS-9999", "--no-note").status == 3)
        let events = try bench.payg("audit", "events", "--customer", "KIS-0001", "--json").jsonRows()
        let details = events.compactMap { $0["detail"] as? [String: Any] }
        #expect(details.compactMap { $0["changed"] as? [String] } == [["name", "phone"], ["note"], ["note"]])
        #expect(
            bench.payg("audit", "events", "--customer", "KIS-0001").output.contains(
                "customerChanged\tchanged=name,phone customer=KIS-0001")
        )
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a national number needs its country, from the option or from the environment`() throws {
        let bench = try CommandBench.withFleet()
        let add = ["customer", "add", "K-1", "--name", "Amina", "--phone", "0712 345 678"]
        let refused = bench.payg(add)
        #expect(refused.status == 64)
        #expect(refused.talk.hasPrefix("error: the phone has no country code behind a +\nhint: write it with +"))
        let wrong = bench.payg(add, environment: ["PAYG_COUNTRY": "Kenya"])
        #expect(wrong.status == 64 && wrong.talk.contains("the country in PAYG_COUNTRY is none"))
        #expect(bench.payg(add + ["--country", "ke"], environment: ["PAYG_COUNTRY": "TZ"]).status == 0)
        func phone(_ customer: String) throws -> String? {
            let json = try bench.payg("customer", "show", customer, "--json").json()
            return (json["customer"] as? [String: Any])?["phone"] as? String
        }
        #expect(try phone("K-1") == "+254712345678")
        bench.payg("customer", "edit", "K-1", "--phone", "0754 123 456", environment: ["PAYG_COUNTRY": "TZ"])
        #expect(try phone("K-1") == "+255754123456")
    }

    @Test func `a list of customers is read with its country, languages and notes`() throws {
        let bench = try CommandBench.withFleet()
        _ = try bench.folder.write(
            "Numéro client;Nom;Téléphone;Langue;Note\nC-1;José;077 123 45 67;fr;\nC-2;Awa;;;paie le vendredi\n",
            to: "list.csv")
        let refused = bench.payg("customer", "import", "list.csv")
        #expect(refused.status == 65)
        #expect(refused.talk.contains("row 2, Téléphone: the phone has no country code"), "\(refused.talk)")
        #expect(refused.talk.contains("hint: write it with +") && !refused.talk.contains("hint: mend"))
        let senegal = bench.payg("customer", "import", "list.csv", "--country", "SN")
        #expect(senegal.status == 65 && senegal.talk.contains("begins with 0, and no number of SN does"))
        #expect(
            bench.payg("customer", "import", "list.csv", "--country", "KE").talk == "2 customers added from list.csv\n")
        #expect(bench.payg("customer", "import", "list.csv", "--country", "KE").talk.contains("2 unchanged"))
        let countryless = bench.payg("customer", "import", "list.csv")
        #expect(
            countryless.status == 65 && countryless.talk.contains("row 2, Téléphone: the phone has no country code"))
        let found = try bench.payg("customer", "list", "--search", "JOSE", "--json").jsonRows()
        #expect(found.first?["phone"] as? String == "+254771234567" && found.first?["language"] as? String == "fr")
        #expect(
            try bench.payg("customer", "list", "--search", "c-2", "--json").jsonRows().first?["note"] as? String
                == "paie le vendredi")

        _ = try bench.folder.write("Reference,Name,Language\nC-3,Awa,French\n", to: "words.csv")
        #expect(
            bench.payg("customer", "import", "words.csv").talk.contains(
                "row 2, Language: the language is no language's code"))
        let ignored = bench.payg("customer", "import", "words.csv", "--ignore-column", "language")
        #expect(ignored.status == 0, "\(ignored.talk)")
    }

    @Test func `a language that nobody can be told in is kept, and that is said`() throws {
        let bench = try CommandBench.withFleet()
        let words = ": who has another language is told in the one that is asked for, or in the words of --template\n"
        #expect(
            bench.payg("customer", "add", "K-9", "--name", "Ana", "--language", "de").talk
                == "added customer K-9, Ana\nhint: there are no messages in de, but in en, fr, sw, pt, ha, ne" + words)
        #expect(bench.payg("customer", "edit", "K-9", "--language", "es-MX").talk.contains("no messages in es-MX, but"))
        #expect(!bench.payg("customer", "edit", "K-9", "--language", "pt-BR").talk.contains("hint:"))
        #expect(!bench.payg("customer", "edit", "K-9", "--no-language").talk.contains("hint:"))
        _ = try bench.folder.write("Reference,Name,Language\nC-1,A,sw\nC-2,B,zu\nC-3,C,am\nC-4,D,zu\n", to: "list.csv")
        #expect(
            bench.payg("customer", "import", "list.csv").talk.contains(
                "hint: there are no messages in am, zu, but in en"))
        bench.payg("assign", "CSP-240311", "C-2")
        let told = bench.payg("issue", "CSP-240311", "--days", "7", "--message", "fr")
        #expect(told.output.contains("jours"), "\(told.output)")
    }

    @Test func `dates that cannot be are refused, and who had the unit then is told`() throws {
        let bench = try CommandBench.withFleet()
        #expect(
            bench.payg("assign", "CSP-240311", "KIS-0001", "--since", "2026-10-01").talk
                == "unit CSP-240311 is with customer KIS-0001 since 2026-10-01 00:00 UTC\n"
        )
        let moved = bench.payg("assign", "CSP-240311", "KIS-0001", "--since", "2026-10-02")
        #expect(moved.status == 4 && moved.talk.contains("with customer KIS-0001 since 2026-10-01 00:00 UTC"))
        let early = bench.payg("unassign", "CSP-240311", "--on", "2026-09-30")
        #expect(early.status == 4 && early.talk.contains("since 2026-10-01 00:00 UTC; nothing was changed"))
        for wrong in ["2026-11-04", "tomorrow", "2026-02-30"] {
            #expect(bench.payg("unassign", "CSP-240311", "--on", wrong).status == 64, "\(wrong)")
            #expect(bench.payg("assign", "CSP-240318", "KIS-0001", "--since", wrong).status == 64, "\(wrong)")
        }
        let back = bench.payg("unassign", "CSP-240311", "--on", "2026-10-05 08:30:15 UTC", "--json")
        #expect(
            back.output
                == #"{"customer":null,"since":"2026-10-01T00:00:00Z","unit":"CSP-240311","until":"2026-10-05T08:30:15Z"}"#
                + "\n"
        )
        #expect(back.talk == "unit CSP-240311 was taken back from customer KIS-0001, as of 2026-10-05 08:30:15 UTC\n")
        let within = bench.payg("assign", "CSP-240311", "KIS-0002", "--since", "2026-10-05 08:30")
        #expect(within.status == 4)
        #expect(within.talk.contains("was with customer KIS-0001 until 2026-10-05 08:30:15 UTC; nothing was changed"))
        #expect(within.talk.contains("hint: payg customer show KIS-0001"))
        #expect(
            bench.payg("assign", "CSP-240311", "KIS-0002", "--since", "2026-10-05 08:30:15", "--json").output.contains(
                #""until":null"#))
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `units and customers are found by any part of what is known of them`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("assign", "CSP-240311", "KIS-0001")
        func units(_ text: String) throws -> [String?] {
            try bench.payg("unit", "list", "--search", text, "--json").jsonRows().map { $0["unit"] as? String }
        }
        func customers(_ text: String) throws -> [String?] {
            try bench.payg("customer", "list", "--search", text, "--json").jsonRows().map { $0["customer"] as? String }
        }
        for text in ["240311", "kis-0001", "odhiambo", "0712 000 101", "712-000-101", "+254 712 000101"] {
            #expect(try units(text) == ["CSP-240311"], "\(text)")
            #expect(try customers(text) == ["KIS-0001"], "\(text)")
        }
        #expect(try customers("dunga") == ["KIS-0005"])
        #expect(bench.payg("customer", "list", "--search", "nobody", forPerson: true).talk == "no customers\n")
        #expect(bench.payg("unit", "list", "--search", "").status == 64)
    }
}
