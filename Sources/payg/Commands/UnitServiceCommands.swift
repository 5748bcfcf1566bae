import ArgumentParser
import Fleet
import FleetOperations

struct UnitRetireCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "retire",
        abstract: "Take a unit out of service.",
        usage: "payg unit retire UNIT --reason TEXT [--undo]",
        discussion: """
            No token is made for it any more, it is in no export, and its customer no longer has it. Its history \
            stays. --undo takes it back into service, with no customer.
            """
    )

    @Argument(help: "The unit's PAYG ID.")
    var unit: String

    @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text"))
    var reason: String

    @Flag(help: "Take a retired unit back into service.")
    var undo = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let desk = try registry.desk()
        let (id, reason) = (try PaygID(unit), try Reason(reason))
        if undo {
            let unit = try desk.returnToService(id, reason: reason)
            if output.json { try context.answer(json: UnitRow(unit)) }
            return context.say("unit \(unit.id) is back in service; no customer has it")
        }
        let (unit, customer) = try desk.retire(id, reason: reason)
        if output.json { try context.answer(json: UnitRow(unit)) }
        let taken = customer.map { ", and was taken from customer \($0)" } ?? ""
        context.say("unit \(unit.id) is retired\(taken); no token is made for it any more")
        if unit.credit.mayBeOn(at: context.now()) {
            let end = unit.credit.isUnlocked ? "for good" : "until \((unit.credit.furthest ?? Credit.limit).readable)"
            context.say(
                "warning: it may be on \(end); to lock it, --undo, payg issue --set-days 0, and retire it again")
        }
    }
}

struct UnitReplaceCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "replace",
        abstract: "Put one unit in another's place.",
        usage: "payg unit replace OLD NEW --reason TEXT [--retire] [--dry-run]",
        discussion: """
            The customer of the old unit gets the new one, with the days that were left, rounded up to its steps. \
            Prints the tokens for both: the one that locks the old unit, where it may still have time, and those \
            for the new one. In a pipe, each line has the unit, a tab and the token.
            """
    )

    static let hintWhenUnheard: String? = "payg audit tokens --unit UNIT lists the tokens issued for each"

    @Argument(help: "The PAYG ID of the unit that goes.")
    var old: String

    @Argument(help: "The PAYG ID of the unit that comes.")
    var new: String

    @Option(help: ArgumentHelp("Why, for the audit trail.", valueName: "text"))
    var reason: String

    @Flag(help: "Take the old unit out of service.")
    var retire = false

    @Flag(help: "Tell what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Do it though the clock is behind the last event.")
    var yes = false

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let old: String
        let new: String
        @OrNull var customer: String?
        let dryRun: Bool
        /// What locks the old unit.
        @OrNull var lock: IssueTelling.Answer?
        /// What gives the new unit what was left.
        @OrNull var credit: IssueTelling.Answer?
    }

    func run() throws {
        let context = CommandContext.current
        let done = try registry.desk().replace(
            try PaygID(old), by: try PaygID(new), reason: try Reason(reason), isRetired: retire, dryRun: dryRun,
            trustsClock: yes
        )
        let (lock, credit) = (telling(done.lock), telling(done.tokens))
        if output.json {
            try context.answer(
                json: Answer(
                    old: done.old.text, new: done.new.text, customer: done.customer?.text, dryRun: dryRun,
                    lock: lock?.answer, credit: credit?.answer
                )
            )
        } else if !dryRun {
            for token in (done.lock?.tokens ?? []) + (done.tokens?.tokens ?? []) {
                try context.output.line(
                    context.isForPerson
                        ? "\(token.unit)  \(token.token.grouped)" : "\(token.unit)\t\(token.token.digits)"
                )
            }
        }
        if dryRun { context.say("dry run: nothing was changed") }
        let whose = done.customer.map { " of customer \($0)" } ?? ""
        context.say("unit \(done.new) takes the place of unit \(done.old)\(whose)")
        context.say(lock?.summary ?? "unit \(done.old) has no time left: it needs no token that locks it")
        context.say(credit?.summary ?? "no time was left: unit \(done.new) gets no token")
        if done.hasTimeFromElsewhere {
            context.say(
                "warning: somebody else made tokens for unit \(done.old), and days that they gave are not known here: "
                    + "payg issue \(done.new) --days N gives what was left of them"
            )
        }
        if retire { context.say("unit \(done.old) is retired") }
    }

    private func telling(_ delivery: TokenDelivery?) -> IssueTelling? {
        delivery.map { IssueTelling($0, dryRun: dryRun) }
    }
}
