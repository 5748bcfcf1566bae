import CredentialFiles
import CustomerMessages
import Fleet
import FleetStore

extension FleetDesk {
    /// Meets a list of payments, and writes what came of each to a file.
    ///
    /// The list is understood whole before the first token is made. Stopped
    /// anywhere, no file appears, and the same list again gives every payment
    /// the tokens it got, and the others theirs.
    ///
    /// - Parameters:
    ///   - telling: how customers are told, who are told in their own language
    ///     where there are words in it.
    ///   - isAtomic: all payments get tokens, or none.
    ///   - trustsClock: issue though the last event is in the future.
    ///   - progress: is told how many payments are met, of how many.
    /// - Throws: ``FleetError/paymentsRefused(file:problems:total:areRules:)``;
    ///   ``FleetError/outputExists(path:)`` before anything is done;
    ///   ``FleetError/tokensNotWritten(path:reason:)`` after all is; the files'
    ///   and the key file's errors.
    public func issue(
        payments list: ListOrigin, to path: String, telling: CustomerTelling, isAtomic: Bool = false,
        trustsClock: Bool = false,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(FleetError) -> PaymentSummary {
        let input = try list.input()
        let file = try IssuedFile(path)
        let (payments, ignored) = try PaymentListReader.read(input)
        var summary = PaymentSummary()
        summary.rows = payments.count
        summary.ignoredColumns = ignored
        var done = 0
        var telling = telling
        let customers = CustomerCache(registry)
        try registry.issue(
            payments, of: input.name, isAtomic: isAtomic, trustsClock: trustsClock, at: now(), actor: actor
        ) { outcomes in
            for (payment, outcome) in zip(payments[done...], outcomes) {
                var message: String?
                switch outcome {
                case .success(let delivery):
                    if delivery.alreadyIssued { summary.alreadyIssued += 1 } else { summary.issued += 1 }
                    let customer = try delivery.tokens.first?.customer.map(customers.customer)
                    let notice = try TokenNotice(delivery, customerName: customer?.name, contact: telling.contact)
                    message = try telling.message(for: notice, language: customer?.language).message.text
                case .failure(let error):
                    summary.failed += 1
                    summary.problems.add([RowProblem(row: payment.row, column: nil, problem: "\(error)")])
                }
                try file.add(payment, outcome, message: message)
            }
            done += outcomes.count
            progress(done, payments.count)
        }
        try file.publish()
        return summary
    }
}

/// Customers looked up once.
private final class CustomerCache {
    private let registry: Registry
    private var known: [CustomerReference: Customer] = [:]

    init(_ registry: Registry) {
        self.registry = registry
    }

    func customer(_ reference: CustomerReference) throws -> Customer {
        if let customer = known[reference] { return customer }
        let customer = try registry.customer(reference)
        // A fleet has a million of them, and a list of payments few twice.
        if known.count >= 1 << 14 { known.removeAll(keepingCapacity: true) }
        known[reference] = customer
        return customer
    }
}
