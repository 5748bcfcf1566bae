import Fleet
import OpenPAYGO

/// Watches for credentials that somebody could guess, or that tell of a
/// mistake at the maker's. They are taken, and warned about by row.
struct WeakCredentials {
    /// What was found.
    private(set) var warnings = ProblemList()
    private let keyColumn: String
    private let codeColumn: String
    private var keys = KeyRows()

    init(keyColumn: String, codeColumn: String) {
        self.keyColumn = keyColumn
        self.codeColumn = codeColumn
    }

    /// The keys in the standard's own documents and examples.
    private static let published: [SecretKey] = [
        "a29ab82edc5fbbc41ec9530f6dac86b1", "bc41ec9530f6dac86b1a29ab82edc5fb",
    ].compactMap { try? SecretKey(hex: $0) }

    mutating func add(_ unit: ListedUnit) {
        let key = unit.credentials.key
        if let weakness = Self.weakness(key, unit.id) { warn(unit, keyColumn, weakness) }
        if let first = keys.add(key, row: unit.row) {
            warn(unit, keyColumn, "the secret key is also that of row \(first): whoever learns one has both units")
        }
        if unit.credentials.startingCode.number == 0 {
            warn(unit, codeColumn, "the starting code is 0")
        } else if !unit.isStartingCodeDerived, Self.isNumber(unit.credentials.startingCode, of: unit.id) {
            warn(unit, codeColumn, "the starting code is the number in the PAYG ID")
        }
    }

    private mutating func warn(_ unit: ListedUnit, _ column: String, _ problem: String) {
        warnings.add([RowProblem(row: unit.row, column: column, problem: problem)])
    }

    private static func weakness(_ key: SecretKey, _ id: PaygID) -> String? {
        key.withBytes { bytes in
            if (0..<8).allSatisfy({ bytes[$0] == bytes[$0 + 8] }) {
                return bytes.allSatisfy { $0 == 0 } ? "the secret key is all zeros" : "the secret key repeats itself"
            }
            let step = bytes[1] &- bytes[0]
            if (1..<16).allSatisfy({ bytes[$0] &- bytes[$0 - 1] == step }) { return "the secret key counts up or down" }
            if published.contains(key) { return "the secret key is one of the standard's examples" }
            if isName(bytes, id) { return "the secret key is the PAYG ID" }
            return nil
        }
    }

    /// Whether a key is a name with zeros before or behind it, in digits or in
    /// ASCII.
    private static func isName(_ bytes: UnsafeBufferPointer<UInt8>, _ id: PaygID) -> Bool {
        guard bytes[0] == 0 || bytes[15] == 0 else { return false }
        let used = bytes.drop { $0 == 0 }.reversed().drop { $0 == 0 }.reversed()
        if used.elementsEqual(id.text.utf8) { return true }
        func plain(_ text: String) -> String {
            String(text.lowercased().filter { $0.isLetter || $0.isNumber }.drop { $0 == "0" })
        }
        let digits = used.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let name = plain(id.text)
        return !name.isEmpty && plain(digits) == name
    }

    /// Whether a starting code is the digits of a name.
    private static func isNumber(_ code: StartingCode, of id: PaygID) -> Bool {
        var number: UInt64 = 0
        var digits = 0
        for byte in id.text.utf8 where (48...57).contains(byte) {
            guard number < 1 << 40 else { return false }
            number = number * 10 + UInt64(byte - 48)
            digits += 1
        }
        return digits > 0 && number == UInt64(code.number)
    }
}

/// In which row a key was first seen. Remembers a million keys and no more, so
/// that a list of any length takes the same memory; a key on many units is one
/// on two of the first million.
struct KeyRows {
    private static let most = 1 << 20
    private var places: [(print: UInt64, row: Int32)] = Array(repeating: (0, 0), count: 1 << 10)
    private var used = 0

    /// The row in which a key was seen before, if it was.
    mutating func add(_ key: SecretKey, row: Int) -> Int? {
        let print = key.fingerprint
        var place = Int(truncatingIfNeeded: print &* 0x9E37_79B9_7F4A_7C15) & (places.count - 1)
        while places[place].row != 0 {
            if places[place].print == print { return Int(places[place].row) }
            place = (place + 1) & (places.count - 1)
        }
        guard used < Self.most else { return nil }
        places[place] = (print, Int32(clamping: row))
        used += 1
        if used * 2 > places.count { grow() }
        return nil
    }

    private mutating func grow() {
        let old = places
        places = Array(repeating: (0, 0), count: old.count * 2)
        for entry in old where entry.row != 0 {
            var place = Int(truncatingIfNeeded: entry.print &* 0x9E37_79B9_7F4A_7C15) & (places.count - 1)
            while places[place].row != 0 { place = (place + 1) & (places.count - 1) }
            places[place] = entry
        }
    }
}
