import Fleet

/// The columns of a customer list.
private enum CustomerField: CaseIterable, ColumnField {
    case reference, name, phone, language, note

    var title: String {
        switch self {
        case .reference: "Reference"
        case .name: "Name"
        case .phone: "Phone"
        case .language: "Language"
        case .note: "Note"
        }
    }

    /// The headers that lists may have, in English, French, Portuguese,
    /// Spanish and Swahili.
    var headers: [String] {
        switch self {
        case .reference:
            [
                "reference", "customerreference", "ref", "customerid", "customernumber", "customer", "id",
                "referenceclient", "referenceduclient", "idclient", "iduclient", "numeroclient", "numerodeclient",
                "numeroduclient", "codeclient",
                "referencia", "referenciadocliente", "idcliente", "iddocliente", "numerodocliente", "codigodocliente",
                "referenciadelcliente", "iddelcliente", "numerodecliente", "numerodelcliente", "codigodecliente",
                "codigodelcliente",
                "kumbukumbu", "kumbukumbuyamteja", "nambayamteja", "kitambulishochamteja",
            ]
        case .name:
            [
                "name", "customername", "fullname",
                "nom", "nomcomplet", "nomclient", "nomduclient", "nometprenom",
                "nome", "nomecompleto", "nomedocliente",
                "nombre", "nombrecompleto", "nombredelcliente", "nombreyapellidos",
                "jina", "jinakamili", "jinalamteja",
            ]
        case .phone:
            [
                "phone", "phonenumber", "telephone", "mobile", "msisdn",
                "telephonenumber", "mobilenumber", "mobilephone", "numerodetelephone", "tel", "portable",
                "telefone", "telemovel", "celular", "numerodetelefone",
                "telefono", "movil", "numerodetelefono",
                "simu", "nambayasimu",
            ]
        case .language: ["language", "lang", "preferredlanguage", "langue", "idioma", "lingua", "lugha"]
        case .note: ["note", "notes", "nota", "notas", "dokezo"]
        }
    }

    var isRequired: Bool { self == .reference || self == .name }

    func mayBe(_ header: String) -> Bool { false }
}

/// Reads customer lists: reference, name and, where they are there, phone,
/// language and note.
public enum CustomerListReader {
    /// Reads a list, customer by customer.
    ///
    /// - Parameters:
    ///   - ignoring: headers of columns that are to mean nothing.
    ///   - add: takes each customer, and answers whether it was new.
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)``,
    ///   ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``.
    public static func read(
        _ path: String, ignoring: [String] = [], add: (Customer) throws -> Bool
    ) throws -> CustomerImportSummary {
        let file = DelimitedRows(input: ListInput(path: path), options: ListReadingOptions())
        let names = HeaderNames<CustomerField>(ignored: ignoring)
        var problems = ProblemList()
        var summary = CustomerImportSummary()

        let columns = try file.forEachRow(below: names) { number, cells, columns in
            summary.rows += 1
            if let misfit = columns.misfit(cells) {
                return problems.add([RowProblem(row: number, column: nil, problem: misfit)])
            }
            func cell(_ field: CustomerField) -> String? {
                columns.index(field).map { String(decoding: cells.trimmed($0), as: UTF8.self) }
            }
            do {
                let customer = try Customer(
                    reference: cell(.reference) ?? "", name: cell(.name) ?? "", phone: cell(.phone),
                    language: cell(.language), note: cell(.note)
                )
                if let language = customer.language { summary.languages.insert(language) }
                if try add(customer) { summary.added += 1 } else { summary.unchanged += 1 }
            } catch FleetError.badValue(let what, let problem) {
                problems.add([RowProblem(row: number, column: what.capitalized, problem: "the \(what) \(problem)")])
            } catch FleetError.phoneWithoutCountry {
                problems.add([
                    RowProblem(
                        row: number, column: columns.header(.phone), problem: "\(FleetError.phoneWithoutCountry)",
                        kind: .phoneWithoutCountry
                    )
                ])
            } catch FleetError.customerDiffers(let reference, let facts) {
                let problem =
                    "customer \(reference) has another \(CustomerFact.joined(facts)) in the registry, "
                    + "or in a row above"
                problems.add([RowProblem(row: number, column: columns.header(.reference), problem: problem)])
            }
        }
        guard summary.rows > 0 else {
            throw HeaderSearch<CustomerField>.nothing(file.name, "there is no customer in the file")
        }
        try problems.refuse(file.name, rows: summary.rows)
        summary.ignoredColumns = columns.ignored
        return summary
    }
}
