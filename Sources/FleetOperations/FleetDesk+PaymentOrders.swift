import Fleet
import FleetStore

extension FleetDesk {
    /// Meets payments that are at hand, without a file: what one is refused for
    /// concerns no other.
    ///
    /// - Parameters:
    ///   - name: what the payments are called where something stops them.
    ///   - take: is given what came of some payments, in their order.
    /// - Throws: the key file's errors; what `take` throws.
    public func issue(
        _ payments: [Payment], listed name: String, take: ([PaymentOutcome]) throws -> Void
    ) throws(FleetError) {
        try registry.issue(payments, of: name, isAtomic: false, at: now(), actor: actor, take: take)
    }
}
