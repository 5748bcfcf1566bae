import Fleet
import Foundation
import KeyVault
import OpenPAYGO

/// What the registry has of a unit that a list has too.
struct KnownUnit: Sendable {
    let rowID: Int64
    let id: PaygID
    let sealed: [UInt8]
    let count: TokenCount
    let build: UnitBuild
    let authority: TokeningAuthority
}

/// A difference, and the row of the registry that it is about.
struct FoundDifference: Sendable {
    let rowID: Int64
    var difference: UnitDifference
    /// Whether nothing else contradicts the list's count, and it is higher.
    var mayBeTaken = false
}

/// Compares units of a list with those of the registry.
struct UnitComparison: Sendable {
    private let vault: Vault
    /// Sealed credentials that units had before, by the unit's row.
    private let former: [Int64: [[UInt8]]]

    private(set) var same = 0
    private(set) var otherModels = 0
    /// In the order of the list's rows.
    var credentials: [FoundDifference] = []
    var settings: [FoundDifference] = []
    var counts: [FoundDifference] = []

    init(_ vault: Vault, former: [Int64: [[UInt8]]]) {
        self.vault = vault
        self.former = former
    }

    mutating func compare(_ listed: ListedUnit, _ known: KnownUnit) throws(FleetError) {
        if listed.isOtherModel(than: known.build) { otherModels += 1 }
        let own = try vault.credentials(known.sealed, of: known.id)
        let differences = listed.differences(from: known.build, count: known.count, credentials: own)
        if differences.isEmpty { same += 1 }
        for content in differences {
            var found = FoundDifference(
                rowID: known.rowID,
                difference: UnitDifference(
                    unit: known.id, row: listed.row, content: content, authority: known.authority
                )
            )
            switch content {
            case .credentials(let fields, _):
                let areFormer = try hadBefore(listed.credentials, known)
                found.difference.content = .credentials(fields, areFormer: areFormer)
                credentials.append(found)
            case .settings:
                settings.append(found)
            case .count(let here, let there, _):
                found.mayBeTaken = there > here && differences.count == 1
                counts.append(found)
            case .onlyHere, .onlyThere:
                break
            }
        }
    }

    /// Whether a unit had these credentials before it was given others.
    private func hadBefore(_ credentials: Credentials, _ known: KnownUnit) throws(FleetError) -> Bool {
        for sealed in former[known.rowID] ?? [] {
            if try vault.credentials(sealed, of: known.id) == credentials { return true }
        }
        return false
    }
}

/// Reads a list on one thread and opens credentials on another, while a third
/// looks up the units.
struct ComparisonPipeline {
    private let feed: ListFeed
    private let comparison: UnitComparison

    init(_ feed: ListFeed, _ comparison: UnitComparison) {
        self.feed = feed
        self.comparison = comparison
    }

    /// A unit in the list and in the registry.
    typealias Pair = (listed: ListedUnit, known: KnownUnit)

    /// Gives the rows to a body, in their order and some at a time, and
    /// compares the units that it gives back.
    ///
    /// - Returns: what the list was, and what differs.
    /// - Throws: what reading the list throws, once its rows so far were given;
    ///   what opening credentials or the body throws.
    func run(_ look: ([ListedRow]) throws -> [Pair]) throws -> (ListSource, UnitComparison) {
        let reader = RowReader()
        let pairs = BoundedQueue<[Pair]>(most: RowReader.parts)
        let outcome = BoundedQueue<Result<UnitComparison, any Error>>(most: 1)
        let threads = DispatchGroup()
        defer {
            reader.rows.cancel()
            pairs.cancel()
            threads.wait()
        }
        reader.start(feed, in: threads)
        DispatchQueue.global(qos: .userInitiated).async(group: threads) { [comparison] in
            var comparison = comparison
            let result = Result {
                // Whoever puts more in must not wait.
                defer { pairs.cancel() }
                while let some = pairs.take() {
                    for (listed, known) in some { try comparison.compare(listed, known) }
                }
                return comparison
            }
            _ = outcome.put(result)
            outcome.finish()
        }
        while let rows = reader.rows.take() {
            guard pairs.put(try look(rows)) else { break }
        }
        pairs.finish()
        // What does not open is told before what reading says of the list.
        guard let compared = try outcome.take()?.get() else { throw CancellationError() }
        return (try reader.source(), compared)
    }
}
