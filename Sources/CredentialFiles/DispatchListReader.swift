import Fleet
import OpenPAYGO

extension ListField: ColumnField {
    var headers: [String] {
        switch self {
        case .paygID:
            [
                "paygid", "paygnumber", "serialnumber", "serialno", "serial", "deviceid", "deviceserial",
                "deviceserialnumber", "unitid", "unitnumber", "unit",
            ]
        case .startingCode: ["startingcode", "startcode", "devicestartingcode"]
        case .key: ["secretkey", "key", "secret", "devicekey", "devicesecretkey"]
        case .count: ["count", "tokencount", "lastcount", "currentcount", "lasttokencount", "devicecount"]
        case .timeDivider: ["timedivider", "divider", "timedivisor"]
        case .restrictedDigits: ["restricteddigitmode", "restricteddigitset", "restricteddigits", "restricted"]
        case .hardwareModel: ["hardwaremodel", "model", "devicemodel", "hardware"]
        case .firmwareVersion: ["version", "firmwareversion", "firmware", "softwareversion"]
        case .testCode: ["testcode"]
        }
    }

    var isRequired: Bool { self == .paygID || self == .key }

    func mayBe(_ header: String) -> Bool {
        switch self {
        // Without them credentials are derived and counts begin at 1: no
        // column that is not understood may stand beside that.
        case .startingCode, .count: true
        case .timeDivider: header.contains("divid") || header.contains("divisor")
        case .restrictedDigits: header.contains("restrict") || header.contains("digitmode")
        case .testCode: header.contains("testc")
        case .paygID, .key, .hardwareModel, .firmwareVersion: false
        }
    }
}

/// What reading a dispatch list told besides its units.
public struct ListReading: Sendable {
    /// The file, and the digest of its bytes.
    public let source: ListSource
    /// Headers that mean nothing here.
    public let ignoredColumns: [String]
    /// Rows whose starting code had fewer than nine digits.
    public let paddedStartingCodes: Int
    /// Whether there is no starting code column, and they were derived from the keys.
    public let derivedStartingCodes: Bool
}

/// Reads dispatch lists: the standard's device list, the Cloud Solar list, and
/// any other with a PAYG ID and a secret key, its columns in any order.
public enum DispatchListReader {
    /// Problems kept one by one; the rest are counted.
    private static let most = 10_000

    /// Reads a list, unit by unit.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - take: takes each unit that is understood, and answers with what is
    ///     wrong with it all the same.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` with row,
    ///   column and reason of all that is wrong, once the whole list is read;
    ///   ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``; what `take` throws.
    public static func read(
        _ path: String, take: (ListedUnit) throws -> [RowProblem]
    ) throws -> ListReading {
        let file = DelimitedFile(path: path)
        var columns: ColumnMap<ListField>?
        var problems = ProblemList(most: most)
        var gaps = ColumnGaps()
        var padded = 0
        var areDerived = false
        var units = 0

        let sha256 = try file.forEachRow { number, cells in
            guard let columns else {
                columns = try ColumnMap(cells, row: number, of: file.name)
                return
            }
            units += 1
            var row = DispatchListRow(number: number, cells: cells, columns: columns, gaps: gaps)
            if let unit = row.unit() {
                problems.add(try take(unit))
                areDerived = unit.isStartingCodeDerived
                if row.hasShortStartingCode { padded += 1 }
            }
            problems.add(row.problems)
            gaps = row.gaps
        }

        guard let columns, units > 0 else {
            throw FleetError.badInput(
                file: file.name, problems: [RowProblem(row: 1, column: nil, problem: "there is no unit in the file")],
                total: 1
            )
        }
        try problems.refuse(file.name, rows: units)
        return ListReading(
            source: ListSource(file: file.name, sha256: sha256), ignoredColumns: columns.ignored,
            paddedStartingCodes: padded,
            derivedStartingCodes: areDerived
        )
    }
}

/// The problems of a file: the first ones, and how many there are in all.
struct ProblemList {
    private let most: Int
    private var first: [RowProblem] = []
    private var total = 0
    private var rejected = 0
    private var lastRow = 0

    init(most: Int) {
        self.most = most
    }

    mutating func add(_ problems: [RowProblem]) {
        total += problems.count
        for problem in problems where problem.row != lastRow {
            rejected += 1
            lastRow = problem.row
        }
        first.append(contentsOf: problems.prefix(max(0, most - first.count)))
    }

    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` when there are any.
    func refuse(_ file: String, rows: Int) throws(FleetError) {
        if total > 0 { throw .badInput(file: file, problems: first, total: total, rows: rows, rejected: rejected) }
    }
}

/// Which optional columns have had a value so far, and which an empty cell. A
/// column that is empty throughout says nothing; one with gaps lost something.
struct ColumnGaps {
    private var firstRows: [ListField: (row: Int, isEmpty: Bool)] = [:]

    /// What is wrong with a cell's being empty, or not being so.
    mutating func problem(_ field: ListField, row: Int, isEmpty: Bool) -> String? {
        guard let first = firstRows[field] else {
            firstRows[field] = (row, isEmpty)
            return nil
        }
        guard first.isEmpty != isEmpty else { return nil }
        return isEmpty
            ? "the cell is empty, and in row \(first.row) it is not\(Self.advice(field))"
            : "the cell has a value, and in row \(first.row) it is empty\(Self.advice(field))"
    }

    private static func advice(_ field: ListField) -> String {
        switch field {
        case .count, .timeDivider: "; write 1 where that is meant"
        case .restrictedDigits: "; write 0 where that is meant"
        default: ""
        }
    }
}
