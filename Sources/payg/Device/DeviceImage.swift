import ChargeController
import Fleet
import Foundation
import OpenPAYGO
import PrivateFiles

/// A simulated unit as its state file has it, in JSON.
struct DeviceImage {
    let id: PaygID
    let unit: SolarUnit

    /// More bytes than these are no state file.
    static let longest = 1 << 16

    private static let format = "payg device"
    private static let version = 1

    init(_ id: PaygID, _ unit: SolarUnit) {
        (self.id, self.unit) = (id, unit)
    }

    /// What tells a state file from any other.
    private struct Marker: Decodable {
        let format: String
        let version: Int
    }

    private struct Fields: Codable {
        let format: String
        let version: Int
        let unit: String
        /// A secret.
        let key: String
        /// A secret too.
        let startingCode: String
        let dispatchedCount: Int
        let timeDivider: Int
        let restrictedDigits: Bool
        let testCode: String?
        let state: UnitState
    }

    /// The bytes of its file.
    ///
    /// - Throws: ``PrivateFileError/failed(reason:)``.
    func bytes(_ path: String) throws(PrivateFileError) -> [UInt8] {
        let parameters = unit.parameters
        let fields = Fields(
            format: Self.format, version: Self.version, unit: id.text, key: parameters.key.hex,
            startingCode: parameters.startingCode.digits, dispatchedCount: Int(parameters.dispatchedCount.number),
            timeDivider: Int(parameters.timeDivider.number), restrictedDigits: parameters.digitSet == .restricted,
            testCode: parameters.testCode?.digits, state: unit.state
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        guard let data = try? encoder.encode(fields) else { throw .failed(reason: "its state cannot be written down") }
        return Array(data) + [UInt8(ascii: "\n")]
    }

    /// The unit of a state file.
    ///
    /// - Parameter path: what the errors name.
    /// - Throws: ``FleetError/notADevice(path:)``,
    ///   ``FleetError/deviceDamaged(path:problem:)``, ``FleetError/deviceNewer(path:)``.
    static func read(_ bytes: [UInt8], _ path: String) throws(FleetError) -> DeviceImage {
        let decoder = JSONDecoder()
        guard let marker = try? decoder.decode(Marker.self, from: Data(bytes)) else {
            // Cut off, it is no JSON any more, and its name is still in it.
            guard String(decoding: bytes, as: UTF8.self).contains("\"\(format)\"") else {
                throw .notADevice(path: path)
            }
            throw .deviceDamaged(path: path, problem: "it is not whole")
        }
        guard marker.format == format else { throw .notADevice(path: path) }
        guard marker.version <= version else { throw .deviceNewer(path: path) }
        do {
            let fields = try decoder.decode(Fields.self, from: Data(bytes))
            let parameters = UnitParameters(
                key: try SecretKey(hex: fields.key), startingCode: try StartingCode(digits: fields.startingCode),
                dispatchedCount: try TokenCount(fields.dispatchedCount),
                timeDivider: try TimeDivider(fields.timeDivider),
                digitSet: fields.restrictedDigits ? .restricted : .full,
                testCode: try fields.testCode.map { digits in try TestCode(digits: digits) }
            )
            guard fields.state.memory.tokens.lastCount >= parameters.dispatchedCount else {
                throw FleetError.deviceDamaged(path: path, problem: "its count is below the one it was dispatched with")
            }
            return DeviceImage(try PaygID(fields.unit), SolarUnit(parameters, state: fields.state))
        } catch let error as OpenPAYGOError {
            throw .deviceDamaged(path: path, problem: "\(error)")
        } catch FleetError.badValue(let what, let problem) {
            throw .deviceDamaged(path: path, problem: "the \(what) \(problem)")
        } catch let error as FleetError {
            throw error
        } catch {
            // A decoder's own words may repeat what it read, and that may be a secret.
            throw .deviceDamaged(path: path, problem: "a value is missing, or is none that a unit can have")
        }
    }
}
