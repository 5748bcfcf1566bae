import Fleet
import Foundation
import GRDB
import PrivateFiles

extension Restoration {
    /// The copy, and what SQLite keeps beside it.
    public var hiddenFiles: [String] { Registry.files(of: stage.path) }

    /// Restores: tells the copy what it must know of counts and makers, in one
    /// transaction with the events of it, and puts it in its place.
    ///
    /// - Parameters:
    ///   - skipAhead: how far to skip the counts of every unit whose tokens are
    ///     made here, because nobody knows which were used; 0 for not at all.
    ///   - progress: is given how many bytes of how many are copied.
    /// - Returns: where what was there is kept, and what was skipped.
    /// - Throws: ``FleetError/registryChanged(path:)`` where somebody worked on
    ///   it since it was looked at, ``FleetError/registryBusy(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``; nothing is changed then.
    public func apply(
        skipAhead: Int, at now: Timestamp, actor: ActorName, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) -> RestoreResult {
        let (skipped, facts) = try unplaced { () throws(FleetError) in try tell(skipAhead, at: now, actor: actor) }
        let kept: String?
        switch finding.replaced {
        case .readable(let expected):
            // Nobody who looks at what is kept is to complete it later.
            try? Registry.open(path, keyFile: copy.keyPlace.path).completeKeyChange()
            kept = try replacePages(expected, keptAs: try keptName(at: now), progress)
        case .unreadable:
            let name = try keptName(at: now)
            try close()
            // Never without a file in its place, and never with the log of another one.
            do { try PrivateFile.name(place, also: name) } catch { throw FleetError(error, output: name) }
            do throws(FleetError) {
                do { try moveLogs(from: place, to: name) } catch { throw FleetError(error, output: name) }
                try stage.replace(place)
            } catch {
                // Nothing was replaced: what was there is where it was.
                _ = try? moveLogs(from: name, to: place)
                if FileManager.default.fileExists(atPath: place) {
                    try? FileManager.default.removeItem(atPath: name)
                } else {
                    try? PrivateFile.place(name, at: place)
                }
                guard case .outputFailed(_, let reason) = error else { throw error }
                throw .outputFailed(path: path, reason: reason)
            }
            kept = name
        case .none:
            let name = try keptName(at: now)
            try close()
            let hasLogs: Bool
            do { hasLogs = try moveLogs(from: place, to: name) } catch { throw FleetError(error, output: name) }
            do throws(FleetError) { try stage.place(at: place) } catch {
                _ = try? moveLogs(from: name, to: place)
                guard case .outputExists = error else { throw error }
                throw .registryExists(path: path)
            }
            kept = hasLogs ? name : nil
        }
        return RestoreResult(kept: kept, skipped: skipped, facts: facts, keyFile: placeKey())
    }

    /// Gives the key the place that the key of the same registry has by now, and
    /// keeps that one beside it: the key was changed since the copy was made.
    ///
    /// - Returns: where the key is.
    private func placeKey() -> String {
        let key = KeyID(vault.keyID)
        if case .readable(let facts) = finding.replaced, facts.registryID == finding.copy.registryID,
            let replaced = KeyID(hex: facts.keyID), replaced != key
        {
            copy.keyPlace.exchange(replaced, for: key)
        }
        return (try? copy.keyPlace.find(key))?.path ?? copy.keyPlace.path
    }

    /// The one transaction of the copy.
    private func tell(
        _ skipAhead: Int, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> ([CountSkip], RegistryFacts) {
        try copy.write { db in
            let ahead = try Self.ahead(by: skipAhead, after: finding.skips, db)
            let trail = AuditTrail(db, at: now, actor: actor, vault: vault)
            var replaced: RegistryFacts?
            if case .readable(let facts) = finding.replaced { replaced = facts }
            try trail.append(
                .registryRestored,
                RegistryRestoredDetail(
                    file: file.split(separator: "/").last.map(String.init) ?? file, sha256: sha256,
                    events: finding.copy.events, head: finding.copy.head, replacedEvents: replaced?.events,
                    replacedHead: replaced?.head,
                    replacedRegistry: replaced.flatMap {
                        $0.registryID == finding.copy.registryID ? nil : $0.registryID
                    },
                    skippedAhead: skipAhead > 0 ? skipAhead : nil, units: finding.skips.count + ahead.count
                )
            )
            for skip in finding.skips + ahead {
                guard skip.from != nil else {
                    try AwaitedUnits.remember(skip, trail, db)
                    continue
                }
                let id = try Int64.fetchOne(
                    db.cachedStatement(sql: "SELECT id FROM unit WHERE payg_id = ?"), arguments: [skip.unit.text]
                )
                guard let id else { throw FleetError.unitNotFound(skip.unit, nearest: []) }
                try AwaitedUnits.apply(skip, unit: id, trail, db)
            }
            return (finding.skips + ahead, try RegistryFacts(db))
        }
    }

    /// Every unit whose tokens are made here, so much further.
    private static func ahead(by counts: Int, after known: [CountSkip], _ db: Database) throws -> [CountSkip] {
        guard counts > 0 else { return [] }
        var knownSkips: [String: CountSkip] = [:]
        for skip in known { knownSkips[skip.unit.text.lowercased()] = skip }
        let rows = try Row.fetchCursor(
            db, sql: "SELECT payg_id, count, \(HandedOverRows.authority) AS authority FROM unit ORDER BY id")
        var skips: [CountSkip] = []
        while let row = try rows.next() {
            let (name, count): (String, Int) = (row["payg_id"], row["count"])
            let known = knownSkips[name.lowercased()]
            guard known?.authority ?? row["authority"] == TokeningAuthority.here.name else { continue }
            let from = known?.to ?? count
            let to = min(count + counts, 9_999_999)
            guard to > from else { continue }
            skips.append(CountSkip(unit: try PaygID(name), from: from, to: to, authority: nil, isKnown: false))
        }
        return skips
    }

    // MARK: - Into its place

    /// What is there gets the copy's pages, and is copied away before.
    private func replacePages(
        _ expected: RegistryFacts, keptAs name: String, _ progress: (Int, Int) -> Void
    ) throws(FleetError) -> String {
        let kept = try HiddenDatabase(beside: place)
        return try Registry.translated(path) {
            let destination = try DatabaseQueue(path: place, configuration: Registry.configuration())
            try destination.writeWithoutTransaction { db in
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
                let reader = try Registry.reader(place)
                var isUnneeded = false
                // Where nothing was replaced, nothing has to be kept.
                defer { if isUnneeded { try? FileManager.default.removeItem(atPath: name) } }
                try copy.read { source in
                    // What is refused is refused by the registry, not by the copy.
                    try Registry.translated(path) {
                        try PageCopy.run(
                            from: source, to: db,
                            locked: {
                                try keep(expected, reader, in: kept, as: name)
                                isUnneeded = true
                            }, progress: progress
                        )
                    }
                }
                isUnneeded = false
                // A reader may hold it up, or a program that copies the log; later ones do it then.
                _ = try? db.checkpoint(.passive)
            }
            try destination.close()
            return name
        }
    }

    /// Copies away what is there, where it is what was looked at.
    private func keep(
        _ expected: RegistryFacts, _ reader: DatabaseQueue, in kept: HiddenDatabase, as name: String
    ) throws {
        try reader.read { old in
            guard try RegistryFacts(old) == expected else { throw FleetError.registryChanged(path: path) }
            try Registry.copyPages(of: old, into: kept.path, progress: { _, _ in })
        }
        try reader.close()
        try kept.place(at: name)
    }

    /// Writes all that is in the log into the file, and lets go of it: only the
    /// file gets its name.
    private func close() throws(FleetError) {
        try unplaced { () throws(FleetError) in try copy.close() }
    }

    /// Whatever fails while the copy has no name yet has changed nothing, and is
    /// told of the registry.
    private func unplaced<T>(_ work: () throws(FleetError) -> T) throws(FleetError) -> T {
        do throws(FleetError) { return try work() } catch {
            switch error {
            case .registryUncertain(_, let reason), .outputFailed(_, let reason):
                throw .outputFailed(path: path, reason: reason)
            case .registryFailed(_, let reason): throw .registryFailed(path: path, reason: reason)
            default: throw error
            }
        }
    }

    /// What SQLite left beside a registry goes where that goes.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    private func moveLogs(from path: String, to name: String) throws(PrivateFileError) -> Bool {
        var isAny = false
        for (old, new) in zip(Registry.files(of: path), Registry.files(of: name)).dropFirst()
        where FileManager.default.fileExists(atPath: old) {
            try PrivateFile.place(old, at: new)
            isAny = true
        }
        return isAny
    }

    /// `registry-replaced-2026-11-23T051259Z.sqlite`, or one second later where
    /// something has that name.
    private func keptName(at now: Timestamp) throws(FleetError) -> String {
        let url = URL(fileURLWithPath: place)
        let name = url.lastPathComponent
        let stem = name.hasSuffix(".sqlite") ? String(name.dropLast(7)) : name
        var path = ""
        for second in 0..<100 {
            path =
                url.deletingLastPathComponent().path + "/"
                + BackupName(of: stem + "-replaced", at: now + second).text
            if !Registry.files(of: path).contains(where: FileManager.default.fileExists) { return path }
        }
        throw .outputExists(path: path)
    }
}
