import Fleet
import OpenPAYGO

/// A difference between a list and the registry as it is answered. It has no
/// credentials to show.
struct DifferenceRow: TableRow {
    let unit: String
    let difference: String
    /// The columns that differ.
    let fields: [String]
    @OrNull var row: Int?
    @OrNull var customer: String?
    @OrNull var authority: String?
    /// The counts, and how far that of the list is ahead.
    @OrNull var here: Int?
    @OrNull var there: Int?
    @OrNull var by: Int?
    /// Whether the count was taken from the list.
    let applied: Bool
    /// Whether the list has credentials that the unit had before.
    let formerCredentials: Bool
    /// The unit only here that has the same key.
    @OrNull var sameKeyAs: String?
    /// Only what differs is in it.
    @OrNull var settings: Settings?
    private let names: [String]
    private let values: [(here: String, there: String)]

    struct Settings: Encodable {
        var timeDivider: Both<Int>?
        var restrictedDigits: Both<Bool>?
        var testCode: Both<String>?
    }

    /// A value here and there.
    struct Both<Value: Encodable>: Encodable {
        @OrNull var here: Value?
        let there: Value
    }

    init(_ difference: UnitDifference) {
        unit = difference.unit.text
        self.difference = difference.kind.rawValue
        fields = difference.fields.map(\.rawValue)
        names = difference.fields.map { $0.title.lowercased() }
        applied = difference.isSettled
        formerCredentials = difference.hasFormerCredentials
        var values: [(here: String, there: String)] = []
        row = difference.row
        customer = difference.customer?.text
        authority = difference.authority?.name
        by = difference.distance
        switch difference.content {
        case .credentials, .onlyHere:
            break
        case .settings(let list):
            values = list.map(\.values)
            settings = Settings(list)
        case .count(let here, let there, _):
            values = [(here.description, there.description)]
            self.here = Int(here.number)
            self.there = Int(there.number)
        case .onlyThere(let twin):
            sameKeyAs = twin?.text
            values = twin.map { [($0.text, "")] } ?? []
        }
        self.values = values
    }

    enum CodingKeys: String, CodingKey {
        case unit, difference, fields, row, customer, authority, here, there, by, applied, formerCredentials, sameKeyAs,
            settings
    }

    static var columns: [Column<DifferenceRow>] {
        [
            Column("unit", \.unit),
            Column(
                "difference", { $0.applied ? "countApplied" : $0.difference },
                shown: { $0.applied ? "count, taken" : spaced($0.difference) }
            ),
            Column("field", { $0.fields.joined(separator: ",") }, shown: \.shownField),
            Column("here") { $0.values.map(\.here).joined(separator: ",") },
            Column("there") { $0.values.map(\.there).joined(separator: ",") },
            Column("by", isNumber: true) { $0.by.map(UnitDifference.signed) ?? "" },
            Column("row", isNumber: true) { $0.row.map(String.init) ?? "" },
            Column("customer") { $0.customer ?? "" },
            Column("made by") { $0.authority ?? "" },
        ]
    }

    private var shownField: String {
        if sameKeyAs != nil { return "same key as" }
        return names.joined(separator: ", ") + (formerCredentials ? " (former)" : "")
    }
}

extension DifferenceRow.Settings {
    init(_ settings: [UnitDifference.Setting]) {
        for setting in settings {
            switch setting {
            case .timeDivider(let here, let there):
                timeDivider = .init(here: Int(here.number), there: Int(there.number))
            case .digitSet(let here, let there):
                restrictedDigits = .init(here: here == .restricted, there: there == .restricted)
            case .testCode(let here, let there):
                testCode = .init(here: here?.digits, there: there.digits)
            }
        }
    }
}
