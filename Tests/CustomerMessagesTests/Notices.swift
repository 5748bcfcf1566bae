import CustomerMessages
import Fleet
import OpenPAYGO

/// Tokens that are nobody's, the same each time.
func token(_ place: Int = 0, _ digits: Token.DigitSet = .full) throws -> Token {
    let all =
        digits == .full
        ? ["649118926", "588224011", "000120034"] : ["312344211432123", "144332211123412", "223341123344112"]
    return try Token(digits: all[place], digitSet: digits)
}

func notice(
    _ effect: TokenNotice.Effect, tokens: Int = 1, _ digits: Token.DigitSet = .full, unit: String = "CSP-240311",
    until: String? = nil, name: String? = nil, contact: String? = nil
) throws -> TokenNotice {
    try TokenNotice(
        unit: try PaygID(unit), tokens: try (0..<tokens).map { try token($0, digits) }, effect: effect,
        paidUntil: until.flatMap { Timestamp(text: $0) }, customerName: name, contact: contact
    )
}

func days(_ text: String) throws -> TokenNotice.Effect { .days(try Days(text: text)) }

let languages = ["en", "fr", "sw", "pt", "ha", "ne"]

/// Every effect; of those with days, the amounts that are written differently.
func effects() throws -> [TokenNotice.Effect] {
    let amounts = try ["1", "1.5", "1/3", "4/3", "3", "30", "995"].map { try Days(text: $0) }
    return amounts.flatMap { [.days($0), .setDays($0)] } + [.locked, .unlocked, .synced]
}
