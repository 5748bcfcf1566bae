import ArgumentParser
import Fleet
import FleetOperations

struct AssignCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Give a unit to a customer.",
        usage: "payg assign UNIT CUSTOMER [--since DATE]"
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Argument(help: "The customer's reference.")
    var customer: String

    @Option(help: ArgumentHelp("From this day or moment on, UTC, if not from now on.", valueName: "date"))
    var since: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let start = try since.map { text in try moment(text, "--since") }
        let (held, isNew) = try registry.desk().assign(
            try PaygID(unit), to: try CustomerReference(customer), since: start
        )
        if output.json { try context.answer(json: AssignmentAnswer(held)) }
        let date = start == nil ? "" : " since \(held.since.exactlyReadable)"
        context.say(
            isNew
                ? "unit \(held.unit) is with customer \(held.customer)\(date)"
                : "customer \(held.customer) has unit \(held.unit) already: nothing was changed"
        )
    }
}

struct UnassignCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "unassign", abstract: "Take a unit back from its customer.",
        usage: "payg unassign UNIT [--on DATE]"
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Option(help: ArgumentHelp("From this day or moment on, UTC, if not from now on.", valueName: "date"))
    var on: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let end = try on.map { text in try moment(text, "--on") }
        let held = try registry.desk().unassign(try PaygID(unit), on: end)
        if output.json { try context.answer(json: AssignmentAnswer(held)) }
        let date = end == nil ? "" : ", as of \(held.until?.exactlyReadable ?? "")"
        context.say("unit \(held.unit) was taken back from customer \(held.customer)\(date)")
    }
}

/// Who holds a unit now, and from when to when it is or was held.
private struct AssignmentAnswer: Encodable {
    let unit: String
    @OrNull var customer: String?
    let since: String
    @OrNull var until: String?

    init(_ assignment: Assignment) {
        unit = assignment.unit.text
        since = assignment.since.text
        customer = assignment.until == nil ? assignment.customer.text : nil
        until = assignment.until?.text
    }
}
