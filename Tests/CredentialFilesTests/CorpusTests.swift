import CredentialFiles
import Fleet
import Foundation
import OpenPAYGO
import Testing

/// Lists as they arrive, each beside what must become of it.
struct CorpusTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")

    static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return files.filter { !$0.hasSuffix(".json") || files.contains($0 + ".json") }.sorted()
    }()

    private struct Expected: Decodable {
        struct Unit: Decodable, Equatable {
            let row: Int
            let id: String
            let key: String
            let startingCode: String?
            let count: Int?
            let timeDivider: Int?
            let restricted: Bool?
            let model: String?
            let version: String?
            let testCode: String?
        }

        struct Problem: Decodable {
            let row: Int
            let column: String?
            let has: String
        }

        struct Format: Decodable, Equatable {
            let delimiter: String
            let encoding: String
            let headerRow: Int
            let endRow: Int?
        }

        let about: String
        let units: [Unit]?
        let format: Format?
        let problems: [Problem]?
        let foreign: String?
    }

    @Test func `there are enough of them`() {
        #expect(Self.names.count >= 60)
    }

    @Test(arguments: names)
    func `a list is taken exactly right, or what is wrong is said precisely`(name: String) throws {
        let expected = try JSONDecoder().decode(
            Expected.self, from: try Data(contentsOf: Self.folder.appending(path: name + ".json"))
        )
        var units: [Expected.Unit] = []
        var problems: [RowProblem] = []
        var format: Expected.Format?
        do {
            let reading = try DispatchListReader.read(ListInput(path: Self.folder.appending(path: name).path)) { row in
                switch row.content {
                case .unit(let unit): units.append(Self.told(unit))
                case .problems(let found): problems += found
                }
            }
            format = Expected.Format(
                delimiter: reading.format.delimiter.rawValue, encoding: reading.format.encoding.rawValue,
                headerRow: reading.format.headerRow, endRow: reading.format.endRow
            )
        } catch FleetError.badInput(_, let found, _, _, _) {
            problems += found
        } catch FleetError.foreignFile(_, let kind) {
            #expect(kind.rawValue == expected.foreign, "\(expected.about)")
            return
        }
        #expect(expected.foreign == nil, "\(expected.about)")
        let told = problems.map(\.description).joined(separator: "\n")
        if let wanted = expected.problems {
            #expect(problems.map(\.row) == wanted.map(\.row), "\(expected.about)\n\(told)")
            for (problem, wanted) in zip(problems, wanted) {
                #expect(problem.column == wanted.column, "\(expected.about)\n\(told)")
                let hasIt = wanted.has.isEmpty || problem.problem.lowercased().contains(wanted.has)
                #expect(hasIt, "\(expected.about)\n\(told)")
            }
        } else {
            #expect(problems.isEmpty, "\(expected.about)\n\(told)")
            #expect(units == expected.units, "\(expected.about)")
            #expect(format == expected.format, "\(expected.about)")
        }
    }

    private static func told(_ unit: ListedUnit) -> Expected.Unit {
        Expected.Unit(
            row: unit.row, id: unit.id.text, key: unit.credentials.key.hex,
            startingCode: unit.isStartingCodeDerived ? nil : unit.credentials.startingCode.digits,
            count: unit.count.map { Int($0.number) }, timeDivider: unit.timeDivider.map { Int($0.number) },
            restricted: unit.digitSet.map { $0 == .restricted }, model: unit.hardwareModel,
            version: unit.firmwareVersion, testCode: unit.testCode?.digits
        )
    }
}
