import CredentialFiles
import Fleet
import Foundation
import PrivateFiles

/// The report of a reconciliation being written: private, and there whole or
/// not at all.
final class ReconciliationFile {
    private let path: String
    private let file: PrivateFile
    private let selection: UnitSelection
    private let registry: String
    private let moment: Timestamp
    private let actor: ActorName

    /// Starts a file.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    init(
        _ path: String, of selection: UnitSelection, in registry: String, at moment: Timestamp, by actor: ActorName
    ) throws(FleetError) {
        self.path = path
        self.selection = selection
        self.registry = registry
        self.moment = moment
        self.actor = actor
        do {
            file = try PrivateFile(path: path)
        } catch {
            throw FleetError(error, output: path)
        }
    }

    /// Writes the report, and makes it durable.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    func write(_ result: Reconciliation) throws(FleetError) {
        let report = ReconciliationReport(result, of: selection, in: registry, at: moment, by: actor)
        do throws(PrivateFileError) {
            try report.write { piece throws(PrivateFileError) in try file.write(piece.utf8) }
            try file.finish()
        } catch {
            throw FleetError(error, output: path)
        }
    }

    /// Gives it its name.
    ///
    /// - Throws: ``FleetError/reportNotWritten(path:reason:)`` where counts were
    ///   taken, else ``FleetError/outputExists(path:)`` or
    ///   ``FleetError/outputFailed(path:reason:)``.
    func publish(countsAreTaken: Bool) throws(FleetError) {
        do throws(PrivateFileError) {
            try file.publish()
        } catch {
            var reason = ""
            if case .notPlaced(let finished, let why) = error {
                reason = why + (finished.map { "; the finished report is \($0)" } ?? "")
                if !countsAreTaken, let finished { try? FileManager.default.removeItem(atPath: finished) }
            }
            guard countsAreTaken else { throw FleetError(error, output: path) }
            throw .reportNotWritten(path: path, reason: reason)
        }
    }
}
