import Fleet
import OpenPAYGO

/// What is typed on a unit's keypad, as a command line has it.
enum TypedEntry {
    /// The entries in some words. A token may be told in groups, as slips and
    /// screens show it: in one word with spaces or dashes, or in words of up
    /// to three digits, which are put together up to a token's length.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` for what no key is for.
    static func entries(_ words: [String], of digits: Token.DigitSet) throws(FleetError) -> [String] {
        var entries: [String] = []
        var open = false
        for word in words {
            let typed = try entry(word)
            let isGroup = typed.utf8.count <= 3 && typed.utf8.count == word.utf8.count
            if open, isGroup, let last = entries.last, last.utf8.count + typed.utf8.count <= digits.length {
                entries[entries.count - 1] = last + typed
            } else {
                entries.append(typed)
                open = isGroup
            }
        }
        return entries
    }

    private static func entry(_ word: String) throws(FleetError) -> String {
        let typed = word.filter { $0 != " " && $0 != "-" }
        guard !typed.isEmpty else { throw .badValue(what: "token", problem: "is empty") }
        if let other = typed.first(where: { !("0"..."9").contains($0) }) {
            throw .badValue(
                what: "token",
                problem: "holds “\(String(other).printable)”; only digits are typed, # is pressed after them")
        }
        return typed
    }

    /// Seconds, as in `30d`, `12h`, `45m` and `90s`.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    static func seconds(_ text: String, _ option: String) throws(FleetError) -> Int {
        let units: [Character: Int] = ["d": 86_400, "h": 3600, "m": 60, "s": 1]
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }), !digits.isEmpty,
            digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else {
            throw .badValue(what: "value of \(option)", problem: "is written 30d, 12h, 45m or 90s")
        }
        guard let number = Int(digits), number <= 1 << 40 else {
            throw .badValue(what: "value of \(option)", problem: "is more than any clock counts")
        }
        return number * unit
    }
}
