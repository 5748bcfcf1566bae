import Fleet
import Foundation
import OpenPAYGO

/// How a message is written: a built-in language, or a user's own text.
public struct MessageTemplate: Sendable {
    private enum Form: Sendable {
        case builtIn(Wording)
        /// The lines of the user's text, and the language of numbers and dates.
        case own([PlaceholderText], name: String, Wording?)
    }

    private let form: Form
    /// What has not been checked about the words, if anything.
    public let unreviewed: String?

    /// The messages of a language. With one token, and a contact of at most 20
    /// characters, each fits one segment where the alphabet of text messages
    /// has the language's letters.
    ///
    /// - Throws: ``FleetError/badTemplate(name:problem:)``, where the built-in words are broken.
    public init(language: MessageLanguage) throws(FleetError) {
        let wording = try Wording(language)
        form = .builtIn(wording)
        unreviewed = wording.reviewed ? nil : wording.note
    }

    /// A user's own text, for tokens that add or set days.
    ///
    /// Its placeholders are `{token}` (several tokens are numbered, each with
    /// its `#`), `{days}` (the number alone), `{unit}`, `{until}`, `{name}` and
    /// `{contact}`. Where there is nothing to fill one of the last three, its
    /// line is left out: nobody is told to call nowhere. A line with the token
    /// or the days is always sent, and the place stays empty.
    ///
    /// - Parameters:
    ///   - text: the file's text; a byte order mark and line ends at its end are no part of it.
    ///   - name: the file's name, for errors.
    ///   - language: how numbers and dates are written; nil for `1.5` and `2026-12-03`.
    /// - Throws: ``FleetError/badTemplate(name:problem:)``, with the line.
    public init(file text: String, name: String, language: MessageLanguage? = nil) throws(FleetError) {
        var text = text.replacing("\r\n", with: "\n")
        if text.unicodeScalars.first == "\u{FEFF}" { text.unicodeScalars.removeFirst() }
        text = String(text.reversed().drop { $0.isWhitespace }.reversed())
        guard !text.isEmpty else { throw .badTemplate(name: name, problem: "it is empty") }
        var lines: [PlaceholderText] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            guard !line.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw .badTemplate(
                    name: name, problem: "line \(lines.count + 1) has an invisible character, such as a tab")
            }
            do {
                lines.append(try PlaceholderText(line, names: PlaceholderText.Name.ofTemplates))
            } catch {
                throw .badTemplate(name: name, problem: "line \(lines.count + 1) \(error)")
            }
        }
        guard lines.contains(where: { $0.names.contains(.token) }) else {
            throw .badTemplate(name: name, problem: "no line has {token}, and the customer needs it")
        }
        let wording: Wording? = if let language { try Wording(language) } else { nil }
        form = .own(lines, name: name, wording)
        unreviewed = nil
    }

    /// The message for a notice.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` where the template is a
    ///   user's own, and the notice is not about days.
    public func message(for notice: TokenNotice) throws(FleetError) -> CustomerMessage {
        switch form {
        case .builtIn(let wording):
            CustomerMessage(text: Self.text(notice, wording))
        case .own(let lines, let name, let wording):
            CustomerMessage(text: try Self.text(notice, lines, name: name, wording))
        }
    }

    private static func text(_ notice: TokenNotice, _ wording: Wording) -> String {
        let message = wording.message
        let token = notice.tokens.count == 1 ? message.token : message.tokens
        var sentences = [
            wording.sentence(notice.effect), token.filled([.token: listed(notice.tokens)]),
            wording.press(notice.tokens.count),
        ].map(GSMAlphabet.spelled)
        // Nobody's name or number is respelled.
        if let contact = notice.contact { sentences.append(message.help.spelledForPhones.filled([.contact: contact])) }
        return sentences.joined(separator: " ")
    }

    private static func text(
        _ notice: TokenNotice, _ lines: [PlaceholderText], name: String, _ wording: Wording?
    ) throws(FleetError) -> String {
        guard let days = notice.days else {
            throw .badValue(
                what: "template \(name)",
                problem: "is for tokens that add or set days, and this one \(notice.effect.deed)"
            )
        }
        var values: [PlaceholderText.Name: String] = [
            .token: listed(notice.tokens), .days: wording?.number(days) ?? Wording.number(days),
            .unit: notice.unit.text,
        ]
        values[.until] = notice.paidUntil.map { moment in
            wording.map { GSMAlphabet.spelled($0.date(moment)) } ?? String(moment.text.prefix(10))
        }
        values[.name] = notice.customerName
        values[.contact] = notice.contact
        return lines.filter { line in
            line.names.allSatisfy { values[$0] != nil } || !line.names.isDisjoint(with: [.token, .days])
        }.map { $0.filled(values) }.joined(separator: "\n")
    }

    /// One token alone; several with their places in the order, and the key after each.
    private static func listed(_ tokens: [Token]) -> String {
        guard tokens.count > 1 else { return tokens.map(\.grouped).joined() }
        return tokens.enumerated().map { "\($0 + 1)) \($1.grouped)#" }.joined(separator: " ")
    }
}

extension TokenNotice.Effect {
    /// What a token of it does, for errors.
    fileprivate var deed: String {
        switch self {
        case .days: "adds days"
        case .setDays: "sets the days"
        case .locked: "locks the unit"
        case .unlocked: "unlocks it for good"
        case .synced: "sets its counter right"
        }
    }
}

extension PlaceholderText {
    /// The same text in the letters that people use on a phone.
    fileprivate var spelledForPhones: PlaceholderText {
        PlaceholderText(
            pieces: pieces.map { piece in
                if case .words(let words) = piece { .words(GSMAlphabet.spelled(words)) } else { piece }
            }
        )
    }
}
