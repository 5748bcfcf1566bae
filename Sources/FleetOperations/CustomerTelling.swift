import CustomerMessages
import Fleet

/// How customers are told of their tokens.
public struct CustomerTelling: Sendable {
    /// The language of those who have none of their own on record.
    public let language: MessageLanguage
    /// Where they call for help.
    public let contact: String?
    private let own: MessageTemplate?
    private let name: String
    private var templates: [String: MessageTemplate] = [:]

    /// - Parameters:
    ///   - language: nil for English.
    ///   - template: a text of one's own in place of the built-in ones, and its name.
    ///   - contact: where they call for help; nil leaves it out.
    /// - Throws: ``FleetError/badTemplate(name:problem:)``.
    public init(
        language: MessageLanguage? = nil, template: (text: String, name: String)? = nil, contact: String? = nil
    ) throws(FleetError) {
        self.language = try Self.language(language)
        self.contact = contact
        name = template?.name ?? ""
        own = try template.map { template throws(FleetError) in
            try MessageTemplate(file: template.text, name: template.name, language: language)
        }
    }

    /// Whether an own template suits what is asked for, before it is done.
    ///
    /// - Throws: ``FleetError/badTemplate(name:problem:)``.
    public func check(_ request: TokenRequest) throws(FleetError) {
        guard own != nil else { return }
        switch request {
        case .days, .until: return
        case .setDays(let days) where days.numerator > 0: return
        case .setDays, .unlock, .sync:
            throw .badTemplate(
                name: name, problem: "it is for tokens that add or set days; no token was made")
        }
    }

    /// A language, or English where none is named.
    static func language(_ named: MessageLanguage?) throws(FleetError) -> MessageLanguage {
        if let named { return named }
        return try MessageLanguage(code: "en")
    }

    /// The message for a notice, in the customer's own language where there are
    /// words in it.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` where an own template
    ///   does not suit.
    public mutating func message(
        for notice: TokenNotice, language own: String?
    ) throws(FleetError) -> (message: CustomerMessage, language: MessageLanguage) {
        if let template = self.own { return (try template.message(for: notice), language) }
        let spoken = own.flatMap { try? MessageLanguage(code: $0) } ?? language
        if templates[spoken.code] == nil { templates[spoken.code] = try MessageTemplate(language: spoken) }
        guard let template = templates[spoken.code] else {
            throw .badTemplate(name: spoken.code, problem: "it is not there")
        }
        return (try template.message(for: notice), spoken)
    }
}

extension TokenNotice {
    /// What is told of a delivery.
    ///
    /// - Parameter customerName: who holds the unit.
    public init(
        _ delivery: TokenDelivery, customerName: String?, contact: String?
    ) throws(FleetError) {
        guard let first = delivery.tokens.first else {
            throw .badValue(what: "message", problem: "has no token to tell")
        }
        try self.init(
            unit: first.unit, tokens: delivery.tokens.map(\.token), effect: Effect(delivery, first),
            paidUntil: delivery.tokens.last?.paidUntil, customerName: customerName, contact: contact
        )
    }
}

extension TokenNotice.Effect {
    fileprivate init(_ delivery: TokenDelivery, _ first: IssuedToken) {
        let steps = delivery.tokens.reduce(0) { $0 + ($1.instruction.time?.number ?? 0) }
        let days = first.timeDivider.days(steps: steps)
        switch (delivery.request, first.instruction) {
        case (.days(let credited), _): self = .days(credited)
        case (_, .addTime): self = .days(days)
        case (_, .setTime): self = steps > 0 ? .setDays(days) : .locked
        case (_, .disablePayg): self = .unlocked
        case (_, .counterSync): self = .synced
        }
    }
}
