import Fleet

/// A kind of value that a list's columns hold, and the headers it goes by.
protocol ColumnField: CaseIterable, Hashable {
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
    init(_ cells: [String], row: Int, of file: String) throws(FleetError) {
        let headers = Array(cells.prefix(1 + (cells.lastIndex { !$0.trimmingSpaces.isEmpty } ?? 0)))
        self.headers = headers
        unnamed = headers.indices.filter { headers[$0].trimmingSpaces.isEmpty }
        var problems: [RowProblem] = []
        func problem(_ column: String, _ problem: String) {
            problems.append(RowProblem(row: row, column: column, problem: problem))
        }
        var unknown: [Int] = []
        for (column, header) in headers.enumerated() {
            let plain = Self.plain(header)
            guard let field = Field.allCases.first(where: { $0.headers.contains(plain) }) else {
                if !unnamed.contains(column) { unknown.append(column) }
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
        for field in missing where field.isRequired {
            problem(field.title, "the header names no such column" + Self.separatorAdvice(headers))
        }
        for field in missing where !missing.contains(where: \.isRequired) {
            guard let column = unknown.first(where: { field.mayBe(Self.plain(headers[$0])) }) else { continue }
            problem(
                Self.shown(headers[column], column),
                "it is not clear whether this is the \(field.title): name it so, or take the column out"
            )
        }
        if !problems.isEmpty { throw .badInput(file: file, problems: problems, total: problems.count) }
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

    private static func separatorAdvice(_ headers: [String]) -> String {
        guard headers.count == 1, let only = headers.first else { return "" }
        if only.contains(";") { return "; the cells are separated by semicolons, and commas are needed" }
        if only.contains("\t") { return "; the cells are separated by tabs, and commas are needed" }
        return ""
    }

    /// What a row has in a field's column: nil where the list has no such
    /// column, empty where the row has nothing in it.
    func cell(_ field: Field, in cells: [String]) -> String? {
        columns[field].map { cells.indices.contains($0) ? cells[$0].trimmingSpaces : "" }
    }

    /// What is wrong with a row's shape; nil when nothing is. A row with fewer
    /// cells than the header may be one cut off.
    func misfit(_ cells: [String]) -> String? {
        let surplus = cells.dropFirst(headers.count)
        guard cells.count >= headers.count, surplus.allSatisfy(\.trimmingSpaces.isEmpty) else {
            return "it has \(cells.count) cells, and the header has \(headers.count)"
        }
        return unnamed.first { !cells[$0].trimmingSpaces.isEmpty }.map { "column \($0 + 1) has a value, and no header" }
    }

    /// The header of a field's column, as the list writes it.
    func header(_ field: Field) -> String {
        columns[field].map { Self.shown(headers[$0], $0) } ?? field.title
    }

    /// Lower-case letters and digits only, so that `Serial_Number`,
    /// `SERIAL NUMBER` and `serial-number` are one.
    private static func plain(_ header: String) -> String {
        String(
            String.UnicodeScalarView(
                header.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }))
    }
}
