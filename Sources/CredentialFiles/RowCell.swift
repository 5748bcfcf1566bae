import Fleet

extension RowWriter {
    /// What makes a cell of a unit.
    enum Content {
        /// The same for every unit, ready.
        case ready([UInt8])
        case text(ProfileField)
        case phoneDigits
        case number(ProfileField, width: Int)
        case key(isUpper: Bool)
        case flag(yes: [UInt8], no: [UInt8])
        case moment(isDate: Bool)
        case product
    }

    struct Cell {
        let content: Content
        /// What stands before it; before a JSON text, with its quotation mark.
        let before: [UInt8]
        let beforeMissing: [UInt8]
        let after: [UInt8]
        /// What a unit without the value has, ready.
        let missing: [UInt8]
        let isRequired: Bool
        let formulas: FormulaRule?
    }
}

extension RowWriter.Cell {
    /// - Parameter empty: what is written where a unit has no value, and no default.
    init(
        _ column: Profile.Column, _ form: RowWriter.Form, formulas: FormulaRule?, before: [UInt8], empty: [UInt8],
        hidesSecrets: Bool
    ) {
        var isText = false
        if case .json = form { isText = column.format.isText }
        func ready(_ text: String) -> [UInt8] { Self.ready(text, form, formulas) }
        self.formulas = formulas
        self.before = isText ? before + [0x22] : before
        after = isText ? [0x22] : []
        beforeMissing = before
        missing =
            column.fallback.map { text in
                text.isEmpty && !isText ? empty : (isText ? [0x22] : []) + ready(text) + (isText ? [0x22] : [])
            } ?? empty
        isRequired = column.isRequired
        switch column.content {
        case .fixed(let text): content = .ready(text.isEmpty && !isText ? empty : ready(text))
        case .field(let field) where field.isSecret && hidesSecrets: content = .ready(Array("<redacted>".utf8))
        case .field(let field):
            switch (field.kind, column.format) {
            case (.key, let format): content = .key(isUpper: format == .upperHex)
            case (.number, .digits(let width)), (.code, .digits(let width)): content = .number(field, width: width)
            case (.number, _), (.code, _): content = .number(field, width: 1)
            case (.flag, .boolean): content = .flag(yes: Array("true".utf8), no: Array("false".utf8))
            case (.flag, .words(let yes, let no)): content = .flag(yes: ready(yes), no: ready(no))
            case (.flag, _): content = .flag(yes: [UInt8(ascii: "1")], no: [UInt8(ascii: "0")])
            case (.moment, let format): content = .moment(isDate: format == .date)
            case (.phone, .digits): content = .phoneDigits
            case (.text, _) where field == .product: content = .product
            case (.text, _), (.phone, _): content = .text(field)
            }
        }
    }

    /// A text that is the same for every unit, as the file has it.
    private static func ready(_ text: String, _ form: RowWriter.Form, _ rule: FormulaRule?) -> [UInt8] {
        var bytes: [UInt8] = []
        var text = rule == .apostrophe && isFormula(text) ? "'" + text : text
        text.withUTF8 { text in
            switch form {
            case .separated(let separator, _): bytes.append(cell: text, separator: separator)
            case .json: bytes.append(jsonText: text)
            case .cells: bytes.append(contentsOf: text)
            }
        }
        return bytes
    }
}

/// A text as JSON writes it, with its quotation marks.
func jsonText(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = [0x22]
    var text = text
    text.withUTF8 { bytes.append(jsonText: $0) }
    return bytes + [0x22]
}
