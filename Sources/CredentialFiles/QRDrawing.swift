import Fleet
import Foundation
import PrivateFiles

/// A QR code: which of its squares are dark.
public struct QRCode: Equatable, Sendable {
    /// Row by row, as many squares in each as there are rows. No margin.
    public let rows: [[Bool]]
}

/// The program that draws QR codes, `qrencode`. It gets the text on standard
/// input, so that nobody who lists processes reads it, and nothing of it is
/// written anywhere on the way.
public struct QRDrawing {
    private let program: String
    private let environment: [String: String]

    /// Finds the program.
    ///
    /// - Parameter environment: where it is looked for, by `PATH`.
    /// - Throws: ``FleetError/qrencodeMissing``.
    public init(environment: [String: String]) throws(FleetError) {
        guard let program = ChildProgram.find("qrencode", in: environment["PATH"] ?? "") else {
            throw .qrencodeMissing
        }
        self.program = program
        self.environment = environment.filter { ["PATH", "TMPDIR"].contains($0.key) }
    }

    /// Draws a text.
    ///
    /// - Throws: ``FleetError/qrCodeFailed(reason:)``.
    public func draw(_ text: String) throws(FleetError) -> QRCode {
        // A character for every half of a square says all there is to say, and
        // is easier to check than a picture.
        let drawn = try run(["-t", "ASCII", "-m", "0", "-l", "M", "-o", "-"], on: Array(text.utf8))
        let lines = drawn.split(separator: UInt8(ascii: "\n"))
        let rows = lines.map { line in line.enumerated().filter { $0.offset.isMultiple(of: 2) }.map { $0.element == 35 }
        }
        guard rows.count >= 21, rows.allSatisfy({ $0.count == rows.count }),
            lines.allSatisfy({ $0.count == 2 * rows.count && $0.allSatisfy { $0 == 35 || $0 == 32 } })
        else { throw .qrCodeFailed(reason: "qrencode drew something else") }
        return QRCode(rows: rows)
    }

    private func run(_ arguments: [String], on input: [UInt8]) throws(FleetError) -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .qrCodeFailed(reason: "the system has no room for a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let drawn = Drawn()
        let reading = DispatchGroup()
        do throws(ChildFailure) {
            let child = try start(arguments, output: ends[1])
            // A pipe that nobody reads would be waited for.
            DispatchQueue.global(qos: .userInitiated).async(group: reading) {
                drawn.bytes = Array((try? output.read(upToCount: 1 << 20)) ?? Data())
            }
            try child.write(input)
            try child.finish()
        } catch {
            throw .qrCodeFailed(reason: error.reason)
        }
        reading.wait()
        return drawn.bytes
    }

    /// The program, which alone has its end of the pipe from then on.
    private func start(_ arguments: [String], output: Int32) throws(ChildFailure) -> ChildProgram {
        defer { close(output) }
        return try ChildProgram(program, arguments, environment: environment, output: output)
    }

    /// What was read. It is written by one thread, and read once that is done.
    private final class Drawn: @unchecked Sendable {
        var bytes: [UInt8] = []
    }
}
