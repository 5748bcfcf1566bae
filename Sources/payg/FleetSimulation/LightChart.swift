/// Units with light on over time, drawn with characters: an area, with the
/// number of units at the left and the days below.
struct LightChart {
    /// Units at the end of each day.
    let series: [Int]
    /// How many units there are.
    let units: Int
    /// Columns of the area.
    var width = 60
    /// Rows of the area.
    var height = 10

    /// The lines of the chart.
    ///
    /// - Parameter blocks: whether eighths of a character can be shown; else
    ///   the area is of `#`.
    func lines(blocks: Bool) -> [String] {
        let highest = max(1, units)
        let label = max(5, String(highest).count)
        let columns = values(in: width)
        var lines: [String] = []
        for row in stride(from: height, to: 0, by: -1) {
            // Half of an odd number would be told as less than it is.
            let isTold = row == height || row * 2 == height && highest.isMultiple(of: 2)
            let name = isTold ? highest * row / height : nil
            var line = padded(name.map(String.init) ?? "", to: label) + (blocks ? " ┤" : " |")
            for value in columns { line += Self.cell(value, of: highest, row: row, height: height, blocks: blocks) }
            while line.last == " " { line.removeLast() }
            lines.append(line)
        }
        let (corner, side) = blocks ? ("└", "─") : ("+", "-")
        lines.append(padded("0", to: label) + " " + corner + String(repeating: side, count: columns.count))
        let (first, last) = ("day 1", series.count > 1 ? "day \(series.count)" : "")
        let gap = max(1, columns.count - first.count - last.count)
        let space = last.isEmpty ? "" : String(repeating: " ", count: gap)
        lines.append(String(repeating: " ", count: label + 2) + first + space + last)
        return lines
    }

    /// So many values, each the mean of the days that it stands for.
    func values(in columns: Int) -> [Int] {
        guard !series.isEmpty else { return [] }
        return (0..<columns).map { column in
            let start = column * series.count / columns
            let end = max(start + 1, (column + 1) * series.count / columns)
            return series[start..<end].reduce(0, +) / (end - start)
        }
    }

    private static func cell(_ value: Int, of highest: Int, row: Int, height: Int, blocks: Bool) -> String {
        // In eighths of a row; anything at all shows.
        let filled = value > 0 ? max(1, (value * height * 8 + highest / 2) / highest) : 0
        let eighths = min(8, filled - (row - 1) * 8)
        if blocks { return eighths <= 0 ? " " : String(Array("▁▂▃▄▅▆▇█")[eighths - 1]) }
        return eighths >= 4 ? "#" : eighths > 0 ? "." : " "
    }

    private func padded(_ text: String, to width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
