import Fleet
import GRDB
import KeyVault
import OpenPAYGO

/// A unit that comes back from the provider that had it.
struct TakenOver: Sendable {
    let rowID: Int64
    let unit: PaygID
    /// The provider that had it.
    let from: String
    /// The registry's count.
    let before: TokenCount
    /// The count that the provider reports.
    let count: TokenCount

    /// - Throws: ``FleetError/tokensMadeHere(_:)``,
    ///   ``FleetError/countTooLow(_:given:registry:)``,
    ///   ``FleetError/countUsed(_:given:highest:)``.
    init(_ stored: StoredUnit, count: TokenCount, isForced: Bool, _ db: Database) throws {
        let unit = stored.unit
        guard case .provider(let provider) = unit.authority else { throw FleetError.tokensMadeHere(unit.id) }
        if count < unit.count {
            let used = try UnitRows.highestUsed(stored, exceptOf: provider, db)
            guard count >= used else { throw FleetError.countUsed(unit.id, given: count, highest: used) }
            guard isForced else { throw FleetError.countTooLow(unit.id, given: count, registry: unit.count) }
        }
        rowID = stored.rowID
        self.unit = unit.id
        from = provider
        before = unit.count
        self.count = count
    }

    /// The units of a takeover, by their rows.
    ///
    /// - Throws: what ``init(_:count:isForced:_:)`` throws,
    ///   ``FleetError/unitRetired(_:at:)``,
    ///   ``FleetError/alreadyHandedOver(_:provider:)`` for one that the
    ///   provider has who gets it, ``FleetError/credentialsDiffer(_:file:)``;
    ///   not found.
    static func all(
        _ takeover: Takeover, provider: String, vault: Vault, _ db: Database
    ) throws -> [Int64: TakenOver] {
        var all: [Int64: TakenOver] = [:]
        for report in takeover.reports {
            let stored = try UnitRows.existing(report.unit, db)
            if let moment = stored.unit.retiredAt { throw FleetError.unitRetired(stored.unit.id, at: moment) }
            switch stored.unit.authority {
            case .here: throw FleetError.notHandedOver(stored.unit.id)
            case .provider(provider): throw FleetError.alreadyHandedOver(stored.unit.id, provider: provider)
            case .provider: break
            }
            if let reported = report.credentials {
                let own = try stored.credentials(vault)
                guard own.key == reported.key, report.isStartingCodeDerived || own == reported else {
                    throw FleetError.credentialsDiffer(stored.unit.id, file: takeover.file ?? "the report")
                }
            }
            all[stored.rowID] = try TakenOver(stored, count: report.count, isForced: takeover.isForced, db)
        }
        return all
    }
}

extension Registry {
    /// Takes the making of a unit's tokens back from a provider.
    ///
    /// - Parameters:
    ///   - count: the count of the last token the provider made.
    ///   - isForced: whether it may be below the one that the provider was
    ///     given; never below that of a token made here.
    /// - Returns: the provider it was taken from, and the registry's count before.
    /// - Throws: ``FleetError/tokensMadeHere(_:)``,
    ///   ``FleetError/countTooLow(_:given:registry:)``,
    ///   ``FleetError/countUsed(_:given:highest:)``; not found; the key
    ///   file's errors.
    public func reclaim(
        _ id: PaygID, count: TokenCount, isForced: Bool = false, reason: Reason, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> (provider: String, before: TokenCount) {
        let vault = try openVault()
        return try write { db in
            let taken = try TakenOver(try UnitRows.existing(id, db), count: count, isForced: isForced, db)
            try Self.reclaim(taken, reason: reason, AuditTrail(db, at: now, actor: actor, vault: vault), db)
            return (taken.from, taken.before)
        }
    }

    static func reclaim(_ taken: TakenOver, reason: Reason?, _ trail: AuditTrail, _ db: Database) throws {
        try UnitRows.update(taken.rowID, count: taken.count, db)
        try HandedOverRows.delete(taken.rowID, db)
        try trail.append(
            .unitReclaimed,
            UnitReclaimedDetail(
                unit: taken.unit.text, from: taken.from, count: Int(taken.count.number), reason: reason?.text ?? "",
                countBefore: taken.count < taken.before ? Int(taken.before.number) : nil
            ),
            about: .init(unit: taken.rowID)
        )
    }

    /// - Throws: ``FleetError/tokensMadeElsewhere(_:provider:export:)``.
    static func checkMadeHere(_ stored: StoredUnit, _ db: Database) throws {
        guard case .provider(let name) = stored.unit.authority else { return }
        throw FleetError.tokensMadeElsewhere(
            stored.unit.id, provider: name, export: try HandedOverRows.export(of: stored.rowID, db)
        )
    }
}
