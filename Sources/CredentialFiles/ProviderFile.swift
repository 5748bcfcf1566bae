import Crypto
import Fleet
import Foundation
import PrivateFiles

/// A provider's file being written: private, and there whole or not at all.
public final class ProviderFile {
    private let profile: Profile
    private let product: String?
    private let path: String
    private let file: PrivateFile
    private var hash = SHA256()
    private var lacking: [(field: String, units: [PaygID])] = []

    /// Starts a file with its header.
    ///
    /// - Parameter product: what the profile's product column holds, where not
    ///   each unit's hardware model.
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public init(_ path: String, profile: Profile, product: String?) throws(FleetError) {
        self.path = path
        self.profile = profile
        self.product = product
        do {
            file = try PrivateFile(path: path)
        } catch {
            throw FleetError(error, output: path)
        }
        try line(profile.columns.map(\.header))
    }

    /// Adds a unit.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    public func add(_ unit: ExportedUnit) throws(FleetError) {
        var cells: [String] = []
        for column in profile.columns {
            let value = value(column.field, of: unit)
            if value == nil, column.isRequired { lack(column, unit.unit.id) }
            cells.append(value ?? "")
        }
        try line(cells)
    }

    /// Completes the file, still without its name.
    ///
    /// - Returns: SHA-256 of its bytes, in lower-case hexadecimal.
    /// - Throws: ``FleetError/valueMissing(field:units:profile:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public func finish() throws(FleetError) -> String {
        if let (field, units) = lacking.first {
            throw .valueMissing(field: field, units: units, profile: profile.title)
        }
        do {
            try file.finish()
        } catch {
            throw FleetError(error, output: path)
        }
        return hash.finalize().map { String(format: "%02x", $0) }.joined()
    }

    /// Gives the finished file its name.
    ///
    /// - Parameter export: the number it has on record.
    /// - Throws: ``FleetError/outputNotPlaced(path:finished:reason:export:)``.
    public func publish(export: Int) throws(FleetError) {
        do {
            try file.publish()
        } catch {
            guard case .notPlaced(let finished, let reason) = error else { throw FleetError(error, output: path) }
            throw .outputNotPlaced(path: path, finished: finished, reason: reason, export: export)
        }
    }

    /// Gives up the file; nothing of it stays.
    public func discard() {
        file.discard()
    }

    private func lack(_ column: Profile.Column, _ unit: PaygID) {
        if let index = lacking.firstIndex(where: { $0.field == column.header }) {
            lacking[index].units.append(unit)
        } else {
            lacking.append((column.header, [unit]))
        }
    }

    private func value(_ field: Profile.Field, of exported: ExportedUnit) -> String? {
        let unit = exported.unit
        return switch field {
        case .paygID: unit.id.text
        case .startingCode: exported.credentials.startingCode.digits
        case .key: exported.credentials.key.hex
        case .count: unit.count.description
        case .timeDivider: String(unit.build.timeDivider.number)
        case .restrictedDigits: unit.build.digitSet == .restricted ? "1" : "0"
        case .hardwareModel: unit.build.hardwareModel
        case .firmwareVersion: unit.build.firmwareVersion
        case .testCode: unit.build.testCode?.digits
        case .product: product ?? unit.build.hardwareModel
        }
    }

    private func line(_ cells: [String]) throws(FleetError) {
        let bytes = Array((cells.map(Self.quoted).joined(separator: ",") + "\r\n").utf8)
        hash.update(data: bytes)
        do {
            try file.write(bytes)
        } catch {
            throw FleetError(error, output: path)
        }
    }

    /// A cell as RFC 4180 has it.
    private static func quoted(_ cell: String) -> String {
        guard cell.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return cell }
        return "\"" + cell.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }
}

extension FleetError {
    init(_ error: PrivateFileError, output path: String) {
        switch error {
        case .exists: self = .outputExists(path: path)
        case .failed(let reason), .notPlaced(_, let reason): self = .outputFailed(path: path, reason: reason)
        }
    }
}
