import CustomerMessages
import Fleet
import OpenPAYGO

/// What is told of an order that was met: to a program, and to a person.
struct IssueTelling {
    private let delivery: TokenDelivery
    private let dryRun: Bool
    private let message: MessageAnswer?

    init(
        _ delivery: TokenDelivery, dryRun: Bool = false, message: (CustomerMessage, MessageLanguage)? = nil
    ) {
        self.delivery = delivery
        self.dryRun = dryRun
        self.message = message.map(MessageAnswer.init)
    }

    struct Answer: Encodable {
        @OrNull var unit: String?
        @OrNull var customer: String?
        @OrNull var reference: String?
        let alreadyIssued: Bool
        let dryRun: Bool
        @OrNull var paidUntil: String?
        @OrNull var count: Int?
        let explanation: String
        let tokens: [Token]
        /// Absent where none was asked for.
        let message: MessageAnswer?

        struct Token: Encodable {
            /// Null in a dry run: a token that was not issued must not be told.
            @OrNull var token: String?
            let type: String
            @OrNull var value: Int?
            @OrNull var days: Double?
            let count: Int
        }
    }

    var answer: Answer {
        let (first, last) = (delivery.tokens.first, delivery.tokens.last)
        return Answer(
            unit: first?.unit.text, customer: first?.customer?.text, reference: first?.reference?.text,
            alreadyIssued: delivery.alreadyIssued, dryRun: dryRun, paidUntil: last?.paidUntil?.text,
            count: last.map { Int($0.count.number) }, explanation: explanation,
            tokens: delivery.tokens.map { token in
                .init(
                    token: dryRun && !delivery.alreadyIssued ? nil : token.token.digits,
                    type: token.instruction.type.rawValue, value: token.instruction.time?.number,
                    days: token.days?.approximate, count: Int(token.count.number)
                )
            }, message: message
        )
    }

    /// What is said to a person.
    var lines: [String] {
        guard let first = delivery.tokens.first else { return [] }
        var lines: [String] = []
        if delivery.alreadyIssued, let reference = first.reference {
            let what = delivery.tokens.count == 1 ? "this token" : "these tokens"
            lines.append("payment \(reference) got \(what) on \(first.issuedAt.readable) already: nothing was changed")
            lines.append(summary + " then")
            if delivery.isClosed {
                lines.append(
                    "warning: unless it was entered, the unit no longer takes it: a later token closed the way back")
            }
        } else {
            if dryRun { lines.append("dry run: nothing was issued") }
            lines.append(summary)
            lines.append(explanation)
        }
        return lines
    }

    /// What was made, for whom, and until when it is paid.
    var summary: String {
        guard let first = delivery.tokens.first, let last = delivery.tokens.last else { return "" }
        let holder = first.customer.map { " of customer \($0)" } ?? ""
        let until = last.paidUntil.map { ", paid until \($0.readable)" } ?? ""
        let counts = delivery.tokens.map(\.count.description).joined(separator: ", ")
        let what = delivery.tokens.map { token in
            spaced(token.instruction.type.rawValue) + (token.days.map { " \($0.counted)" } ?? "")
                + (dryRun ? token.instruction.time.map { " (value \($0.number))" } ?? "" : "")
        }
        return what.joined(separator: ", then ") + " for unit \(first.unit)\(holder), "
            + "count\(delivery.tokens.count == 1 ? "" : "s") \(counts)\(until)"
    }

    /// Why tokens of this type, in one line.
    var explanation: String {
        guard let first = delivery.tokens.first else { return "" }
        var line: String
        switch delivery.choice {
        case .timeOnlyGrew:
            line = "Add Time: \(total) on top of the time that is left"
        case .removalNotOutgrown(let removal):
            line = "Set Time: \(told(removal)) and may not have been entered"
        case .asked:
            line = asked(first)
        }
        if delivery.rounding >= 3600 {
            let step = first.timeDivider.step
            line +=
                "; the unit takes \(step == first.timeDivider.days(steps: 1) && step.denominator == 1 ? "whole days" : "steps of \(step.counted)"), "
                + "so it is on \(span(delivery.rounding)) longer than paid"
        }
        if delivery.tokens.count > 1 {
            line +=
                "; one token carries at most \(first.timeDivider.longest.counted), so enter all "
                + "\(delivery.tokens.count) in this order"
        }
        return line
    }

    private var total: String {
        let steps = delivery.tokens.reduce(0) { $0 + ($1.instruction.time?.number ?? 0) }
        return delivery.tokens.first?.timeDivider.days(steps: steps).counted ?? ""
    }

    private func asked(_ token: IssuedToken) -> String {
        switch token.instruction {
        case .addTime: "Add Time: \(total) on top of the time that is left"
        case .setTime(let time) where time.number == 0: "Set Time: locks the unit as soon as it is entered" + taken
        case .setTime: "Set Time: leaves \(total) from the moment it is entered, whatever was left" + taken
        case .disablePayg: "Disable PAYG: the unit needs no token any more once it is entered"
        case .counterSync:
            "Counter Sync: brings the unit's count to \(token.count); tokens made before it and not entered yet are "
                + "lost, and spent ones above it may be valid again"
        }
    }

    /// How much of what was paid a correction takes away.
    private var taken: String {
        guard let before = delivery.paidBefore, let after = delivery.tokens.last?.paidUntil, after < before else {
            return ""
        }
        return ": \(span(Int(before.seconds - max(after.seconds, delivery.tokens[0].issuedAt.seconds)))) less, "
            + "it was paid until \(before.readable)"
    }

    private func told(_ removal: Removal?) -> String {
        switch removal {
        case .time(let seconds, let at): "\(span(seconds)) were removed on \(at.day)"
        case .unlock(let at): "the unit was unlocked on \(at.day): the token that locks it again was made since"
        case nil: "time was removed"
        }
    }

    /// A span of time as people say it, to the hour where it is short.
    private func span(_ seconds: Int) -> String {
        if seconds >= 2 * 86_400 || seconds == 86_400 { return counted((seconds + 43_200) / 86_400, "day") }
        if seconds >= 3600 { return counted((seconds + 1800) / 3600, "hour") }
        return counted(max(1, seconds / 60), "minute")
    }
}
