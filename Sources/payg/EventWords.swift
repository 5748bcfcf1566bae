import Fleet
import Foundation
import OpenPAYGO

/// What an event tells, as a person reads it: one line, beside the action.
struct EventWords {
    private let row: EventRow

    init(_ row: EventRow) {
        self.row = row
    }

    /// The line. What a newer program records, and what does not say what such
    /// an event says, is told word by word.
    var sentence: String {
        AuditAction(rawValue: row.action).flatMap(told)
            ?? row.told.map { "\(spaced($0.key)) \($0.value)" }
            .joined(separator: ", ")
    }

    private func text(_ key: String) -> String? { row.detail[key]?.description }

    private func number(_ key: String) -> Int? {
        guard case .number(let number)? = row.detail[key] else { return nil }
        return number
    }

    /// `, payment MP-1`, or nothing.
    private func more(_ lead: String, _ key: String) -> String { text(key).map { lead + $0 } ?? "" }

    private func told(_ action: AuditAction) -> String? {
        switch action {
        case .registryCreated: "registry \(row.short("registry")), with the key \(row.short("keyID"))"
        case .dispatchImported: imported
        case .customerAdded: text("customer")
        case .customerChanged: text("customer").map { $0 + more(": ", "changed").replacing(",", with: ", ") }
        case .unitAssigned: assigned(" to customer ", ", since ")
        case .unitUnassigned: assigned(" from customer ", ", on ")
        case .tokenIssued: issued
        case .credentialsExported: exported
        case .exportedAgain: text("export").map { "export \($0) once more" + more(", to ", "file") + encrypted }
        case .unitReclaimed: reclaimed
        case .countAccepted: counted(more(", as ", "file"))
        case .countSet: counted(more(", as the token ", "token") + (text("token") == nil ? "" : " shows") + because)
        case .credentialsReplaced:
            text("unit").map { $0 + more(", by ", "file") + more(", after count ", "lastCount") + because }
        case .credentialsRevealed, .unitRetired, .unitReturned: text("unit").map { $0 + because }
        case .unitReplaced: text("unit").map { $0 + more(" by ", "by") + more(", for customer ", "customer") + because }
        case .deviceMade: text("unit").map { $0 + more(", in ", "file") }
        case .keyRotated:
            number("units").map {
                "from the key \(row.short("from")) to \(row.short("to")): \(payg.counted($0, "unit")) sealed anew"
            }
        case .recoveryExported: text("file").map { "the key \(row.short("keyID")), in \($0)" }
        case .backupMade: text("file").map { $0 + more(", up to event ", "events") }
        case .registryRestored: restored
        case .countSkipped: skipped
        case .unitAwaited:
            text("unit").map { $0 + more(", to go on from count ", "count") + more(", tokens made by ", "authority") }
        case .schemaMended: text("objects")?.replacing(",", with: ", ")
        case .productNamed: text("product").map { $0 + more(" of ", "profile") + more(" is “", "name") + "”" }
        }
    }

    private var because: String { more(": ", "reason") }

    private var encrypted: String { text("encryptedSHA256") == nil ? "" : ", encrypted" }

    private var imported: String? {
        guard let dispatch = text("dispatch"), let added = number("added") else { return nil }
        let unchanged = number("unchanged").map { $0 > 0 ? ", \($0) unchanged" : "" } ?? ""
        let rejected = number("rejected").map { ", \(payg.counted($0, "row")) left out" } ?? ""
        return "dispatch \(dispatch): \(payg.counted(added, "unit")) added" + more(" from ", "file") + unchanged
            + rejected
    }

    private func assigned(_ lead: String, _ date: String) -> String? {
        text("unit").map { $0 + more(lead, "customer") + (text("date").map { date + readable($0) } ?? "") }
    }

    /// `649 118 926 for CSP-240311 of customer KIS-0001: add time 30 days, count 2, payment MP-1001`.
    private var issued: String? {
        guard let token = text("token"), let unit = text("unit"), let type = text("type") else { return nil }
        var days = ""
        if let value = number("value"), let divider = number("timeDivider").flatMap({ try? TimeDivider($0) }) {
            days = " \(divider.days(steps: value).counted)"
        }
        return "\(Self.grouped(token)) for \(unit)" + more(" of customer ", "customer") + ": \(spaced(type))\(days)"
            + more(", count ", "count") + more(", payment ", "reference") + more(", for test ", "test")
    }

    /// Digits as people read them out; anything else as it is.
    private static func grouped(_ token: String) -> String {
        (try? Token(typed: token))?.grouped ?? token
    }

    private var exported: String? {
        guard let export = text("export"), let units = number("units"), let authority = text("authority") else {
            return nil
        }
        let what = payg.counted(units, "unit")
        let whom = authority == TokeningAuthority.here.name ? "a copy of \(what)" : "\(what) to \(authority)"
        return "export \(export): \(whom)" + more(", in ", "file") + encrypted
    }

    private var restored: String? {
        text("file").map { file in
            let replaced = number("replacedEvents").map { ", in place of one with \(payg.counted($0, "event"))" } ?? ""
            let another = text("replacedRegistry") == nil ? "" : " of the registry \(row.short("replacedRegistry"))"
            return "from \(file)" + more(", up to event ", "events") + replaced + another
                + more(", counts skipped ahead by ", "skippedAhead")
        }
    }

    private var skipped: String? {
        guard let from = number("from"), let to = number("to") else { return nil }
        let maker = more(", tokens made by ", "authority")
        // Its maker was set, and its count was right.
        guard from != to else { return text("unit").map { $0 + maker } }
        return counted(
            (row.detail["isKnown"]?.description == "false" ? ", in case counts were used since" : "") + maker)
    }

    private var reclaimed: String? {
        text("unit").map { unit in
            unit + more(" from ", "from") + more(", after count ", "count")
                + (text("countBefore").map { ", though it was \($0)" } ?? "") + because
        }
    }

    private func counted(_ why: String) -> String? {
        text("unit").map { $0 + more(" from ", "from") + more(" to ", "to") + why }
    }
}

extension EventRow {
    /// The first digits of a long one.
    fileprivate func short(_ key: String) -> String { (detail[key]?.description ?? "").prefix(8) + "…" }
}
