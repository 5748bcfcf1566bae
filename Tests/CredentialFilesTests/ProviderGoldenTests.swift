import CredentialFiles
import Fleet
import Foundation
import TestSupport
import Testing

/// What each built-in profile makes of the sample lists, compared with what
/// `Golden/make.py` makes of them; and read back.
struct ProviderGoldenTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private static let golden = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden").path
    private static let names = ["product-1": "Cloud Solar 10", "product-2": "Cloud Solar 20"]

    /// The file that a profile makes of a sample list.
    private func written(_ name: String, _ list: String, product: String? = nil) throws -> String {
        let path = folder.file("out")
        let profile = try Profile(named: name, folder: nil)
        let file = try ProviderFile(path, profile: profile, productNames: Self.names, product: product)
        for unit in try SampleUnits.of(list) { try file.add(unit) }
        let finished = try file.finish()
        try file.publish(export: 1)
        let sum = try ProgramRun("sha256sum", [path]).output.prefix(64)
        #expect(finished.sha256 == String(sum) && finished.fileSHA256 == finished.sha256 && !finished.isEncrypted)
        #expect(try permissions(of: path) == 0o600)
        return path
    }

    private static let cases: [(golden: String, profile: String, list: String, product: String?)] = [
        ("openpaygo.csv", "openpaygo", SampleUnits.devices, nil),
        ("openpaygo-dispatch.csv", "openpaygo", SampleUnits.dispatch, nil),
        ("paygops.csv", "paygops", SampleUnits.devices, nil),
        ("angaza.csv", "angaza", SampleUnits.devices, nil),
        ("angaza-dispatch.csv", "angaza", SampleUnits.dispatch, "One, for all"),
        ("airlink.csv", "airlink", SampleUnits.devices, nil),
        ("airlink-dispatch.csv", "airlink", SampleUnits.dispatch, nil),
        ("json.json", "json", SampleUnits.devices, nil),
        ("json-dispatch.json", "json", SampleUnits.dispatch, nil),
    ]

    @Test(arguments: cases)
    func `a built-in profile writes byte by byte what Python does`(
        golden: String, profile: String, list: String, product: String?
    ) throws {
        let path = try written(profile, list, product: product)
        #expect(try text(of: path) == text(of: "\(Self.golden)/\(golden)"))
    }

    @Test func `every built-in profile has a golden file, and every golden file a test`() throws {
        #expect(Set(Self.cases.map(\.profile)) == Set(Profile.builtIn))
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.golden).filter { $0 != "make.py" }
        #expect(files.sorted() == Self.cases.map(\.golden).sorted())
    }

    @Test(arguments: ["openpaygo", "paygops"], [SampleUnits.devices, SampleUnits.dispatch])
    func `a file in the standard's form is read back with every unit as it was`(profile: String, list: String) throws {
        let units = try SampleUnits.of(list)
        #expect(try SampleUnits.listed(try written(profile, list)).map(Told.init) == units.map(Told.init))
    }

    @Test func `airlink's file is read back too, but for the version and the test code that it has no columns for`()
        throws
    {
        let units = try SampleUnits.of(SampleUnits.devices)
        var options = ListReadingOptions()
        options.headers = [.paygID: "Title", .hardwareModel: "product_code"]
        let back = try SampleUnits.listed(try written("airlink", SampleUnits.devices), options)
        #expect(back.map(\.id) == units.map(\.unit.id) && back.map(\.credentials) == units.map(\.credentials))
        #expect(back.map(\.count) == units.map(\.unit.count))
        #expect(back.map(\.build.timeDivider) == units.map(\.unit.build.timeDivider))
        #expect(back.map(\.build.digitSet) == units.map(\.unit.build.digitSet))
        #expect(back.map(\.hardwareModel) == units.map(\.unit.build.hardwareModel))
    }

    @Test func `angaza's file is read back with the values that it has`() throws {
        let units = try SampleUnits.of(SampleUnits.devices)
        let back = try SampleUnits.listed(try written("angaza", SampleUnits.devices))
        #expect(back.map(\.id) == units.map(\.unit.id) && back.map(\.credentials) == units.map(\.credentials))
        #expect(back.map(\.count) == units.map(\.unit.count))
    }

    /// The reader of dispatch lists reads no JSON, and says so; Foundation does.
    @Test func `a JSON file has every unit as it was, numbers and truths as such`() throws {
        let path = try written("json", SampleUnits.devices)
        #expect(throws: FleetError.foreignFile(name: "out", .json)) { try SampleUnits.listed(path) }
        let units = try SampleUnits.of(SampleUnits.devices)
        struct Object: Decodable {
            let serialNumber, startingCode, secretKey: String
            let count: UInt32
            let timeDivider: UInt8
            let restrictedDigits: Bool
            let hardwareModel, version, testCode: String?
        }
        let objects = try JSONDecoder().decode([Object].self, from: Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(objects.map(\.serialNumber) == units.map(\.unit.id.text))
        #expect(objects.map(\.startingCode) == units.map(\.credentials.startingCode.digits))
        #expect(objects.map(\.secretKey) == units.map(\.credentials.key.hex))
        #expect(objects.map(\.count) == units.map(\.unit.count.number))
        #expect(objects.map(\.timeDivider) == units.map(\.unit.build.timeDivider.number))
        #expect(objects.map(\.restrictedDigits) == units.map { $0.unit.build.digitSet == .restricted })
        #expect(objects.map(\.hardwareModel) == units.map(\.unit.build.hardwareModel))
        #expect(objects.map(\.version) == units.map(\.unit.build.firmwareVersion))
        #expect(objects.map(\.testCode) == units.map { $0.unit.build.testCode?.digits })
    }

    @Test func `a JSON file without units is an empty array`() throws {
        let path = folder.file("none.json")
        let file = try ProviderFile(path, profile: try Profile(named: "json", folder: nil))
        _ = try file.finish()
        try file.publish(export: 1)
        #expect(try text(of: path) == "[\n]\n")
    }
}
