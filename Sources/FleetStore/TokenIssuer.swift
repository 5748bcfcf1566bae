import Fleet
import GRDB
import KeyVault
import OpenPAYGO

/// Makes tokens inside one transaction: each uses a count, is stored, brings
/// the unit's count and credit forward, and has its audit event.
struct TokenIssuer {
    private let db: Database
    private let vault: Vault
    private let now: Timestamp
    private let actor: ActorName
    /// What the tokens' events are appended to; whatever else the transaction
    /// does goes there too.
    let trail: AuditTrail
    private let suggests: Bool
    private let trustsClock: Bool

    /// How far the clock may be behind the last event, in seconds: a day, for
    /// somebody may have set it to another time zone's.
    static let clockTolerance = 86_400

    /// - Parameters:
    ///   - last: the last event, for who has looked at it.
    ///   - trustsClock: whether tokens are made though the last event is in the
    ///     future.
    ///   - suggests: whether an unknown name is answered with those that may have
    ///     been meant, which takes a look at every name there is.
    init(
        _ db: Database, vault: Vault, at now: Timestamp, actor: ActorName, after last: LastEvent? = nil,
        trustsClock: Bool = false, suggests: Bool = true
    ) {
        self.trustsClock = trustsClock
        self.suggests = suggests
        self.db = db
        self.vault = vault
        self.now = now
        self.actor = actor
        trail = AuditTrail(db, at: now, actor: actor, vault: vault, after: last)
    }

    /// Meets an order, or finds what its payment reference got before.
    func issue(_ order: TokenOrder) throws -> TokenDelivery {
        if let reference = order.reference {
            let earlier = try TokenRows.order(reference, db)
            if let request = earlier.request {
                guard request == order.request, earlier[0].isFor(order.recipient) else {
                    throw FleetError.referenceUsed(by: earlier)
                }
                return TokenDelivery(
                    tokens: earlier, alreadyIssued: true, choice: .asked, request: request,
                    isClosed: try TokenRows.isClosed(earlier, db)
                )
            }
        }
        return try issue(order.request, for: try recipient(of: order.recipient), reference: order.reference)
    }

    /// Meets a request for a unit.
    func issue(
        _ request: TokenRequest, for stored: StoredUnit, reference: PaymentReference? = nil
    ) throws -> TokenDelivery {
        let unit = stored.unit
        try Registry.checkMadeHere(stored, db)
        if let moment = unit.retiredAt { throw FleetError.unitRetired(unit.id, at: moment) }
        let divider = unit.build.timeDivider
        try checkClock()
        let plan = try unit.credit.plan(
            request, unit: unit.id, divider: divider,
            hasTimeFromElsewhere: try request.isSet && UnitRows.hasTimeFromElsewhere(stored.rowID, db), at: now
        )
        let maker = TokenMaker(try stored.credentials(vault), unit.build)
        let isSaid = !plan.isAfterRemoval && !request.isUntil

        // All are made before the first is stored: what is refused halfway
        // must leave nothing in a transaction that goes on.
        var tokens: [IssuedToken] = []
        var count = unit.count
        for step in plan.steps {
            guard let made = try? maker.make(step.instruction, after: count) else {
                throw FleetError.countsExhausted(unit.id)
            }
            count = made.count
            tokens.append(
                IssuedToken(
                    token: made.token, instruction: step.instruction, count: count, unit: unit.id,
                    timeDivider: divider, customer: unit.customer, reference: tokens.isEmpty ? reference : nil,
                    request: tokens.isEmpty && !isSaid ? request : nil, isFollowing: !tokens.isEmpty,
                    paidUntil: step.credit.paidUntil, issuedAt: now, actor: actor.text
                )
            )
        }
        try store(tokens, of: stored)
        // Where nothing was removed or unlocked, the tokens say it all.
        if let credit = plan.steps.last?.credit, ![unit.credit, credit].allSatisfy(\.isPaidAlone) {
            try UnitRows.update(stored.rowID, credit: credit, db)
        }
        var choice = TokenChoice.asked
        if plan.isAfterRemoval {
            choice = .removalNotOutgrown(try TokenRows.lastRemoval(stored.rowID, before: tokens[0].count, db))
        } else if request.isCredit {
            choice = .timeOnlyGrew
        }
        return TokenDelivery(
            tokens: tokens, alreadyIssued: false, choice: choice, request: request, rounding: plan.rounding,
            paidBefore: unit.paidUntil
        )
    }

    /// A clock that lost its battery would have years credited.
    private func checkClock() throws {
        guard !trustsClock, let last = try trail.lastMoment(), now + Self.clockTolerance < last else { return }
        throw FleetError.notConfirmed(
            "the clock says \(now.readable), and the last event was on \(last.readable): one of them is wrong",
            option: "--yes"
        )
    }

    private func store(_ tokens: [IssuedToken], of stored: StoredUnit) throws {
        var first: Int64?
        var last = stored.lastTokenRowID
        for (place, token) in tokens.enumerated() {
            let event = try trail.append(
                .tokenIssued, detail: TokenIssuedDetail(token, first: place > 0 ? tokens[0].count : nil).json,
                about: .init(unit: stored.rowID, customer: stored.customerRowID)
            )
            let row = try TokenRows.insert(
                token, unit: stored.rowID, customer: stored.customerRowID, first: first, previous: last,
                event: event, db
            )
            if place == 0 { first = row }
            last = row
        }
    }

    private func recipient(of recipient: TokenOrder.Recipient) throws -> StoredUnit {
        switch recipient {
        case .unit(let id):
            return try UnitRows.existing(id, suggesting: suggests, db)
        case .customer(let reference):
            let customer = try CustomerRows.existing(reference, suggesting: suggests, db)
            let held = try UnitRows.held(by: customer["id"], db)
            guard let unit = held.first else { throw FleetError.customerHoldsNoUnit(reference) }
            guard held.count == 1 else {
                throw FleetError.customerHoldsSeveral(reference, units: held.map(\.unit.id))
            }
            return unit
        }
    }
}

extension Credit {
    /// Whether there is nothing but a time that is paid for, or none.
    fileprivate var isPaidAlone: Bool { furthestBeyondPaid == nil && !isUnlocked }
}

extension TokenRequest {
    fileprivate var isSet: Bool {
        if case .setDays = self { true } else { false }
    }

    fileprivate var isUntil: Bool {
        if case .until = self { true } else { false }
    }

    /// Whether time is credited, and the type of the token is the registry's choice.
    fileprivate var isCredit: Bool {
        switch self {
        case .days, .until: true
        case .setDays, .unlock, .sync: false
        }
    }
}

extension IssuedToken {
    fileprivate func isFor(_ recipient: TokenOrder.Recipient) -> Bool {
        switch recipient {
        case .unit(let id): id == unit
        case .customer(let reference): customer == reference
        }
    }
}
