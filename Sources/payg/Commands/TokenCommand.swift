import ArgumentParser
import Fleet
import FleetOperations
import OpenPAYGO

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tell what a token is, and whose.",
        subcommands: [TokenCheckCommand.self, TokenFindCommand.self]
    )
}

struct TokenCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Tell what a token is for a unit.",
        usage: "payg token check UNIT TOKEN",
        discussion: """
            Whether it was issued, to whom and when, and whether the unit would take it after every other token that \
            was issued for it. Exit code 2 when it would not.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Argument(help: "The token, in any groups.")
    var token: [String]

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let unit: String
        let token: String
        let outcome: String
        @OrNull var type: String?
        @OrNull var value: Int?
        @OrNull var days: Double?
        @OrNull var count: Int?
        let issued: Bool
        @OrNull var customer: String?
        @OrNull var reference: String?
        @OrNull var issuedAt: String?
        @OrNull var actor: String?
    }

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk()
        let check = try desk.check(token.joined(), of: try PaygID(unit))
        let divider = try desk.unit(check.unit).0.build.timeDivider
        let (word, instruction, count) = told(check)
        if output.json {
            try context.answer(
                json: Answer(
                    unit: check.unit.text, token: check.token.digits, outcome: word, type: instruction?.type.rawValue,
                    value: instruction?.time?.number, days: instruction?.time?.days(divider: divider).approximate,
                    count: count.map { Int($0.number) }, issued: check.issued != nil,
                    customer: check.issued?.customer?.text, reference: check.issued?.reference?.text,
                    issuedAt: check.issued?.issuedAt.text, actor: check.issued?.actor
                )
            )
        } else {
            try context.output.line(
                context.isForPerson ? "\(check.token.grouped)  \(spaced(word))" : "\(check.token.digits)\t\(word)"
            )
        }
        if let instruction, let count {
            let days = instruction.time.map { " \($0.days(divider: divider).counted)" } ?? ""
            context.say("\(spaced(instruction.type.rawValue))\(days) for unit \(check.unit), count \(count)")
        }
        if let issued = check.issued {
            let holder = issued.customer.map { " for customer \($0)" } ?? ""
            let payment = issued.reference.map { ", payment \($0)" } ?? ""
            context.say("issued on \(issued.issuedAt.readable) by \(issued.actor)\(holder)\(payment)")
        } else {
            context.say("it was not issued here for this unit")
        }
        for line in advice(check) { context.say(line) }
        if case .accepted = check.outcome { return }
        throw ExitStatus.difference
    }

    private func told(_ check: TokenCheck) -> (word: String, instruction: TokenInstruction?, count: TokenCount?) {
        switch check.outcome {
        case .accepted(let instruction, let count): ("accepted", instruction, count)
        case .alreadyUsed(let instruction, let count): ("alreadyUsed", instruction, count)
        case .invalid: ("invalid", check.issued?.instruction, check.issued?.count)
        }
    }

    private func advice(_ check: TokenCheck) -> [String] {
        switch check.outcome {
        case .accepted:
            return ["the unit takes it, unless it was entered before"]
        case .alreadyUsed(_, let count):
            if let closing = check.closing, closing.count > count {
                return [
                    "the unit no longer takes it: \(spaced(closing.instruction.type.rawValue)) of "
                        + "\(closing.issuedAt.readable), count \(closing.count), closed the way back to it"
                ]
            }
            return ["the unit does not take it: it was entered, or later tokens have left it too far behind"]
        case .invalid where check.issued != nil:
            return ["the unit does not take it: its credentials, or its count, are others since"]
        case .invalid:
            return [
                "no token of this unit: a digit is wrong, or it is another unit's",
                "hint: payg token find \(check.token.digits) finds whose it is",
            ]
        }
    }
}

struct TokenFindCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find",
        abstract: "Find the unit that a token is for.",
        usage: "payg token find TOKEN [--compute]",
        discussion: """
            Finds it among the tokens issued. With --compute it also makes the next tokens of every unit, and finds \
            those made elsewhere: six digits tell a unit and its count, so in a large fleet some units have them by \
            chance. Exit code 3 when it is nobody's.
            """
    )

    @Argument(help: "The token, in any groups.")
    var token: [String]

    @Flag(help: "Look at every unit, not only at the tokens issued.")
    var compute = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let issued: [TokenRow]
        let computed: [MatchRow]
    }

    func run() throws {
        let context = CommandContext.current
        let (issued, matches) = try registry.desk().find(token.joined(), computing: compute)
        let rows = issued.map(TokenRow.init)
        // A token on record is not found a second time.
        let others = matches.filter { match in !issued.contains { $0.unit == match.unit } }.map(MatchRow.init)
        if output.json {
            try context.answer(json: Answer(issued: rows, computed: others))
        } else {
            if !rows.isEmpty { try context.answer(rows, json: false, none: "") }
            if !others.isEmpty { try context.answer(others, json: false, none: "") }
        }
        if others.count > 1 {
            context.say(
                "\(others.count) units have these digits, all but one by chance: ask which unit it was entered at")
        }
        guard rows.isEmpty, others.isEmpty else { return }
        context.say(compute ? "no unit has this token next, or had it" : "it was not issued here")
        if !compute { context.say("hint: --compute looks at every unit, for tokens made elsewhere") }
        throw ExitStatus.notFound
    }
}

/// A unit that a token may be for, as it is answered.
private struct MatchRow: TableRow {
    let unit: String
    let outcome: String
    let type: String
    @OrNull var value: Int?
    let count: Int

    init(_ match: TokenMatch) {
        unit = match.unit.text
        switch match.outcome {
        case .accepted(let instruction, let count):
            (outcome, type, self.count) = ("accepted", instruction.type.rawValue, Int(count.number))
            value = instruction.time?.number
        case .alreadyUsed(let instruction, let count):
            (outcome, type, self.count) = ("alreadyUsed", instruction.type.rawValue, Int(count.number))
            value = instruction.time?.number
        case .invalid:
            (outcome, type, self.count) = ("invalid", "", 0)
        }
    }

    static var columns: [Column<MatchRow>] {
        [
            Column("unit", \.unit),
            Column("count", isNumber: true) { String($0.count) },
            Column("type", \.type, shown: { spaced($0.type) }),
            Column("value", isNumber: true) { $0.value.map(String.init) ?? "" },
            Column("outcome", \.outcome, shown: { spaced($0.outcome) }),
        ]
    }
}
