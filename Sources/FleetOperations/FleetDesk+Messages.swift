import CredentialFiles
import CustomerMessages
import Fleet
import FleetStore
import PrivateFiles

/// Slips that were printed.
public struct SlipSummary: Sendable {
    /// Slips in the file.
    public var slips = 0
    /// Payments of the list that have no tokens.
    public var without = 0

    /// Nothing printed yet.
    public init() {}
}

extension FleetDesk {
    /// The message that tells a customer of their tokens.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)`` where an own template
    ///   does not suit.
    public func message(
        of delivery: TokenDelivery, _ telling: CustomerTelling
    ) throws(FleetError) -> (message: CustomerMessage, language: MessageLanguage) {
        var telling = telling
        let customer = try delivery.tokens.first?.customer.map { reference throws(FleetError) in
            try registry.customer(reference)
        }
        // Whoever asks for a language gets it, whatever the customer's own is.
        return try telling.message(
            for: TokenNotice(delivery, customerName: customer?.name, contact: telling.contact), language: nil
        )
    }

    /// Prints the slip of the last order for a unit.
    ///
    /// - Parameter language: nil for the customer's own, or English.
    /// - Throws: ``FleetError/noTokens(of:)``, ``FleetError/outputExists(path:)``;
    ///   not found.
    public func printSlip(
        of unit: PaygID, to path: String, language: MessageLanguage?, contact: String?
    ) throws(FleetError) -> SlipSummary {
        let tokens = try registry.lastOrder(of: unit)
        let customer = try tokens.first?.customer.map { reference throws(FleetError) in
            try registry.customer(reference)
        }
        let spoken = customer?.language.flatMap { try? MessageLanguage(code: $0) }
        return try printSlips(to: path, language: language ?? spoken, contact: contact) { add in
            try add(tokens, customer)
        }
    }

    /// Prints a slip for every payment of a list that has tokens.
    ///
    /// - Parameters:
    ///   - list: a list of payments, or the answer to one: only its references
    ///     are looked at.
    ///   - language: nil for English.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/noTokens(of:)``, ``FleetError/outputExists(path:)``.
    public func printSlips(
        ofBatch list: ListOrigin, to path: String, language: MessageLanguage?, contact: String?
    ) throws(FleetError) -> SlipSummary {
        let input = try list.input()
        // One that stands in it twice is one payment.
        var seen: Set<PaymentReference> = []
        let references = try ReferenceListReader.read(input).filter { seen.insert($0).inserted }
        let summary = try printSlips(to: path, language: language, contact: contact, whose: input.name) { add in
            try registry.orders(references, take: add)
        }
        return summary
    }

    private func printSlips(
        to path: String, language: MessageLanguage?, contact: String?, whose: String = "it",
        _ list: (_ add: ([IssuedToken], Customer?) throws -> Void) throws -> Void
    ) throws(FleetError) -> SlipSummary {
        var summary = SlipSummary()
        var sheet = try SlipSheet(language: try CustomerTelling.language(language))
        do {
            let file = try PrivateFile(path: path)
            try file.write(Array(sheet.start.utf8))
            try list { tokens, customer in
                guard let request = tokens.request else {
                    summary.without += 1
                    return
                }
                let delivery = TokenDelivery(tokens: tokens, alreadyIssued: true, choice: .asked, request: request)
                let slip = sheet.add(try TokenNotice(delivery, customerName: customer?.name, contact: contact))
                try file.write(Array(slip.utf8))
                summary.slips += 1
            }
            guard summary.slips > 0 else { throw FleetError.noTokens(of: "any payment of \(whose)") }
            try file.write(Array(sheet.finish().utf8))
            try file.publish()
            return summary
        } catch let error as FleetError {
            throw error
        } catch PrivateFileError.exists {
            throw .outputExists(path: path)
        } catch PrivateFileError.failed(let reason) {
            throw .outputFailed(path: path, reason: reason)
        } catch {
            throw .outputFailed(path: path, reason: "\(error)")
        }
    }
}
