import Fleet

/// What a person is told of a reconciliation, beside the differences.
struct ReconcileTelling {
    /// Differences of one kind that a terminal shows.
    static let mostShown = 50
    /// Browsers are slow with more rows than this.
    private static let manyRows = 100_000

    private let result: Reconciliation
    private let selection: UnitSelection
    private let applyCounts: Bool
    private let report: String?

    init(_ result: Reconciliation, _ selection: UnitSelection, applyCounts: Bool, report: String?) {
        self.result = result
        self.selection = selection
        self.applyCounts = applyCounts
        self.report = report
    }

    func lines(of file: String) -> [String] {
        var lines = hidden
        lines.append("\(outcome(file)): \(result.isSame ? "everything fits" : differences)")
        if result.takenCounts > 0 {
            lines.append("\(counted(result.takenCounts, "unit")) with a higher count in the list: taken, and on record")
        }
        if result.farCounts > 0 {
            lines.append(
                "warning: \(counted(result.farCounts, "unit")) more than 64 counts above ours: where the unit did not "
                    + "follow, it takes no token any more"
            )
        }
        if result.outsideSelection > 0 {
            lines.append("\(counted(result.outsideSelection, "row")) of units that were not chosen: not compared")
        }
        if result.retiredNotListed > 0 {
            lines.append("\(counted(result.retiredNotListed, "retired unit")) not in the list: not expected there")
        }
        if result.otherModels > 0 {
            lines.append("\(counted(result.otherModels, "unit")) with another model or version: no difference")
        }
        if !result.notStated.isEmpty {
            let fields = result.notStated.map { $0.title.lowercased() }.joined(separator: ", ")
            lines.append("not in the list, and not compared: \(fields)")
        }
        if let format = result.format.told { lines.append(format) }
        if !result.ignoredColumns.isEmpty {
            lines.append("columns without a meaning here: \(result.ignoredColumns.joined(separator: ", "))")
        }
        if let report { lines.append("the report is in \(report)") }
        if report != nil, UnitDifference.Kind.allCases.contains(where: { result.number($0) > Self.manyRows }) {
            lines.append("warning: browsers are slow with so many rows")
        }
        return lines + hints.map { "hint: \($0)" }
    }

    /// What a terminal does not show.
    private var hidden: [String] {
        guard CommandContext.current.isForPerson else { return [] }
        return UnitDifference.Kind.allCases.compactMap { kind in
            let rest = result.differences(kind).count - Self.mostShown
            guard rest > 0 else { return nil }
            return "and \(rest) more \(words(kind)): --html FILE or --json has them all"
        }
    }

    private func outcome(_ file: String) -> String {
        let registry =
            selection == .all ? "\(counted(result.units, "unit"))" : "\(counted(result.units, "chosen unit"))"
        return "\(counted(result.rows, "row")) of \(file) and \(registry) compared"
    }

    private var differences: String {
        let kinds = UnitDifference.Kind.allCases.filter { result.number($0) > 0 }
        return (["\(result.same) the same"] + kinds.map { "\(result.number($0)) \(words($0))" }).joined(separator: ", ")
    }

    private func words(_ kind: UnitDifference.Kind) -> String {
        switch kind {
        case .credentials: "with other credentials"
        case .settings: "with other settings"
        case .count: "with another count"
        case .onlyHere: "only here"
        case .onlyThere: "only in the list"
        }
    }

    /// What to do about it, one line for each kind.
    private var hints: [String] {
        var hints: [String] = []
        let former = result.differences(.credentials).count { $0.hasFormerCredentials }
        if former > 0 {
            hints.append(
                "former credentials are those from before payg import --replace: whoever keeps the list must have the "
                    + "new ones"
            )
        }
        if result.number(.credentials) > former {
            hints.append(
                "make no token with either until it is known which are right; payg import FILE --replace UNIT "
                    + "--reason TEXT takes the list's for one unit"
            )
        }
        if result.number(.settings) > 0 {
            hints.append("find out which settings are right before the next token; those here stay as they are")
        }
        let distances = result.differences(.count).lazy.filter { !$0.isSettled }.compactMap(\.distance)
        if distances.contains(where: { $0 > 0 }) {
            hints.append(
                applyCounts
                    ? "higher counts of units that differ in more were not taken"
                    : "--apply-counts takes higher counts from the list, where somebody else did make tokens"
            )
        }
        if distances.contains(where: { $0 < 0 }) {
            hints.append(
                "a lower count in the list: whoever makes tokens from it uses counts again, and must have ours")
        }
        if result.number(.onlyHere) > 0, selection == .all {
            hints.append("--dispatch, --unit, --customer or --authority choose the units that the list should have")
        }
        if result.differences(.onlyThere).contains(where: { $0.sameKeyAs != nil }) {
            hints.append(
                "units with the same key may be one device under two names: imported, its counts would be used twice"
            )
        }
        if result.differences(.onlyThere).contains(where: { $0.sameKeyAs == nil }) {
            hints.append("payg import adds units that are only in the list, from the list that their maker sent")
        }
        return hints
    }
}
