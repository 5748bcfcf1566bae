import Fleet

/// A profile's YAML, understood.
struct ProfileReading {
    private static let keys = [
        "name", "title", "provider", "source", "unverified", "format", "delimiter", "encoding", "lineEnding",
        "formulas", "file", "products", "columns",
    ]
    private static let mostBytes = 1 << 16
    private static let mostColumns = 256
    private static let mostProducts = 64

    private enum Format: String, CaseIterable {
        case csv, json
    }

    let name: String
    let title: String
    let provider: String
    let source: String
    let unverified: String?
    let form: FileForm
    let products: [Product]
    let columns: [Profile.Column]
    let filePattern: FileNamePattern

    /// - Throws: ``YAMLProblem``.
    init(_ text: String, name given: String, isNamed: Bool) throws(YAMLProblem) {
        guard text.utf8.count <= Self.mostBytes else {
            throw YAMLProblem(line: nil, key: nil, problem: "it is larger than 64 KiB, and no profile is")
        }
        let table = try YAMLTable(text)
        try table.check(Self.keys)
        name = try Self.name(table, given, isNamed: isNamed)
        title = try Self.name(table, "title", try table.requiredText("title"))
        provider = try Self.provider(table) ?? name
        source = try table.filledText("source") ?? "not said"
        unverified = try table.filledText("unverified")
        form = try Self.form(table)
        products = try Self.products(table)
        columns = try Self.columns(table, form)
        filePattern = try Self.filePattern(table, form)

        guard columns.contains(where: { $0.field == .paygID }) else {
            throw table.problem("columns", "no column has the field paygID, so that no row says which unit it is")
        }
        guard products.isEmpty || columns.contains(where: { $0.field == .product }) else {
            throw table.problem("products", "no column has the field product")
        }
    }

    // MARK: - The file

    private static func name(_ table: YAMLTable, _ given: String, isNamed: Bool) throws(YAMLProblem) -> String {
        let own = try table.text("name")
        let name = isNamed ? given : own ?? given
        if let problem = Profile.problem(ofName: name) {
            throw own == nil
                ? YAMLProblem(line: nil, key: nil, problem: "its name \(problem); the key name gives it another")
                : table.problem("name", "“\(shown(name))” \(problem)")
        }
        if let own, own != name {
            throw table.problem("name", "it is “\(shown(own))”, and the profile is called “\(name)”")
        }
        return name
    }

    private static func name(_ table: YAMLTable, _ key: String, _ text: String) throws(YAMLProblem) -> String {
        do {
            return try Name.checked(text, as: key, most: 64)
        } catch {
            throw table.problem(key, problem(error))
        }
    }

    private static func provider(_ table: YAMLTable) throws(YAMLProblem) -> String? {
        guard let text = try table.text("provider") else { return nil }
        do {
            return try TokeningAuthority(provider: text).name
        } catch {
            throw table.problem(
                "provider", text.trimmingSpaces.lowercased() == "here" ? "no provider is called here" : problem(error))
        }
    }

    private static func problem(_ error: FleetError) -> String {
        if case .badValue(_, let problem) = error { "it \(problem)" } else { "\(error)" }
    }

    private static func form(_ table: YAMLTable) throws(YAMLProblem) -> FileForm {
        let format: Format = try table.choice("format") ?? .csv
        guard format == .csv else {
            for key in ["delimiter", "encoding", "lineEnding", "formulas"] where table.has(key) {
                throw table.problem(key, "a JSON file has none: it is UTF-8, and no spreadsheet opens it")
            }
            return .json
        }
        return .separated(
            try table.choice("delimiter") ?? .comma, try table.choice("encoding") ?? .utf8,
            try table.choice("lineEnding") ?? .crlf
        )
    }

    private static func filePattern(_ table: YAMLTable, _ form: FileForm) throws(YAMLProblem) -> FileNamePattern {
        let text = try table.text("file") ?? "{name}-{date}-{export}.\(form == .json ? "json" : "csv")"
        guard let pattern = FileNamePattern(text) else {
            throw table.problem(
                "file",
                "it is no plain file name: letters, digits and -_. of ASCII, and the places "
                    + FileNamePattern.places.map { "{\($0)}" }.joined(separator: ", ")
            )
        }
        return pattern
    }

    // MARK: - Products

    private static func products(_ table: YAMLTable) throws(YAMLProblem) -> [Product] {
        guard let tables = try table.tables("products") else { return [] }
        guard (1...mostProducts).contains(tables.count) else {
            throw table.problem(
                "products", tables.isEmpty ? "the list is empty" : "there are more than \(mostProducts)")
        }
        var products: [Product] = []
        for entry in tables {
            try entry.check(["key", "models", "name"])
            let key = try entry.requiredText("key")
            if let problem = Profile.problem(ofName: key) { throw entry.problem("key", "“\(shown(key))” \(problem)") }
            guard !products.contains(where: { $0.key == key }) else {
                throw entry.problem("key", "“\(key)” is another product's already")
            }
            guard let models = try entry.texts("models"), !models.isEmpty else {
                throw entry.problem("models", entry.has("models") ? "the list is empty" : "the key is missing")
            }
            for model in models {
                guard !products.contains(where: { $0.models.contains { $0.lowercased() == model.lowercased() } }) else {
                    throw entry.problem("models", "“\(shown(model))” is another product's already")
                }
            }
            let own = try entry.text("name")
            let name: String? = if let own { try Self.name(entry, "name", own) } else { nil }
            products.append(Product(key: key, models: models, name: name))
        }
        return products
    }

    // MARK: - Columns

    private static func columns(_ table: YAMLTable, _ form: FileForm) throws(YAMLProblem) -> [Profile.Column] {
        let formulas: FormulaRule = try table.choice("formulas") ?? .refuse
        guard let tables = try table.tables("columns") else {
            throw YAMLProblem(line: table.line, key: "columns", problem: "the key is missing")
        }
        guard (1...mostColumns).contains(tables.count) else {
            throw table.problem("columns", tables.isEmpty ? "the list is empty" : "there are more than \(mostColumns)")
        }
        var columns: [Profile.Column] = []
        var headers: [String: Int?] = [:]
        for entry in tables {
            let column = try ColumnReading(entry, formulas: formulas, form: form).column
            let header = column.header.lowercased()
            if let other = headers[header] {
                throw entry.problem(
                    "header",
                    "“\(shown(column.header))” is another column's already\(other.map { ", on line \($0)" } ?? "")"
                )
            }
            headers[header] = .some(entry.line(of: "header"))
            columns.append(column)
        }
        return columns
    }
}

extension Profile {
    /// Words that `payg profile` and `payg export` take for something else.
    private static let reserved: Set<String> = ["write", "list", "show", "again", "check", "set", "help", "here"]

    /// What is wrong with a profile's name, or a product's key; nil when nothing is.
    static func problem(ofName name: String) -> String? {
        guard !name.isEmpty else { return "is empty" }
        guard name.utf8.count <= 64 else { return "is longer than 64 characters" }
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isPlain, !name.hasPrefix("-") else { return "is not made of small letters, digits and hyphens" }
        return reserved.contains(name) ? "is a word that commands take for something else" : nil
    }
}
