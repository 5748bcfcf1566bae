import Fleet
import Foundation
import KeyVault

/// A list to import: what reads it.
public struct ListFeed: Sendable {
    /// What the list is called in messages.
    public let file: String
    /// Calls its argument with each row of the list, in their order, and gives
    /// back what the list was. Throws to refuse it. Runs on another thread than
    /// whoever asked for the import.
    public let read: @Sendable (_ take: (ListedRow) throws -> Void) throws -> ListSource

    /// A list, by what reads it.
    public init(
        file: String, read: @escaping @Sendable (_ take: (ListedRow) throws -> Void) throws -> ListSource
    ) {
        self.file = file
        self.read = read
    }
}

/// A row on its way into the registry, its credentials sealed if it has any.
struct SealedRow: Sendable {
    let row: ListedRow
    let sealed: [UInt8]
    /// What the dispatch's digest takes of the unit.
    let line: [UInt8]

    init(_ row: ListedRow, _ sealer: inout Vault.Sealer) throws {
        self.row = row
        switch row.content {
        case .unit(let unit):
            sealed = try sealer.seal(unit.credentials, of: unit.id)
            line = UnitsDigest.line(of: unit)
        case .problems:
            sealed = []
            line = []
        }
    }
}

/// Reads a list on one thread and seals its credentials on another, while a
/// third writes the rows.
struct ListPipeline {
    private let feed: ListFeed
    private let vault: Vault

    init(_ feed: ListFeed, vault: Vault) {
        self.feed = feed
        self.vault = vault
    }

    private static let part = 512
    private static let parts = 4

    /// Nobody takes the rows any more.
    private struct Abandoned: Error {}

    /// Gives each row to a body, in their order.
    ///
    /// - Returns: what the list was.
    /// - Throws: what reading the list throws, once its rows so far were given;
    ///   what sealing or the body throws, at once.
    func forEach(_ body: (SealedRow) throws -> Void) throws -> ListSource {
        let read = BoundedQueue<[ListedRow]>(most: Self.parts)
        let sealed = BoundedQueue<Result<[SealedRow], any Error>>(most: Self.parts)
        let outcome = BoundedQueue<Result<ListSource, any Error>>(most: 1)
        let threads = DispatchGroup()
        let queue = DispatchQueue.global(qos: .userInitiated)
        defer {
            read.cancel()
            sealed.cancel()
            threads.wait()
        }
        queue.async(group: threads) { [feed] in
            let result = Result {
                var rows: [ListedRow] = []
                let source = try feed.read { row in
                    rows.append(row)
                    guard rows.count == Self.part else { return }
                    guard read.put(rows) else { throw Abandoned() }
                    rows = []
                }
                _ = read.put(rows)
                return source
            }
            _ = outcome.put(result)
            outcome.finish()
            read.finish()
        }
        queue.async(group: threads) { [vault] in
            var sealer = vault.sealer()
            while let rows = read.take() {
                let done = Result { try rows.map { try SealedRow($0, &sealer) } }
                guard sealed.put(done) else { break }
            }
            sealed.finish()
        }
        while let rows = try sealed.take()?.get() {
            for row in rows { try body(row) }
        }
        guard let source = try outcome.take()?.get() else { throw Abandoned() }
        return source
    }
}
