import Fleet
import PrivateFiles

/// The rows of a list that were left out, each with the reason, in a file that
/// can be mended and imported again: separated as the list is, and in UTF-8
/// with the mark that spreadsheets know it by. It holds secrets as the list
/// does: it is private, and there whole or not at all.
public final class RejectsFile {
    /// The columns that say where a row stood and what is wrong with it. A list
    /// that has them is one of these files, and they mean nothing in it.
    static let columns = ["payg row", "payg problem"]

    /// Whether a list with these headers is such a file.
    static func isOne(_ headers: [String]) -> Bool {
        let plain = headers.map(\.plainHeader)
        return columns.contains { plain.contains($0.plainHeader) }
    }

    private let path: String
    private var file: PrivateFile?
    /// Rows written so far.
    public private(set) var rows = 0

    /// A file that appears when there is a row to write.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public init(_ path: String) throws(FleetError) {
        self.path = path
        do {
            file = try PrivateFile(path: path)
        } catch {
            throw FleetError(error, output: path)
        }
    }

    /// Adds a row as it was written. The first is preceded by the header.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    public func add(
        _ cells: [String], problems: [RowProblem], header: [String], delimiter: ListFormat.Delimiter
    ) throws(FleetError) {
        // A row that was left out before has these columns already.
        let own = header.indices.filter { Self.columns.map(\.plainHeader).contains(header[$0].plainHeader) }
        func others(_ cells: [String]) -> [String] {
            cells.indices.filter { !own.contains($0) }.map { cells[$0] }
        }
        if rows == 0 {
            try write([0xEF, 0xBB, 0xBF])
            try write(delimitedLine(Self.columns + others(header), delimiter))
        }
        rows += 1
        let told = problems.map { problem in (problem.column.map { "\($0): " } ?? "") + problem.problem }
        let row = problems.first.map { String($0.row) } ?? ""
        try write(delimitedLine([row, told.joined(separator: "; ")] + others(cells), delimiter))
    }

    /// Gives the file its name, if any row was written.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    public func publish() throws(FleetError) {
        defer { file = nil }
        guard rows > 0 else { return }
        do {
            try file?.publish()
        } catch {
            throw FleetError(error, output: path)
        }
    }

    private func write(_ bytes: [UInt8]) throws(FleetError) {
        do {
            try file?.write(bytes)
        } catch {
            throw FleetError(error, output: path)
        }
    }
}
