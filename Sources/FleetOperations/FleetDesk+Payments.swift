import CredentialFiles
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
    ///   - isAtomic: all payments get tokens, or none.
    ///   - progress: is told how many payments are met, of how many.
    /// - Throws: ``FleetError/paymentsRefused(file:problems:total:areRules:)``;
    ///   ``FleetError/outputExists(path:)`` before anything is done;
    ///   ``FleetError/tokensNotWritten(path:reason:)`` after all is; the files'
    ///   and the key file's errors.
    public func issue(
        payments list: ListOrigin, to path: String, isAtomic: Bool = false,
        progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(FleetError) -> PaymentSummary {
        let input = try list.input()
        let file = try IssuedFile(path)
        let (payments, ignored) = try PaymentListReader.read(input)
        var summary = PaymentSummary()
        summary.rows = payments.count
        summary.ignoredColumns = ignored
        var done = 0
        try registry.issue(payments, of: input.name, isAtomic: isAtomic, at: now(), actor: actor) { outcomes in
            for (payment, outcome) in zip(payments[done...], outcomes) {
                switch outcome {
                case .success(let delivery):
                    if delivery.alreadyIssued { summary.alreadyIssued += 1 } else { summary.issued += 1 }
                case .failure(let error):
                    summary.failed += 1
                    summary.problems.add([RowProblem(row: payment.row, column: nil, problem: "\(error)")])
                }
                try file.add(payment, outcome, message: nil)
            }
            done += outcomes.count
            progress(done, payments.count)
        }
        try file.publish()
        return summary
    }
}
