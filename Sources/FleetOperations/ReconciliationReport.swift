import Fleet

/// A reconciliation as one HTML file, to read, to print and to send: the
/// figures, then the units of each kind of difference with what to do about
/// them. It needs no other file, runs no script, and holds no credential.
struct ReconciliationReport {
    private let result: Reconciliation
    private let selection: UnitSelection
    private let registry: String
    private let moment: Timestamp
    private let actor: ActorName

    init(
        _ result: Reconciliation, of selection: UnitSelection, in registry: String, at moment: Timestamp,
        by actor: ActorName
    ) {
        self.result = result
        self.selection = selection
        self.registry = registry
        self.moment = moment
        self.actor = actor
    }

    /// Writes the report piece by piece: a wrong list differs in every row.
    func write<Failure: Error>(_ take: (String) throws(Failure) -> Void) throws(Failure) {
        try take(head + figures + notes)
        for kind in UnitDifference.Kind.allCases where !result.differences(kind).isEmpty {
            try write(kind, take)
        }
        try take("</body>\n</html>\n")
    }

    // MARK: - What stands above the differences

    private var head: String {
        let title = "Reconciliation of \(Self.text(result.source.file))"
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title)</title>
            <style>
            \(String(decoding: PackageResources.ReconciliationReport_css, as: UTF8.self))</style>
            </head>
            <body>
            <h1>\(title)</h1>
            <p class="verdict \(result.isSame ? "same" : "differs")">\(verdict)</p>
            <dl>
            <dt>Compared with</dt><dd>\(Self.text(chosen)) of the registry \(Self.text(name))</dd>
            <dt>On</dt><dd>\(moment.readable), by \(Self.text(actor.text))</dd>
            <dt>List</dt><dd>\(counted(result.rows, "row")); SHA-256 <code>\(Self.text(result.source.sha256))</code></dd>
            </dl>

            """
    }

    /// The registry's name. Its folder is nobody's business whom the report is sent to.
    private var name: String { registry.split(separator: "/").last.map(String.init) ?? registry }

    private var verdict: String {
        let differing = UnitDifference.Kind.allCases.reduce(0) { $0 + result.number($1) }
        return result.isSame ? "No difference" : counted(differing, "difference")
    }

    private var chosen: String {
        switch selection {
        case .all: "all units"
        case .dispatch(let number): "the units of dispatch \(number)"
        case .units(let ids): ids.count == 1 ? "unit \(ids[0])" : "\(ids.count) units that were named"
        case .customer(let reference): "the units held by customer \(reference)"
        case .authority(let name): "the units whose tokens are made \(name == "here" ? "here" : "by \(name)")"
        }
    }

    private var figures: String {
        var html = "<table class=\"figures\">\n<tr><th scope=\"row\">The same</th><td>\(result.same)</td></tr>\n"
        for kind in UnitDifference.Kind.allCases {
            let number = result.number(kind)
            let name = result.differences(kind).isEmpty ? kind.title : "<a href=\"#\(kind)\">\(kind.title)</a>"
            html +=
                "<tr\(number > 0 ? " class=\"differs\"" : "")><th scope=\"row\">\(name)</th><td>\(number)</td></tr>\n"
        }
        if result.takenCounts > 0 {
            html += "<tr><th scope=\"row\">Higher counts taken from the list</th><td>\(result.takenCounts)</td></tr>\n"
        }
        return html + "</table>\n"
    }

    private var notes: String {
        var notes: [String] = []
        if result.farCounts > 0 {
            notes.append(
                "\(counted(result.farCounts, "unit")) now more than 64 counts above before: where the unit did not "
                    + "follow, it takes no token any more."
            )
        }
        if result.outsideSelection > 0 {
            notes.append(
                "\(counted(result.outsideSelection, "row")) of other units of the registry, which were not compared."
            )
        }
        if result.retiredNotListed > 0 {
            notes.append(
                "\(counted(result.retiredNotListed, "retired unit")) not in the list, where nobody expects "
                    + "\(result.retiredNotListed == 1 ? "it" : "them")."
            )
        }
        if result.otherModels > 0 {
            notes.append(
                "\(counted(result.otherModels, "unit")) with another model or version in the list, which makes no "
                    + "token different."
            )
        }
        if !result.notStated.isEmpty {
            notes.append("Not in the list, and not compared: \(result.notStated.map(\.title).joined(separator: ", ")).")
        }
        if !result.ignoredColumns.isEmpty {
            notes.append("Columns without a meaning here: \(result.ignoredColumns.joined(separator: ", ")).")
        }
        guard !notes.isEmpty else { return "" }
        return "<ul>\n" + notes.map { "<li>\(Self.text($0))</li>\n" }.joined() + "</ul>\n"
    }

    // MARK: - The differences

    /// Rows are grouped by so many, which shows nowhere: browsers are slow to
    /// lay out 100 000 in one group.
    private static let rowsInGroup = 500

    private func write<Failure: Error>(
        _ kind: UnitDifference.Kind, _ take: (String) throws(Failure) -> Void
    ) throws(Failure) {
        let differences = result.differences(kind)
        let columns = ReconciliationColumn.columns(of: kind, withTaken: result.takenCounts > 0)
        let headers = columns.map { "<th scope=\"col\"\($0.isNumber ? " class=\"number\"" : "")>\($0.title)</th>" }
        let taken = differences.count - result.number(kind)
        let number = counted(result.number(kind), "unit") + (taken > 0 ? ", and \(taken) taken from the list" : "")
        try take(
            """
            <section id="\(kind)">
            <h2>\(kind.title): \(number)</h2>
            <p>\(kind.advice)</p>
            <table>
            <thead><tr>\(headers.joined())</tr></thead>

            """
        )
        for start in stride(from: 0, to: differences.count, by: Self.rowsInGroup) {
            try take("<tbody>\n")
            for difference in differences[start..<min(start + Self.rowsInGroup, differences.count)] {
                let cells = columns.map { column in
                    "<td\(column.isNumber ? " class=\"number\"" : "")>\(Self.text(column.value(difference)))</td>"
                }
                try take("<tr>\(cells.joined())</tr>\n")
            }
            try take("</tbody>\n")
        }
        try take("</table>\n</section>\n")
    }

    /// A text that is nothing but text, on one line: names of files may hold anything.
    private static func text(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: \.isControl) else { return text.asHTML }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? "\u{FFFD}" : $0 })).asHTML
    }
}

/// “1 unit”, “25 units”.
private func counted(_ number: Int, _ thing: String) -> String {
    "\(number) \(thing)\(number == 1 ? "" : "s")"
}
