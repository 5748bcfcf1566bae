import Foundation
import TestSupport
import Testing

@testable import payg

struct EventWordsTests {
    @Test func `a person reads sentences, and programs the same facts as before`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("customer", "edit", "KIS-0001", "--name", "Amina W.", "--note", "moved")
        bench.payg("assign", "CSP-240311", "KIS-0001", "--since", "2026-10-05")
        bench.payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1001")
        bench.payg("issue", "CSP-240311", "--unlock", "--yes")
        bench.payg("unassign", "CSP-240311")
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "paygops.csv")
        bench.payg("export", "openpaygo", "--unit", "CSP-240318", "--copy", "-o", "copy.csv")
        bench.payg("export", "again", "1", "-o", "again.csv")
        bench.payg("unit", "reclaim", "SLK-0071", "--count", "9", "--reason", "they closed")
        bench.payg("unit", "set-count", "CSP-240318", "5", "--reason", "a letter")
        bench.payg("unit", "retire", "CSP-240318", "--reason", "stolen")
        bench.payg("unit", "retire", "CSP-240318", "--undo", "--reason", "found")
        bench.payg("unit", "show", "CSP-240318", "--reveal", "--reason", "asked by the maker", "--yes")
        bench.payg("device", "new", "CSP-240318", "--state", "unit.json")
        bench.payg("profile", "set", "angaza", "product-1", "Solar Kit")
        let table = bench.payg("audit", "events", forPerson: true).output
        for sentence in [
            "dispatch 1: 25 units added from cloud-solar-dispatch.csv",
            "customer added        KIS-0001",
            "KIS-0001: name, note",
            "CSP-240311 to customer KIS-0001, since 2026-10-05 00:00 UTC",
            // The token is the README's.
            "649 118 926 for CSP-240311 of customer KIS-0001: add time 30 days, count 2, payment MP-1001",
            "for CSP-240311 of customer KIS-0001: disable PAYG, count 3",
            "CSP-240311 from customer KIS-0001",
            "export 1: 10 units to paygops, in paygops.csv",
            "export 2: a copy of 1 unit, in copy.csv",
            "export 1 once more, to again.csv",
            "SLK-0071 from paygops, after count 9: they closed",
            "CSP-240318 from 1 to 5: a letter",
            "CSP-240318: stolen",
            "CSP-240318: found",
            "CSP-240318: asked by the maker",
            "CSP-240318, in unit.json",
            "product-1 of angaza is “Solar Kit”",
        ] {
            #expect(table.contains(sentence + "\n"), "\(sentence)")
        }
        #expect(!table.contains("{") && !table.contains("="), "\(table)")
        let plain = bench.payg("audit", "events").output
        #expect(plain.contains("\tcredentialsRevealed\treason=asked by the maker unit=CSP-240318\n"))
        #expect(try bench.payg("audit", "events", "--json").jsonRows().count == table.split(separator: "\n").count - 1)
    }

    @Test func `what a newer program records is told word by word`() throws {
        let bench = try CommandBench.withFleet()
        _ = try sqlite3(
            bench.folder.file("registry.sqlite"),
            """
            INSERT INTO event (sequence, at, actor, action, detail, hash)
            VALUES (12, '2026-11-03T09:00:00Z', 'amina', 'moonLanded', '{"landingPlace":"sea","crew":3}', zeroblob(32));
            INSERT INTO event (sequence, at, actor, action, detail, hash)
            VALUES (13, '2026-11-03T09:00:00Z', 'amina', 'tokenIssued', '{"odd":[1],"unit":"X"}', zeroblob(32));
            """
        )
        let table = bench.payg("audit", "events", forPerson: true).output
        #expect(table.contains("moon landed        crew 3, landing place sea\n"), "\(table)")
        #expect(table.contains("odd …, unit X\n"), "\(table)")
    }

    @Test func `unit show tells which export handed it over, and what its credentials replaced`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("export", "paygops", "--dispatch", "2", "-o", "paygops.csv")
        let shown = bench.payg("unit", "show", "SLK-0071", forPerson: true).output
        #expect(
            shown.contains("tokens made by    paygops\nsince export      1, 2026-11-03 09:00 UTC, in paygops.csv\n"))
        #expect(bench.payg("unit", "show", "SLK-0071").output.contains("\nsince export\t1\n"))
        #expect(try bench.payg("unit", "show", "SLK-0071", "--json").json()["export"] as? Int == 1)
        bench.payg("unit", "reclaim", "SLK-0071", "--count", "9", "--reason", "they closed")
        #expect(try bench.payg("unit", "show", "SLK-0071", "--json").json()["export"] is NSNull)

        _ = try bench.folder.write(
            "PAYG ID,Secret Key,Starting Code,Count\nCSP-240311,5f9bcbc644574d8fab284173577ba8aa,123456789,1\n",
            to: "new.csv"
        )
        let replaced = bench.payg("import", "new.csv", "--replace", "CSP-240311", "--reason", "board changed")
        #expect(replaced.status == 0, "\(replaced.talk)")
        let rows = try bench.payg("unit", "show", "CSP-240311", "--json").json()["replacedCredentials"]
        let row = try #require((rows as? [[String: Any]])?.first)
        #expect(Set(row.keys) == ["replacedAt", "lastCount", "file", "reason", "actor"])
        #expect(row["file"] as? String == "new.csv" && row["reason"] as? String == "board changed")
        let table = bench.payg("unit", "show", "CSP-240311", forPerson: true).output
        #expect(table.contains("CREDENTIALS REPLACED  AFTER COUNT  BY LIST  REASON         BY\n"), "\(table)")
        #expect(table.contains("2026-11-03 09:00 UTC            1  new.csv  board changed  amina\n"))
    }
}
