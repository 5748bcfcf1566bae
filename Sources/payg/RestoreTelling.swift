import Fleet
import FleetOperations
import Foundation

/// What a person, and a program, is told of a restore.
struct RestoreTelling {
    private let finding: RestoreFinding
    private let file: String
    private let registry: String
    private let place: String
    private let keyFile: String
    private let skipAhead: Int
    private let context: CommandContext

    init(
        _ finding: RestoreFinding, file: String, registry: String, keyFile: String, skipAhead: Int?,
        context: CommandContext
    ) {
        self.finding = finding
        self.file = file
        self.registry = context.shown(registry)
        place = registry
        self.keyFile = keyFile
        self.skipAhead = skipAhead ?? (finding.isBlind ? RestoreFinding.usualSkip : 0)
        self.context = context
    }

    /// How many units, tokens or names are told one by one.
    private static let shown = 50

    /// Says what was found.
    func tellFinding(isForced: Bool) {
        let copy = finding.copy
        context.say(
            "\(file): \(counted(copy.events, "event")), \(counted(copy.units, "unit")), \(counted(copy.tokens, "token")), "
                + "up to \(copy.lastEventAt.readable)\(finding.problemCount == 0 ? ": everything fits" : "")"
        )
        if finding.problemCount > 0, isForced {
            context.say("warning: \(counted(finding.problemCount, "problem")) in it:")
            list(finding.problems)
        }
        switch finding.replaced {
        case .none:
            break
        case .unreadable(let reason):
            context.say("in its place: \(reason)")
        case .readable(let facts):
            if finding.lost.isEmpty {
                context.say("all that is in \(registry) is in \(file) too")
            } else {
                let number = finding.lost.events.values.reduce(0, +)
                let which = facts.registryID == copy.registryID ? "" : ", another registry,"
                context.say("\(registry)\(which) has \(counted(number, "event")) that \(file) does not have:")
                tellLost(finding.lost)
            }
        }
        if finding.isBlind {
            context.say(
                "nobody knows what was done since \(copy.lastEventAt.readable): tokens, lists, customers and exports of "
                    + "since then are not in \(file)"
            )
            context.say(
                skipAhead == 0
                    ? "warning: no count is skipped: tokens that were issued since would be made again"
                    : "the count of every unit whose tokens are made here is skipped by \(skipAhead), which is enough "
                        + "for \(skipAhead / 2) tokens a unit since then"
            )
            context.say(
                "warning: a unit that was handed to a provider since is not known to be there: ask your providers "
                    + "before its next token"
            )
        }
        if skipAhead > RestoreFinding.window - 2 {
            context.say(
                "warning: \(skipAhead) is beyond the \(RestoreFinding.window) counts that a unit looks ahead: one that "
                    + "took none of the tokens since takes no token any more"
            )
        }
    }

    private func tellLost(_ lost: LostHistory) {
        if lost.tokens > 0 {
            context.say("  \(counted(lost.tokens, "token")) issued:")
            list(
                lost.units.map { unit in
                    "  \(unit.unit)\(unit.customer.map { " of customer \($0)" } ?? ""): \(counted(unit.tokens, "token")), "
                        + "up to count \(unit.count)"
                }
            )
        }
        list(
            lost.exports.map { export in
                export.authority == TokeningAuthority.here.name
                    ? "export \(export.number), a copy of \(counted(export.units, "unit"))"
                    : "export \(export.number) of \(counted(export.units, "unit")) to \(export.authority), who makes their "
                        + "tokens: they stay there"
            }
        )
        list(lost.dispatches.map { "the import of \($0): import it again" })
        if !lost.replacedCredentials.isEmpty {
            list(lost.replacedCredentials.map { "the credentials of unit \($0), which were replaced: do that again" })
        }
        if !lost.customers.isEmpty {
            let names = lost.customers.prefix(5).joined(separator: ", ")
            let rest = lost.customers.count > 5 ? " and \(lost.customers.count - 5) more" : ""
            context.say("  \(counted(lost.customers.count, "customer")) added: \(names)\(rest)")
        }
        let told = ["tokenIssued", "credentialsExported", "dispatchImported", "credentialsReplaced", "customerAdded"]
        let others = lost.events.filter { !told.contains($0.key) }.sorted { $0.key < $1.key }
        if !others.isEmpty {
            context.say("  other events: " + others.map { "\($0.value) \(spaced($0.key))" }.joined(separator: ", "))
        }
    }

    private func list(_ lines: [String]) {
        for line in lines.prefix(Self.shown) { context.say("  \(line)") }
        if lines.count > Self.shown { context.say("  and \(lines.count - Self.shown) more") }
    }

    /// Says what was done.
    func tell(_ result: RestoreResult) {
        context.say("restored \(registry) from \(file)")
        let units = result.skipped.filter { $0.from != nil }
        let known = units.filter { $0.isKnown && $0.to > ($0.from ?? 0) }
        let ahead = units.filter { !$0.isKnown }
        if !known.isEmpty {
            context.say("\(counted(known.count, "unit")) will go on from the count that was used last, on record")
        }
        if !ahead.isEmpty {
            context.say("the counts of \(counted(ahead.count, "unit")) were skipped by \(skipAhead), on record")
            // It would skip from the same counts to the same ones.
            context.say(
                "hint: make a backup now: should \(file) have to be restored once more, it needs --skip-ahead "
                    + "\(2 * max(skipAhead, 1))"
            )
        }
        let elsewhere = units.filter { $0.authority != nil && $0.authority != TokeningAuthority.here.name }
        if !elsewhere.isEmpty {
            context.say("\(counted(elsewhere.count, "unit")) stayed with the provider that has them, on record")
        }
        let awaited = result.skipped.count - units.count
        if awaited > 0 {
            context.say(
                "\(counted(awaited, "unit")) not in it will go on from the count that was used last when the list is "
                    + "imported again"
            )
        }
        if !finding.lost.isEmpty || finding.isBlind {
            context.say(
                "what was paid since is not in it: a payment of since then that comes again gets another token"
            )
        }
        if let kept = result.kept {
            let path = context.shown(kept)
            context.say("what was there is kept as \(path)")
            if case .readable = finding.replaced, finding.lost.tokens > 0 {
                context.say(
                    "hint: payg audit tokens --registry \(Failure.quoted(path)) lists the tokens that are not in it"
                )
            }
        }
        tellLitestream()
        tellKey(result)
        tellCheckpoints(result)
        context.say("hint: payg audit verify proves it; payg doctor looks at the rest")
    }

    /// A file that was put in another's place is not the one that it has open.
    private func tellLitestream() {
        let path = URL(fileURLWithPath: place).resolvingSymlinksInPath()
        let folder = path.deletingLastPathComponent().path + "/.\(path.lastPathComponent)-litestream"
        guard finding.isBlind, context.isThere(folder) else { return }
        context.say("hint: start Litestream again: one that is running goes on copying what was there before")
    }

    /// The key may have been changed after the copy was made.
    private func tellKey(_ result: RestoreResult) {
        let key = context.shown(result.keyFile)
        if case .readable(let facts) = finding.replaced, facts.registryID == finding.copy.registryID,
            facts.keyID != finding.copy.keyID
        {
            context.say(
                "its key was changed since: the one from before is the registry's again, in \(key), and the other is kept "
                    + "beside it"
            )
            context.say(
                "hint: payg key rotate changes it once more, if it was changed because somebody had seen it"
            )
        } else if result.keyFile != keyFile {
            let place = context.shown(keyFile)
            context.say(
                "warning: the registry's key is in \(key), and \(place) is "
                    + (context.isThere(keyFile) ? "another: keep copies of both" : "not there: keep a copy of it")
            )
        }
    }

    /// Whoever compares one with the history is to know beforehand.
    private func tellCheckpoints(_ result: RestoreResult) {
        guard !finding.lost.isEmpty || finding.isBlind else { return }
        let kept = result.kept != nil && !finding.isBlind ? ", only what is kept" : ""
        context.say(
            "checkpoints of events after \(finding.copy.events) that were taken before do not fit it\(kept): payg audit "
                + "checkpoint takes a new one"
        )
    }

    // MARK: - JSON

    struct Answer: Encodable {
        struct Unit: Encodable {
            let unit: String
            @OrNull var customer: String?
            let tokens: Int
            let count: Int
        }

        struct Export: Encodable {
            let export: Int
            let authority: String
            let units: Int
        }

        struct Skip: Encodable {
            let unit: String
            @OrNull var from: Int?
            let to: Int
            @OrNull var authority: String?
            let known: Bool
        }

        struct Lost: Encodable {
            let events: [String: Int]
            let tokens: Int
            let units: [Unit]
            let exports: [Export]
            let dispatches: [String]
            let replacedCredentials: [String]
            let customers: [String]
        }

        let file: String
        let registry: String
        let dryRun: Bool
        let ok: Bool
        let problems: [String]
        let events: Int
        let tokens: Int
        let units: Int
        let lastEventAt: String
        /// `none`, `unreadable` or `readable`.
        let replaced: String
        /// `newer`, `another` or `unreadable`, where it takes `--force`.
        @OrNull var needsForce: String?
        @OrNull var kept: String?
        let lost: Lost
        let skipAhead: Int
        let skipped: [Skip]
    }

    /// - Parameter result: nil for a dry run.
    func answer(_ result: RestoreResult?, dryRun: Bool) -> Answer {
        let lost = finding.lost
        return Answer(
            file: file, registry: registry, dryRun: dryRun, ok: finding.problemCount == 0, problems: finding.problems,
            events: finding.copy.events, tokens: finding.copy.tokens, units: finding.copy.units,
            lastEventAt: finding.copy.lastEventAt.text,
            replaced: {
                switch finding.replaced {
                case .none: "none"
                case .unreadable: "unreadable"
                case .readable: "readable"
                }
            }(),
            needsForce: finding.loss.map { "\($0)" }, kept: result?.kept,
            lost: Answer.Lost(
                events: lost.events, tokens: lost.tokens,
                units: lost.units.map {
                    .init(unit: $0.unit.text, customer: $0.customer, tokens: $0.tokens, count: $0.count)
                },
                exports: lost.exports.map { .init(export: $0.number, authority: $0.authority, units: $0.units) },
                dispatches: lost.dispatches, replacedCredentials: lost.replacedCredentials.map(\.text),
                customers: lost.customers
            ),
            skipAhead: skipAhead,
            skipped: (result?.skipped ?? finding.skips).map {
                .init(unit: $0.unit.text, from: $0.from, to: $0.to, authority: $0.authority, known: $0.isKnown)
            }
        )
    }
}
