import CredentialFiles
import Fleet
import OpenPAYGO
import TestSupport
import Testing

/// Which of a provider's products each unit is.
struct ProductTests {
    private let units: [ExportedUnit]
    private let angaza: Profile

    init() throws {
        units = try SampleUnits.of(SampleUnits.devices)
        angaza = try Profile(named: "angaza", folder: nil)
    }

    /// The product of each unit, and what is wrong.
    private func products(
        _ units: [ExportedUnit], _ names: [String: String] = [:], product: String? = nil
    ) throws -> (names: [String], problem: FleetError?) {
        let rows = try angaza.preview(of: units, productNames: names, product: product)
        return (rows.rows.compactMap(\.last), rows.problem)
    }

    private let names = ["product-1": "Kit 10", "product-2": "Kit 20"]

    @Test func `the hardware model chooses the product`() throws {
        let found = try products(units, names)
        #expect(found.problem == nil)
        #expect(found.names == Array(repeating: "Kit 10", count: 6) + Array(repeating: "Kit 20", count: 4))
    }

    @Test func `no file is written before the names are given, and all that lack are told`() throws {
        #expect(
            try products(units).problem
                == .productsNotNamed(["product-1", "product-2"], profile: "angaza", title: "Angaza"))
        #expect(
            try products(units, ["product-1": "Kit 10"]).problem
                == .productsNotNamed(["product-2"], profile: "angaza", title: "Angaza"))
        // Nobody is asked for a name that no unit needs.
        #expect(try products(Array(units.prefix(6)), ["product-1": "Kit 10"]).problem == nil)
        #expect(throws: FleetError.self) { try products(units, ["product-1": "a\nb"]) }
        let folder = try TemporaryFolder()
        let file = try ProviderFile(folder.file("a.csv"), profile: angaza)
        for unit in units { try file.add(unit) }
        #expect(throws: FleetError.self) { try file.finish() }
    }

    @Test func `units that match no product are named, unless one is said for all`() throws {
        let dispatch = try SampleUnits.of(SampleUnits.dispatch)
        #expect(
            try products(Array(units.prefix(1)) + dispatch.prefix(2), names).problem
                == .noProductFor(dispatch.prefix(2).map(\.unit.id), profile: "angaza", title: "Angaza"))
        #expect(try products(dispatch + units, product: "Kit X").names == Array(repeating: "Kit X", count: 35))
    }

    @Test func `a product is said by its key as well, once it has a name`() throws {
        #expect(try products(Array(units.prefix(1)), names, product: "product-2").names == ["Kit 20"])
        #expect(throws: FleetError.productsNotNamed(["product-2"], profile: "angaza", title: "Angaza")) {
            try products(units, product: "product-2")
        }
    }

    @Test(arguments: [
        ("CSC-10", true), ("csc-10x", true), ("CSC-1", false), ("XCSC-10", false), ("A1B", true), ("AB", false),
        ("A12B", false), ("say cheese now", true), ("cheese", true), ("chese", false), ("a.b", true),
    ])
    func `models are matched by pattern, in whatever case`(model: String, isMatched: Bool) throws {
        let profile = try Profile(
            own: """
                title: Own
                columns: [{header: ID, field: paygID}, {header: P, field: product}]
                products:
                  - {key: one, models: ["CSC-10*", A?B, "*ch*ee*se*"], name: Yes}
                """
        )
        let unit = try #require(units.first)
        let build = UnitBuild(hardwareModel: model)
        let changed = ExportedUnit(
            unit: FleetUnit(
                id: unit.unit.id, dispatch: 1, build: build, dispatchedCount: .one, count: .one,
                credit: Credit(paidUntil: nil), authority: .here, customer: nil),
            credentials: unit.credentials
        )
        #expect((try profile.preview(of: [changed]).problem == nil) == isMatched)
        #expect(try profile.preview(of: [changed], productNames: ["one": "Own"], product: "one").rows[0][1] == "Own")
    }

    @Test func `a star takes units without a model too`() throws {
        let profile = try Profile(
            own: """
                title: Own
                columns: [{header: ID, field: paygID}, {header: P, field: product}]
                products: [{key: one, models: ["*"], name: Any}]
                """
        )
        let dispatch = try SampleUnits.of(SampleUnits.dispatch)
        #expect(try profile.preview(of: dispatch).problem == nil)
    }
}
