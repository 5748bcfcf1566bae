import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

/// Credentials that leave the registry for a simulated unit.
struct DeviceTests {
    private let bench: StoreBench

    init() throws {
        bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
    }

    private func make(_ unit: String, _ prepare: (FleetUnit, Credentials) throws -> Void = { _, _ in }) throws {
        try bench.registry.makeDevice(
            of: try PaygID(unit), file: "unit.json", at: bench.now, actor: bench.actor, prepare: prepare)
    }

    @Test func `a simulated unit gets the unit's own credentials, and the history has it`() throws {
        try make("csp-0001") { unit, credentials in
            #expect(unit.id.text == "CSP-0001")
            let listed = try bench.listed("CSP-0001")
            #expect(credentials == listed.credentials)
        }
        let event = try #require(try bench.registry.events(HistoryFilter(unit: try PaygID("CSP-0001"))).last)
        #expect(event.action == "deviceMade" && event.detail == #"{"file":"unit.json","unit":"CSP-0001"}"#)
        #expect(try bench.registry.events(HistoryFilter(unit: try PaygID("CSP-0002"))).last?.action != "deviceMade")
        #expect(try bench.registry.verify().problems == [])
    }

    @Test func `where its file cannot be written, nothing is recorded`() throws {
        #expect(throws: FleetError.outputExists(path: "unit.json")) {
            try make("CSP-0001") { _, _ in throw FleetError.outputExists(path: "unit.json") }
        }
        #expect(try bench.registry.events().last?.action == "dispatchImported")
    }

    @Test func `an event of it that was written without the key is found`() throws {
        try make("CSP-0001")
        // What a program without the key file can do: the hash fits, the code is its own.
        let changed = """
            DROP TRIGGER event_never_changed;
            UPDATE event SET mac = randomblob(32) WHERE action = 'deviceMade';
            """
        let run = try sqlite3(bench.path, changed)
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try bench.registry.verify().problems == [
                "event 3 was not written with this registry's key",
                "the trigger event_never_changed is missing from the schema",
            ]
        )
    }
}
