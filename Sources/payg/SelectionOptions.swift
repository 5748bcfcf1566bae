import ArgumentParser
import Fleet

/// Which units are chosen; without any of these, all.
struct SelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only the units of this dispatch.", valueName: "number"))
    var dispatch: Int?

    @Option(parsing: .upToNextOption, help: ArgumentHelp("Only these units.", valueName: "payg-id"))
    var unit: [String] = []

    @Option(help: ArgumentHelp("Only the units that this customer holds.", valueName: "reference"))
    var customer: String?

    @Option(help: ArgumentHelp("Only units whose tokens are made by: here, or a provider.", valueName: "name"))
    var authority: String?

    func validate() throws {
        let asked = [dispatch != nil, !unit.isEmpty, customer != nil, authority != nil].count { $0 }
        if asked > 1 { throw ValidationError("one of --dispatch, --unit, --customer and --authority, not several") }
    }

    func selection() throws(FleetError) -> UnitSelection {
        if let dispatch { return .dispatch(dispatch) }
        if !unit.isEmpty { return .units(try unit.map { text throws(FleetError) in try PaygID(text) }) }
        if let customer { return .customer(try CustomerReference(customer)) }
        // Providers are kept in lower case.
        return authority.map { .authority($0.trimmingSpaces.lowercased()) } ?? .all
    }
}
