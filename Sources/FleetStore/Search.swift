import Fleet
import GRDB

/// The conditions of a search. Each PAYG ID is looked at in the index that
/// keeps them unique, for the table has the sealed credentials between them.
extension SearchText {
    /// `id`s of the units whose PAYG ID has this part.
    var unitsNamedSo: SQL {
        "SELECT id FROM unit WHERE payg_id LIKE \(Self.pattern(text)) ESCAPE '\\'"
    }

    /// A condition on the columns of `customer`: a reference, a name or a
    /// phone has this part.
    var isInCustomer: SQL {
        var condition: SQL = "customer.reference LIKE \(Self.pattern(text)) ESCAPE '\\'"
        if !folded.isEmpty {
            condition += """
                 OR coalesce(customer.folded_name, customer.name) LIKE \(Self.pattern(folded)) ESCAPE '\\'
                """
        }
        if let phoneDigits {
            // Only what older versions took as typed has anything but digits
            // behind the plus.
            condition += """
                 OR customer.phone LIKE \(Self.pattern(phoneDigits))
                 OR (customer.phone GLOB '*[^+0-9]*' AND \(sql: Self.phoneDigitsOfRow) LIKE \(Self.pattern(phoneDigits)))
                """
        }
        return "(\(condition))"
    }

    private static let phoneDigitsOfRow = " -.()/".reduce("customer.phone") { "replace(\($0), '\($1)', '')" }

    /// Any text with this part, for `LIKE`.
    private static func pattern(_ part: String) -> String {
        "%" + part.reduce(into: "") { $0 += ("%_\\".contains($1) ? "\\" : "") + String($1) } + "%"
    }
}
