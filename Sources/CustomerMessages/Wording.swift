import Fleet
import OpenPAYGO
import Yams

/// The words of one language, as its YAML file has them.
struct Wording: Decodable, Sendable {
    /// Which numbers of days take the singular.
    enum Singular: String, Decodable, Sendable {
        /// 1 and no other.
        case exactlyOne
        /// 1.5 as well.
        case belowTwo
    }

    struct DayForms: Decodable, Sendable {
        let one: PlaceholderText
        let other: PlaceholderText
        /// For a fraction below 1, written with a stroke.
        let part: PlaceholderText
    }

    struct Message: Decodable, Sendable {
        let days: PlaceholderText
        let setDays: PlaceholderText
        let locked: PlaceholderText
        let unlocked: PlaceholderText
        let synced: PlaceholderText
        let token: PlaceholderText
        let tokens: PlaceholderText
        let press: PlaceholderText
        let pressEach: PlaceholderText
        let help: PlaceholderText
    }

    struct Slip: Decodable, Sendable {
        let title: String
        let token: String
        let tokens: String
        let unit: String
        let until: PlaceholderText
    }

    /// Whether somebody who grew up with the language has read the words.
    let reviewed: Bool
    let note: String?
    let decimalSign: String
    let singular: Singular
    let days: DayForms
    let date: PlaceholderText
    /// What the first of a month is called, where it is not 1.
    let firstDay: String?
    /// Twelve names.
    let months: [String]
    let message: Message
    let slip: Slip

    /// The words of a language.
    ///
    /// - Throws: ``FleetError/badTemplate(name:problem:)``, for a file that cannot be used.
    init(_ language: MessageLanguage) throws(FleetError) {
        try self.init(name: language.code, yaml: String(decoding: language.yaml, as: UTF8.self))
    }

    init(name: String, yaml: String) throws(FleetError) {
        do {
            self = try YAMLDecoder().decode(Wording.self, from: yaml)
        } catch {
            throw .badTemplate(name: name, problem: "\(error)")
        }
        guard months.count == 12 else { throw .badTemplate(name: name, problem: "it has \(months.count) months") }
    }

    /// `30`, `1,5`, `1/3`, `1 1/3`: a number as the language writes it.
    func number(_ days: Days) -> String { Self.number(days, decimalSign: decimalSign) }

    static func number(_ days: Days, decimalSign: String = ".") -> String {
        let text = "\(days)"
        let whole = days.numerator / days.denominator
        guard text.contains("/") else { return text.replacing(".", with: decimalSign) }
        // People read 1 1/3 with ease, and 4/3 not.
        return whole == 0 ? text : "\(whole) \(days.numerator % days.denominator)/\(days.denominator)"
    }

    /// A number of days in words: `1 day`, `30 days`.
    func phrase(_ days: Days) -> String {
        let number = number(days)
        let form =
            if days.numerator < days.denominator, number.contains("/") {
                self.days.part
            } else if days.numerator == days.denominator {
                self.days.one
            } else if singular == .belowTwo, days.numerator < 2 * days.denominator {
                self.days.one
            } else {
                self.days.other
            }
        return form.filled([.number: number])
    }

    /// The day a moment falls in, in UTC, as the language writes it.
    func date(_ moment: Timestamp) -> String {
        let parts = moment.text.prefix(10).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return moment.text }
        return date.filled([
            .day: parts[2] == 1 ? firstDay ?? "1" : "\(parts[2])", .month: months[parts[1] - 1], .year: "\(parts[0])",
        ])
    }

    /// What a notice's tokens do, in one sentence.
    func sentence(_ effect: TokenNotice.Effect) -> String {
        switch effect {
        case .days(let days): message.days.filled([.days: phrase(days)])
        case .setDays(let days): message.setDays.filled([.days: phrase(days)])
        case .locked: message.locked.filled([:])
        case .unlocked: message.unlocked.filled([:])
        case .synced: message.synced.filled([:])
        }
    }

    /// What to do with so many tokens.
    func press(_ tokens: Int) -> String {
        (tokens == 1 ? message.press : message.pressEach).filled([:])
    }
}
