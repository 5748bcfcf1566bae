import Fleet
import OpenPAYGO

/// The columns of a list of payments.
private enum PaymentField: CaseIterable, ColumnField {
    case unit, customer, days, until, reference

    var title: String {
        switch self {
        case .unit: "Unit"
        case .customer: "Customer"
        case .days: "Days"
        case .until: "Until"
        case .reference: "Reference"
        }
    }

    /// The headers that lists may have, in English, French, Portuguese,
    /// Spanish and Swahili.
    var headers: [String] {
        switch self {
        case .unit:
            [
                "unit", "paygid", "serialnumber", "unitid", "device", "serial",
                "unite", "numerodeserie", "appareil", "unidade", "aparelho", "unidad", "aparato", "kifaa",
            ]
        case .customer:
            [
                "customer", "customerreference", "customerid", "account", "accountnumber",
                "client", "referenceclient", "compte", "numerodecompte", "cliente", "referenciadocliente", "conta",
                "referenciadelcliente", "cuenta", "mteja", "akaunti",
            ]
        case .days:
            ["days", "numberofdays", "creditdays", "jours", "nombredejours", "dias", "numerodedias", "siku"]
        case .until:
            [
                "until", "paiduntil", "paidto", "jusquau", "payejusquau", "ate", "pagoate", "hasta", "pagadohasta",
                "hadi",
            ]
        case .reference:
            [
                "reference", "ref", "payment", "paymentreference", "paymentid", "transaction", "transactionid",
                "receipt", "receiptno", "receiptnumber",
                "paiement", "referencepaiement", "referencedupaiement", "recu", "numerodurecu",
                "referencia", "pagamento", "referenciadopagamento", "recibo",
                "pago", "referenciadelpago", "kumbukumbu", "malipo", "risiti",
            ]
        }
    }

    var isRequired: Bool { self == .reference }

    func mayBe(_ header: String) -> Bool { false }
}

/// Reads lists of payments: unit or customer, days or until, and the payment's
/// reference, without which a list could not be gone on with.
public enum PaymentListReader {
    /// Reads a list whole: nothing is done with it until all of it is understood.
    ///
    /// - Returns: the payments, and the headers that mean nothing here.
    /// - Throws: ``FleetError/paymentsRefused(file:problems:total:areRules:)``,
    ///   ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``.
    public static func read(_ input: ListInput) throws(FleetError) -> (payments: [Payment], ignored: [String]) {
        do {
            return try payments(input)
        } catch FleetError.badInput(let file, let problems, let total, _, _) {
            throw .paymentsRefused(file: file, problems: problems, total: total, areRules: false)
        } catch let error as FleetError {
            throw error
        } catch {
            throw .inputUnreadable(path: input.name, reason: "\(error)")
        }
    }

    private static func payments(_ input: ListInput) throws -> (payments: [Payment], ignored: [String]) {
        let file = DelimitedRows(input: input, options: ListReadingOptions())
        var problems = ProblemList()
        var payments: [Payment] = []
        var rows: [PaymentReference: Int] = [:]

        let columns = try file.forEachRow(below: HeaderNames<PaymentField>()) { number, cells, columns in
            func problem(_ column: PaymentField?, _ problem: String) {
                problems.add([RowProblem(row: number, column: column.flatMap(columns.header), problem: problem)])
            }
            if let misfit = columns.misfit(cells) { return problem(nil, misfit) }
            func cell(_ field: PaymentField) -> String? {
                guard let index = columns.index(field) else { return nil }
                let text = String(decoding: cells.trimmed(index), as: UTF8.self)
                return text.isEmpty ? nil : text
            }
            let damaged = [(PaymentField.reference, "payment reference"), (.unit, "PAYG ID"), (.customer, "customer")]
                .compactMap { field, what in
                    cell(field).flatMap(SpreadsheetDamage.ofReference).map { (field, "the \(what) \($0)") }
                }
            if let (field, damage) = damaged.first { return problem(field, damage) }
            do {
                let order = TokenOrder(
                    recipient: try recipient(unit: cell(.unit), customer: cell(.customer)),
                    request: try request(days: cell(.days), until: cell(.until)),
                    reference: try PaymentReference(cell(.reference) ?? "")
                )
                if let reference = order.reference, let row = rows.updateValue(number, forKey: reference) {
                    return problem(.reference, "row \(row) has the payment reference \(reference) too")
                }
                payments.append(Payment(row: number, order: order))
            } catch FleetError.badValue(let what, let wrong) {
                problem(nil, "the \(what) \(wrong)")
            }
        }
        for (one, other) in [(PaymentField.unit, PaymentField.customer), (.days, .until)]
        where columns.index(one) == nil && columns.index(other) == nil {
            throw HeaderSearch<PaymentField>.nothing(
                file.name, "the header names neither \(one.title) nor \(other.title), and one is needed"
            )
        }
        try problems.refuse(file.name, rows: payments.count)
        guard !payments.isEmpty else {
            throw HeaderSearch<PaymentField>.nothing(file.name, "there is no payment in the file")
        }
        return (payments, columns.ignored)
    }

    private static func recipient(unit: String?, customer: String?) throws(FleetError) -> TokenOrder.Recipient {
        switch (unit, customer) {
        case (let unit?, nil): return .unit(try PaygID(unit))
        case (nil, let customer?): return .customer(try CustomerReference(customer))
        case (nil, nil): throw .badValue(what: "payment", problem: "names neither unit nor customer")
        case (_?, _?): throw .badValue(what: "payment", problem: "names a unit and a customer; one is enough")
        }
    }

    private static func request(days: String?, until: String?) throws(FleetError) -> TokenRequest {
        switch (days, until) {
        case (let text?, nil):
            guard let days = try? Days(text: text), days.numerator > 0 else {
                throw .badValue(what: "number of days", problem: "is “\(text)”; write 30, 1.5 or 1/3, more than 0")
            }
            return .days(days)
        case (nil, let text?):
            guard let date = Timestamp(typed: text) else {
                throw .badValue(
                    what: "date", problem: "is “\(text)”; write 2026-11-03, or “2026-11-03 09:00” in UTC")
            }
            return .until(date)
        case (nil, nil): throw .badValue(what: "payment", problem: "has neither days nor a date")
        case (_?, _?): throw .badValue(what: "payment", problem: "has days and a date; one is enough")
        }
    }
}

/// The one column of a list of payments, or of the answer to one, that says
/// which payments they are.
private enum ReferenceField: CaseIterable, ColumnField {
    case reference

    var title: String { PaymentField.reference.title }

    var headers: [String] { PaymentField.reference.headers }

    var isRequired: Bool { true }

    func mayBe(_ header: String) -> Bool { false }
}

/// Reads the payment references of a list, whatever else is in it.
public enum ReferenceListReader {
    /// The references, in their order.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``.
    public static func read(_ input: ListInput) throws(FleetError) -> [PaymentReference] {
        let file = DelimitedRows(input: input, options: ListReadingOptions())
        var problems = ProblemList()
        var references: [PaymentReference] = []
        do {
            _ = try file.forEachRow(below: HeaderNames<ReferenceField>()) { number, cells, columns in
                guard let index = columns.index(.reference) else { return }
                do {
                    references.append(
                        try PaymentReference(String(decoding: cells.trimmed(index), as: UTF8.self)))
                } catch FleetError.badValue(let what, let wrong) {
                    problems.add([RowProblem(row: number, column: nil, problem: "the \(what) \(wrong)")])
                }
            }
            try problems.refuse(file.name, rows: references.count)
            return references
        } catch let error as FleetError {
            throw error
        } catch {
            throw .inputUnreadable(path: input.name, reason: "\(error)")
        }
    }
}
