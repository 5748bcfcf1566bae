import Fleet
import GRDB
import OpenPAYGO

extension Registry {
    /// Issues a token: reads the count, makes the token, stores it, brings
    /// count and paid-until forward and appends the audit event, all in one
    /// transaction.
    ///
    /// An order whose payment reference got a token before gets that token,
    /// and nothing is made.
    ///
    /// - Throws: ``FleetError/paidTooFar(_:)``; ``FleetError/referenceUsed(by:)`` when the reference was for
    ///   something else; ``FleetError/tokensMadeElsewhere(_:provider:)``;
    ///   ``FleetError/daysNotAllowed(_:unit:smallest:largest:)``;
    ///   ``FleetError/countsExhausted(_:)``; not found; the key file's errors.
    public func issue(
        _ order: TokenOrder, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> TokenDelivery {
        let vault = try openVault()
        return try write { db in
            if let reference = order.reference, let earlier = try TokenRows.find(reference, db) {
                guard earlier.answers(order) else { throw FleetError.referenceUsed(by: earlier) }
                return TokenDelivery(token: earlier, alreadyIssued: true)
            }
            let stored = try Self.recipient(of: order, db)
            let unit = stored.unit
            if case .provider(let name) = unit.authority {
                throw FleetError.tokensMadeElsewhere(unit.id, provider: name)
            }
            let divider = unit.build.timeDivider
            let instruction = try Credit.instruction(for: order.days, unit: unit.id, divider: divider)
            let maker = TokenMaker(try stored.credentials(vault), unit.build)
            guard let made = try? maker.make(instruction, after: unit.count) else {
                throw FleetError.countsExhausted(unit.id)
            }
            let credit = Credit(paidUntil: unit.paidUntil).adding(order.days, at: now)
            guard credit.paidUntil.map({ $0 <= Credit.limit }) ?? true else { throw FleetError.paidTooFar(unit.id) }
            let token = IssuedToken(
                token: made.token, instruction: instruction, count: made.count, unit: unit.id,
                timeDivider: divider, customer: unit.customer, reference: order.reference,
                paidUntil: credit.paidUntil,
                issuedAt: now, actor: actor.text
            )
            try TokenRows.insert(token, unit: stored.rowID, customer: stored.customerRowID, db)
            try UnitRows.update(stored.rowID, count: token.count, paidUntil: token.paidUntil, db)
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .tokenIssued, TokenIssuedDetail(token),
                about: .init(unit: stored.rowID, customer: stored.customerRowID)
            )
            return TokenDelivery(token: token, alreadyIssued: false)
        }
    }

    private static func recipient(of order: TokenOrder, _ db: Database) throws -> StoredUnit {
        switch order.recipient {
        case .unit(let id):
            return try UnitRows.existing(id, db)
        case .customer(let reference):
            let customer = try CustomerRows.existing(reference, db)
            let held = try UnitRows.held(by: customer["id"], db)
            guard let unit = held.first else { throw FleetError.customerHoldsNoUnit(reference) }
            guard held.count == 1 else {
                throw FleetError.customerHoldsSeveral(reference, units: held.map(\.unit.id))
            }
            return unit
        }
    }
}

extension IssuedToken {
    /// Whether this token is what an order with its payment reference asks for.
    func answers(_ order: TokenOrder) -> Bool {
        let sameRecipient =
            switch order.recipient {
            case .unit(let id): id == unit
            case .customer(let reference): customer == reference
            }
        return sameRecipient && instruction.type == .addTime && days == order.days
    }
}
