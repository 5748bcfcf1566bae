import Fleet

/// A kind of value that a list's columns hold, and the headers it goes by.
protocol ColumnField: CaseIterable, Hashable, Sendable {
    /// Its name in messages.
    var title: String { get }
    /// Headers that mean it, in lower case, letters and digits only.
    var headers: [String] { get }
    /// Whether a header that means no field, in lower case, may be meant for
    /// it. Where the field has no column and there is such a header, a clear
    /// one is asked for: to take the field for absent would be guessing.
    func mayBe(_ header: String) -> Bool
    /// Whether a list without it is no list.
    var isRequired: Bool { get }
}

/// Which column of a list holds which field, by the meaning of its headers.
struct ColumnMap<Field: ColumnField> {
    private var columns: [Field: Int] = [:]
    /// The headers as written, without the empty ones at the end.
    let headers: [String]
    /// Headers that mean no field.
    private(set) var ignored: [String] = []
    /// Columns with no header, which must be empty all the way down.
    private let unnamed: [Int]

    /// Recognises the headers in a row.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` where a
    ///   required field has no column, or it is not clear which field has which.
    init(_ cells: [String], row: Int, of file: String, _ words: HeaderNames<Field>) throws(FleetError) {
        let headers = Array(cells.prefix(1 + (cells.lastIndex { !$0.trimmingSpaces.isEmpty } ?? 0)))
        self.headers = headers
        unnamed = headers.indices.filter { headers[$0].trimmingSpaces.isEmpty }
        var problems: [RowProblem] = []
        func problem(_ column: String, _ problem: String) {
            problems.append(RowProblem(row: row, column: column, problem: problem, kind: .header))
        }
        var unknown: [Int] = []
        for (column, header) in headers.enumerated() {
            guard let field = words.field(of: header) else {
                if !unnamed.contains(column), !words.isIgnored(header) { unknown.append(column) }
                continue
            }
            if let other = columns[field] {
                problem(
                    Self.shown(header, column), "means the same as the column “\(Self.shown(headers[other], other))”")
            }
            columns[field] = column
        }
        ignored = unknown.map { Self.shown(headers[$0], $0) }
        let missing = Field.allCases.filter { columns[$0] == nil }
        for name in words.missing(in: headers) { problem(name, "the header has no such column") }
        for field in missing where field.isRequired {
            problem(field.title, "the header names no such column" + Self.notUnderstood(ignored))
        }
        if !missing.contains(where: \.isRequired) {
            for column in unknown {
                let fields = missing.filter { $0.mayBe(headers[column].plainHeader) }.map(\.title)
                guard !fields.isEmpty else { continue }
                problem(
                    Self.shown(headers[column], column),
                    "it is not clear whether this is the \(fields.joined(separator: " or the ")): "
                        + "name it so, or say that it means nothing"
                )
            }
        }
        if !problems.isEmpty { throw .badInput(file: file, problems: problems, total: problems.count) }
    }

    private static func notUnderstood(_ headers: [String]) -> String {
        guard !headers.isEmpty, headers.count <= 12 else { return "" }
        return "; not understood: " + headers.map { "“\($0)”" }.joined(separator: ", ")
    }

    /// A header that may be shown. One that looks like data may be a secret,
    /// in a list that lost its first line.
    private static func shown(_ header: String, _ column: Int) -> String {
        var run = 0
        let holdsData = header.unicodeScalars.contains { scalar in
            // However it is grouped.
            guard !" -_:.".unicodeScalars.contains(scalar) else { return false }
            run = scalar.properties.isASCIIHexDigit ? run + 1 : 0
            return run >= 8
        }
        guard !holdsData, let name = try? Name.checked(header, as: "header", most: 40) else {
            return "column \(column + 1)"
        }
        return name
    }

    /// The column of a field; nil where the list has none.
    func index(_ field: Field) -> Int? { columns[field] }

    /// What is wrong with a row's shape; nil when nothing is. A row with fewer
    /// cells than the header may be one cut off.
    func misfit(_ cells: Cells) -> String? {
        guard cells.count >= headers.count, (headers.count..<cells.count).allSatisfy({ cells.trimmed($0).isEmpty })
        else { return "it has \(cells.count) cells, and the header has \(headers.count)" }
        return unnamed.first { !cells.trimmed($0).isEmpty }.map { "column \($0 + 1) has a value, and no header" }
    }

    /// The header of a field's column, as the list writes it.
    func header(_ field: Field) -> String {
        columns[field].map { Self.shown(headers[$0], $0) } ?? field.title
    }
}

/// Which headers mean which field: those that are known, and those that the
/// user names.
struct HeaderNames<Field: ColumnField> {
    private var named: [String: Field] = [:]
    private var ignored: Set<String> = []
    private var given: [(plain: String, shown: String)] = []
    private let known: [String: Field]
    private let requiredFields = Set(Field.allCases.filter(\.isRequired))

    /// - Parameters:
    ///   - named: the user's headers.
    ///   - ignored: headers that the user says mean nothing.
    init(named: [Field: String] = [:], ignored: [String] = []) {
        for (field, header) in named {
            self.named[header.plainHeader] = field
            given.append((header.plainHeader, header))
        }
        for header in ignored {
            self.ignored.insert(header.plainHeader)
            given.append((header.plainHeader, header))
        }
        // What the user names is found there and nowhere else.
        var known: [String: Field] = [:]
        for field in Field.allCases where named[field] == nil {
            for header in field.headers { known[header] = known[header] ?? field }
        }
        self.known = known
    }

    /// The field that a header means.
    func field(of header: String) -> Field? {
        let plain = header.plainHeader
        return ignored.contains(plain) ? nil : named[plain] ?? known[plain]
    }

    func isIgnored(_ header: String) -> Bool {
        ignored.contains(header.plainHeader) || RejectsFile.columns.contains { $0.plainHeader == header.plainHeader }
    }

    /// What the user named and the header row has not.
    func missing(in headers: [String]) -> [String] {
        let there = Set(headers.map(\.plainHeader))
        return given.filter { !there.contains($0.plain) }.map(\.shown)
    }

    /// How much a row is like a header: how many fields it names, and much more
    /// where all that are required are among them.
    func likeness(_ cells: [String]) -> Int {
        let fields = Set(cells.compactMap(field))
        return fields.count + (fields.isSuperset(of: requiredFields) ? 100 : 0)
    }

    /// - Throws: ``FleetError/badValue(what:problem:)`` where the user gives one
    ///   header two meanings.
    func checkEachOnce() throws(FleetError) {
        for (place, header) in given.enumerated() where given[..<place].contains(where: { $0.plain == header.plain }) {
            throw .badValue(what: "header “\(header.shown)”", problem: "is given two meanings, and has one")
        }
    }

    /// Whether the user named any.
    var areNamed: Bool { !given.isEmpty }

    /// Whether a row is a header.
    func isHeader(_ cells: [String]) -> Bool { likeness(cells) > 100 }
}
