import ChargeController
import Fleet
import Foundation
import OpenPAYGO
import PrivateFiles

/// The state file of a simulated unit: what the factory gave it, its secret
/// key among that, and the state that it is in.
///
/// While it is held nobody else changes it: two programs would each undo what
/// was entered in the other.
final class DeviceFile {
    /// The unit's name.
    let id: PaygID
    /// The unit, as it is now.
    var unit: SolarUnit
    private let path: String
    private var saved: UnitState
    private let descriptor: Int32

    /// Reads a state file.
    ///
    /// - Parameter changing: whether it will be saved, and so is held until then.
    /// - Throws: ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``, ``FleetError/notADevice(path:)``,
    ///   ``FleetError/deviceDamaged(path:problem:)``, ``FleetError/deviceNewer(path:)``,
    ///   ``FleetError/deviceBusy(path:)``.
    init(_ path: String, changing: Bool) throws(FleetError) {
        self.path = path
        descriptor = try Self.opened(path, held: changing)
        do {
            let image = try DeviceImage.read(try Self.bytes(descriptor, path), path)
            (id, unit) = (image.id, image.unit)
            saved = image.unit.state
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit {
        close(descriptor)
    }

    /// Keeps the unit as it is now; writes nothing where nothing changed.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    func save() throws(FleetError) {
        guard unit.state != saved else { return }
        do throws(PrivateFileError) {
            try PrivateFile.replaceState(path, with: try DeviceImage(id, unit).bytes(path))
        } catch {
            throw FleetError(error, device: path)
        }
        saved = unit.state
    }

    /// Writes a new state file, all but its name.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    static func prepare(_ path: String, _ id: PaygID, _ parameters: UnitParameters) throws(FleetError) -> PrivateFile {
        do throws(PrivateFileError) {
            let file = try PrivateFile(path: path)
            try file.write(try DeviceImage(id, SolarUnit(parameters)).bytes(path))
            try file.finish()
            return file
        } catch {
            throw FleetError(error, device: path)
        }
    }

    // MARK: - What the system offers

    /// How long another program may take to enter some tokens, in hundredths
    /// of a second.
    private static let patience = 200

    private static func opened(_ path: String, held: Bool) throws(FleetError) -> Int32 {
        for _ in 0..<patience {
            // A pipe that nobody writes to would be waited for.
            let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
            guard descriptor >= 0 else {
                if errno == ENOENT || errno == ENOTDIR { throw .inputMissing(path: path) }
                throw .inputUnreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
            }
            guard held else { return descriptor }
            // Where files cannot be held, as on some network drives, none is.
            let isFree = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
            // Who held it before may have put another in its place.
            if isFree, isStill(descriptor, at: path) { return descriptor }
            close(descriptor)
            if !isFree { usleep(10_000) }
        }
        throw .deviceBusy(path: path)
    }

    private static func isStill(_ descriptor: Int32, at path: String) -> Bool {
        var (opened, there) = (stat(), stat())
        return fstat(descriptor, &opened) == 0 && stat(path, &there) == 0
            && opened.st_ino == there.st_ino && opened.st_dev == there.st_dev
    }

    private static func bytes(_ descriptor: Int32, _ path: String) throws(FleetError) -> [UInt8] {
        guard isRegularFile(path) else { throw .notADevice(path: path) }
        var bytes = [UInt8](repeating: 0, count: DeviceImage.longest + 1)
        var count = 0
        while count < bytes.count {
            let read = bytes.withUnsafeMutableBytes { buffer in
                Foundation.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
            }
            if read < 0, errno == EINTR { continue }
            guard read >= 0 else {
                throw .inputUnreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
            }
            if read == 0 { return Array(bytes[..<count]) }
            count += read
        }
        throw .notADevice(path: path)
    }
}

extension FleetError {
    /// Why a state file could not be written.
    init(_ error: PrivateFileError, device path: String) {
        switch error {
        case .exists: self = .outputExists(path: path)
        case .failed(let reason), .notPlaced(_, let reason): self = .outputFailed(path: path, reason: reason)
        }
    }
}
