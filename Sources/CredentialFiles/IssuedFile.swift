import Fleet
import PrivateFiles

/// The answer to a list of payments: a row for each, with its tokens or with
/// what is wrong. It holds tokens, which are as good as money: it is private,
/// and there whole or not at all.
public final class IssuedFile {
    /// The columns, in their order.
    public static let columns = [
        "Row", "Reference", "Unit", "Customer", "Days", "Until", "Tokens", "Paid Until", "Already Issued", "Message",
        "Error",
    ]

    private let path: String
    private let file: PrivateFile

    /// Starts a file with its header.
    ///
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public init(_ path: String) throws(FleetError) {
        self.path = path
        do {
            file = try PrivateFile(path: path)
        } catch {
            throw FleetError(error, output: path)
        }
        // The mark that spreadsheets know UTF-8 by.
        try write([0xEF, 0xBB, 0xBF])
        try line(Self.columns)
    }

    /// Adds what came of a payment.
    ///
    /// - Throws: ``FleetError/outputFailed(path:reason:)``.
    public func add(_ payment: Payment, _ outcome: PaymentOutcome, message: String?) throws(FleetError) {
        var (unit, customer) = ("", "")
        switch payment.order.recipient {
        case .unit(let id): unit = id.text
        case .customer(let reference): customer = reference.text
        }
        var (days, until) = ("", "")
        switch payment.order.request {
        case .days(let number): days = number.description
        case .until(let date): until = date.text
        case .setDays, .unlock, .sync: break
        }
        var (tokens, paidUntil, already, problem) = ("", "", "", "")
        switch outcome {
        case .success(let delivery):
            if let first = delivery.tokens.first {
                unit = first.unit.text
                customer = first.customer?.text ?? ""
            }
            // A spreadsheet would take plain digits for a number, and their zeros away.
            tokens = delivery.tokens.map { $0.token.grouped.replacing(" ", with: "-") }.joined(separator: " ")
            paidUntil = delivery.tokens.last?.paidUntil?.text ?? ""
            already = delivery.alreadyIssued ? "1" : "0"
        case .failure(let error):
            problem = "\(error)"
        }
        try line([
            String(payment.row), payment.order.reference?.text ?? "", unit, customer, days, until, tokens, paidUntil,
            already, message ?? "", problem,
        ])
    }

    /// Gives the file its name.
    ///
    /// - Throws: ``FleetError/tokensNotWritten(path:reason:)``.
    public func publish() throws(FleetError) {
        do {
            try file.publish()
        } catch {
            switch error {
            case .exists: throw .tokensNotWritten(path: path, reason: "file exists")
            case .failed(let reason), .notPlaced(nil, let reason): throw .tokensNotWritten(path: path, reason: reason)
            case .notPlaced(let finished?, let reason):
                throw .tokensNotWritten(path: path, reason: "\(reason); the finished file is \(finished)")
            }
        }
    }

    private func line(_ cells: [String]) throws(FleetError) {
        try write(delimitedLine(cells))
    }

    private func write(_ bytes: [UInt8]) throws(FleetError) {
        do {
            try file.write(bytes)
        } catch {
            throw FleetError(error, output: path)
        }
    }
}
