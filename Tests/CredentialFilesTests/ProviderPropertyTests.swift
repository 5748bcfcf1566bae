import CredentialFiles
import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

/// Profiles and units made at random: either the file is refused, for a reason
/// that holds, or it is read back, by a reader of its own, to exactly the cells
/// that were asked for.
struct ProviderPropertyTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test(arguments: 0..<8)
    func `a file holds exactly the cells asked for, or is refused for a reason that holds`(seed: Int) throws {
        var random = Seeded(UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
        var (written, refused) = (0, 0)
        for round in 0..<80 {
            let form = RandomForm(&random)
            let units = try (0..<Int.random(in: 0...8, using: &random)).map { _ in try Self.unit(&random) }
            let profile = try Profile(own: form.yaml)
            let expected = units.map { unit in form.columns.map { $0.cell(of: unit) } }
            let path = folder.file("\(seed)-\(round)")
            let isRefusable = form.refuses(expected)
            do {
                let file = try ProviderFile(path, profile: profile)
                for unit in units { try file.add(unit) }
                let finished = try file.finish()
                try file.publish(export: 1)
                #expect(!isRefusable, "\(form.yaml)")
                let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
                try form.check(bytes, expected)
                #expect(finished.sha256.count == 64)
                #expect(try profile.preview(of: units, revealing: true).rows == form.shown(expected))
                written += 1
            } catch let error as FleetError {
                #expect(isRefusable, "\(error)\n\(form.yaml)")
                #expect(!FileManager.default.fileExists(atPath: path))
                #expect(try profile.preview(of: units).problem == error)
                refused += 1
            }
        }
        // Neither half of it is ever all.
        #expect(written > 10 && refused > 2)
    }

    /// Words with what makes trouble in files.
    private static let words = [
        "CSC-10", "a,b", "a;b", "a\tb", "\"", "say \"it\"", "né", "€uro", "✓", "नेपाली", "😀", "=1+1", "-x",
        "+254712000101",
        "@a", "'a", "a 'b'", "\\", "back\\slash", "/", "{x}", "[y]", ": z", "# no", "0012", "1e5", "TRUE", "null", "-",
        "plain", "longer words with spaces", "Ŀ", "\u{80}", "\u{2028}", "ÿ",
    ]

    private static func word(_ random: inout Seeded) -> String {
        (0..<Int.random(in: 1...3, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
            .joined(separator: [" ", "", ","].randomElement(using: &random) ?? "")
    }

    private static func unit(_ random: inout Seeded) throws -> ExportedUnit {
        let names = ["SLR-1", "a,b", "a\"b", "=A1", "-7-7", "x;y", "+12", "#9", "o'k", "unit 1"]
        let name = "\(names.randomElement(using: &random) ?? "")\(Int.random(in: 0...99, using: &random))"
        let key = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
        func some<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
        let listed = ListedUnit(
            row: 2, id: try PaygID(name),
            credentials: Credentials(
                key: try SecretKey(bytes: key),
                startingCode: try StartingCode(
                    Int.random(in: 0...999_999_999, using: &random) >> Int.random(in: 0...20, using: &random))
            ),
            count: try TokenCount(Int.random(in: 0...9_999_999, using: &random)),
            timeDivider: try TimeDivider(Int.random(in: 1...255, using: &random)),
            digitSet: some(.restricted), hardwareModel: some(word(&random)), firmwareVersion: some(word(&random)),
            testCode: try some(TestCode(digits: "0433\(Int.random(in: 10_000...99_999, using: &random))"))
        )
        let customer = Customer(
            reference: try CustomerReference("KIS-\(Int.random(in: 1...9, using: &random))"), name: word(&random),
            phone: some("+2547\(Int.random(in: 1_000...9_999_999, using: &random))"), language: some("sw"),
            note: some(word(&random))
        )
        let dispatch = DispatchRecord(
            number: Int.random(in: 1...9, using: &random), file: word(&random), sha256: "", units: 1,
            importedAt: Timestamp(seconds: Int64.random(in: 0...4_000_000_000, using: &random)), actor: "T"
        )
        return SampleUnits.exported(listed, customer: some(customer), dispatch: some(dispatch))
    }
}
