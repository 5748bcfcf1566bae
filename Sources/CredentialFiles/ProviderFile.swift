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
    /// Units with a time divider or restricted digits that the file has no
    /// column for, so that the provider must be told.
    public private(set) var unitsNotTold = 0

    /// Starts a file with its header.
    ///
    /// - Parameter product: what the profile's product column holds.
    /// - Throws: ``FleetError/productMissing(profile:)``,
    ///   ``FleetError/badValue(what:problem:)`` for a product that no column
    ///   takes, ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public init(_ path: String, profile: Profile, product: String?) throws(FleetError) {
        self.path = path
        self.profile = profile
        self.product = try product.map { text throws(FleetError) in
            guard profile.namesProduct else {
                throw .badValue(what: "product", problem: "has no column in the file for \(profile.title)")
            }
            return try Name.checked(text, as: "product", most: 128)
        }
        guard product != nil || !profile.namesProduct else { throw .productMissing(profile: profile.title) }
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
        if !profile.tells(unit.unit.build) { unitsNotTold += 1 }
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
        return hash.finalize().hex
    }

    /// Gives the finished file its name.
    ///
    /// - Parameter export: the number it has on record.
    /// - Throws: ``FleetError/outputNotPlaced(path:finished:reason:export:)``.
    public func publish(export: Int) throws(FleetError) {
        do {
            try file.publish()
        } catch {
            switch error {
            case .exists:
                throw .outputNotPlaced(path: path, finished: nil, reason: "file exists", export: export)
            case .failed(let reason):
                throw .outputNotPlaced(path: path, finished: nil, reason: reason, export: export)
            case .notPlaced(let finished, let reason):
                throw .outputNotPlaced(path: path, finished: finished, reason: reason, export: export)
            }
        }
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
        case .product: product
        }
    }

    private func line(_ cells: [String]) throws(FleetError) {
        let bytes = delimitedLine(cells)
        hash.update(data: bytes)
        do {
            try file.write(bytes)
        } catch {
            throw FleetError(error, output: path)
        }
    }
}

extension FleetError {
    /// Why an output could not be written.
    public init(_ error: PrivateFileError, output path: String) {
        switch error {
        case .exists: self = .outputExists(path: path)
        case .failed(let reason), .notPlaced(_, let reason): self = .outputFailed(path: path, reason: reason)
        }
    }
}
