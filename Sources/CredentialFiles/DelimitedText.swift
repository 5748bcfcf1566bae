import CLibCSV
import Fleet
import Foundation

/// The cells of one row as bytes of UTF-8. They live only while the row is
/// judged.
struct Cells {
    /// The cells one behind the other.
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where each ends in them.
    let ends: UnsafeBufferPointer<Int>

    var count: Int { ends.count }

    /// A cell as it was written.
    subscript(index: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[(index > 0 ? ends[index - 1] : 0)..<ends[index]])
    }

    /// A cell without white space at its ends.
    func trimmed(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let cell = self[index]
        guard let first = cell.first, let last = cell.last else { return cell }
        if first > 0x20, last > 0x20, first < 0x80, last < 0x80 { return cell }
        // White space beyond ASCII has up to three bytes, none of which stands in another character.
        let text = String(decoding: cell, as: UTF8.self)
        let scalars = text.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.isBlank }),
            let end = scalars.lastIndex(where: { !$0.isBlank })
        else { return UnsafeBufferPointer(rebasing: cell[..<0]) }
        let from = text.utf8.distance(from: text.startIndex, to: start)
        let to = text.utf8.distance(from: text.startIndex, to: scalars.index(after: end))
        return UnsafeBufferPointer(rebasing: cell[from..<to])
    }

    /// The cells as they were written.
    var texts: [String] { (0..<count).map { String(decoding: self[$0], as: UTF8.self) } }
}

extension Unicode.Scalar {
    /// White space, and what has no width and may stand at the end of a cell
    /// that was pasted.
    fileprivate var isBlank: Bool {
        properties.isWhitespace || value == 0x200B || value == 0xFEFF
    }
}

/// Takes delimited text apart, row by row in bounded memory.
///
/// This is the only file that knows which library does it.
final class DelimitedText {
    /// Longer cells, and rows of more cells, are not lists but accidents.
    static let longestCell = 1 << 16
    fileprivate static let widestRow = 1 << 10

    /// A place that libcsv's callbacks are told, and that stays while it works.
    private let rows: UnsafeMutablePointer<RowAssembly>
    private var parser = csv_parser()

    /// The row being read.
    var next: Int { rows.pointee.next }
    /// How the characters are written, once a row tells.
    var encoding: ListFormat.Encoding? { rows.pointee.encoding }

    /// - Parameters:
    ///   - encoding: nil where the rows tell: UTF-8 if the first characters
    ///     beyond ASCII are, else Windows-1252.
    ///   - row: takes the number of each row that is not blank, counted as a
    ///     spreadsheet does from 1, and its cells. Throws to stop.
    init(
        _ delimiter: ListFormat.Delimiter, encoding: ListFormat.Encoding?,
        _ row: @escaping (_ number: Int, _ cells: Cells) throws -> Void
    ) {
        rows = .allocate(capacity: 1)
        rows.initialize(to: RowAssembly(encoding, row))
        _ = csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL))
        csv_set_delim(&parser, delimiter.byte)
    }

    deinit {
        csv_free(&parser)
        rows.deinitialize(count: 1)
        rows.deallocate()
    }

    /// Takes the next part of the text apart.
    ///
    /// - Throws: ``TextProblem``; what the taker of rows throws.
    func parse(_ part: Data) throws {
        let consumed = part.withUnsafeBytes {
            csv_parse(&parser, $0.baseAddress, $0.count, Self.takeCell, Self.takeEnd, rows)
        }
        if let failure = rows.pointee.failure { throw failure }
        guard consumed == part.count else { throw TextProblem(next, "a quotation mark stands where none can") }
        guard parser.entry_pos <= Self.longestCell else {
            throw TextProblem(
                next, "a cell has more than \(Self.longestCell) characters: a quotation mark may not be closed"
            )
        }
    }

    /// Takes the last row, which may have no line end.
    ///
    /// - Throws: ``TextProblem``; what the taker of rows throws.
    func finish() throws {
        guard csv_fini(&parser, Self.takeCell, Self.takeEnd, rows) == 0 else {
            throw TextProblem(next, "a quotation mark is never closed")
        }
        if let failure = rows.pointee.failure { throw failure }
    }

    private static let takeCell: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
        bytes, count, context in
        context?.assumingMemoryBound(to: RowAssembly.self).pointee
            .cell(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    private static let takeEnd: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { end, context in
        context?.assumingMemoryBound(to: RowAssembly.self).pointee.end(end)
    }
}

/// The row that libcsv's callbacks put together. They cannot throw, so the
/// first failure waits until the parser returns.
private struct RowAssembly {
    private let row: (_ number: Int, _ cells: Cells) throws -> Void
    private var bytes: [UInt8] = []
    private var ends: [Int] = []
    private var isBlank = true
    private(set) var failure: (any Error)?
    private var lastEnd: Int32 = 0
    private(set) var next = 1
    private(set) var encoding: ListFormat.Encoding?
    /// Whether a row, and not the user or a mark, tells the encoding.
    private let rowsTell: Bool

    init(_ encoding: ListFormat.Encoding?, _ row: @escaping (_ number: Int, _ cells: Cells) throws -> Void) {
        self.row = row
        self.encoding = encoding
        rowsTell = encoding == nil
    }

    mutating func cell(_ cell: UnsafeRawBufferPointer) {
        guard failure == nil else { return }
        guard cell.count <= DelimitedText.longestCell, ends.count < DelimitedText.widestRow else {
            return failure = TextProblem(next, "it has more, or longer, cells than any list")
        }
        if !cell.isEmpty { isBlank = false }
        bytes.append(contentsOf: cell)
        ends.append(bytes.count)
    }

    mutating func end(_ terminator: Int32) {
        // The line feed of a CR LF ends no row of its own.
        if ends.isEmpty, terminator == CSV_LF, lastEnd == CSV_CR {
            lastEnd = terminator
            return
        }
        lastEnd = terminator
        if failure == nil, !isBlank {
            do { try finishRow() } catch { failure = error }
        }
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        isBlank = true
        next += 1
    }

    private mutating func finishRow() throws {
        let isPlain = bytes.allSatisfy { $0 < 0x80 && $0 > 0 }
        if !isPlain {
            guard !bytes.contains(0) else {
                throw TextProblem(
                    next, "it holds a zero byte, as UTF-16 text without its mark does, and damaged files do", .encoding
                )
            }
            try makeReadable()
        }
        try bytes.withUnsafeBufferPointer { bytes in
            try ends.withUnsafeBufferPointer { ends in try row(next, Cells(bytes: bytes, ends: ends)) }
        }
    }

    /// Brings a row beyond ASCII into UTF-8, in whatever encoding it is.
    private mutating func makeReadable() throws {
        func cell(_ index: Int) -> ArraySlice<UInt8> { bytes[(index > 0 ? ends[index - 1] : 0)..<ends[index]] }
        let broken = ends.indices.first { String(validating: cell($0), as: UTF8.self) == nil }
        if encoding == nil { encoding = broken == nil ? .utf8 : .windows1252 }
        if encoding == .windows1252, rowsTell, broken == nil {
            throw TextProblem(next, "it is UTF-8 text, and rows above are in Windows-1252", .encoding)
        }
        guard encoding == .windows1252 else {
            guard let broken else { return }
            throw TextProblem(
                next, "cell \(broken + 1) is not UTF-8 text\(rowsTell ? ", and rows above are" : "")", .encoding)
        }
        var text: [UInt8] = []
        var textEnds: [Int] = []
        for index in ends.indices {
            guard let cell = Windows1252.utf8(cell(index)) else {
                throw TextProblem(next, "cell \(index + 1) is neither UTF-8 nor Windows-1252 text", .encoding)
            }
            text += cell
            textEnds.append(text.count)
        }
        (bytes, ends) = (text, textEnds)
    }
}

/// What is wrong with the text of a list, and in which row.
struct TextProblem: Error {
    let row: Int
    let problem: String
    let kind: RowProblem.Kind

    init(_ row: Int, _ problem: String, _ kind: RowProblem.Kind = .value) {
        self.row = row
        self.problem = problem
        self.kind = kind
    }
}
