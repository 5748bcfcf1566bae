import Fleet
import Foundation

/// What a spreadsheet program did to a value that it took for something else.
/// What it says never repeats the value, which may be a secret.
enum SpreadsheetDamage {
    /// The damage that a cell shows; nil for none. Only asked of a cell that is
    /// not what its column must hold.
    static func named(_ cell: String, mayBeDate: Bool = true) -> String? {
        guard let first = cell.utf8.first else { return nil }
        switch first {
        case UInt8(ascii: "#"):
            if cell.utf8.allSatisfy({ $0 == first }) {
                return "is “#####”: the column was too narrow when the list was saved"
            }
            let error = cell.uppercased().filter { $0.isLetter || $0 == "/" || $0.isNumber }
            return errors.contains(error) ? "is a spreadsheet's error" : nil
        case UInt8(ascii: "="):
            return "is a formula, and not the value it gives"
        default:
            guard cell.utf8.count <= 40 else { return nil }
            let parts = CellParts(cell)
            if parts.isExponent { return "was turned into a rounded number by a spreadsheet, and its digits are gone" }
            if mayBeDate, isDate(parts) { return "was turned into a date by a spreadsheet" }
            return nil
        }
    }

    private static let errors: Set<String> = [
        "REF", "N/A", "NAME", "VALUE", "DIV/0", "NUM", "NULL", "SPILL", "CALC", "NV", "BEZUG", "VALEUR", "NOM",
    ]

    private static func isDate(_ parts: CellParts) -> Bool {
        let digits = parts.parts.compactMap { if case .digits(let text) = $0 { text.utf8.count } else { nil } }
        switch parts.shape {
        case "9-9-9", "9-9-9T9:9", "9-9-9T9:9:9", "9-9-9 9:9", "9-9-9 9:9:9", "9/9/9", "9.9.9", "9/9/9 9:9",
            "9/9/9 9:9:9", "9.9.9 9:9", "9.9.9 9:9:9":
            return digits.prefix(3).sorted().prefix(2).allSatisfy { $0 <= 2 }
                && [2, 4].contains(digits.prefix(3).max())
        case "9:9", "9:9:9":
            return digits.allSatisfy { $0 <= 2 }
        case "9-a", "9/a", "9 a", "9.a", "a-9", "a/9", "a 9", "a.9", "9-a-9", "9/a/9", "9 a 9", "9. a 9", "9-a.-9",
            "9.a.9", "9-a.", "9 a.", "a.-9", "9 a. 9", "a 9, 9":
            return digits.allSatisfy { $0 <= 4 }
                && parts.parts.contains { part in
                    guard case .letters(let word) = part else { return false }
                    return (3...10).contains(word.count) && months.contains(String(String(word).plainHeader.prefix(3)))
                }
        default:
            return false
        }
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
        inName(cell).map { "the PAYG ID \($0)" }
    }

    /// What is wrong with a payment's reference, or the name of whom it is for,
    /// that is none, or that a spreadsheet would run from the answer. Two that
    /// were rounded are the same.
    static func ofReference(_ cell: String) -> String? {
        inName(cell) ?? (isFormula(cell) ? "begins as a formula does, which a spreadsheet would run" : nil)
    }

    private static func inName(_ cell: String) -> String? {
        guard
            cell.utf8.first == UInt8(ascii: "=") || cell.utf8.first == UInt8(ascii: "#")
                || (cell.utf8.contains(UInt8(ascii: "+")) && cell.utf8.first.map { (48...57).contains($0) } == true)
        else { return nil }
        return named(cell, mayBeDate: false)
    }

    static let roundedKey = "the secret key was rounded by a spreadsheet: its last digits are zeros it did not have"

    /// Whether a spreadsheet rounded a key that has only decimal digits: it
    /// keeps 15 to 17 of them and writes zeros for the rest, or writes all the
    /// digits of the nearest number that it can hold, which is a multiple of
    /// 2^51. One key in 10^15 is so by chance.
    static func isRounded(_ digits: some Sequence<UInt8>) -> Bool {
        var number: UInt128 = 0
        var zeros = 0
        for digit in digits {
            guard (48...57).contains(digit), number < UInt128.max / 16 else { return false }
            number = number * 10 + UInt128(digit - 48)
            zeros = digit == 48 ? zeros + 1 : 0
        }
        return number > 0 && (zeros >= 15 || number.isMultiple(of: 1 << 51))
    }

    /// What is wrong with a cell in a column of whole numbers.
    static func ofNumber(_ cell: String, _ what: String) -> String? {
        if let damage = named(cell) { return "the \(what) \(damage)" }
        let parts = CellParts(cell)
        if parts.isGrouped { return "the \(what) is written with signs between its thousands" }
        if ["9.9", "9,9"].contains(parts.shape) {
            return "the \(what) was turned into a decimal number by a spreadsheet"
        }
        return nil
    }
}

/// A cell as runs of digits, runs of letters, and single signs.
private struct CellParts {
    enum Part {
        case digits(Substring)
        case letters(Substring)
        case sign(Character)
    }

    private(set) var parts: [Part] = []
    /// The cell with `9` for each run of digits and `a` for each run of
    /// letters: `9-a` for `1-Mar`.
    private(set) var shape = ""

    init(_ cell: String) {
        var rest = Substring(cell)
        while let first = rest.first {
            func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
            if isDigit(first) {
                let run = rest.prefix(while: isDigit)
                parts.append(.digits(run))
                shape.append("9")
                rest = rest[run.endIndex...]
            } else if first.isLetter {
                let run = rest.prefix { $0.isLetter }
                // The letter between a day and a time is none of a word.
                shape.append(run == "T" ? "T" : "a")
                parts.append(.letters(run))
                rest = rest[run.endIndex...]
            } else {
                parts.append(.sign(first))
                shape.append(first)
                rest.removeFirst()
            }
        }
    }

    /// `3.2E+31`, `5,17e8`, with or without a sign in front.
    var isExponent: Bool {
        let bare = shape.drop { $0 == "+" || $0 == "-" }
        guard ["9a9", "9a+9", "9a-9", "9.9a9", "9.9a+9", "9.9a-9", "9,9a9", "9,9a+9", "9,9a-9"].contains(bare) else {
            return false
        }
        guard case .digits(let power) = parts.last, power.utf8.count <= 3 else { return false }
        return parts.contains { part in
            guard case .letters(let word) = part else { return false }
            return word == "e" || word == "E"
        }
    }

    /// `516,959,010`: digits in threes between one kind of sign.
    var isGrouped: Bool {
        var signs: Set<Character> = []
        for (place, part) in parts.enumerated() {
            switch part {
            case .digits(let run) where place.isMultiple(of: 2):
                guard place == 0 ? run.utf8.count <= 3 : run.utf8.count == 3 else { return false }
            case .sign(let sign) where !place.isMultiple(of: 2) && ".,' \u{A0}\u{202F}".contains(sign):
                signs.insert(sign)
            default:
                return false
            }
        }
        return parts.count >= 3 && !parts.count.isMultiple(of: 2) && signs.count == 1
    }
}

extension PaymentReference {
    /// What a spreadsheet made of it, if it is no payment's own; two that it
    /// rounded are the same. Nil for any other.
    public var spreadsheetDamage: String? { SpreadsheetDamage.ofReference(text) }
}
