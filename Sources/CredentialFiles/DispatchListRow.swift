import Fleet
import OpenPAYGO

/// Which columns a dispatch list has its fields in.
struct DispatchColumns {
    let map: ColumnMap<ListField>
    /// By ``ListField/ordinal``.
    private let indices: [Int?]

    init(_ map: ColumnMap<ListField>) {
        self.map = map
        indices = ListField.allCases.map { map.index($0) }
    }

    func index(_ field: ListField) -> Int? { indices[field.ordinal] }
}

extension ListField {
    /// Its place among all of them.
    var ordinal: Int {
        switch self {
        case .paygID: 0
        case .startingCode: 1
        case .key: 2
        case .count: 3
        case .timeDivider: 4
        case .restrictedDigits: 5
        case .hardwareModel: 6
        case .firmwareVersion: 7
        case .testCode: 8
        }
    }
}

/// Judges the rows of a dispatch list. A value that is not understood is a
/// problem; none is ever guessed.
struct DispatchRowJudge {
    private typealias Bytes = UnsafeBufferPointer<UInt8>

    private let columns: DispatchColumns
    private var gaps: ColumnGaps
    private var texts = [RepeatedText](repeating: RepeatedText(), count: 2)
    private var row = 0
    /// What is wrong with the row.
    private(set) var problems: [RowProblem] = []
    /// Rows whose starting code got zeros back in front.
    private(set) var paddedStartingCodes = 0
    /// Whether no row has a starting code.
    private(set) var derivesStartingCodes = false

    /// - Parameter areAllFilled: whether no column may be empty throughout.
    init(_ columns: DispatchColumns, areAllFilled: Bool) {
        self.columns = columns
        gaps = ColumnGaps(areAllFilled: areAllFilled)
    }

    /// The unit in a row; nil when the row has ``problems``.
    mutating func unit(_ number: Int, _ cells: Cells) -> ListedUnit? {
        row = number
        if !problems.isEmpty { problems.removeAll() }
        if let misfit = columns.map.misfit(cells) {
            problem(nil, misfit)
            return nil
        }
        let id = required(.paygID, cells, Self.paygID)
        let key = required(.key, cells, Self.key)
        let startingCode = startingCode(key, cells)
        let count = even(.count, cells) { bytes in
            try Self.number(bytes, "count", OpenPAYGOError.count) { number in try TokenCount(number) }
        }
        let divider = even(.timeDivider, cells) { bytes in
            try Self.number(bytes, "time divider", OpenPAYGOError.timeDivider) { number in try TimeDivider(number) }
        }
        let digitSet = even(.restrictedDigits, cells, Self.digitSet)
        let model = text(.hardwareModel, cells, 0)
        let version = text(.firmwareVersion, cells, 1)
        let testCode = optional(.testCode, cells, Self.testCode)

        guard problems.isEmpty, let id, let key, let startingCode else { return nil }
        if startingCode.isPadded { paddedStartingCodes += 1 }
        derivesStartingCodes = startingCode.isDerived
        return ListedUnit(
            row: number, id: id, credentials: Credentials(key: key, startingCode: startingCode.code),
            isStartingCodeDerived: startingCode.isDerived, count: count,
            timeDivider: divider, digitSet: digitSet, hardwareModel: model, firmwareVersion: version,
            testCode: testCode
        )
    }

    // MARK: - Cells

    /// What a value is not. The reason never repeats the cell: it may be a secret.
    private struct Unclear: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    private mutating func problem(_ field: ListField?, _ reason: String) {
        problems.append(RowProblem(row: row, column: field.map(columns.map.header), problem: reason))
    }

    /// What a row has in a field's column: nil where the list has no such
    /// column, empty where the row has nothing in it.
    private func cell(_ field: ListField, _ cells: Cells) -> Bytes? {
        columns.index(field).map(cells.trimmed)
    }

    private mutating func required<Value>(
        _ field: ListField, _ cells: Cells, _ read: (Bytes) throws -> Value
    ) -> Value? {
        guard let cell = cell(field, cells), !cell.isEmpty else {
            problem(field, "the cell is empty")
            return nil
        }
        return value(field, cell, read)
    }

    private mutating func optional<Value>(
        _ field: ListField, _ cells: Cells, _ read: (Bytes) throws -> Value
    ) -> Value? {
        guard let cell = cell(field, cells), !cell.isEmpty else { return nil }
        return value(field, cell, read)
    }

    /// An optional value that every row has, or none.
    private mutating func even<Value>(
        _ field: ListField, _ cells: Cells, _ read: (Bytes) throws -> Value
    ) -> Value? {
        guard let cell = cell(field, cells) else { return nil }
        if let gap = gaps.problem(field, row: row, isEmpty: cell.isEmpty) { problem(field, gap) }
        return cell.isEmpty ? nil : value(field, cell, read)
    }

    private mutating func value<Value>(_ field: ListField, _ cell: Bytes, _ read: (Bytes) throws -> Value) -> Value? {
        do {
            return try read(cell)
        } catch let error as OpenPAYGOError {
            problem(field, error.description)
        } catch FleetError.badValue(let what, let reason) {
            problem(field, "the \(what) \(reason)")
        } catch let error as Unclear {
            problem(field, error.reason)
        } catch {
            problem(field, "it is not understood")
        }
        return nil
    }

    private mutating func text(_ field: ListField, _ cells: Cells, _ place: Int) -> String? {
        guard let cell = cell(field, cells), !cell.isEmpty else { return nil }
        if texts[place].bytes.elementsEqual(cell) { return texts[place].text }
        guard
            let text = value(field, cell, { bytes in try Name.checked(Self.onOneLine(bytes), as: "value", most: 128) })
        else { return nil }
        texts[place] = RepeatedText(bytes: Array(cell), text: text)
        return text
    }

    /// A list has the same few texts in all its rows.
    private struct RepeatedText {
        var bytes: [UInt8] = []
        var text = ""
    }

    // MARK: - Values

    private static func string(_ bytes: Bytes) -> String { String(decoding: bytes, as: UTF8.self) }

    /// A text that a cell has on several lines, on one.
    private static func onOneLine(_ bytes: Bytes) -> String {
        string(bytes).split { $0.isNewline || $0 == "\t" }.joined(separator: " ")
    }

    private static func paygID(_ bytes: Bytes) throws -> PaygID {
        if let id = PaygID(plain: bytes) { return id }
        let name = string(bytes)
        if let damage = SpreadsheetDamage.ofName(name) { throw Unclear(damage) }
        return try PaygID(name)
    }

    private static func key(_ bytes: Bytes) throws -> SecretKey {
        if bytes.count == 32, let key = try? SecretKey(hexDigits: bytes) {
            guard !SpreadsheetDamage.isRounded(bytes) else { throw Unclear(SpreadsheetDamage.roundedKey) }
            return key
        }
        let cell = string(bytes)
        let digits = KeyText.digits(cell)
        if let digits, let key = try? SecretKey(hex: digits) {
            guard !SpreadsheetDamage.isRounded(digits.utf8) else { throw Unclear(SpreadsheetDamage.roundedKey) }
            return key
        }
        if let damage = SpreadsheetDamage.ofKey(cell) ?? digits.flatMap(SpreadsheetDamage.ofKey) {
            throw Unclear(damage)
        }
        return try SecretKey(hex: digits ?? cell)
    }

    /// Decimal digits as a number; nil for anything else, or too many.
    private static func decimal(_ bytes: Bytes) -> Int? {
        guard (1...18).contains(bytes.count) else { return nil }
        var number = 0
        for byte in bytes {
            guard (48...57).contains(byte) else { return nil }
            number = number * 10 + Int(byte - 48)
        }
        return number
    }

    private static func number<Value>(
        _ bytes: Bytes, _ what: String, _ error: OpenPAYGOError, _ make: (Int) throws -> Value
    ) throws -> Value {
        guard let number = decimal(bytes) else {
            throw SpreadsheetDamage.ofNumber(string(bytes), what).map(Unclear.init) ?? error as any Error
        }
        return try make(number)
    }

    private static func digitSet(_ bytes: Bytes) throws -> Token.DigitSet {
        switch string(bytes).lowercased() {
        case "0", "no", "false": return .full
        case "1", "yes", "true": return .restricted
        default: throw Unclear("restricted digit mode is 0 or 1, yes or no, true or false")
        }
    }

    private static func testCode(_ bytes: Bytes) throws -> TestCode {
        let cell = string(bytes)
        if let damage = SpreadsheetDamage.ofNumber(cell, "test code") { throw Unclear(damage) }
        guard bytes.count >= 9 || decimal(bytes) == nil else {
            throw Unclear(
                "a test code has exactly 9 digits, and this one has \(bytes.count): "
                    + "a spreadsheet may have dropped the zeros in front"
            )
        }
        return try TestCode(digits: cell)
    }

    /// A list without starting codes leaves them to be derived from the keys,
    /// as the standard has it.
    private mutating func startingCode(
        _ key: SecretKey?, _ cells: Cells
    ) -> (code: StartingCode, isDerived: Bool, isPadded: Bool)? {
        var length = 0
        let code = even(.startingCode, cells) { bytes in
            length = bytes.count
            let what = "starting code"
            // More digits are no starting code, whatever number they write.
            guard bytes.count <= 9 else {
                throw SpreadsheetDamage.ofNumber(Self.string(bytes), what).map(Unclear.init)
                    ?? OpenPAYGOError.startingCode as any Error
            }
            return try Self.number(bytes, what, .startingCode) { number in try StartingCode(number) }
        }
        if let code { return (code, false, length < 9) }
        guard let key, cell(.startingCode, cells)?.isEmpty ?? true else { return nil }
        return (StartingCode(derivedFrom: key), true, false)
    }
}

/// A secret key as people and programs write it.
enum KeyText {
    /// Its digits without what stands around and between them: quotes, `0x`,
    /// spaces, dashes, colons. Nil where there is nothing of that.
    static func digits(_ cell: String) -> String? {
        var text = Substring(cell)
        let quotes: [Character] = ["\"", "'", "“", "”", "‘", "’", "«", "»", "`"]
        while let first = text.first, quotes.contains(first) || first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, quotes.contains(last) || last.isWhitespace { text = text.dropLast() }
        if text.hasPrefix("0x") || text.hasPrefix("0X") { text = text.dropFirst(2) }
        let digits = text.filter { !($0 == " " || $0 == "-" || $0 == ":" || $0 == "\u{A0}") }
        return digits == cell ? nil : digits
    }
}
