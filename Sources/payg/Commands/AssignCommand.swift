import ArgumentParser
import Fleet
import FleetOperations

struct AssignCommand: ChangingCommand {
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
        let held = try registry.desk().assign(try PaygID(unit), to: try CustomerReference(customer))
        if output.json {
            try context.answer(json: AssignmentAnswer(unit: held.unit.text, customer: held.customer.text))
        }
        context.say(
            held.isNew
                ? "unit \(held.unit) is with customer \(held.customer)"
                : "customer \(held.customer) has unit \(held.unit) already: nothing was changed"
        )
    }
}

struct UnassignCommand: ChangingCommand {
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
        let held = try registry.desk().unassign(try PaygID(unit))
        if output.json { try context.answer(json: AssignmentAnswer(unit: held.unit.text, customer: nil)) }
        context.say("unit \(held.unit) was taken back from customer \(held.customer)")
    }
}

/// Who holds a unit now.
private struct AssignmentAnswer: Encodable {
    let unit: String
    @OrNull var customer: String?
}
