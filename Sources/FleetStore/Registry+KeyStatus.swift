import Fleet
import Foundation
import GRDB
import KeyVault

extension Registry {
    /// What is known of the key without opening it, so that no passphrase is
    /// needed. What is wrong with the key file is part of the answer.
    ///
    /// - Throws: the registry's own errors.
    public func keyStatus() throws(FleetError) -> KeyStatus {
        var status = try read { db in try keyFacts(db) }
        do throws(FleetError) {
            let found = try keyPlace.find(status.registryKey)
            status.take(found.stored, at: found.path)
        } catch {
            status.problem = error
            if case .keyFileOfAnotherRegistry(let path) = error, let other = try? KeyFile.read(path) {
                status.take(other, at: path)
            }
        }
        return status
    }

    private func keyFacts(_ db: Database) throws -> KeyStatus {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT key_id, created_at, (SELECT count(*) FROM unit) AS units,
                       (SELECT count(*) FROM former_credentials) AS former
                FROM registry
                """
        )
        guard let row else { throw FleetError.notARegistry(path: path) }
        var changes: [String: Timestamp] = [:]
        var last: Timestamp?
        let events = try Row.fetchCursor(
            db, sql: "SELECT at, detail FROM event WHERE action = 'keyRotated' ORDER BY sequence")
        while let event = try events.next() {
            last = try moment(event["at"])
            let told = Data((event["detail"] as String).utf8)
            if let change = try? JSONDecoder().decode(KeyRotatedDetail.self, from: told) { changes[change.from] = last }
        }
        let former = try Data.fetchAll(db, sql: "SELECT key_id FROM former_key ORDER BY id").map { id in
            let key = KeyID(Array(id))
            return FormerKey(key: key, until: changes[key.hex], keyFile: keyPlace.kept(key))
        }
        return KeyStatus(
            keyFile: keyPlace.path, registryKey: KeyID(Array(row["key_id"] as Data)),
            registryMadeAt: try moment(row["created_at"]), rotatedAt: last, formerKeys: former, units: row["units"],
            formerCredentials: row["former"]
        )
    }
}

extension KeyStatus {
    fileprivate mutating func take(_ stored: StoredKey, at path: String) {
        keyFile = path
        key = KeyID(stored.keyID)
        cost = stored.cost.map(KeyCost.init)
    }
}
