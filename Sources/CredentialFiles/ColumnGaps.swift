import Fleet

/// Which optional columns have had a value so far, and which an empty cell. A
/// column that is empty throughout says nothing; one with gaps lost something.
struct ColumnGaps {
    /// By ``ListField/ordinal``.
    private var firstRows = [(row: Int, isEmpty: Bool)?](repeating: nil, count: ListField.allCases.count)

    /// Whether no column may be empty: where rows are left out, the others do
    /// not tell whether one is empty throughout.
    let areAllFilled: Bool

    init(areAllFilled: Bool) {
        self.areAllFilled = areAllFilled
    }

    /// What is wrong with a cell's being empty, or not being so.
    mutating func problem(_ field: ListField, row: Int, isEmpty: Bool) -> String? {
        if areAllFilled {
            return isEmpty
                ? "the cell is empty\(Self.advice(field)); a column that is empty throughout must be ignored" : nil
        }
        guard let first = firstRows[field.ordinal] else {
            firstRows[field.ordinal] = (row, isEmpty)
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
