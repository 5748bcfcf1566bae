import Fleet
import Foundation
import GRDB
import KeyVault
import OpenPAYGO

/// Reads the units of an export as they are before it changes anything, on a
/// connection and a thread of its own, while the transaction goes on writing;
/// on another one hands them to the sink. Their credentials are opened by
/// whichever of the two has the time.
final class ExportReading: @unchecked Sendable {
    /// What was read.
    struct Outcome: Sendable {
        var units = 0
        /// Units that the provider had before.
        var unitsAgain = 0
        var unitsSHA256 = ""
        var file = ExportedFile(name: "", sha256: "")
    }

    private let database: DatabaseQueue
    private let condition: SQL
    private let areHere: Bool
    private let tells: (dispatch: Bool, customer: Bool)
    private let vault: Vault
    private let number: Int
    // Only ever used by the thread that hands the units over.
    private let sink: ExportSink
    private let units = BoundedQueue<Part>(most: 8)
    private let failures = BoundedQueue<any Error>(most: 4)
    private let outcome = BoundedQueue<Outcome>(most: 1)
    private let threads = DispatchGroup()

    /// Units on their way.
    private struct Part: Sendable {
        static let most = 256

        struct Unopened: Sendable {
            let unit: FleetUnit
            /// Where its sealed credentials end, among those of all.
            let end: Int
            let dispatch: DispatchRecord?
            let customer: Customer?
        }

        var units: [Unopened] = []
        var sealed: [UInt8] = []
        /// What was sealed; empty until it is opened.
        private(set) var opened: [Credentials] = []

        init() {
            units.reserveCapacity(Self.most)
            sealed.reserveCapacity(Self.most * 64)
        }

        /// Opens the credentials, unless somebody has.
        mutating func open(_ vault: Vault) throws {
            guard opened.isEmpty else { return }
            opened.reserveCapacity(units.count)
            try sealed.withUnsafeBytes { sealed in
                var start = 0
                for one in units {
                    let own = UnsafeRawBufferPointer(rebasing: sealed[start..<one.end])
                    opened.append(try vault.credentials(own, of: one.unit.id))
                    start = one.end
                }
            }
        }
    }

    init(
        path: String, condition: SQL, areHere: Bool, tells: (dispatch: Bool, customer: Bool), vault: Vault,
        sink: ExportSink,
        number: Int
    ) throws {
        database = try Registry.reader(path)
        self.condition = condition
        self.areHere = areHere
        self.tells = tells
        self.vault = vault
        self.sink = sink
        self.number = number
    }

    /// - Parameter taken: units that another provider has until now, and the
    ///   counts that they go on from.
    func start(taken: [Int64: TakenOver]) {
        let queue = DispatchQueue.global(qos: .userInitiated)
        queue.async(group: threads) { [self] in
            var digest = UnitsDigest()
            var read = Outcome()
            do {
                try readUnits(taken) { unit in
                    digest.add(unit.id, count: unit.count)
                    read.units += 1
                    if unit.authority != .here { read.unitsAgain += 1 }
                }
                read.unitsSHA256 = digest.value.hex
                _ = outcome.put(read)
            } catch {
                failures.offer(error)
            }
            units.finish()
        }
        queue.async(group: threads) { [self] in
            do {
                try sink.begin(number)
                while var part = units.take() {
                    try part.open(vault)
                    for (one, credentials) in zip(part.units, part.opened) {
                        try sink.add(
                            ExportedUnit(
                                unit: one.unit, credentials: credentials, dispatch: one.dispatch,
                                customer: one.customer
                            )
                        )
                    }
                }
            } catch {
                failures.offer(error)
                units.cancel()
            }
        }
    }

    /// Waits for the last unit, and has the file completed.
    func finish() throws -> Outcome {
        threads.wait()
        failures.finish()
        if let failure = failures.take() { throw failure }
        outcome.finish()
        guard var read = outcome.take() else { throw Abandoned() }
        // An empty file is no file.
        if read.units > 0 { read.file = try sink.finish() }
        return read
    }

    /// Stops, and waits until the sink is let go.
    func abandon() {
        units.cancel()
        threads.wait()
    }

    /// Nobody takes the units any more.
    private struct Abandoned: Error {}

    private func readUnits(_ taken: [Int64: TakenOver], told: (FleetUnit) -> Void) throws {
        try database.read { db in
            var dispatches: [Int: DispatchRecord] = [:]
            var part = Part()
            func handOver() throws {
                if units.isFull { try part.open(vault) }
                guard units.put(part) else { throw Abandoned() }
                part = Part()
            }
            try UnitRows.forEachAlone(db, where: condition, areHere: areHere, withCustomer: tells.customer) {
                unit, rowID, sealed in
                let unit =
                    taken.isEmpty ? unit : taken[rowID].map { unit.takenOver(at: $0.count) } ?? unit
                if tells.dispatch, dispatches[unit.dispatch] == nil {
                    dispatches[unit.dispatch] = try DispatchRows.existing(unit.dispatch, db)
                }
                let customer = try (tells.customer ? unit.customer : nil).flatMap { reference in
                    try CustomerRows.find(reference, db).map { row in try CustomerRows.customer(row, units: []) }
                }
                told(unit)
                part.sealed.append(contentsOf: sealed)
                part.units.append(
                    .init(
                        unit: unit, end: part.sealed.count, dispatch: dispatches[unit.dispatch], customer: customer
                    )
                )
                if part.units.count == Part.most { try handOver() }
            }
            try handOver()
        }
    }
}

extension FleetUnit {
    /// The unit as it comes back from a provider.
    fileprivate func takenOver(at count: TokenCount) -> FleetUnit {
        FleetUnit(
            id: id, dispatch: dispatch, build: build, dispatchedCount: dispatchedCount, count: count, credit: credit,
            authority: .here, customer: customer, retiredAt: retiredAt
        )
    }
}
