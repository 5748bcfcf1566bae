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
}
