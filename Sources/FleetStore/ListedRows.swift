/// In which row of a list each unit of the registry is.
struct ListedRows {
    /// By the unit's row in the registry; those are given one after the other.
    private var rows: [Int32] = []
    /// Of units whose rows somebody else numbered.
    private var others: [Int64: Int32] = [:]
    private static let most: Int64 = 1 << 26

    /// Adds a unit.
    ///
    /// - Returns: the row that it is in already; nil where it is in none.
    mutating func add(_ rowID: Int64, row: Int) -> Int? {
        guard (0..<Self.most).contains(rowID) else {
            if let before = others[rowID] { return Int(before) }
            others[rowID] = Int32(clamping: row)
            return nil
        }
        let place = Int(rowID)
        if place >= rows.count {
            rows.append(contentsOf: repeatElement(0, count: max(place + 1, 2 * rows.count) - rows.count))
        }
        guard rows[place] == 0 else { return Int(rows[place]) }
        rows[place] = Int32(clamping: row)
        return nil
    }

    /// Whether the list has a unit.
    func contains(_ rowID: Int64) -> Bool {
        guard (0..<Self.most).contains(rowID) else { return others[rowID] != nil }
        return rowID < rows.count && rows[Int(rowID)] != 0
    }
}
