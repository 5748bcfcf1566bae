import Fleet
import FleetOperations

extension ImportSummary {
    /// What a person is told of an import.
    ///
    /// - Parameter rejects: the file that rows which were left out went to.
    func told(of file: String, rejects: String?) -> [String] {
        var lines = [outcome(file)]
        if dryRun { lines.append("dry run: nothing was changed") }
        if rejected > 0 {
            let rows = counted(rejected, "row")
            lines.append(
                dryRun
                    ? "\(rows) would be left out, and written to \(rejects ?? "")"
                    : "\(rows) left out, and written to \(rejects ?? ""): mend them there, and import that file"
            )
            lines += problems.first.prefix(10).map { "  \($0)" }
            if problems.total > 10 { lines.append("  and \(problems.total - 10) more") }
        }
        if let format = format.told { lines.append(format) }
        if acceptedCounts > 0 {
            lines.append(
                "\(counted(acceptedCounts, "unit")) with a higher count in the list: "
                    + (dryRun ? "would be taken, and put on record" : "taken, and on record")
            )
        }
        if farCounts > 0 {
            lines.append(
                "warning: \(counted(farCounts, "unit")) more than 64 counts above ours: where the unit did not "
                    + "follow, it takes no token any more"
            )
        }
        if changedSince > 0 {
            lines.append(
                "\(counted(changedSince, "unit")) given other credentials since: they stay as they are"
            )
        }
        if resumed > 0 {
            lines.append(
                "\(counted(resumed, "unit")) \(dryRun ? "would go" : "go") on from the count that was used before the "
                    + "registry was restored"
            )
        }
        if olderCounts > 0 {
            lines.append("\(counted(olderCounts, "unit")) with a lower count in the list: ours was kept")
        }
        if added > 0, paddedStartingCodes > 0 {
            lines.append("\(counted(paddedStartingCodes, "starting code")) had lost leading zeros: restored")
        }
        if added > 0, derivedStartingCodes {
            lines.append("the list has no starting codes: derived from the keys, as the standard has it")
        }
        if !ignoredColumns.isEmpty {
            lines.append("kept out of the registry: \(ignoredColumns.joined(separator: ", "))")
        }
        if warnings.total > 0 {
            lines.append(
                "warning: \(counted(warnings.total, "weak credential")), taken as listed; ask the maker")
            lines += warnings.first.prefix(10).map { "  \($0)" }
            if warnings.total > 10 { lines.append("  and \(warnings.total - 10) more") }
        }
        return lines
    }

    private func outcome(_ file: String) -> String {
        if recognised, let dispatch {
            return "\(file) is dispatch \(dispatch) again: nothing was changed"
        }
        let known = unchanged > 0 ? ", \(unchanged) unchanged" : ""
        guard added > 0 else {
            return
                "no new unit in \(file)\(unchanged > 0 ? ": \(counted(unchanged, "unit")) unchanged" : "")"
        }
        let units = counted(added, "unit")
        return dryRun
            ? "\(units) would be added from \(file)\(known)"
            : "dispatch \(dispatch ?? 0): \(units) added from \(file)\(known)"
    }
}

extension ListFormat {
    /// How the list was written, where that is not the usual way.
    var told: String? {
        var parts: [String] = []
        switch delimiter {
        case .comma: break
        case .semicolon: parts.append("separated by semicolons")
        case .tab: parts.append("separated by tabs")
        }
        switch encoding {
        case .utf8: break
        case .utf16LittleEndian, .utf16BigEndian: parts.append("in UTF-16")
        case .windows1252: parts.append("in Windows-1252")
        }
        if headerRow > 1 { parts.append("headers in row \(headerRow)") }
        if let endRow { parts.append("at its end in row \(endRow)") }
        return parts.isEmpty ? nil : "read as \(parts.joined(separator: ", "))"
    }
}
