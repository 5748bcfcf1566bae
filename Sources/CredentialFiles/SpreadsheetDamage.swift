import Foundation

/// What a spreadsheet program did to a value that it took for something else.
/// What it says never repeats the value, which may be a secret.
enum SpreadsheetDamage {
    /// The damage that a cell shows; nil for none. Only asked of a cell that is
    /// not what its column must hold.
    static func named(_ cell: String, mayBeDate: Bool = true) -> String? {
        if cell.wholeMatch(of: /#+/) != nil {
            return "is “#####”: the column was too narrow when the list was saved"
        }
        if cell.wholeMatch(of: /#(REF|N\/A|NAME|VALUE|DIV\/0|NUM|NULL|SPILL)[!?]?/.ignoresCase()) != nil {
            return "is a spreadsheet's error"
        }
        if cell.hasPrefix("=") { return "is a formula, and not the value it gives" }
        if cell.wholeMatch(of: /[+-]?[0-9]+([.,][0-9]+)?[eE][+-]?[0-9]{1,3}/) != nil {
            return "was turned into a rounded number by a spreadsheet, and its digits are gone"
        }
        if mayBeDate, isDate(cell) { return "was turned into a date by a spreadsheet" }
        return nil
    }

    private static func isDate(_ cell: String) -> Bool {
        let numbers: [Regex<Substring>] = [
            /[0-9]{1,2}[-\/.][0-9]{1,2}[-\/.][0-9]{2,4}/, /[0-9]{4}[-\/.][0-9]{1,2}[-\/.][0-9]{1,2}(?:[T ][0-9:]+)?/,
            /[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?/,
        ]
        if numbers.contains(where: { cell.wholeMatch(of: $0) != nil }) { return true }
        let named: [Regex<Substring>] = [
            /[0-9]{1,2}[-\/. ]\p{L}{3,9}\.?(?:[-\/. ][0-9]{2,4})?/, /\p{L}{3,9}\.?[-\/. ][0-9]{1,4}/,
        ]
        guard named.contains(where: { cell.wholeMatch(of: $0) != nil }) else { return false }
        return months.contains(String(cell.plainHeader.filter(\.isLetter).prefix(3)))
    }

    /// How the months begin in the five languages that headers are known in.
    private static let months: Set<String> = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
        "fev", "avr", "mai", "jui", "aou", "abr", "ago", "set", "out", "dez", "ene", "dic", "mac", "jum", "nov",
    ]

    /// What is wrong with a cell in the key's column that is no key.
    static func ofKey(_ cell: String) -> String? {
        if let damage = named(cell) { return "the secret key \(damage)" }
        guard cell.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        if cell.utf8.count < 32 {
            return "a secret key has 32 hexadecimal digits, and this one has \(cell.utf8.count), all of them decimal: "
                + "a spreadsheet may have taken it for a number and dropped the zeros in front"
        }
        return nil
    }

    /// What is wrong with a cell in the PAYG ID's column, whatever else it might
    /// be: names look like dates all too often.
    static func ofName(_ cell: String) -> String? {
        guard
            cell.utf8.first == UInt8(ascii: "=") || cell.utf8.first == UInt8(ascii: "#")
                || (cell.utf8.contains(UInt8(ascii: "+")) && cell.utf8.first.map { (48...57).contains($0) } == true)
        else { return nil }
        return named(cell, mayBeDate: false).map { "the PAYG ID \($0)" }
    }

    static let roundedKey = "the secret key was rounded by a spreadsheet: its last digits are zeros it did not have"

    /// Whether a spreadsheet rounded a key that has only decimal digits: it
    /// keeps 15, and writes zeros for the rest.
    static func isRounded(_ digits: some Sequence<UInt8>) -> Bool {
        var zeros = 0
        for digit in digits {
            guard (48...57).contains(digit) else { return false }
            zeros = digit == 48 ? zeros + 1 : 0
        }
        return zeros >= 17 && zeros < 32
    }

    /// What is wrong with a cell in a column of whole numbers.
    static func ofNumber(_ cell: String, _ what: String) -> String? {
        if let damage = named(cell) { return "the \(what) \(damage)" }
        if cell.wholeMatch(of: /[0-9]{1,3}([.,' \u{A0}\u{202F}][0-9]{3})+/) != nil {
            return "the \(what) is written with signs between its thousands"
        }
        if cell.wholeMatch(of: /[0-9]+[.,][0-9]+/) != nil {
            return "the \(what) was turned into a decimal number by a spreadsheet"
        }
        return nil
    }
}
