import Fleet
import Foundation
import GRDB

/// The history as it leaves the registry. None of it needs the key.
extension Registry {
    /// The end of the history: what a checkpoint is made of.
    ///
    /// - Throws: ``FleetError/registryDamaged(path:reason:)`` where there is no event.
    public func auditHead() throws(FleetError) -> AuditHead {
        try read { db in try head(db) }
    }

    /// Writes the history as lines of a trail, some at a time: its head, then
    /// every event as it is stored, the first one first. Whether they fit is for
    /// whoever reads it to find out.
    ///
    /// - Parameters:
    ///   - progress: is told now and then how many events were written, and how
    ///     many there are.
    ///   - write: takes the next bytes.
    /// - Returns: the end of what was written.
    /// - Throws: ``FleetError/registryDamaged(path:reason:)`` where there is no
    ///   event; what `write` throws.
    public func writeTrail(
        progress: (_ done: Int, _ all: Int) -> Void = { _, _ in }, _ write: ([UInt8]) throws -> Void
    ) throws(FleetError) -> AuditHead {
        try read { db in
            let head = try head(db)
            let keyID = try Data.fetchOne(db, sql: "SELECT key_id FROM registry") ?? Data()
            try write(
                TrailHead(registry: head.registry, keyID: keyID.hex, events: head.sequence, hash: head.hash).line
            )
            var trail = TrailWriter()
            let statement = try db.makeStatement(
                sql: "SELECT sequence, at, actor, action, detail, hash, mac FROM event ORDER BY sequence"
            )
            try statement.forEach(db) { row in
                trail.append(row)
                guard trail.bytes.count >= 1 << 16 else { return }
                try write(trail.bytes)
                trail.bytes.removeAll(keepingCapacity: true)
                progress(row.number(0), head.sequence)
            }
            try write(trail.bytes)
            return head
        }
    }

    private func head(_ db: Database) throws -> AuditHead {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT registry_id, sequence, at, hash FROM registry, event ORDER BY sequence DESC LIMIT 1
                """
        )
        guard let row else { throw FleetError.registryDamaged(path: path, reason: "its history has no event") }
        return AuditHead(
            registry: row[0], sequence: row[1], at: try moment(row[2]), hash: Array(row[3] as Data)
        )
    }
}
