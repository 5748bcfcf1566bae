import Fleet
import Foundation
import GRDB
import KeyVault

/// Reads the sealed credentials of all units as they are before a transaction
/// changes anything, on a connection and a thread of its own, and seals them
/// under another key on a second thread, while a third writes them.
final class Resealing: @unchecked Sendable {
    /// Some units, and what is sealed of them.
    struct Part: Sendable {
        var rows: [Int64] = []
        var names: [String] = []
        /// What is sealed, one behind the other.
        var sealed: [UInt8] = []
        /// Where each ends.
        var ends: [Int] = []

        func place(_ index: Int) -> Range<Int> { (index > 0 ? ends[index - 1] : 0)..<ends[index] }
    }

    private let database: DatabaseQueue
    private let former: Vault
    private let new: Vault
    private let read = BoundedQueue<Result<Part, any Error>>(most: 8)
    private let sealed = BoundedQueue<Result<Part, any Error>>(most: 8)
    private let threads = DispatchGroup()

    private static let unitsInPart = 512

    /// Units that nobody takes any more.
    private struct Abandoned: Error {}

    init(path: String, from former: Vault, to new: Vault) throws {
        database = try Registry.reader(path)
        self.former = former
        self.new = new
    }

    /// Gives the units, sealed anew, to a body, by row and some at a time.
    ///
    /// - Throws: ``FleetError/credentialsDoNotOpen(_:)``; what reading or the
    ///   body throws.
    func forEach(_ body: (Part) throws -> Void) throws {
        defer {
            read.cancel()
            sealed.cancel()
            threads.wait()
        }
        let queue = DispatchQueue.global(qos: .userInitiated)
        queue.async(group: threads) { [self] in
            do { try readUnits() } catch { _ = read.put(.failure(error)) }
            read.finish()
        }
        queue.async(group: threads) { [self] in
            var sealer = new.sealer()
            while let part = read.take() {
                guard sealed.put(Result { try reseal(try part.get(), &sealer) }) else { break }
            }
            sealed.finish()
        }
        while let part = try sealed.take()?.get() { try body(part) }
    }

    private func readUnits() throws {
        try database.read { db in
            var part = Part()
            func handOver() throws {
                guard read.put(.success(part)) else { throw Abandoned() }
                part = Part()
            }
            try db.makeStatement(sql: "SELECT id, payg_id, sealed FROM unit ORDER BY id").forEach(db) { row in
                part.rows.append(row.rowID(0))
                part.names.append(row.text(1))
                part.sealed.append(contentsOf: row.bytes(2))
                part.ends.append(part.sealed.count)
                if part.rows.count == Self.unitsInPart { try handOver() }
            }
            try handOver()
        }
    }

    private func reseal(_ part: Part, _ sealer: inout Vault.Sealer) throws -> Part {
        var resealed = part
        resealed.sealed.removeAll(keepingCapacity: true)
        for index in part.rows.indices {
            resealed.sealed.append(
                contentsOf: try former.resealed(
                    Array(part.sealed[part.place(index)]), of: try PaygID(part.names[index]), &sealer))
            resealed.ends[index] = resealed.sealed.count
        }
        return resealed
    }
}

extension Vault {
    /// A unit's sealed credentials, sealed by another vault's sealer.
    ///
    /// - Throws: ``FleetError/credentialsDoNotOpen(_:)``.
    func resealed(
        _ sealed: [UInt8], of unit: PaygID, _ sealer: inout Vault.Sealer
    ) throws(FleetError) -> [UInt8] {
        var resealed: [UInt8] = []
        resealed.reserveCapacity(sealed.count)
        do {
            try sealed.withUnsafeBytes { try sealer.reseal($0, of: self, for: unit.text, into: &resealed) }
        } catch {
            throw .credentialsDoNotOpen(unit)
        }
        return resealed
    }
}
