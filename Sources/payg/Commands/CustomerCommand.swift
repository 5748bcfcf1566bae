import ArgumentParser
import CustomerMessages
import Fleet
import FleetOperations

struct CustomerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "customer",
        abstract: "Add, import, list, show and change customers.",
        subcommands: [
            CustomerAddCommand.self, CustomerImportCommand.self, CustomerListCommand.self, CustomerShowCommand.self,
            CustomerEditCommand.self,
        ]
    )
}

/// Where phone numbers are that have no country code.
struct CountryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where numbers without a country code are, such as KE, if not $PAYG_COUNTRY.", valueName: "country"))
    var country: String?

    func chosen() throws(FleetError) -> Country? {
        if let country { return try Country(country) }
        guard let usual = CommandContext.current.variable("PAYG_COUNTRY") else { return nil }
        do {
            return try Country(usual)
        } catch FleetError.badValue(let what, let problem) {
            throw .badValue(what: "\(what) in PAYG_COUNTRY", problem: problem)
        }
    }
}

extension CommandContext {
    /// Tells of languages that customers are not told in, though they have them.
    fileprivate func hint(unspoken languages: some Sequence<String>) {
        let unspoken = languages.filter { (try? MessageLanguage(code: $0)) == nil }.sorted()
        guard !unspoken.isEmpty else { return }
        say(
            "hint: there are no messages in \(unspoken.joined(separator: ", ")), but in "
                + MessageLanguage.all.map(\.code).joined(separator: ", ")
                + ": who has another language is told in the one that is asked for, or in the words of --template"
        )
    }
}

struct CustomerAddCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a customer.",
        usage: """
            payg customer add REFERENCE --name NAME [--phone PHONE] [--country CC]
                   [--language CODE] [--note TEXT]
            """)

    @Argument(help: ArgumentHelp("Your own name for the customer, unique.", valueName: "reference"))
    var reference: String

    @Option(help: "The customer's name.")
    var name: String

    @Option(help: "The customer's phone number: +254 712 345 678.")
    var phone: String?

    @OptionGroup var country: CountryOptions

    @Option(help: ArgumentHelp("The language to write to them in, such as sw or pt-BR.", valueName: "code"))
    var language: String?

    @Option(help: ArgumentHelp("What else is to be known of them.", valueName: "text"))
    var note: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let customer = try Customer(reference: reference, name: name, phone: phone, language: language, note: note)
        let country = try country.chosen()
        let desk = try registry.desk()
        let isNew = try desk.addCustomer(customer, country: country)
        let stored = try desk.customer(customer.reference)
        if output.json { try context.answer(json: CustomerRow(stored)) }
        context.say(
            isNew
                ? "added customer \(stored.reference), \(stored.name)"
                : "customer \(stored.reference) is there already: nothing was changed"
        )
        context.hint(unspoken: [language].compactMap(\.self))
    }
}

struct CustomerImportCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Import a customer list.",
        usage: "payg customer import FILE [--country CC] [--ignore-column HEADER ...]",
        discussion: """
            A CSV file with the columns Reference, Name and, where they are there, Phone, Language and Note, in any \
            order. All or nothing; importing a list again changes nothing.
            """
    )

    @Argument(help: ArgumentHelp("The customer list.", valueName: "file"))
    var file: String

    @OptionGroup var country: CountryOptions

    @Option(
        parsing: .singleValue, help: ArgumentHelp("The header of a column that means nothing.", valueName: "header"))
    var ignoreColumn: [String] = []

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
        let path = try context.filePath(file)
        let country = try country.chosen()
        let summary = try registry.desk().importCustomers(path, country: country, ignoring: ignoreColumn)
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
        context.hint(unspoken: summary.languages)
    }
}

struct CustomerListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the customers and the units they hold.",
        usage: "payg customer list [--search TEXT]"
    )

    @Option(
        help: ArgumentHelp(
            "Only those with this in their reference, name or phone, or in the PAYG ID of a unit they hold.",
            valueName: "text"))
    var search: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        try CommandContext.current.answer(
            registry.desk().customers(search: search).map(CustomerRow.init), json: output.json, none: "no customers"
        )
    }
}

struct CustomerShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a customer and every unit they hold or held.",
        usage: "payg customer show REFERENCE"
    )

    @Argument(help: "The customer's reference.")
    var reference: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let customer: CustomerRow
        let assignments: [AssignmentRow]
    }

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk()
        let customer = try desk.customer(try CustomerReference(reference))
        let rows = try desk.assignments(of: customer.reference).map(AssignmentRow.init)
        if output.json { return try context.answer(json: Answer(customer: CustomerRow(customer), assignments: rows)) }
        try context.answer(facts: [
            ("customer", customer.reference.text),
            ("name", customer.name),
            ("phone", customer.phone ?? ""),
            ("language", customer.language ?? ""),
            ("note", customer.note ?? ""),
            ("units", customer.units.map(\.text).joined(separator: ", ")),
        ])
        if !rows.isEmpty {
            try context.output.line("")
            try context.answer(rows, json: false, none: "")
        }
    }
}

struct CustomerEditCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Change what is known of a customer.",
        usage: """
            payg customer edit REFERENCE [--name NAME] [--phone PHONE | --no-phone]
                   [--country CC] [--language CODE | --no-language]
                   [--note TEXT | --no-note]
            """,
        discussion: "The history keeps which of these were changed, by whom and when, and not what they were."
    )

    @Argument(help: "The customer's reference, which stays.")
    var reference: String

    @Option(help: "The customer's name.")
    var name: String?

    @Option(help: "The customer's phone number: +254 712 345 678.")
    var phone: String?

    @Flag(name: .customLong("no-phone"), help: "They have no phone number any more.")
    var withoutPhone = false

    @OptionGroup var country: CountryOptions

    @Option(help: ArgumentHelp("The language to write to them in, such as sw or pt-BR.", valueName: "code"))
    var language: String?

    @Flag(name: .customLong("no-language"), help: "Forget the language.")
    var withoutLanguage = false

    @Option(help: ArgumentHelp("What else is to be known of them.", valueName: "text"))
    var note: String?

    @Flag(name: .customLong("no-note"), help: "Forget the note.")
    var withoutNote = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let customer: CustomerRow
        let changed: [String]
    }

    func run() throws {
        let context = CommandContext.current
        let edit = try edit()
        let (customer, changed) = try registry.desk().editCustomer(try CustomerReference(reference), edit)
        if output.json {
            try context.answer(json: Answer(customer: CustomerRow(customer), changed: changed.map(\.rawValue)))
        }
        context.say(
            changed.isEmpty
                ? "customer \(customer.reference) is just so already: nothing was changed"
                : "changed the \(CustomerFact.joined(changed)) of customer \(customer.reference)"
        )
        context.hint(unspoken: [language].compactMap(\.self))
    }

    private func edit() throws(FleetError) -> CustomerEdit {
        let country = try country.chosen()
        let number = try phone.map { text throws(FleetError) in try PhoneNumber(text, country: country) }
        let edit = try CustomerEdit(
            name: name,
            phone: try Self.change(number, "phone", isRemoved: withoutPhone),
            language: try Self.change(language, "language", isRemoved: withoutLanguage),
            note: try Self.change(note, "note", isRemoved: withoutNote)
        )
        guard edit != (try CustomerEdit()) else {
            throw .badValue(what: "change", problem: "is missing: write --name, --phone, --language or --note")
        }
        return edit
    }

    private static func change<Value>(
        _ value: Value?, _ option: String, isRemoved: Bool
    ) throws(FleetError) -> CustomerEdit.Change<Value> {
        guard let value else { return isRemoved ? .remove : .keep }
        guard !isRemoved else {
            throw .badValue(what: option, problem: "cannot be set and removed: write --\(option) or --no-\(option)")
        }
        return .set(value)
    }
}
