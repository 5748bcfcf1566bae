import Fleet
import Foundation
import GRDB
import OpenPAYGO

extension Registry {
    /// How far above a unit's count the count of a token is looked for.
    public static let usualReach = 1000

    /// What a token is for a unit: whether it was issued, and whether the unit
    /// would take it after every other token that was issued for it.
    ///
    /// - Parameter text: the token as somebody reads it out.
    /// - Throws: ``FleetError/badValue(what:problem:)``; not found; the key
    ///   file's errors.
    public func check(_ text: String, of id: PaygID) throws(FleetError) -> TokenCheck {
        let vault = try openVault()
        return try read { db in
            let stored = try UnitRows.existing(id, db)
            let unit = stored.unit
            let token = try Token(typed: text, digitSet: unit.build.digitSet)
            let made = try TokenRows.all(of: stored.rowID, db)
            let issued = made.last { $0.token == token }

            var state = DeviceState(dispatchedWith: unit.dispatchedCount)
            var closing: IssuedToken?
            let unread = Self.order(of: issued, in: made)
            for other in made where !unread.contains(other.count) {
                guard state.accept(other.instruction.type, at: other.count) else { continue }
                if other.instruction.type != .addTime { closing = other }
            }
            // Tokens up to the unit's count that are not on record were made elsewhere.
            if let issued {
                // A jump that no token explains: the unit came here with such a count.
                if issued.count.number > state.lastCount.number + TokenReader.window,
                    let before = try? TokenCount(Int(issued.count.number) - 1)
                {
                    state = DeviceState(dispatchedWith: before)
                }
            } else if state.lastCount < unit.count {
                state = DeviceState(dispatchedWith: unit.count)
            }
            let credentials = try stored.credentials(vault)
            let reader = TokenReader(credentials, dispatchedCount: unit.dispatchedCount)
            return TokenCheck(
                unit: unit.id, token: token, outcome: reader.read(token, state: &state), issued: issued,
                closing: closing
            )
        }
    }

    /// The counts of a token and of those that are entered after it in the same
    /// order; none for no token.
    private static func order(of token: IssuedToken?, in made: [IssuedToken]) -> Set<TokenCount> {
        guard let token, let place = made.firstIndex(where: { $0.count == token.count }) else { return [] }
        return Set([token.count] + made[(place + 1)...].prefix { $0.isFollowing }.map(\.count))
    }

    /// The tokens on record with these digits, oldest first.
    public func issued(_ token: Token) throws(FleetError) -> [IssuedToken] {
        try read { db in
            // Block by block, and then the tokens that are in none yet.
            try Row.fetchAll(
                db,
                sql: """
                    WITH RECURSIVE blocks (block) AS (
                        SELECT min(block) FROM token_digits
                        UNION ALL
                        SELECT (SELECT min(block) FROM token_digits WHERE block > blocks.block)
                        FROM blocks WHERE block IS NOT NULL
                    )
                    \(TokenRows.select)
                    WHERE token.id IN (
                        SELECT token_id FROM blocks CROSS JOIN token_digits
                        WHERE token_digits.block = blocks.block AND token_digits.digits = ?
                        UNION ALL
                        SELECT id FROM token WHERE id > (SELECT coalesce(max(block), 0) * 4096 FROM token_digits)
                    ) AND token.digits = ?
                    ORDER BY token.id
                    """, arguments: [Int64(token.digits), token.digits]
            ).map(TokenRows.issued)
        }
    }

    /// The tokens that a payment reference got, in the order in which they are
    /// entered; none for a reference that got none.
    public func order(_ reference: PaymentReference) throws(FleetError) -> [IssuedToken] {
        try read { db in try TokenRows.order(reference, db) }
    }

    /// The orders of many payment references, one after the other, each in the
    /// order in which its tokens are entered.
    ///
    /// - Parameter take: is given each with who held the unit; no token for a
    ///   reference that got none.
    public func orders(
        _ references: [PaymentReference], take: ([IssuedToken], Customer?) throws -> Void
    ) throws(FleetError) {
        try read { db in
            for reference in references {
                let tokens = try TokenRows.order(reference, db)
                let customer = try tokens.first?.customer.flatMap { reference in
                    try CustomerRows.find(reference, db).map { row in try CustomerRows.customer(row, units: []) }
                }
                try take(tokens, customer)
            }
        }
    }

    /// The tokens of the last order for a unit, in the order in which they are
    /// entered.
    ///
    /// - Throws: ``FleetError/noTokens(of:)``; not found.
    public func lastOrder(of id: PaygID) throws(FleetError) -> [IssuedToken] {
        try read { db in
            let stored = try UnitRows.existing(id, db)
            // Tokens of a test are nobody's order.
            let made = try TokenRows.all(of: stored.rowID, db).filter { $0.test == nil }
            guard let first = made.lastIndex(where: { !$0.isFollowing }) else {
                throw FleetError.noTokens(of: "unit \(stored.unit.id)")
            }
            return Array(made[first...])
        }
    }

    /// The units that would take a token next, or whose it was, by PAYG ID, by
    /// computation: for tokens that were made elsewhere. A token is a stranger's
    /// by chance once in a million counts looked at.
    ///
    /// - Throws: the key file's errors.
    public func matches(of token: Token) throws(FleetError) -> [TokenMatch] {
        let vault = try openVault()
        return try read { db in
            var matches: [TokenMatch] = []
            var ids: [PaygID] = []
            var candidates: [TokenSearch.Candidate] = []
            func search() {
                for match in Self.inParallel(token, candidates) {
                    matches.append(TokenMatch(unit: ids[match.index], outcome: match.outcome))
                }
                ids.removeAll(keepingCapacity: true)
                candidates.removeAll(keepingCapacity: true)
            }
            let restricted = token.digitSet == .restricted
            try UnitRows.forEach(db, where: "restricted_digits = \(restricted) ORDER BY unit.payg_id") { stored in
                // One that does not open is for `audit verify` to name.
                guard let credentials = try? stored.credentials(vault) else { return }
                let unit = stored.unit
                ids.append(unit.id)
                candidates.append(
                    .init(
                        reader: TokenReader(credentials, dispatchedCount: unit.dispatchedCount),
                        state: DeviceState(dispatchedWith: unit.count)
                    )
                )
                if candidates.count == 1 << 16 { search() }
            }
            search()
            return matches
        }
    }

    private static func inParallel(
        _ token: Token, _ candidates: [TokenSearch.Candidate]
    ) -> [(index: Int, outcome: TokenReader.Outcome)] {
        let parts = max(1, min(ProcessInfo.processInfo.activeProcessorCount, candidates.count / 1024))
        let size = (candidates.count + parts - 1) / parts
        var found = [[(index: Int, outcome: TokenReader.Outcome)]](repeating: [], count: parts)
        found.withUnsafeMutableBufferPointer { found in
            nonisolated(unsafe) let found = found
            DispatchQueue.concurrentPerform(iterations: parts) { part in
                let start = part * size
                let slice = Array(candidates[min(start, candidates.count)..<min(start + size, candidates.count)])
                found[part] = TokenSearch.matches(of: token, among: slice).map {
                    ($0.index + start, $0.outcome)
                }
            }
        }
        return found.flatMap { $0 }
    }

    /// Sets a unit's count, on record: what its last token used, wherever it
    /// was made. Never below a count that was used.
    ///
    /// - Parameter isConfirmed: whether a count below the registry's, or further
    ///   above it than a unit looks, is what is meant.
    /// - Throws: ``FleetError/notConfirmed(_:option:)`` for such a count without
    ///   `isConfirmed`; ``FleetError/countUsed(_:given:highest:)``,
    ///   ``FleetError/tokensMadeElsewhere(_:provider:export:)``; not found; the key
    ///   file's errors.
    public func setCount(
        of id: PaygID, to count: TokenCount, isConfirmed: Bool = false, reason: Reason, at now: Timestamp,
        actor: ActorName
    ) throws(FleetError) -> CountChange {
        let vault = try openVault()
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            let unit = stored.unit
            try Self.checkMadeHere(stored, db)
            guard count != unit.count else { return CountChange(unit: unit.id, from: count, to: count) }
            let highest = try UnitRows.highestUsed(stored, db)
            guard count >= highest else { throw FleetError.countUsed(unit.id, given: count, highest: highest) }
            guard isConfirmed || count > unit.count else {
                throw FleetError.notConfirmed(
                    "unit \(unit.id) has count \(unit.count), and whoever made tokens up to there would have used the "
                        + "counts after \(count)", option: "--yes"
                )
            }
            // A unit looks no further: were the count wrong, it would take no token any more.
            guard isConfirmed || count.number <= unit.count.number + TokenReader.window else {
                throw FleetError.notConfirmed(
                    "unit \(unit.id) has count \(unit.count), and with \(count) for a wrong number it would take no "
                        + "token ever again: it looks \(TokenReader.window) counts ahead", option: "--yes"
                )
            }
            try UnitRows.update(stored.rowID, count: count, db)
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .countSet,
                CountSetDetail(
                    unit: unit.id.text, from: Int(unit.count.number), to: Int(count.number), reason: reason.text),
                about: .init(unit: stored.rowID)
            )
            return CountChange(unit: unit.id, from: unit.count, to: count)
        }
    }

    /// Sets a unit's count to that of a token which the unit accepted, where
    /// that is above the registry's: the next token is then one it takes.
    ///
    /// - Parameters:
    ///   - text: the token as somebody reads it out.
    ///   - reach: how far above the registry's count to look.
    /// - Throws: ``FleetError/notATokenOf(_:lookedUpTo:)``,
    ///   ``FleetError/tokensMadeElsewhere(_:provider:export:)``; not found; the key
    ///   file's errors.
    public func setCount(
        of id: PaygID, from text: String, reach: Int = usualReach, at now: Timestamp, actor: ActorName
    ) throws(FleetError) -> CountChange {
        let vault = try openVault()
        return try write { db in
            let stored = try UnitRows.existing(id, db)
            let unit = stored.unit
            try Self.checkMadeHere(stored, db)
            let token = try Token(typed: text, digitSet: unit.build.digitSet)
            let furthest = try? TokenCount(
                min(Int(unit.count.number) + min(max(0, reach), Int(TokenCount.maximum)), Int(TokenCount.maximum)))
            let last = furthest ?? unit.count
            let reader = TokenReader(try stored.credentials(vault), dispatchedCount: unit.dispatchedCount)
            let matches = reader.matches(of: token, upTo: last)
            let (older, newer) = (matches.filter { $0.count <= unit.count }, matches.filter { $0.count > unit.count })
            // A token on record is the one that was issued, whatever chance would have it be.
            let issued = try TokenRows.all(of: stored.rowID, db).last { $0.token == token }
            if let issued {
                return CountChange(
                    unit: unit.id, from: unit.count, to: unit.count, shown: (issued.instruction, issued.count))
            }
            guard let shown = newer.first ?? older.last else {
                throw FleetError.notATokenOf(unit.id, lookedUpTo: last)
            }
            guard shown.count > unit.count else {
                return CountChange(unit: unit.id, from: unit.count, to: unit.count, shown: shown)
            }
            try UnitRows.update(stored.rowID, count: shown.count, db)
            try AuditTrail(db, at: now, actor: actor, vault: vault).append(
                .countSet,
                CountSetDetail(
                    unit: unit.id.text, from: Int(unit.count.number), to: Int(shown.count.number), token: token.digits),
                about: .init(unit: stored.rowID)
            )
            return CountChange(
                unit: unit.id, from: unit.count, to: shown.count, shown: shown,
                alsoPossible: newer.dropFirst().map(\.count)
            )
        }
    }
}

extension TokenReader {
    init(_ credentials: Credentials, dispatchedCount: TokenCount) {
        self.init(key: credentials.key, startingCode: credentials.startingCode, dispatchedCount: dispatchedCount)
    }
}
