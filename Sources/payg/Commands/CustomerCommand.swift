import ArgumentParser
import Fleet
import FleetOperations

struct CustomerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer",
        abstract: "Add, import and list customers.",
        subcommands: [CustomerAddCommand.self, CustomerImportCommand.self, CustomerListCommand.self]
    )
}

struct CustomerAddCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a customer.",
        usage: "payg customer add REFERENCE --name NAME [--phone PHONE]")

    @Argument(help: ArgumentHelp("Your own name for the customer, unique.", valueName: "reference"))
    var reference: String

    @Option(help: "The customer's name.")
    var name: String

    @Option(help: "The customer's phone number.")
    var phone: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let customer = try Customer(reference: reference, name: name, phone: phone)
        let desk = try registry.desk()
        let isNew = try desk.addCustomer(customer)
        let stored = try desk.customer(customer.reference)
        if output.json { try context.answer(json: CustomerRow(stored)) }
        context.say(
            isNew
                ? "added customer \(stored.reference), \(stored.name)"
                : "customer \(stored.reference) is there already: nothing was changed"
        )
    }
}

struct CustomerImportCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import a customer list.",
        usage: "payg customer import FILE",
        discussion: """
            A CSV file with the columns Reference, Name and, where there is one, Phone, in any order. All or \
            nothing; importing a list again changes nothing.
            """
    )

    @Argument(help: ArgumentHelp("The customer list.", valueName: "file"))
    var file: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let file: String
        let rows: Int
        let added: Int
        let unchanged: Int
    }

    func run() throws {
        let context = CommandContext.current
        let summary = try registry.desk().importCustomers(context.filePath(file))
        if output.json {
            try context.answer(
                json: Answer(file: file, rows: summary.rows, added: summary.added, unchanged: summary.unchanged)
            )
        }
        let known = summary.unchanged > 0 ? ", \(summary.unchanged) unchanged" : ""
        context.say("\(counted(summary.added, "customer")) added from \(file)\(known)")
        if !summary.ignoredColumns.isEmpty {
            context.say("kept out of the registry: \(summary.ignoredColumns.joined(separator: ", "))")
        }
    }
}

struct CustomerListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the customers and the units they hold.",
        usage: "payg customer list"
    )

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        try CommandContext.current.answer(
            registry.desk().customers().map(CustomerRow.init), json: output.json, none: "no customers"
        )
    }
}
