import Fleet
import OpenPAYGO
import TestSupport
import Testing

@testable import CredentialFiles

struct ProviderFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func unit(_ id: String, model: String? = nil) throws -> ExportedUnit {
        ExportedUnit(
            unit: FleetUnit(
                id: try PaygID(id), dispatch: 1,
                build: UnitBuild(
                    timeDivider: try TimeDivider(24), digitSet: .restricted, hardwareModel: model,
                    testCode: try TestCode(digits: "043328325")
                ),
                dispatchedCount: .one, count: try TokenCount(14), credit: Credit(paidUntil: nil), authority: .here,
                customer: nil
            ),
            credentials: Credentials(
                key: try SecretKey(hex: "BC41EC9530F6DAC86B1A29AB82EDC5FB"), startingCode: try StartingCode(16_959_010)
            )
        )
    }

    private func written(_ profile: String, product: String? = nil, _ units: [ExportedUnit]) throws -> String {
        let path = folder.file("\(profile).csv")
        let file = try ProviderFile(path, profile: try Profile(named: profile, folder: nil), product: product)
        for unit in units { try file.add(unit) }
        _ = try file.finish()
        #expect(try folder.names().allSatisfy { $0.hasPrefix(".") }, "not there before it is published")
        try file.publish(export: 1)
        #expect(try permissions(of: path) == 0o600)
        return try text(of: path)
    }

    @Test(arguments: ["openpaygo", "paygops"])
    func `the standard's nine columns are written, every one present`(profile: String) throws {
        #expect(
            try written(profile, [unit("SLR-0016", model: "CSC, \"20R\"")])
                == "Serial Number,Starting Code,Key,Count,Time Divider,Restricted Digit Mode,Hardware Model,Version,Test Code\r\n"
                + "SLR-0016,016959010,bc41ec9530f6dac86b1a29ab82edc5fb,14,24,1,\"CSC, \"\"20R\"\"\",,043328325\r\n"
        )
    }

    @Test func `angaza's five values are written, with one product for all`() throws {
        #expect(
            try written("angaza", product: "Home kit", [unit("SLR-0016", model: "CSC-20R")])
                == "Unit Number,Secret Key,Starting Code,Count,Product\r\n"
                + "SLR-0016,bc41ec9530f6dac86b1a29ab82edc5fb,016959010,14,Home kit\r\n"
        )
        #expect(try Profile(named: "angaza", folder: nil).unverified != nil)
    }

    @Test func `a product is never guessed, nor left empty, nor given to a file without the column`() throws {
        let (angaza, paygops) = (try Profile(named: "angaza", folder: nil), try Profile(named: "paygops", folder: nil))
        let products = try Profile(
            own: "title: P\ncolumns: [{header: A, field: paygID}, {header: B, field: product}]"
        )
        #expect(throws: FleetError.productMissing(profile: "P")) {
            try ProviderFile(folder.file("a.csv"), profile: products)
        }
        for product in ["", "  ", "a\nb"] {
            #expect(throws: FleetError.self) {
                try ProviderFile(folder.file("a.csv"), profile: angaza, product: product)
            }
        }
        #expect(throws: FleetError.self) { try ProviderFile(folder.file("a.csv"), profile: paygops, product: "X") }
        #expect(try folder.names() == [])
    }

    @Test func `units without a required value are refused by name, and there is no file`() throws {
        let profile = try Profile(
            own: """
                title: Own
                columns: [{header: ID, field: paygID}, {header: Model, field: hardwareModel, required: true}]
                """
        )
        do {
            let file = try ProviderFile(folder.file("own.csv"), profile: profile, product: nil)
            for id in ["A", "B"] { try file.add(try unit(id)) }
            #expect(
                throws: FleetError.valueMissing(
                    field: "Model", units: [try PaygID("A"), try PaygID("B")], profile: "Own")
            ) { try file.finish() }
        }
        #expect(try folder.names() == [])
    }

    @Test func `units whose divider or digits the file has no column for are counted`() throws {
        let angaza = try ProviderFile(
            folder.file("a.csv"), profile: try Profile(named: "angaza", folder: nil), product: "X")
        try angaza.add(try unit("A"))
        #expect(angaza.unitsNotTold == 1)
        let paygops = try ProviderFile(
            folder.file("p.csv"), profile: try Profile(named: "paygops", folder: nil), product: nil)
        try paygops.add(try unit("A"))
        #expect(paygops.unitsNotTold == 0)
    }

    @Test func `a file whose name is taken meanwhile is kept under another, and the message says where`() throws {
        let path = folder.file("out.csv")
        let file = try ProviderFile(path, profile: try Profile(named: "paygops", folder: nil), product: nil)
        try file.add(try unit("A"))
        _ = try file.finish()
        _ = try folder.write("theirs", to: "out.csv")
        do {
            try file.publish(export: 7)
            Issue.record("it was published")
        } catch FleetError.outputNotPlaced(_, let finished, _, let export) {
            let kept = try #require(finished)
            #expect(export == 7)
            #expect(try text(of: kept).contains("A,016959010,"))
            #expect(try permissions(of: kept) == 0o600)
        }
        #expect(try text(of: path) == "theirs")
    }
}
