import ArgumentParser
import Fleet
import FleetOperations
import OpenPAYGO

struct IssueCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue a token.",
        usage: """
            payg issue UNIT --days N [--ref PAYMENT] [--dry-run]
            payg issue --customer REFERENCE --days N [--ref PAYMENT] [--dry-run]
            payg issue UNIT --until DATE | --set-days N | --unlock | --sync
            payg issue UNIT --days N --message LANGUAGE [--template FILE]
                   [--contact PHONE]
            """,
        discussion: """
            Prints the token, and only the token, when its output is not a terminal; several, one a line, where one \
            does not carry all the days. With --message or --template, prints what to send to the customer in its \
            place. With --ref, asking again for the same payment prints the same token, \
            however often.

            Days are credited with Add Time. After time was removed (--set-days), Set Time is used until what is \
            paid reaches beyond all that was ever issued, in case the removing token was never entered.
            """
    )

    static let hintWhenUnheard: String? =
        "payg audit tokens lists the tokens issued, and the same --ref gets the same token again"

    @Argument(help: "The unit's PAYG ID.")
    var unit: String?

    @Option(help: ArgumentHelp("The customer whose one unit it is for.", valueName: "reference"))
    var customer: String?

    // What it is for, one of these. A group of options of its own would take as
    // long to set up as it takes to issue some tokens.
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Days to credit: 30, 1.5 or 1/3, down to the unit's steps.", valueName: "days")
    )
    var days: String?

    @Option(help: ArgumentHelp("Credit what is missing until this day or moment, UTC.", valueName: "date"))
    var until: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Leave exactly these days from now on; 0 locks the unit.", valueName: "days")
    )
    var setDays: String?

    @Flag(help: "Unlock the unit for good.")
    var unlock = false

    @Flag(help: "Bring the unit's count to the registry's: for a technician.")
    var sync = false

    @Option(help: ArgumentHelp("The payment's own reference.", valueName: "payment"))
    var ref: String?

    @OptionGroup var message: MessageOptions

    @Flag(help: "Tell what would be issued, and issue nothing.")
    var dryRun = false

    @Flag(help: "Do what else would be asked about.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if unit == nil, customer == nil { throw ValidationError("name the unit, or its customer with --customer") }
        if unit != nil, customer != nil { throw ValidationError("name the unit or its customer, not both") }
        let given = [days != nil, until != nil, setDays != nil, unlock, sync].count { $0 }
        // None is not left to the parser, which would tell of it before a misspelt one.
        if given > 1 { throw ValidationError("one of --days, --until, --set-days, --unlock and --sync, not several") }
    }

    func run() throws {
        let context = CommandContext.current
        let order = TokenOrder(
            recipient: try recipient(), request: try request(),
            reference: try ref.map { text in try PaymentReference(text) }
        )
        let words = message.isAsked ? try message.telling() : nil
        try words?.check(order.request)
        if !dryRun { try confirm(order.request) }
        let desk = try registry.desk()
        let delivery = try issued(order, by: desk)
        let told = try dryRun ? nil : words.map { words in try desk.message(of: delivery, words) }
        let telling = IssueTelling(delivery, dryRun: dryRun, message: told)
        if output.json {
            try context.answer(json: telling.answer)
        } else if let told {
            try context.output.line(told.message.text)
        } else if !dryRun {
            for token in delivery.tokens {
                try context.output.line(context.isForPerson ? token.token.grouped : token.token.digits)
            }
        }
        for line in telling.lines { context.say(line) }
        if let told { context.say(told.message.told) }
        if words != nil, words?.contact == nil {
            context.say("hint: --contact PHONE, or PAYG_CONTACT, tells the customer where to call for help")
        }
    }

    /// More is asked about: a slipped zero is light for years.
    private static let manyDays = 366.0

    private func recipient() throws(FleetError) -> TokenOrder.Recipient {
        if let customer { return .customer(try CustomerReference(customer)) }
        return .unit(try PaygID(unit ?? ""))
    }

    /// Meets the order; a customer who holds several units is asked for one,
    /// where there is somebody to ask.
    private func issued(_ order: TokenOrder, by desk: FleetDesk) throws(FleetError) -> TokenDelivery {
        let context = CommandContext.current
        do throws(FleetError) {
            return try desk.issue(order, dryRun: dryRun, trustsClock: yes)
        } catch {
            guard case .customerHoldsSeveral(let customer, let units) = error, context.canAsk else { throw error }
            context.say("customer \(customer) holds \(counted(units.count, "unit")):")
            for (place, unit) in units.enumerated() { context.say("  \(place + 1)  \(unit)") }
            guard let unit = Self.chosen(context.ask("which one, by number or PAYG ID?"), of: units) else {
                throw error
            }
            return try desk.issue(
                TokenOrder(recipient: .unit(unit), request: order.request, reference: order.reference),
                dryRun: dryRun, trustsClock: yes
            )
        }
    }

    private static func chosen(_ answer: String, of units: [PaygID]) -> PaygID? {
        if let unit = units.first(where: { $0.text.lowercased() == answer.lowercased() }) { return unit }
        guard let number = Int(answer), units.indices.contains(number - 1) else { return nil }
        return units[number - 1]
    }

    private func confirm(_ request: TokenRequest) throws(FleetError) {
        let context = CommandContext.current
        switch request {
        case .unlock where !yes:
            guard context.canAsk else {
                throw .notConfirmed("--unlock gives the light away for good", option: "--yes")
            }
            let whose = unit.map { "unit \($0)" } ?? "the unit of customer \(customer ?? "")"
            guard context.confirm("unlock \(whose) for good, so that it never needs a token again?") else {
                throw .notConfirmed("--unlock was not confirmed", option: nil)
            }
        case .days(let days) where !yes && days.approximate > Self.manyDays && context.canAsk:
            guard context.confirm("credit \(days.counted)?") else {
                throw .notConfirmed("\(days.counted) were not confirmed", option: nil)
            }
        case .sync where !yes:
            throw .notConfirmed(
                "a counter sync token makes tokens that were not entered yet worthless, and can make spent ones valid "
                    + "again: it is for a technician at the unit only",
                option: "--yes"
            )
        default:
            break
        }
    }
}

// MARK: - What it is for

extension IssueCommand {
    private func request() throws(FleetError) -> TokenRequest {
        if unlock { return .unlock }
        if sync { return .sync }
        if let until { return .until(try moment(until, "--until")) }
        if let setDays { return .setDays(try Self.days(setDays, "--set-days", least: "0 to lock")) }
        return .days(try Self.days(days, "--days", least: "more than 0"))
    }

    private static func days(_ text: String?, _ option: String, least: String) throws(FleetError) -> Days {
        guard let text else {
            throw .badValue(
                what: "value of \(option)",
                problem:
                    "is missing: write 30, 1.5 or 1/3 (or --until, --set-days, --unlock, --sync); no token was made"
            )
        }
        guard let days = try? Days(text: text) else {
            throw .badValue(
                what: "value of \(option)",
                problem: "is no number of days: write 30, 1.5 or 1/3, \(least); no token was made"
            )
        }
        return days
    }
}
