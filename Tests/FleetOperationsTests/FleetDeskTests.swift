import Fleet
import FleetOperations
import Foundation
import OpenPAYGO
import TestSupport
import Testing

struct FleetDeskTests {
    private let folder: TemporaryFolder
    private let now = Timestamp(seconds: 1_793_696_400)

    init() throws {
        folder = try TemporaryFolder()
    }

    private func desk() throws -> FleetDesk {
        let (registry, key) = (folder.file("registry.sqlite"), folder.file("registry.key"))
        let actor = try ActorName("Tester")
        if !FileManager.default.fileExists(atPath: registry) {
            try FleetDesk.createRegistry(registry, keyFile: key, actor: actor, now: now)
        }
        let now = now
        return try FleetDesk(registry: registry, keyFile: key, actor: actor, now: { now })
    }

    private func sample(_ name: String) -> String { "\(projectFolder)/SampleData/\(name)" }

    @discardableResult
    private func importDispatch(_ desk: FleetDesk, _ path: String) throws -> ImportSummary {
        try #require(try desk.importDispatches([.file(path)]).first)
    }

    @Test func `both sample lists are imported whole`() throws {
        let desk = try desk()
        #expect(try importDispatch(desk, sample("cloud-solar-dispatch.csv")).added == 25)
        let second = try importDispatch(desk, sample("openpaygo-device-list.csv"))
        #expect(second.added == 10 && second.dispatch == 2)
        let units = try desk.units(dispatch: 2)
        #expect(Set(units.map(\.build.hardwareModel)).count == 2)
        #expect(units.contains { $0.build.digitSet == .restricted } && units.contains { $0.build.testCode != nil })
        #expect(try desk.importCustomers(sample("customers.csv")).added == 8)
        #expect(try desk.importCustomers(sample("customers.csv")).unchanged == 8)
    }

    @Test func `an export of everything, imported again, changes nothing`() throws {
        let desk = try desk()
        _ = try importDispatch(desk, sample("openpaygo-device-list.csv"))
        for (index, unit) in try desk.units().enumerated() where index % 2 == 0 {
            _ = try desk.issue(TokenOrder(recipient: .unit(unit.id), request: .days(try Days(1)), reference: nil))
        }
        for profile in ["openpaygo", "paygops", "angaza"] {
            let path = folder.file("\(profile).csv")
            let order = ExportOrder(
                profile: .named(profile, folder: nil), selection: ExportSelection(), place: .file(path),
                product: profile == "angaza" ? "Sample product" : nil, isCopy: true
            )
            #expect(try desk.export(order).summary.units == 10)
            let again = try importDispatch(desk, path)
            #expect(again.added == 0 && again.unchanged == 10 && again.olderCounts == 0, "\(profile)")
        }
    }

    @Test func `an exported list in another registry makes the very next tokens`() throws {
        let desk = try desk()
        _ = try importDispatch(desk, sample("cloud-solar-dispatch.csv"))
        let unit = try PaygID("CSP-240311")
        func order(_ days: Int) throws -> TokenOrder {
            TokenOrder(recipient: .unit(unit), request: .days(try Days(days)), reference: nil)
        }
        _ = try desk.issue(try order(30))
        let path = folder.file("list.csv")
        _ = try desk.export(
            ExportOrder(
                profile: .named("openpaygo", folder: nil), selection: ExportSelection(), place: .file(path),
                isCopy: true))

        let elsewhere = folder.file("elsewhere.sqlite")
        let (key, actor, now) = (folder.file("elsewhere.key"), try ActorName("Provider"), now)
        try FleetDesk.createRegistry(elsewhere, keyFile: key, actor: actor, now: now)
        let provider = try FleetDesk(registry: elsewhere, keyFile: key, actor: actor, now: { now })
        _ = try importDispatch(provider, path)
        #expect(try provider.issue(try order(7)).tokens[0].token == desk.issue(try order(7)).tokens[0].token)
    }

    @Test func `an export that is refused leaves neither file nor record`() throws {
        let desk = try desk()
        _ = try importDispatch(desk, sample("cloud-solar-dispatch.csv"))
        let before = try folder.names()
        let events = try desk.events(HistoryFilter())
        func refused(_ order: ExportOrder) throws -> FleetError? {
            do {
                _ = try desk.export(order)
                return nil
            } catch { return error }
        }
        let path = folder.file("out.csv")
        let all = ExportSelection()
        #expect(
            try refused(ExportOrder(profile: .named("angaza", folder: nil), selection: all, place: .file(path)))?.kind
                == .refused)
        #expect(
            try refused(ExportOrder(profile: .named("nobody", folder: nil), selection: all, place: .file(path)))?.kind
                == .notFound)
        #expect(
            try refused(
                ExportOrder(profile: .named("paygops", folder: nil), selection: all, place: .file(path), product: "X"))?
                .kind == .wrongUsage
        )
        let unknown = ExportSelection(.units([try PaygID("CSP-9")]))
        #expect(
            try refused(ExportOrder(profile: .named("paygops", folder: nil), selection: unknown, place: .file(path)))?
                .kind == .notFound)
        let long = folder.file(String(repeating: "😀", count: 100) + ".csv")
        #expect(
            try refused(ExportOrder(profile: .named("paygops", folder: nil), selection: all, place: .file(long)))?.kind
                == .cannotWrite)
        let nowhere = folder.file("none/out.csv")
        #expect(
            try refused(ExportOrder(profile: .named("paygops", folder: nil), selection: all, place: .file(nowhere)))?
                .kind == .cannotWrite)
        let taken = folder.file("registry.key")
        #expect(
            try refused(ExportOrder(profile: .named("paygops", folder: nil), selection: all, place: .file(taken)))
                == .outputExists(path: taken))
        #expect(try folder.names() == before)
        #expect(try desk.events(HistoryFilter()) == events)
        let dry = ExportOrder(profile: .named("paygops", folder: nil), selection: all, place: .file(path), dryRun: true)
        #expect(try desk.export(dry).summary.units == 25)
        #expect(try folder.names() == before)
    }

    @Test func `a refused list leaves the registry as it was`() throws {
        let desk = try desk()
        let good = try text(of: sample("cloud-solar-dispatch.csv"))
        let path = try folder.write(good + "CSP-999999,short,1,1\n", to: "list.csv")
        #expect(
            throws: FleetError.badInput(
                file: "list.csv",
                problems: [
                    RowProblem(
                        row: 27, column: "Secret Key",
                        problem: "a secret key has only the digits 0-9 and a-f; character 1 is another"
                    )
                ],
                total: 1, rows: 26, rejected: 1
            )
        ) { try importDispatch(desk, path) }
        #expect(try desk.units().isEmpty && desk.dispatches().isEmpty)
    }
}
