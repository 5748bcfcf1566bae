import ArgumentParser
import Fleet
import FleetOperations

struct AssignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Give a unit to a customer.",
        usage: "payg assign UNIT CUSTOMER"
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Argument(help: "The customer's reference.")
    var customer: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let (unit, customer) = (try PaygID(unit), try CustomerReference(customer))
        let isNew = try registry.desk().assign(unit, to: customer)
        if output.json { try context.answer(json: AssignmentAnswer(unit: unit.text, customer: customer.text)) }
        try context.say(
            isNew
                ? "unit \(unit) is with customer \(customer)"
                : "customer \(customer) has unit \(unit) already: nothing was changed"
        )
    }
}

struct UnassignCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unassign", abstract: "Take a unit back from its customer.",
        usage: "payg unassign UNIT"
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let unit = try PaygID(unit)
        let customer = try registry.desk().unassign(unit)
        if output.json { try context.answer(json: AssignmentAnswer(unit: unit.text, customer: nil)) }
        try context.say("unit \(unit) was taken back from customer \(customer)")
    }
}

/// Who holds a unit now.
private struct AssignmentAnswer: Encodable {
    let unit: String
    @OrNull var customer: String?
}
