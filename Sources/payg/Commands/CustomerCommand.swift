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

struct CustomerAddCommand: ParsableCommand {
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
        let isNew = try registry.desk().addCustomer(customer)
        if output.json { try context.answer(json: CustomerRow(customer)) }
        try context.say(
            isNew
                ? "added customer \(customer.reference), \(customer.name)"
                : "customer \(customer.reference) is there already: nothing was changed"
        )
    }
}

struct CustomerImportCommand: ParsableCommand {
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
        let summary = try registry.desk().importCustomers(context.path(file))
        if output.json {
            try context.answer(
                json: Answer(file: file, rows: summary.rows, added: summary.added, unchanged: summary.unchanged)
            )
        }
        let known = summary.unchanged > 0 ? ", \(summary.unchanged) unchanged" : ""
        try context.say("\(counted(summary.added, "customer")) added from \(file)\(known)")
        if !summary.ignoredColumns.isEmpty {
            try context.say("kept out of the registry: \(summary.ignoredColumns.joined(separator: ", "))")
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
