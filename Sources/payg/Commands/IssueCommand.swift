import ArgumentParser
import Fleet
import FleetOperations
import OpenPAYGO

struct IssueCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "issue",
        abstract: "Issue a token.",
        usage: """
            payg issue UNIT --days N [--ref PAYMENT]
            payg issue --customer REFERENCE --days N [--ref PAYMENT]
            """,
        discussion: """
            Prints the token, and only the token, when its output is not a terminal. With --ref, asking again for \
            the same payment prints the same token, however often.
            """
    )

    static let hintWhenUnheard: String? =
        "payg audit tokens lists the tokens issued, and the same --ref gets the same token again"

    @Argument(help: "The unit's PAYG ID.")
    var unit: String?

    @Option(help: ArgumentHelp("The customer whose one unit it is for.", valueName: "reference"))
    var customer: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Days to add: 30, 1.5 or 1/3, down to the unit's steps.", valueName: "days")
    )
    var days: String?

    @Option(help: ArgumentHelp("The payment's own reference.", valueName: "payment"))
    var ref: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let unit: String
        @OrNull var customer: String?
        @OrNull var reference: String?
        let alreadyIssued: Bool
        @OrNull var paidUntil: String?
        let count: Int
        let tokens: [Token]

        struct Token: Encodable {
            let token: String
            let type: String
            @OrNull var value: Int?
            @OrNull var days: Double?
            let count: Int
        }
    }

    func validate() throws {
        if unit == nil, customer == nil { throw ValidationError("name the unit, or its customer with --customer") }
        if unit != nil, customer != nil { throw ValidationError("name the unit or its customer, not both") }
    }

    func run() throws {
        let context = CommandContext.current
        let order = try order()
        let delivery = try registry.desk().issue(order)
        let issued = delivery.token
        if output.json {
            try context.answer(json: answer(delivery))
        } else {
            try context.output.line(context.isForPerson ? issued.token.grouped : issued.token.digits)
        }
        if delivery.alreadyIssued, let reference = issued.reference {
            context.say(
                "payment \(reference) got this token on \(issued.issuedAt.readable) already: nothing was changed"
            )
        }
        context.say(told(issued) + (delivery.alreadyIssued ? " then" : ""))
    }

    private func order() throws(FleetError) -> TokenOrder {
        let recipient: TokenOrder.Recipient
        if let customer {
            recipient = .customer(try CustomerReference(customer))
        } else {
            recipient = .unit(try PaygID(unit ?? ""))
        }
        // A missing --days is not left to the parser, which would tell of it
        // before a misspelt one.
        guard let days = try? Days(text: days ?? "") else {
            throw .badValue(
                what: "value of --days",
                problem:
                    "\(days == nil ? "is missing" : "is no number of days"): write 30, 1.5 or 1/3, above 0 and at most \(TimeValue.maximum) "
                    + "(a unit with a time divider takes less); no token was made"
            )
        }
        return TokenOrder(
            recipient: recipient, days: days,
            reference: try ref.map { text throws(FleetError) in try PaymentReference(text) }
        )
    }

    private func answer(_ delivery: TokenDelivery) -> Answer {
        let issued = delivery.token
        return Answer(
            unit: issued.unit.text, customer: issued.customer?.text, reference: issued.reference?.text,
            alreadyIssued: delivery.alreadyIssued, paidUntil: issued.paidUntil?.text,
            count: Int(issued.count.number),
            tokens: [
                .init(
                    token: issued.token.digits, type: issued.instruction.type.rawValue,
                    value: issued.instruction.time?.number, days: issued.days?.approximate,
                    count: Int(issued.count.number)
                )
            ]
        )
    }

    private func told(_ issued: IssuedToken) -> String {
        let days = issued.days.map { " \($0) \($0.numerator == 1 && $0.denominator == 1 ? "day" : "days")" } ?? ""
        let holder = issued.customer.map { " of customer \($0)" } ?? ""
        let until = issued.paidUntil.map { ", paid until \($0.readable)" } ?? ""
        return
            "\(spaced(issued.instruction.type.rawValue))\(days) for unit \(issued.unit)\(holder), count \(issued.count)\(until)"
    }
}
