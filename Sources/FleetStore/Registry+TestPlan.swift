import Fleet
import GRDB
import OpenPAYGO

extension Registry {
    /// Makes the tokens of the standard's acceptance procedure for a unit that
    /// nobody uses, and records them as test tokens: all of them, or none.
    ///
    /// Nobody paid for them. The next token that somebody pays for is Set Time,
    /// whatever a test that was broken off has left in the unit.
    ///
    /// - Throws: ``FleetError/unitInUse(_:by:)``,
    ///   ``FleetError/tokensMadeElsewhere(_:provider:export:)``,
    ///   ``FleetError/unitRetired(_:at:)``, ``FleetError/countsExhausted(_:)``;
    ///   not found; the key file's errors.
    public func makeTestPlan(of id: PaygID, at now: Timestamp, actor: ActorName) throws(FleetError) -> TestPlan {
        let vault = try openVault()
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            let unit = stored.unit
            try Self.checkMadeHere(stored, db)
            if let moment = unit.retiredAt { throw FleetError.unitRetired(unit.id, at: moment) }
            guard unit.customer == nil, !unit.credit.isUnlocked, unit.paidUntil.map({ $0 <= now }) ?? true else {
                throw FleetError.unitInUse(unit.id, by: unit.customer)
            }
            let credentials = try stored.credentials(vault)
            let plan = try TestPlan(
                unit.id, build: unit.build, maker: TokenMaker(credentials, unit.build),
                reader: TokenReader(credentials, dispatchedCount: unit.dispatchedCount), after: unit.count
            )
            let trail = AuditTrail(db, at: now, actor: actor, vault: vault)
            var last = stored.lastTokenRowID
            for made in plan.tokens {
                let token = IssuedToken(
                    token: made.token, instruction: made.instruction, count: made.count, unit: unit.id,
                    timeDivider: unit.build.timeDivider, customer: nil, reference: nil, test: made.step,
                    paidUntil: nil, issuedAt: now, actor: actor.text
                )
                let event = try trail.append(
                    .tokenIssued, detail: TokenIssuedDetail(token, first: nil).json, about: .init(unit: stored.rowID)
                )
                last = try TokenRows.insert(
                    token, unit: stored.rowID, customer: nil, first: nil, previous: last, event: event, db)
            }
            try UnitRows.update(stored.rowID, credit: unit.credit.afterTest(), db)
            return plan
        }
    }
}
