import Fleet
import Foundation

/// A kind of value that a list's columns hold, and the headers it goes by.
protocol ColumnField: CaseIterable, Hashable {
    /// Its name in messages.
    var title: String { get }
    /// Headers that mean it, in lower case, letters and digits only.
    var headers: [String] { get }
    /// Whether a list without it is no list.
    var isRequired: Bool { get }
}

/// Which column of a list holds which field, by the meaning of its headers.
struct ColumnMap<Field: ColumnField> {
    private var columns: [Field: Int] = [:]
    /// The headers as written.
    let headers: [String]
    /// Headers that mean no field.
    private(set) var ignored: [String] = []

    /// Recognises the headers in a row.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:)`` where a required
    ///   field has no column, or a field has two.
    init(_ headers: [String], row: Int, of file: String) throws(FleetError) {
        self.headers = headers
        var problems: [RowProblem] = []
        for (column, header) in headers.enumerated() {
            let plain = Self.plain(header)
            guard let field = Field.allCases.first(where: { $0.headers.contains(plain) }) else {
                if !plain.isEmpty { ignored.append(header) }
                continue
            }
            if let other = columns[field] {
                problems.append(
                    RowProblem(row: row, column: header, problem: "means the same as the column “\(headers[other])”")
                )
            }
            columns[field] = column
        }
        for field in Field.allCases where field.isRequired && columns[field] == nil {
            problems.append(RowProblem(row: row, column: field.title, problem: "the header names no such column"))
        }
        if !problems.isEmpty { throw .badInput(file: file, problems: problems, total: problems.count) }
    }

    /// What a row has in a field's column: nil where the list has no such
    /// column, empty where the row has nothing in it.
    func cell(_ field: Field, in cells: [String]) -> String? {
        columns[field].map { cells.indices.contains($0) ? cells[$0].trimmed : "" }
    }

    /// The header of a field's column, as the list writes it.
    func header(_ field: Field) -> String {
        columns[field].map { headers[$0].trimmed } ?? field.title
    }

    /// Lower-case letters and digits only, so that `Serial_Number`,
    /// `SERIAL NUMBER` and `serial-number` are one.
    private static func plain(_ header: String) -> String {
        String(
            String.UnicodeScalarView(
                header.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }))
    }
}

extension String {
    /// Without white space at either end.
    var trimmed: String {
        trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
