import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

struct ExportTests {
    @Test func `an export opens the credentials, with the count of now, by PAYG ID`() throws {
        let bench = try StoreBench()
        let listed = try bench.listed("CSP-0002")
        try bench.add([listed, try bench.listed("CSP-0001")])
        try bench.issue("CSP-0002")
        let (summary, units) = try bench.export(ExportSelection())
        #expect(units.map(\.unit.id.text) == ["CSP-0001", "CSP-0002"])
        #expect(units.last?.credentials == listed.credentials)
        #expect(units.last?.unit.count == (try TokenCount(2)))
        #expect(summary.number == 1 && summary.units == 2 && summary.authority == .provider("paygops"))
    }

    @Test func `an export takes the units whose tokens are made here, and hands them over`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.add("CSP-0003")
        #expect(try bench.export(ExportSelection(.dispatch(2))).units.map(\.unit.id.text) == ["CSP-0003"])
        let (rest, units) = try bench.export(ExportSelection())
        #expect(units.map(\.unit.id.text) == ["CSP-0001", "CSP-0002"] && rest.unitsAgain == 0)
        #expect(throws: FleetError.nothingToExport) { try bench.export(ExportSelection()) }
        #expect(throws: FleetError.dispatchNotFound(9)) { try bench.export(ExportSelection(.dispatch(9))) }
        #expect(try bench.export(ExportSelection(again: true)).summary.unitsAgain == 3, "the same provider, again")
        #expect(throws: FleetError.nothingToExport) { try bench.export(ExportSelection(again: true), to: "angaza") }
        #expect(throws: FleetError.alreadyHandedOver(try PaygID("CSP-0001"), provider: "paygops")) {
            try bench.export(ExportSelection(.units([try PaygID("CSP-0001")])), to: "angaza")
        }
        #expect(try bench.registry.units(authority: "paygops").count == 3)
    }

    @Test func `a copy and a dry run hand nothing over`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let before = try bench.sql(".dump").output
        #expect(try bench.export(ExportSelection(), dryRun: true).summary.number == nil)
        #expect(try bench.sql(".dump").output == before)
        #expect(try bench.export(ExportSelection(), copy: true).summary.authority == .here)
        try bench.issue("CSP-0001")
        #expect(try bench.registry.events().map(\.action).contains("credentialsExported"), "a copy is on record too")
    }

    @Test func `an export that fails halfway leaves no record`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        let before = try bench.sql(".dump").output
        let failure = FleetError.outputFailed(path: "out.csv", reason: "no space left on device")
        for failing in ["CSP-0002", "finish"] {
            #expect(throws: failure) {
                try bench.registry.export(
                    bench.terms(),
                    to: ExportSink(
                        add: { if $0.unit.id.text == failing { throw failure } }, finish: { throw failure }
                    ), at: bench.now, actor: bench.actor
                )
            }
        }
        #expect(try bench.sql(".dump").output == before)
    }
}
