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
        let file = DelimitedFile(path: path)
        var columns: ColumnMap<CustomerField>?
        var problems = ProblemList(most: 10_000)
        var summary = CustomerImportSummary()

        _ = try file.forEachRow { number, cells in
            guard let columns else {
                columns = try ColumnMap(cells, row: number, of: file.name)
                return
            }
            summary.rows += 1
            if let misfit = columns.misfit(cells) {
                return problems.add([RowProblem(row: number, column: nil, problem: misfit)])
            }
            do {
                let customer = try Customer(
                    reference: columns.cell(.reference, in: cells) ?? "",
                    name: columns.cell(.name, in: cells) ?? "",
                    phone: columns.cell(.phone, in: cells)
                )
                if try add(customer) { summary.added += 1 } else { summary.unchanged += 1 }
            } catch FleetError.badValue(let what, let problem) {
                problems.add([RowProblem(row: number, column: what.capitalized, problem: "the \(what) \(problem)")])
            } catch FleetError.customerDiffers(let reference) {
                let problem = "customer \(reference) has another name or phone in the registry, or in a row above"
                problems.add([RowProblem(row: number, column: columns.header(.reference), problem: problem)])
            }
        }
        guard let columns, summary.rows > 0 else {
            let problem = RowProblem(row: 1, column: nil, problem: "there is no customer in the file")
            throw FleetError.badInput(file: file.name, problems: [problem], total: 1)
        }
        try problems.refuse(file.name, rows: summary.rows)
        summary.ignoredColumns = columns.ignored
        return summary
    }
}
