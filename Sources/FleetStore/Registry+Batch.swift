import Fleet
import GRDB

extension Registry {
    /// How many payments one transaction meets: enough that the disk is waited
    /// for seldom, and few enough that others get their turn.
    static let paymentsAtOnce = 1000

    /// Meets the orders of a list of payments, in their order. What one payment
    /// is refused for concerns no other. Whatever stops it, a payment got its
    /// tokens wholly or not at all, and the same list again goes on.
    ///
    /// - Parameters:
    ///   - isAtomic: all of them in one transaction, or none.
    ///   - take: is given what came of some payments, in their order. What
    ///     it throws stops the list; without `isAtomic` they stay issued.
    /// - Throws: ``FleetError/paymentsRefused(file:problems:total:areRules:)``
    ///   where `isAtomic` and one was refused; the key file's errors.
    public func issue(
        _ payments: [Payment], of file: String, isAtomic: Bool, trustsClock: Bool = false, at now: Timestamp,
        actor: ActorName,
        take: ([PaymentOutcome]) throws -> Void
    ) throws(FleetError) {
        let vault = try openVault()
        let atOnce = isAtomic ? max(1, payments.count) : Self.paymentsAtOnce
        var start = 0
        while start < payments.count {
            let part = payments[start..<min(start + atOnce, payments.count)]
            // Payments that were refused count as met: the answer would say so.
            func told<T>(_ met: Int, _ work: () throws(FleetError) -> T) throws(FleetError) -> T {
                do throws(FleetError) { return try work() } catch {
                    guard met > 0 else { throw error }
                    throw .paymentsStopped(met: met, of: payments.count, because: error)
                }
            }
            let outcomes = try told(start) { () throws(FleetError) in
                try write { db in
                    let issuer = TokenIssuer(
                        db, vault: vault, at: now, actor: actor, trustsClock: trustsClock, suggests: false)
                    var problems = ProblemList()
                    let outcomes = try part.map { payment -> PaymentOutcome in
                        do {
                            return .success(try issuer.issue(payment.order))
                        } catch let error as FleetError where error.concernsOne {
                            problems.add([RowProblem(row: payment.row, column: nil, problem: "\(error)")])
                            return .failure(error)
                        }
                    }
                    if isAtomic, problems.total > 0 {
                        throw FleetError.paymentsRefused(
                            file: file, problems: problems.first, total: problems.total, areRules: true
                        )
                    }
                    return outcomes
                }
            }
            try told(part.endIndex) { () throws(FleetError) in try Self.translated(path) { try take(outcomes) } }
            start = part.endIndex
        }
    }
}
