import Fleet

/// The columns of a customer list.
private enum CustomerField: CaseIterable, ColumnField {
    case reference, name, phone

    var title: String {
        switch self {
        case .reference: "Reference"
        case .name: "Name"
        case .phone: "Phone"
        }
    }

    var headers: [String] {
        switch self {
        case .reference: ["reference", "customerreference", "ref", "customerid", "customernumber", "customer", "id"]
        case .name: ["name", "customername", "fullname"]
        case .phone: ["phone", "phonenumber", "telephone", "mobile", "msisdn"]
        }
    }

    var isRequired: Bool { self != .phone }

    func mayBe(_ header: String) -> Bool { false }
}

/// Reads customer lists: reference, name and, where there is one, phone.
public enum CustomerListReader {
    /// Reads a list, customer by customer.
    ///
    /// - Parameter add: takes each customer, and answers whether it was new.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``.
    public static func read(
        _ path: String, add: (Customer) throws -> Bool
    ) throws -> CustomerImportSummary {
        let file = DelimitedRows(input: ListInput(path: path), options: ListReadingOptions())
        let names = HeaderNames<CustomerField>()
        var search = HeaderSearch(names, row: nil, of: file.name)
        var columns: ColumnMap<CustomerField>?
        var problems = ProblemList()
        var summary = CustomerImportSummary()

        _ = try file.forEachRow(likeness: names.likeness) { number, cells in
            guard let columns else {
                columns = try search.header(number, cells)
                return
            }
            summary.rows += 1
            if let misfit = columns.misfit(cells) {
                return problems.add([RowProblem(row: number, column: nil, problem: misfit)])
            }
            func cell(_ field: CustomerField) -> String? {
                columns.index(field).map { String(decoding: cells.trimmed($0), as: UTF8.self) }
            }
            do {
                let customer = try Customer(
                    reference: cell(.reference) ?? "", name: cell(.name) ?? "", phone: cell(.phone)
                )
                if try add(customer) { summary.added += 1 } else { summary.unchanged += 1 }
            } catch FleetError.badValue(let what, let problem) {
                problems.add([RowProblem(row: number, column: what.capitalized, problem: "the \(what) \(problem)")])
            } catch FleetError.customerDiffers(let reference) {
                let problem = "customer \(reference) has another name or phone in the registry, or in a row above"
                problems.add([RowProblem(row: number, column: columns.header(.reference), problem: problem)])
            }
        }
        guard let columns else { throw try search.refusal() }
        guard summary.rows > 0 else {
            throw HeaderSearch<CustomerField>.nothing(file.name, "there is no customer in the file")
        }
        try problems.refuse(file.name, rows: summary.rows)
        summary.ignoredColumns = columns.ignored
        return summary
    }
}
