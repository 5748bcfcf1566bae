import ArgumentParser
import Fleet
import FleetOperations

struct UnitShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a unit, the tokens made for it and who had it.",
        usage: """
            payg unit show UNIT
            payg unit show UNIT --reveal --reason TEXT [--yes]
            """,
        discussion: """
            Never its credentials, but with --reveal: then its secret key and starting code are opened with the key \
            file and shown, once it is on record who saw them and why. Whoever has both makes tokens for the unit.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Flag(help: "Show the secret key and the starting code too, on record.")
    var reveal = false

    @Option(help: ArgumentHelp("Why they are shown, for the audit trail.", valueName: "text"))
    var reason: String?

    @Flag(help: "Reveal without being asked.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let unit: UnitRow
        let tokens: [TokenRow]
        let assignments: [HolderRow]
        /// The export that handed it to whoever makes its tokens.
        @OrNull var export: Int?
        let replacedCredentials: [ReplacementRow]
        /// Not even a name of it unless it was asked for.
        let credentials: Revealed?
    }

    private struct Revealed: Encodable {
        let secretKey: String
        let startingCode: String
        /// The event that tells of it.
        let event: Int
    }

    func validate() throws {
        if reveal, reason == nil { throw ValidationError("--reveal goes on record: say why with --reason TEXT") }
        if !reveal, reason != nil { throw ValidationError("--reason goes with --reveal") }
    }

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk()
        let (unit, tokens) = try desk.unit(try PaygID(unit))
        let rows = tokens.map(TokenRow.init)
        let holders = try desk.assignments(of: unit.id).map(HolderRow.init)
        let past = try desk.past(of: unit.id)
        let replaced = past.replacements.map(ReplacementRow.init)
        // On record before a letter of it is shown.
        let revealed = try revealed(unit, by: desk)
        if output.json {
            var answer = Answer(
                unit: UnitRow(unit), tokens: rows, assignments: holders, replacedCredentials: replaced,
                credentials: revealed
            )
            answer.export = past.handedOver?.number
            try context.answer(json: answer)
        } else {
            try context.answer(facts: facts(unit, past.handedOver, revealed))
            if !rows.isEmpty {
                try context.output.line("")
                try context.answer(rows, json: false, none: "")
            }
            // Who has it now is among the facts.
            if holders.contains(where: { $0.until != nil }) {
                try context.output.line("")
                try context.answer(holders, json: false, none: "")
            }
            if !replaced.isEmpty {
                try context.output.line("")
                try context.answer(replaced, json: false, none: "")
            }
        }
        if let revealed {
            context.say("event \(revealed.event) tells that you saw the credentials of unit \(unit.id), and why")
            context.say("whoever has them makes tokens for it: leave them in no window, file or message")
        }
    }

    /// Opens the credentials, where that was asked for and is meant.
    private func revealed(_ unit: FleetUnit, by desk: FleetDesk) throws(FleetError) -> Revealed? {
        guard reveal else { return nil }
        let context = CommandContext.current
        let why = try Reason(reason ?? "")
        if !yes {
            guard context.canAsk else {
                throw .notConfirmed("--reveal shows what tokens are made with", option: "--yes")
            }
            guard context.confirm("show the secret key and the starting code of unit \(unit.id), on record?") else {
                throw .notConfirmed("--reveal was not confirmed", option: nil)
            }
        }
        let (credentials, event) = try desk.reveal(unit.id, reason: why)
        return Revealed(
            secretKey: credentials.key.hex, startingCode: credentials.startingCode.digits, event: event
        )
    }

    /// The furthest moment ever issued, while it is beyond what is paid.
    private func furthest(_ credit: Credit) -> String {
        guard !credit.isUnlocked, let furthest = credit.furthestBeyondPaid else { return "" }
        if furthest == Credit.limit { return "for good, should the token that locked it again not be entered" }
        return CommandContext.current.isForPerson ? furthest.readable : furthest.text
    }

    private func facts(
        _ unit: FleetUnit, _ export: ExportRecord?, _ revealed: Revealed?
    ) -> [(name: String, value: String)] {
        let context = CommandContext.current
        func moment(_ moment: Timestamp?) -> String? { context.isForPerson ? moment?.readable : moment?.text }
        let facts = [
            ("unit", unit.id.text),
            ("customer", unit.customer?.text ?? ""),
            ("paid until", unit.credit.isUnlocked ? "unlocked for good" : moment(unit.paidUntil) ?? ""),
            ("issued up to", furthest(unit.credit)),
            ("retired", moment(unit.retiredAt) ?? ""),
            ("count", unit.count.description),
            ("dispatched count", unit.dispatchedCount.description),
            ("tokens made by", unit.authority.name),
            ("since export", export.map { told($0) } ?? ""),
            ("dispatch", String(unit.dispatch)),
            ("time divider", String(unit.build.timeDivider.number)),
            ("digits", unit.build.digitSet == .restricted ? "1 to 4 only" : "all"),
            ("hardware model", unit.build.hardwareModel ?? ""),
            ("firmware version", unit.build.firmwareVersion ?? ""),
            ("test code", unit.build.testCode?.digits ?? ""),
        ]
        guard let revealed else { return facts }
        return facts + [("secret key", revealed.secretKey), ("starting code", revealed.startingCode)]
    }

    private func told(_ export: ExportRecord) -> String {
        guard CommandContext.current.isForPerson else { return String(export.number) }
        return "\(export.number), \(export.exportedAt.readable), in \(export.file)"
    }
}

/// Credentials that a unit had before.
struct ReplacementRow: TableRow {
    let replacedAt: String
    let lastCount: Int
    let file: String
    let reason: String
    let actor: String

    init(_ replacement: CredentialsReplacement) {
        replacedAt = replacement.at.text
        lastCount = Int(replacement.lastCount.number)
        file = replacement.file
        reason = replacement.reason
        actor = replacement.actor
    }

    static var columns: [Column<ReplacementRow>] {
        [
            Column("credentials replaced", \.replacedAt, shown: { readable($0.replacedAt) }),
            Column("after count", isNumber: true) { String($0.lastCount) },
            Column("by list", \.file),
            Column("reason", \.reason),
            Column("by", \.actor),
        ]
    }
}
