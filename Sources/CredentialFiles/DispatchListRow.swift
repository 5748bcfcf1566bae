import Fleet
import OpenPAYGO

/// Judges the values of one row of a dispatch list. A value that is not
/// understood is a problem; none is ever guessed.
struct DispatchListRow {
    let number: Int
    let cells: [String]
    let columns: ColumnMap<ListField>
    private(set) var problems: [RowProblem] = []
    /// Whether zeros were put back in front of the starting code.
    private(set) var hasShortStartingCode = false
    private(set) var gaps: ColumnGaps

    init(number: Int, cells: [String], columns: ColumnMap<ListField>, gaps: ColumnGaps) {
        self.gaps = gaps
        self.number = number
        self.cells = cells
        self.columns = columns
    }

    /// The unit; nil when the row has problems.
    mutating func unit() -> ListedUnit? {
        if let misfit = columns.misfit(cells) {
            problem(nil, misfit)
            return nil
        }
        let id = required(.paygID) { text in try PaygID(text) }
        let key = required(.key) { text in try SecretKey(hex: text) }
        let startingCode = startingCode(key)
        let count = even(.count) { text in try TokenCount(digits: text) }
        let divider = even(.timeDivider) { text in
            guard let number = Int(text) else { throw Unclear("a time divider is a whole number from 1 to 255") }
            return try TimeDivider(number)
        }
        let digitSet = even(.restrictedDigits) { text -> Token.DigitSet in
            switch text.lowercased() {
            case "0", "no", "false": return .full
            case "1", "yes", "true": return .restricted
            default: throw Unclear("restricted digit mode is 0 or 1, yes or no, true or false")
            }
        }
        let model = optional(.hardwareModel, plain)
        let version = optional(.firmwareVersion, plain)
        let testCode = optional(.testCode) { text in try TestCode(digits: text) }

        guard problems.isEmpty, let id, let key, let startingCode else { return nil }
        return ListedUnit(
            row: number, id: id, credentials: Credentials(key: key, startingCode: startingCode),
            isStartingCodeDerived: columns.cell(.startingCode, in: cells)?.isEmpty ?? true, count: count,
            timeDivider: divider, digitSet: digitSet, hardwareModel: model, firmwareVersion: version,
            testCode: testCode
        )
    }

    /// What a value is not. The reason never repeats the cell: it may be a secret.
    private struct Unclear: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    private mutating func problem(_ field: ListField?, _ reason: String) {
        problems.append(RowProblem(row: number, column: field.map(columns.header), problem: reason))
    }

    private mutating func required<Value>(_ field: ListField, _ read: (String) throws -> Value) -> Value? {
        guard let cell = columns.cell(field, in: cells), !cell.isEmpty else {
            problem(field, "the cell is empty")
            return nil
        }
        return value(field, cell, read)
    }

    private mutating func optional<Value>(_ field: ListField, _ read: (String) throws -> Value) -> Value? {
        guard let cell = columns.cell(field, in: cells), !cell.isEmpty else { return nil }
        return value(field, cell, read)
    }

    /// An optional value that every row has, or none.
    private mutating func even<Value>(_ field: ListField, _ read: (String) throws -> Value) -> Value? {
        guard let cell = columns.cell(field, in: cells) else { return nil }
        if let gap = gaps.problem(field, row: number, isEmpty: cell.isEmpty) { problem(field, gap) }
        return cell.isEmpty ? nil : value(field, cell, read)
    }

    private mutating func value<Value>(_ field: ListField, _ cell: String, _ read: (String) throws -> Value) -> Value? {
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

    private func plain(_ text: String) throws -> String {
        try Name.checked(text, as: "value", most: 128)
    }

    /// A list without starting codes leaves them to be derived from the keys,
    /// as the standard has it.
    private mutating func startingCode(_ key: SecretKey?) -> StartingCode? {
        let code = even(.startingCode) { text in try StartingCode(digits: text) }
        if let cell = columns.cell(.startingCode, in: cells), !cell.isEmpty {
            hasShortStartingCode = cell.utf8.count < 9
            return code
        }
        return key.map { StartingCode(derivedFrom: $0) }
    }
}
