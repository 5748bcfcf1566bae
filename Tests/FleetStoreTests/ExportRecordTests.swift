import Fleet
import FleetStore
import Foundation
import OpenPAYGO
import TestSupport
import Testing

/// Exports on record, and written again.
struct ExportRecordTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.registry.addCustomers(at: bench.now, actor: bench.actor) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: "+254712345678"))
        }
        _ = try bench.registry.assign(
            try PaygID("CSP-0001"), to: try CustomerReference("K-1"), at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0001")
    }

    /// What a sink was given, as text.
    private func text(_ unit: ExportedUnit) -> String {
        "\(unit.unit.id) \(unit.unit.count) \(unit.credentials.key.hex) \(unit.credentials.startingCode.digits) "
            + "\(unit.unit.customer?.text ?? "") \(unit.customer?.name ?? "") \(unit.customer?.phone ?? "") \(unit.dispatch?.file ?? "")"
    }

    private func again(_ number: Int, sha256: String = String(repeating: "0", count: 64)) throws -> [String] {
        var texts: [String] = []
        _ = try bench.registry.exportAgain(
            number,
            to: ExportSink(
                add: { texts.append(text($0)) }, finish: { ExportedFile(name: "again.csv", sha256: sha256) }
            ), at: bench.now, actor: bench.actor
        )
        return texts
    }

    @Test func `an export keeps all that its file says, whatever happens to the units since`() throws {
        let before = try bench.export(ExportSelection(), tells: (true, true)).units.map(text)
        #expect(before.count == 2 && before[0].hasSuffix("K-1 Amina +254712345678 list.csv"))

        _ = try bench.registry.editCustomer(
            try CustomerReference("K-1"), try CustomerEdit(name: "Amina Otieno"), at: bench.now, actor: bench.actor)
        _ = try bench.registry.unassign(try PaygID("CSP-0001"), at: bench.now, actor: bench.actor)
        for unit in ["CSP-0001", "CSP-0002"] {
            _ = try bench.registry.reclaim(
                try PaygID(unit), count: try TokenCount(30), reason: try Reason("x"), at: bench.now, actor: bench.actor)
        }
        try bench.replace("CSP-0002")
        try bench.issue("CSP-0002")
        #expect(try again(1) == before)
        #expect(try bench.registry.verify().problems == [])
        #expect(try bench.registry.events().last?.action == "exportedAgain", "credentials left the registry once more")
        #expect(try bench.registry.units(authority: "here").count == 2, "nothing changed hands")

        // And an export made after the credentials were replaced has the new ones.
        let after = try bench.export(ExportSelection(again: true), tells: (true, true)).units.map(text)
        #expect(after[1] != before[1])
        try bench.replace("CSP-0001")
        #expect(try again(2) == after)
    }

    @Test func `a file that comes out otherwise is given up, and nothing is recorded`() throws {
        try bench.export(ExportSelection())
        let dump = try bench.sql(".dump").output
        do {
            _ = try again(1, sha256: String(repeating: "1", count: 64))
            Issue.record("it was written")
        } catch FleetError.exportNotRepeatable(let number, _) {
            #expect(number == 1)
        }
        #expect(throws: FleetError.exportNotFound(2)) { try again(2) }
        #expect(try bench.sql(".dump").output == dump)
    }

    @Test func `exports are listed and shown, with who makes the tokens now`() throws {
        #expect(try bench.registry.exports() == [])
        try bench.export(ExportSelection(.units([try PaygID("CSP-0001")])))
        try bench.export(ExportSelection(), to: "angaza", copy: true)
        let exports = try bench.registry.exports()
        #expect(exports.map(\.number) == [1, 2] && exports.map(\.units) == [1, 1])
        #expect(exports.map(\.authority) == [.provider("paygops"), .here])
        #expect(exports[0].profileText == "title: paygops")
        // Computed by hand: printf 'title: paygops' | sha256sum
        let sum = try ProgramRun("sh", ["-c", "printf 'title: paygops' | sha256sum"]).output.prefix(64)
        #expect(exports[0].profileSHA256 == String(sum))
        let (record, units) = try bench.registry.export(1)
        #expect(record == exports[0])
        #expect(
            units == [
                HandedOverUnit(unit: try PaygID("CSP-0001"), count: try TokenCount(2), authority: .provider("paygops"))
            ]
        )
        #expect(throws: FleetError.exportNotFound(3)) { try bench.registry.export(3) }
    }

    @Test func `a product has the name that was given last, on record`() throws {
        func name(_ text: String) throws -> String? {
            try bench.registry.nameProduct("product-1", of: "angaza", text, at: bench.now, actor: bench.actor)
        }
        #expect(try name("Solar kit") == nil)
        #expect(try name("Solar kit 2") == "Solar kit")
        #expect(try name("Solar kit 2") == "Solar kit 2")
        #expect(try bench.registry.productNames(of: "angaza") == ["product-1": "Solar kit 2"])
        #expect(try bench.registry.productNames(of: "other") == [:])
        #expect(try bench.registry.events().filter { $0.action == "productNamed" }.count == 2, "the same is no change")
        #expect(try bench.registry.verify().ok)
    }
}
