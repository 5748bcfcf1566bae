import CredentialFiles
import Fleet
import OpenPAYGO
import TestSupport

/// The units of the lists in `SampleData`, as an export takes them out of a registry.
enum SampleUnits {
    static let devices = "openpaygo-device-list.csv"
    static let dispatch = "cloud-solar-dispatch.csv"

    /// The units of a list.
    static func of(_ list: String) throws -> [ExportedUnit] {
        try listed(projectFolder + "/SampleData/" + list).map { exported($0) }
    }

    /// The units of a file, as the reader of dispatch lists has them.
    static func listed(_ path: String, _ options: ListReadingOptions = ListReadingOptions()) throws -> [ListedUnit] {
        var units: [ListedUnit] = []
        _ = try DispatchListReader.read(ListInput(path: path), options) { row in
            switch row.content {
            case .unit(let unit): units.append(unit)
            case .problems(let problems):
                throw FleetError.badInput(file: path, problems: problems, total: problems.count)
            }
        }
        return units
    }

    static func exported(_ unit: ListedUnit, customer: Customer? = nil, dispatch: DispatchRecord? = nil) -> ExportedUnit
    {
        ExportedUnit(
            unit: FleetUnit(
                id: unit.id, dispatch: dispatch?.number ?? 1, build: unit.build,
                dispatchedCount: unit.count ?? ListedUnit.usualCount, count: unit.count ?? ListedUnit.usualCount,
                credit: Credit(paidUntil: nil), authority: .here, customer: customer?.reference
            ),
            credentials: unit.credentials, dispatch: dispatch, customer: customer
        )
    }
}

/// Everything about a unit that a device list tells, to be compared.
struct Told: Equatable {
    let id: String
    let credentials: Credentials
    let count: TokenCount?
    let build: UnitBuild

    init(_ unit: ListedUnit) {
        (id, credentials, count, build) = (unit.id.text, unit.credentials, unit.count, unit.build)
    }

    init(_ exported: ExportedUnit) {
        id = exported.unit.id.text
        credentials = exported.credentials
        count = exported.unit.count
        build = exported.unit.build
    }
}

extension Profile {
    /// A profile of one's own, for a test.
    init(own yaml: String) throws(FleetError) {
        try self.init(name: "own", text: yaml)
    }
}
