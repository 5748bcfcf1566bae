/// Why a value is not one the OpenPAYGO Token standard allows.
///
/// No case carries a secret: what was wrong is told by length, position or
/// range, never by repeating a key or a starting code.
public enum OpenPAYGOError: Error, Equatable, Sendable {
    /// A secret key has 32 hexadecimal digits (16 bytes); this many were found.
    case secretKeyLength(digits: Int)
    /// A secret key holds a character that is no hexadecimal digit, at this
    /// place (the first is 1).
    case secretKeyCharacter(position: Int)
    /// A starting code is 0…999 999 999 and written with 1 to 9 digits.
    case startingCode
    /// A count is 0…``TokenCount/maximum``.
    case count
    /// The unit has used its last count; no further token can be made for it.
    case countExhausted
    /// A time divider is 1…255.
    case timeDivider
    /// A test code has exactly nine digits.
    case testCode
    /// A token's value is 0…``TimeValue/maximum``.
    case timeValue
    /// A number of days that cannot be read: digits, with a decimal point or
    /// as a fraction.
    case daysText(String)
    /// Days that are not a whole number of the unit's steps (1/divider of a day).
    case daysBetweenSteps(Days, divider: TimeDivider)
    /// More days than one token of this unit can carry.
    case daysAboveLimit(Days, divider: TimeDivider)
    /// A token has 9 digits, or 15 digits of 1…4.
    case tokenDigits
    /// An extended token's value is 0…``ExtendedValue/maximum``.
    case extendedValue
    /// An extended token has 12 digits, or 20 digits of 1…4.
    case extendedTokenDigits
}

extension OpenPAYGOError: CustomStringConvertible {
    /// What was wrong, and what is allowed.
    public var description: String {
        switch self {
        case .secretKeyLength(let digits):
            "a secret key has 32 hexadecimal digits, and this one has \(digits)"
        case .secretKeyCharacter(let position):
            "a secret key has only the digits 0-9 and a-f; character \(position) is another"
        case .startingCode:
            "a starting code is a number from 0 to 999999999"
        case .count:
            "a count is a whole number from 0 to \(TokenCount.maximum)"
        case .countExhausted:
            "the last possible count, \(TokenCount.maximum), is used up"
        case .timeDivider:
            "a time divider is a whole number from 1 to 255"
        case .testCode:
            "a test code has exactly 9 digits"
        case .timeValue:
            "a token's value is from 0 to \(TimeValue.maximum)"
        case .daysText(let text):
            "“\(text)” is not a number of days; write 30, 1.5 or 1/3"
        case .daysBetweenSteps(let days, let divider):
            "\(days) days is not a whole number of steps of \(divider.step) day"
        case .daysAboveLimit(let days, let divider):
            "\(days) days is more than one token carries; \(divider.longest) days is the most"
        case .tokenDigits:
            "a token has 9 digits, or 15 digits of 1 to 4"
        case .extendedValue:
            "an extended token's value is from 0 to \(ExtendedValue.maximum)"
        case .extendedTokenDigits:
            "an extended token has 12 digits, or 20 digits of 1 to 4"
        }
    }
}
