import Fleet
import Foundation

/// Reads a list on a thread of its own, while others do something with its rows.
struct RowReader {
    /// The rows that were read, in their order and some at a time.
    let rows = BoundedQueue<[ListedRow]>(most: parts)
    private let outcome = BoundedQueue<Result<ListSource, any Error>>(most: 1)

    /// How many times ``part`` rows may wait for the next thread.
    static let parts = 4
    private static let part = 512

    /// Nobody takes the rows any more.
    private struct Abandoned: Error {}

    /// Begins to read.
    ///
    /// - Parameter threads: what the thread belongs to.
    func start(_ feed: ListFeed, in threads: DispatchGroup) {
        DispatchQueue.global(qos: .userInitiated).async(group: threads) { [rows = rows, outcome] in
            let result = Result {
                var some: [ListedRow] = []
                // What was read is told also where reading fails then.
                defer { _ = rows.put(some) }
                return try feed.read { row in
                    some.append(row)
                    guard some.count == Self.part else { return }
                    guard rows.put(some) else { throw Abandoned() }
                    some = []
                }
            }
            _ = outcome.put(result)
            outcome.finish()
            rows.finish()
        }
    }

    /// What the list was, once all its rows were taken.
    ///
    /// - Throws: what reading the list throws.
    func source() throws -> ListSource {
        guard let source = try outcome.take()?.get() else { throw Abandoned() }
        return source
    }
}
