import Fleet
import OpenPAYGO

/// Writes units as the rows of a provider's file, in UTF-8.
///
/// What is the same for every unit is made once. A list has a million rows:
/// no cell becomes a text of its own on its way.
struct RowWriter {
    /// What cells are written for.
    enum Form {
        case separated(UInt8, lineEnd: [UInt8])
        case json
        /// For looking at: nothing stands between two cells.
        case cells
    }

    private let form: Form
    private let cells: [Cell]
    private let rowEnd: [UInt8]
    private var products: ProductChoice
    private let checksCharacters: Bool
    private var isEmpty = true
    /// What was written and not taken yet.
    var bytes: [UInt8] = []
    /// Where each cell of ``Form/cells`` ends.
    private(set) var ends: [Int] = []
    /// Why the file cannot be had with the units there were.
    private(set) var refusals = Refusals()

    /// - Parameter hidesSecrets: whether what tokens are made with is written `<redacted>`.
    init(_ profile: Profile, _ form: Form, products: ProductChoice, hidesSecrets: Bool = false) {
        self.form = form
        self.products = products
        var (opensInSpreadsheets, encoding) = (false, FileEncoding.utf8)
        if case .separated(_, let its, _) = profile.form { (opensInSpreadsheets, encoding) = (true, its) }
        checksCharacters = encoding == .windows1252
        func cell(_ column: Profile.Column, before: [UInt8], empty: [UInt8]) -> Cell {
            Cell(
                column, form, formulas: opensInSpreadsheets ? column.formulas : nil, before: before, empty: empty,
                hidesSecrets: hidesSecrets
            )
        }
        switch form {
        case .separated(let separator, let lineEnd):
            rowEnd = lineEnd
            cells = profile.columns.enumerated().map { index, column in
                cell(column, before: index == 0 ? [] : [separator], empty: [])
            }
        case .json:
            rowEnd = Array("}".utf8)
            cells = profile.columns.enumerated().map { index, column in
                cell(
                    column, before: Array(index == 0 ? "{".utf8 : ",".utf8) + jsonText(column.header) + [0x3A],
                    empty: Array("null".utf8)
                )
            }
        case .cells:
            rowEnd = []
            cells = profile.columns.map { cell($0, before: [], empty: []) }
        }
    }

    // MARK: - The file around the rows

    /// Writes what stands before the first row.
    mutating func begin(_ headers: [String]) {
        switch form {
        case .separated(let separator, let lineEnd):
            for (index, header) in headers.enumerated() {
                if index > 0 { bytes.append(separator) }
                var header = header
                header.withUTF8 { bytes.append(cell: $0, separator: separator) }
            }
            bytes.append(contentsOf: lineEnd)
        case .json: bytes.append(contentsOf: "[\n".utf8)
        case .cells: break
        }
    }

    /// Writes what stands after the last row.
    mutating func end() {
        if case .json = form { bytes.append(contentsOf: isEmpty ? "]\n".utf8 : "\n]\n".utf8) }
    }

    // MARK: - Rows

    /// Writes a unit.
    ///
    /// - Returns: how many bytes were written and not taken yet.
    @discardableResult
    mutating func add(_ exported: ExportedUnit) -> Int {
        if case .json = form, !isEmpty { bytes.append(contentsOf: ",\n".utf8) }
        isEmpty = false
        for index in cells.indices {
            write(index, exported)
            if case .cells = form { ends.append(bytes.count) }
        }
        bytes.append(ready: rowEnd)
        return bytes.count
    }

    private mutating func write(_ index: Int, _ exported: ExportedUnit) {
        let unit = exported.unit
        switch cells[index].content {
        case .ready(let ready):
            bytes.append(ready: cells[index].before)
            bytes.append(ready: ready)
            bytes.append(ready: cells[index].after)
        case .text(let field):
            guard let text = Self.text(field, exported) else { return missing(index, unit) }
            write(text, index, unit)
        case .number(let field, let width):
            guard let number = Self.number(field, exported) else { return missing(index, unit) }
            bytes.append(ready: cells[index].before)
            bytes.append(number, width: width)
            bytes.append(ready: cells[index].after)
        case .key(let isUpper):
            bytes.append(ready: cells[index].before)
            exported.credentials.key.withBytes { bytes.append(hexOf: $0, isUpper: isUpper) }
            bytes.append(ready: cells[index].after)
        case .flag(let yes, let no):
            bytes.append(ready: cells[index].before)
            bytes.append(ready: unit.build.digitSet == .restricted ? yes : no)
            bytes.append(ready: cells[index].after)
        case .phoneDigits:
            guard let phone = exported.customer?.phone else { return missing(index, unit) }
            write(String(phone.unicodeScalars.filter { ("0"..."9").contains($0) }.map(Character.init)), index, unit)
        case .moment(let isDate):
            guard let text = exported.dispatch?.importedAt.text else { return missing(index, unit) }
            write(isDate ? String(text.prefix(10)) : text, index, unit)
        case .product:
            guard let name = products.name(of: unit, &refusals) else { return missing(index, unit, isKnown: true) }
            write(name, index, unit)
        }
    }

    private mutating func missing(_ index: Int, _ unit: FleetUnit, isKnown: Bool = false) {
        if cells[index].isRequired, !isKnown { refusals.add(.missing, column: index, unit.id) }
        bytes.append(ready: cells[index].beforeMissing)
        bytes.append(ready: cells[index].missing)
    }

    private mutating func write(_ text: String, _ index: Int, _ unit: FleetUnit) {
        guard !text.isEmpty else { return missing(index, unit) }
        var text = text
        text.withUTF8 { text in
            let isFormula = cells[index].formulas != nil && isFormula(text)
            if isFormula, cells[index].formulas == .refuse { refusals.add(.formula, column: index, unit.id) }
            if checksCharacters, !Self.isInWindows1252(text) { refusals.add(.encoding, column: index, unit.id) }
            bytes.append(ready: cells[index].before)
            switch form {
            case .separated(let separator, _):
                if isFormula {
                    ([UInt8(ascii: "'")] + text).withUnsafeBufferPointer {
                        bytes.append(cell: $0, separator: separator)
                    }
                } else {
                    bytes.append(cell: text, separator: separator)
                }
            case .json: bytes.append(jsonText: text)
            case .cells:
                if isFormula { bytes.append(UInt8(ascii: "'")) }
                bytes.append(contentsOf: text)
            }
            bytes.append(ready: cells[index].after)
        }
    }

    private static func isInWindows1252(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        text.allSatisfy { $0 < 0x80 }
            || String(decoding: text, as: UTF8.self).unicodeScalars.allSatisfy { Windows1252.byte(of: $0) != nil }
    }

    // MARK: - Values

    private static func text(_ field: ProfileField, _ exported: ExportedUnit) -> String? {
        switch field {
        case .paygID: exported.unit.id.text
        case .hardwareModel: exported.unit.build.hardwareModel
        case .firmwareVersion: exported.unit.build.firmwareVersion
        case .dispatchFile: exported.dispatch?.file
        case .customer: exported.unit.customer?.text
        case .customerName: exported.customer?.name
        case .phone: exported.customer?.phone
        case .language: exported.customer?.language
        case .customerNote: exported.customer?.note
        default: nil
        }
    }

    private static func number(_ field: ProfileField, _ exported: ExportedUnit) -> UInt64? {
        switch field {
        case .startingCode: UInt64(exported.credentials.startingCode.number)
        case .count: UInt64(exported.unit.count.number)
        case .dispatchedCount: UInt64(exported.unit.dispatchedCount.number)
        case .timeDivider: UInt64(exported.unit.build.timeDivider.number)
        case .testCode: exported.unit.build.testCode.map { UInt64($0.number) }
        case .dispatch: UInt64(clamping: exported.unit.dispatch)
        default: nil
        }
    }
}
