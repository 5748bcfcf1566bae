import FleetOperations
import Synchronization

/// The desks that a command sat down at. They are kept until its process ends,
/// for to take apart what is behind them takes time that nobody needs to wait.
final class OpenDesks: Sendable {
    private let desks = Mutex<[FleetDesk]>([])

    func add(_ desk: FleetDesk) {
        desks.withLock { $0.append(desk) }
    }

    /// Closes their registries.
    func close() {
        for desk in desks.withLock({ $0 }) { desk.close() }
    }
}
