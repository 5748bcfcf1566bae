import CredentialFiles
import Fleet
import FleetStore

/// What a reconciliation is told beside its list.
public struct ReconcileOrder: Sendable {
    /// The units that the list should have.
    public var selection = UnitSelection.all
    /// Take counts above the registry's from the list, where nothing else of
    /// the unit differs.
    public var takesCounts = false
    /// Where the report goes.
    public var report: String?
    /// What is known of the list beforehand.
    public var reading = ListReadingOptions()

    /// The whole registry, nothing is changed, and everything is found out.
    public init() {}
}

extension FleetDesk {
    /// Compares a list with the registry: what both have, what only one has,
    /// and what differs. No credential is in the answer, nor in the report.
    ///
    /// The report is given its name once the counts that it tells of are
    /// durable: it never tells of any that were not taken.
    ///
    /// - Parameters:
    ///   - list: where its bytes come from.
    ///   - progress: is told now and then how far it is, on any thread.
    /// - Throws: ``FleetError/listNotCompared(file:problems:total:rows:rejected:)``
    ///   with all that is wrong with the list itself;
    ///   ``FleetError/foreignFile(name:_:)``, ``FleetError/noUnitsChosen``, not
    ///   found; ``FleetError/outputExists(path:)``,
    ///   ``FleetError/reportNotWritten(path:reason:)``; the files' and the key
    ///   file's errors.
    public func reconcile(
        _ list: ListOrigin, _ order: ReconcileOrder = ReconcileOrder(),
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(FleetError) -> Reconciliation {
        let input = try list.input()
        let readings = Readings(1)
        let feed = ListFeed(file: input.name) { take in
            let list = try DispatchListReader.read(
                input, order.reading,
                progress: { progress(ImportProgress(file: input.name, done: $0, size: input.size)) }, take: take
            )
            readings.set(list, at: 0)
            return list.source
        }
        let moment = now()
        let report = try order.report.map { path throws(FleetError) in
            try ReconciliationFile(path, of: order.selection, in: registry.path, at: moment, by: actor)
        }
        func complete(_ result: Reconciliation) -> Reconciliation {
            var result = result
            result.format = readings[0]?.format ?? result.format
            result.ignoredColumns = readings[0]?.ignoredColumns ?? []
            return result
        }
        let result = complete(
            try registry.reconcile(
                feed, with: order.selection, takesCounts: order.takesCounts, at: moment, actor: actor,
                beforeCommit: { result in try report?.write(complete(result)) }
            )
        )
        try report?.publish(countsAreTaken: result.takenCounts > 0)
        return result
    }
}
