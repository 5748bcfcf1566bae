import CredentialFiles
import Fleet
import FleetStore
import Foundation
import Synchronization

/// What an import is told beside its lists.
public struct ImportOrder: Sendable {
    /// Do everything, and keep nothing of it.
    public var dryRun = false
    /// Take a count above the registry's from the list.
    public var acceptsCounts = false
    /// Import the good rows of the one list, and write the others to this file.
    public var rejects: String?
    /// What is known of the lists beforehand.
    public var reading = ListReadingOptions()

    /// All or nothing, and everything is found out.
    public init() {}
}

/// Where a list comes from.
public enum ListOrigin: Sendable {
    /// A file, by its path.
    case file(String)
    /// What another program gives, and what it is called in messages.
    case stream(FileHandle, name: String)

    /// - Throws: ``FleetError/inputUnreadable(path:reason:)``.
    func input() throws(FleetError) -> ListInput {
        switch self {
        case .file(let path): ListInput(path: path)
        case .stream(let handle, let name): try ListInput(handle: handle, name: name)
        }
    }
}

/// How far the reading of a list is.
public struct ImportProgress: Sendable {
    /// The list being read.
    public let file: String
    /// Bytes of it that were read.
    public let done: Int
    /// Bytes it has; nil where that is not known.
    public let size: Int?

    /// So far.
    public init(file: String, done: Int, size: Int?) {
        self.file = file
        self.done = done
        self.size = size
    }
}

extension FleetDesk {
    /// Imports dispatch lists, all of them or none, each as a dispatch of its own.
    ///
    /// - Parameters:
    ///   - lists: where their bytes come from.
    ///   - progress: is told now and then how far it is, on any thread.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` with all that is
    ///   wrong with the first list that anything is wrong with;
    ///   ``FleetError/foreignFile(name:_:)``; the files' and the key file's errors.
    public func importDispatches(
        _ lists: [ListOrigin], _ order: ImportOrder = ImportOrder(),
        progress: @escaping @Sendable (ImportProgress) -> Void = { _ in }
    ) throws(FleetError) -> [ImportSummary] {
        var rules = ImportRules()
        rules.dryRun = order.dryRun
        rules.acceptsCounts = order.acceptsCounts
        rules.keepsGoing = order.rejects != nil
        var reading = order.reading
        reading.keepsCells = order.rejects != nil

        var inputs: [ListInput] = []
        for list in lists { inputs.append(try list.input()) }
        let readings = Readings(lists.count)
        let feeds = inputs.enumerated().map { place, input in
            ListFeed(file: input.name) { [reading] take in
                let list = try DispatchListReader.read(
                    input, reading,
                    progress: { progress(ImportProgress(file: input.name, done: $0, size: input.size)) },
                    header: { readings.set(header: $0, delimiter: $1) }, take: take
                )
                readings.set(list, at: place)
                return list.source
            }
        }
        let rejects = try order.rejects.map { path throws(FleetError) in try RejectsFile(path) }
        var summaries = try registry.importDispatches(
            feeds, rules, at: now(), actor: actor,
            reject: { problems, row in
                let (header, delimiter) = readings.header
                try rejects?.add(row.cells ?? [], problems: problems, header: header, delimiter: delimiter)
            },
            beforeCommit: { try rejects?.publish() }
        )
        for place in summaries.indices {
            guard let list = readings[place] else { continue }
            summaries[place].format = list.format
            summaries[place].ignoredColumns = list.ignoredColumns
            summaries[place].paddedStartingCodes = list.paddedStartingCodes
            summaries[place].derivedStartingCodes = list.derivedStartingCodes
            var warnings = list.warnings
            warnings.add(summaries[place].warnings.first)
            summaries[place].warnings = warnings
        }
        return summaries
    }

    /// Gives a unit the credentials that a list has for it, and keeps the former
    /// ones for the tokens that were made with them.
    ///
    /// - Returns: the unit as it is now, and whether its credentials differ from
    ///   those it had; else nothing was changed.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/unitNotListed(_:file:)``, not found; the files' and the
    ///   key file's errors.
    public func replaceCredentials(
        of id: PaygID, from list: ListOrigin, _ order: ImportOrder, reason: Reason
    ) throws(FleetError) -> (unit: FleetUnit, isChanged: Bool) {
        let input = try list.input()
        let feed = ListFeed(file: input.name) { take in
            try DispatchListReader.read(input, order.reading, take: take).source
        }
        let isChanged = try registry.replaceCredentials(
            of: id, from: feed, acceptsCount: order.acceptsCounts, reason: reason, dryRun: order.dryRun, at: now(),
            actor: actor
        )
        return (try registry.unit(id), isChanged)
    }

    /// What was read of each list, told by the threads that read them.
    final class Readings: Sendable {
        private let readings: Mutex<(lists: [ListReading?], header: [String], delimiter: ListFormat.Delimiter)>

        init(_ count: Int) {
            readings = Mutex((Array(repeating: nil, count: count), [], .comma))
        }

        func set(_ reading: ListReading, at place: Int) {
            readings.withLock { $0.lists[place] = reading }
        }

        func set(header: [String], delimiter: ListFormat.Delimiter) {
            readings.withLock { ($0.header, $0.delimiter) = (header, delimiter) }
        }

        /// The headers of the list being read, and what separates them.
        var header: ([String], ListFormat.Delimiter) { readings.withLock { ($0.header, $0.delimiter) } }

        subscript(place: Int) -> ListReading? { readings.withLock { $0.lists[place] } }
    }
}
