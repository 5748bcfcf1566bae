import Fleet

/// One column of a profile's YAML, understood.
struct ColumnReading {
    private static let keys = ["header", "field", "text", "format", "width", "default", "required", "formulas"]

    let column: Profile.Column

    /// - Parameter formulas: the rule of columns that have none of their own.
    /// - Throws: ``YAMLProblem``.
    init(_ table: YAMLTable, formulas: FormulaRule, form: FileForm) throws(YAMLProblem) {
        try table.check(Self.keys)
        let header = try table.requiredText("header")
        let content = try Self.content(table)
        let format = try Self.format(table, content)
        let fallback = try table.text("default")
        let isRequired = try table.flag("required") ?? false
        if case .fixed = content {
            for key in ["default", "required"] where table.has(key) {
                throw table.problem(key, "the column has the same text for every unit")
            }
        }
        if isRequired, fallback != nil {
            throw table.problem("default", "the column is required, so that no unit goes without its value")
        }
        if form == .json, table.has("formulas") {
            throw table.problem("formulas", "no spreadsheet opens a JSON file")
        }
        let column = Profile.Column(
            header: header, content: content, format: format, fallback: fallback, isRequired: isRequired,
            formulas: try table.choice("formulas") ?? formulas
        )
        try Self.check(column, form, table)
        self.column = column
    }

    private static func content(_ table: YAMLTable) throws(YAMLProblem) -> Profile.Column.Content {
        let text = try table.text("text")
        guard let word = try table.text("field") else {
            guard let text else {
                throw YAMLProblem(
                    line: table.line, key: "field", problem: "the key is missing; text is for a fixed text")
            }
            return .fixed(text)
        }
        guard text == nil else { throw table.problem("text", "a column has either a field or a fixed text") }
        if let field = ProfileField(rawValue: word) { return .field(field) }
        let names = ProfileField.allCases.map(\.rawValue)
        throw table.problem("field", "there is no field “\(shown(word))”; \(nearest(word, among: names))")
    }

    // MARK: - Formats

    private static func format(_ table: YAMLTable, _ content: Profile.Column.Content) throws(YAMLProblem) -> CellFormat
    {
        let word = try table.text("format")
        let width = try table.number("width", in: 1...20)
        let format: CellFormat
        switch content {
        case .fixed:
            format = try choice(word, [("text", .text), ("number", .number), ("boolean", .boolean)], table)
        case .field(let field):
            switch field.kind {
            case .text: format = try choice(word, [("text", .text)], table)
            case .phone: format = try choice(word, [("text", .text), ("digits", .digits(width: 0))], table)
            case .number:
                format = try choice(word, [("number", .number), ("digits", .digits(width: width ?? 1))], table)
            case .code:
                format = try choice(word, [("digits", .digits(width: width ?? 9)), ("number", .number)], table)
            case .key:
                format = try choice(word, [("lower-hex", .lowerHex), ("upper-hex", .upperHex)], table)
            case .flag:
                format =
                    if let word, let words = words(word) { words } else {
                        try choice(
                            word, [("number", .number), ("boolean", .boolean)], table, or: "two words as in yes/no")
                    }
            case .moment: format = try choice(word, [("timestamp", .timestamp), ("date", .date)], table)
            }
        }
        if width != nil {
            guard case .digits(let places) = format, places > 0 else {
                throw table.problem("width", "it is for numbers in the format digits")
            }
        }
        return format
    }

    /// The format of a word; the first one without a word.
    private static func choice(
        _ word: String?, _ formats: [(name: String, format: CellFormat)], _ table: YAMLTable, or others: String? = nil
    ) throws(YAMLProblem) -> CellFormat {
        let format = word.map { word in formats.first { $0.name == word }?.format } ?? formats.first?.format
        if let format { return format }
        let names = (formats.map(\.name) + (others.map { [$0] } ?? [])).joined(separator: ", ")
        throw table.problem("format", "“\(shown(word ?? ""))” is none for this column; there is \(names)")
    }

    /// `yes/no`: the word for true, and the one for false.
    private static func words(_ text: String) -> CellFormat? {
        let words = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 2, words[0] != words[1], !words.contains(where: \.trimmingSpaces.isEmpty) else {
            return nil
        }
        return .words(yes: words[0], no: words[1])
    }

    // MARK: - What is the same for every unit

    /// Refuses what the file could not hold for any unit.
    private static func check(_ column: Profile.Column, _ form: FileForm, _ table: YAMLTable) throws(YAMLProblem) {
        var texts = [("header", column.header)]
        if case .fixed(let text) = column.content { texts.append(("text", text)) }
        if let fallback = column.fallback { texts.append(("default", fallback)) }
        if case .words(let yes, let no) = column.format { texts += [("format", yes), ("format", no)] }
        for (key, text) in texts {
            guard text.unicodeScalars.count <= 1024 else {
                throw table.problem(key, "it is longer than 1024 characters")
            }
            if key != "header", key != "format" { try checkForm(text, of: column.format, key, table) }
            guard case .separated(_, let encoding, _) = form else { continue }
            if let scalar = text.unicodeScalars.first(where: { !encoding.has($0) }) {
                throw table.problem(key, "\(encoding.rawValue) has no “\(scalar)”")
            }
            guard column.formulas == .refuse || key == "header", isFormula(text) else { continue }
            throw table.problem(key, "“\(shown(text))” begins as a formula does, which a spreadsheet would run")
        }
    }

    /// A number, or true or false, is written as one for every unit.
    private static func checkForm(_ text: String, of format: CellFormat, _ key: String, _ table: YAMLTable)
        throws(YAMLProblem)
    {
        switch format {
        case .number where !isNumber(text): throw table.problem(key, "“\(shown(text))” is no number")
        case .boolean where text != "true" && text != "false":
            throw table.problem(key, "“\(shown(text))” is neither true nor false")
        default: break
        }
    }

    /// Whether a text is a number as JSON writes it, without an exponent.
    private static func isNumber(_ text: String) -> Bool {
        let parts = (text.hasPrefix("-") ? text.dropFirst() : Substring(text)).utf8
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard let whole = parts.first, parts.count <= 2, text.utf8.count <= 18,
            parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy { (48...57).contains($0) } })
        else { return false }
        return whole.count == 1 || whole.first != UInt8(ascii: "0")
    }
}
