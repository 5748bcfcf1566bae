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

/// Rows on their way into the registry, their credentials sealed. All that is
/// written of their units is made here, so that the thread that writes has
/// nothing to do but write.
struct SealedRows: Sendable {
    /// Where the parts of a unit end in ``bytes``, one behind the other.
    struct Place {
        var start = 0
        var id = 0
        var model = 0
        var version = 0
        var testCode = 0
        var sealed = 0
        /// The line that the dispatch's digest takes.
        var line = 0
    }

    let rows: [ListedRow]
    private(set) var bytes: [UInt8] = []
    /// By row; nothing in it for a row that is no unit.
    private(set) var places: [Place] = []

    init(_ rows: [ListedRow], _ sealer: inout Vault.Sealer) throws {
        self.rows = rows
        bytes.reserveCapacity(rows.count * 160)
        places.reserveCapacity(rows.count)
        for row in rows {
            var place = Place()
            place.start = bytes.count
            if case .unit(let unit) = row.content { try append(unit, &place, &sealer) }
            places.append(place)
        }
    }

    private mutating func append(_ unit: ListedUnit, _ place: inout Place, _ sealer: inout Vault.Sealer) throws {
        bytes.append(contentsOf: unit.id.text.utf8)
        place.id = bytes.count
        if let model = unit.hardwareModel { bytes.append(contentsOf: model.utf8) }
        place.model = bytes.count
        if let version = unit.firmwareVersion { bytes.append(contentsOf: version.utf8) }
        place.version = bytes.count
        if let testCode = unit.testCode { bytes.append(contentsOf: testCode.digits.utf8) }
        place.testCode = bytes.count
        try sealer.seal(unit.credentials, of: unit.id, into: &bytes)
        place.sealed = bytes.count
        UnitsDigest.append(unit, to: &bytes)
        place.line = bytes.count
    }

    /// The line that the dispatch's digest takes of a row.
    func line(_ row: Int) -> ArraySlice<UInt8> { bytes[places[row].sealed..<places[row].line] }

    /// The sealed credentials in a row.
    func sealed(_ row: Int) -> [UInt8] { Array(bytes[places[row].testCode..<places[row].sealed]) }
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

    /// Gives the rows to a body, in their order and some at a time.
    ///
    /// - Returns: what the list was.
    /// - Throws: what reading the list throws, once its rows so far were given;
    ///   what sealing or the body throws, at once.
    func forEach(_ body: (SealedRows) throws -> Void) throws -> ListSource {
        let reader = RowReader()
        let sealed = BoundedQueue<Result<SealedRows, any Error>>(most: RowReader.parts)
        // To forget rows takes time too, and the thread that writes has none.
        let written = BoundedQueue<SealedRows>(most: 2 * RowReader.parts)
        let threads = DispatchGroup()
        defer {
            reader.rows.cancel()
            sealed.cancel()
            threads.wait()
        }
        reader.start(feed, in: threads)
        DispatchQueue.global(qos: .userInitiated).async(group: threads) { [vault] in
            var sealer = vault.sealer()
            while let rows = reader.rows.take() {
                let done = Result { try SealedRows(rows, &sealer) }
                guard sealed.put(done) else { break }
                written.clear()
            }
            sealed.finish()
        }
        while let rows = try sealed.take()?.get() {
            try body(rows)
            written.offer(rows)
        }
        return try reader.source()
    }
}
