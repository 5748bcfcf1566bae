import CredentialFiles
import Fleet
import Foundation
import PrivateFiles

/// A text file that only its owner can read, and that appears whole or not at
/// all, and never in another's place.
public final class PrivateText {
    private let path: String
    private let file: PrivateFile

    /// Starts a file, before the work whose outcome it is to hold.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public init(_ path: String) throws(FleetError) {
        self.path = path
        do { file = try PrivateFile(path: path) } catch { throw FleetError(error, output: path) }
    }

    /// Writes all of it, and gives it its name.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public func publish(_ text: String) throws(FleetError) {
        do throws(PrivateFileError) {
            try file.write(text.utf8)
            try file.publish()
        } catch {
            // The same again makes it again: nothing is kept under another name.
            if case .notPlaced(let finished?, _) = error { try? FileManager.default.removeItem(atPath: finished) }
            throw FleetError(error, output: path)
        }
    }

    /// Writes a file in one go.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public static func write(_ text: String, to path: String) throws(FleetError) {
        try PrivateText(path).publish(text)
    }
}
