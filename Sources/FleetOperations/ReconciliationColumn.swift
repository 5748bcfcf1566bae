import Fleet
import OpenPAYGO

/// A column of the report's tables.
struct ReconciliationColumn {
    let title: String
    let isNumber: Bool
    let value: (UnitDifference) -> String

    private init(_ title: String, isNumber: Bool = false, _ value: @escaping (UnitDifference) -> String) {
        self.title = title
        self.isNumber = isNumber
        self.value = value
    }

    /// - Parameter withTaken: whether counts were taken from the list.
    static func columns(of kind: UnitDifference.Kind, withTaken: Bool) -> [ReconciliationColumn] {
        let unit = ReconciliationColumn("Unit", \.unit.text)
        let owners = [
            ReconciliationColumn("Customer") { $0.customer?.text ?? "" },
            ReconciliationColumn("Tokens made by") { $0.authority?.name ?? "" },
        ]
        let row = ReconciliationColumn("Row", isNumber: true) { $0.row.map(String.init) ?? "" }
        switch kind {
        case .credentials: return [unit, ReconciliationColumn("Differs", credentials)] + owners + [row]
        case .settings:
            let values = [
                ReconciliationColumn("Setting") { $0.fields.map(\.title).joined(separator: ", ") },
                ReconciliationColumn("Here") { settings($0).map(\.values.here).joined(separator: ", ") },
                ReconciliationColumn("There") { settings($0).map(\.values.there).joined(separator: ", ") },
            ]
            return [unit] + values + owners + [row]
        case .count:
            let values = [
                ReconciliationColumn("Here", isNumber: true) { counts($0)?.here.description ?? "" },
                ReconciliationColumn("There", isNumber: true) { counts($0)?.there.description ?? "" },
                ReconciliationColumn("By", isNumber: true) { $0.distance.map(UnitDifference.signed) ?? "" },
            ]
            let taken = ReconciliationColumn("Taken") { $0.isSettled ? "yes" : "no" }
            return [unit] + values + (withTaken ? [taken] : []) + owners + [row]
        case .onlyHere: return [unit] + owners
        case .onlyThere:
            let twin = ReconciliationColumn("Same key as") { $0.sameKeyAs?.text ?? "" }
            return [unit, twin, row]
        }
    }

    private static func credentials(_ difference: UnitDifference) -> String {
        difference.fields.map(\.title).joined(separator: ", ") + (difference.hasFormerCredentials ? " (former)" : "")
    }

    private static func settings(_ difference: UnitDifference) -> [UnitDifference.Setting] {
        if case .settings(let settings) = difference.content { settings } else { [] }
    }

    private static func counts(_ difference: UnitDifference) -> (here: TokenCount, there: TokenCount)? {
        if case .count(let here, let there, _) = difference.content { (here, there) } else { nil }
    }
}

extension UnitDifference.Kind {
    /// What the report calls it.
    var title: String {
        switch self {
        case .credentials: "Other credentials"
        case .settings: "Other settings"
        case .count: "Another count"
        case .onlyHere: "Only here"
        case .onlyThere: "Only in the list"
        }
    }

    /// What to do about it.
    var advice: String {
        switch self {
        case .credentials:
            """
            Whoever has the wrong ones makes tokens that no unit takes. Make none, on either side, until it is known \
            which are right: those that a token was made with which the unit took. Then have the other side replace \
            its own. “Former” are those that the unit had before it was given others here: whoever keeps the list \
            was not told.
            """
        case .settings:
            """
            Tokens made with the wrong ones give other days than were paid, or cannot be typed. The unit itself, or \
            its maker, tells which are right.
            """
        case .count:
            """
            The right one is that of whoever makes the unit's tokens. Higher in the list, for a unit whose tokens \
            are made here: find out who else made some; lower: the list is older, and must not be made tokens from. \
            Lower for one that a provider makes tokens for: the provider is behind, and must go on from the count \
            here, or it uses counts again.
            """
        case .onlyHere:
            "The list does not have them: it is not of all the units, or they were never handed on."
        case .onlyThere:
            """
            The registry does not have them, and makes no token for them: import the list that their maker sent. One \
            with the same key as a unit that is only here may be that unit under another name; a spreadsheet takes \
            zeros away.
            """
        }
    }
}
