import CLibCSV
import Crypto
import Fleet
import Foundation
import PrivateFiles

/// A file of comma-separated values, read row by row in bounded memory.
///
/// This is the only file that knows which library takes the text apart.
struct DelimitedFile {
    let path: String

    /// The file's name, without its folder.
    var name: String { (path as NSString).lastPathComponent }

    /// Longer cells, and rows of more cells, are not lists but accidents.
    private static let longestCell = 1 << 16
    private static let widestRow = 1 << 10
    private static let chunk = 1 << 16

    /// Reads the file to its end.
    ///
    /// - Parameter row: called with the number of each row that is not blank,
    ///   counted as a spreadsheet does from 1, and its cells. Throws to stop.
    /// - Returns: SHA-256 of the bytes, in lower-case hexadecimal.
    /// - Throws: ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``,
    ///   ``FleetError/badInput(file:problems:total:rows:rejected:)`` where the text is no
    ///   list of values; what `row` throws.
    func forEachRow(_ row: (_ number: Int, _ cells: [String]) throws -> Void) throws -> String {
        let file = try opened()
        defer { try? file.close() }
        var hash = SHA256()
        try withoutActuallyEscaping(row) { row in
            let rows = Rows(of: name, row)
            var parser = csv_parser()
            guard csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL)) == 0 else {
                throw FleetError.inputUnreadable(path: path, reason: "out of memory")
            }
            defer { csv_free(&parser) }
            let context = Unmanaged.passUnretained(rows).toOpaque()

            var isFirst = true
            while var bytes = try chunk(of: file) {
                hash.update(data: bytes)
                // libcsv knows no byte order mark, and takes it for a first cell.
                if isFirst, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
                isFirst = false
                let consumed = bytes.withUnsafeBytes {
                    csv_parse(&parser, $0.baseAddress, $0.count, Rows.takeCell, Rows.takeEnd, context)
                }
                try rows.rethrow()
                guard consumed == bytes.count else {
                    throw refused(rows.next, "a quotation mark stands where none can")
                }
                guard parser.entry_pos <= Self.longestCell else { throw tooLong(rows.next) }
            }
            guard csv_fini(&parser, Rows.takeCell, Rows.takeEnd, context) == 0 else {
                throw refused(rows.next, "a quotation mark is never closed")
            }
            try rows.rethrow()
        }
        return hash.finalize().hex
    }

    private func opened() throws -> FileHandle {
        guard FileManager.default.fileExists(atPath: path) else {
            throw FleetError.inputMissing(path: path)
        }
        // A pipe may take its time, and the registry is locked while we read.
        guard isRegularFile(path) else {
            throw FleetError.inputUnreadable(path: path, reason: "it is not a file")
        }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw FleetError.inputUnreadable(path: path, reason: "permission denied")
        }
        return file
    }

    private func chunk(of file: FileHandle) throws -> Data? {
        do {
            let bytes = try file.read(upToCount: Self.chunk)
            return bytes?.isEmpty ?? true ? nil : bytes
        } catch {
            throw FleetError.inputUnreadable(path: path, reason: "the disk or the connection failed")
        }
    }

    private func refused(_ row: Int, _ problem: String) -> FleetError {
        .badInput(file: name, problems: [RowProblem(row: row, column: nil, problem: problem)], total: 1)
    }

    private func tooLong(_ row: Int) -> FleetError {
        refused(row, "a cell has more than \(Self.longestCell) characters: a quotation mark may not be closed")
    }

    /// What libcsv's callbacks gather. They cannot throw, so the first failure
    /// waits here until the parser returns.
    private final class Rows {
        private let file: String
        private let body: (Int, [String]) throws -> Void
        private var cells: [String] = []
        private var isBlank = true
        private var failure: (any Error)?
        private var lastEnd: Int32 = 0
        /// The row being read.
        private(set) var next = 1

        init(of file: String, _ body: @escaping (Int, [String]) throws -> Void) {
            self.file = file
            self.body = body
        }

        func rethrow() throws {
            if let failure { throw failure }
        }

        static let takeCell: @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void = {
            bytes, count, context in
            guard let context else { return }
            let rows = Unmanaged<Rows>.fromOpaque(context).takeUnretainedValue()
            rows.cell(UnsafeRawBufferPointer(start: bytes, count: count))
        }

        static let takeEnd: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void = { end, context in
            guard let context else { return }
            Unmanaged<Rows>.fromOpaque(context).takeUnretainedValue().end(end)
        }

        private func cell(_ bytes: UnsafeRawBufferPointer) {
            guard failure == nil else { return }
            guard bytes.count <= longestCell, cells.count < widestRow else {
                return fail("it has more, or longer, cells than any list")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return fail("cell \(cells.count + 1) is not UTF-8 text")
            }
            if !text.isEmpty { isBlank = false }
            cells.append(text)
        }

        private func end(_ terminator: Int32) {
            // The line feed of a CR LF ends no row of its own.
            if cells.isEmpty, terminator == CSV_LF, lastEnd == CSV_CR {
                lastEnd = terminator
                return
            }
            lastEnd = terminator
            if failure == nil, !isBlank {
                do { try body(next, cells) } catch { failure = error }
            }
            cells.removeAll(keepingCapacity: true)
            isBlank = true
            next += 1
        }

        private func fail(_ problem: String) {
            failure = FleetError.badInput(
                file: file, problems: [RowProblem(row: next, column: nil, problem: problem)], total: 1
            )
        }
    }
}
