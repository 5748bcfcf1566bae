import Fleet
import FleetOperations

/// What is said about an export, before or after it.
struct ExportTelling {
    private let result: ExportResult
    private let output: String
    private let isQuestion: Bool

    /// - Parameters:
    ///   - output: the file as a person names it.
    ///   - isQuestion: whether it is told to be asked about.
    init(_ result: ExportResult, output: String, isQuestion: Bool = false) {
        self.result = result
        self.output = output
        self.isQuestion = isQuestion
    }

    private var summary: ExportSummary { result.summary }
    private var its: String { summary.units == 1 ? "its" : "their" }

    var lines: [String] { [headline] + hands + warnings }

    private var headline: String {
        let units = counted(summary.units, "unit")
        if let number = summary.number { return "export \(number): \(units) written to \(output)" }
        if isQuestion { return "\(units) for \(result.title), into \(output)" }
        return "dry run: \(units) would go into \(output); nothing was written"
    }

    private var hands: [String] {
        var lines: [String] = []
        guard result.carriesCredentials else {
            return ["the file has not all that tokens are made with: nothing changes hands"]
        }
        switch summary.authority {
        case .provider(let name) where !summary.dryRun || isQuestion:
            lines.append("\(name) makes \(its) tokens from now on; none is made here")
        case .here where !summary.dryRun || isQuestion:
            guard summary.units > summary.unitsAgain else { break }
            lines.append("warning: tokens go on being made here; a second maker would use the same counts")
        default: break
        }
        if summary.unitsTakenOver > 0 {
            let are = summary.dryRun ? "would be" : summary.unitsTakenOver == 1 ? "was" : "were"
            lines.append(
                "\(counted(summary.unitsTakenOver, "unit")) \(are) taken over from another provider: it must make no "
                    + "more tokens for \(summary.unitsTakenOver == 1 ? "it" : "them")"
            )
        }
        return lines
    }

    private var warnings: [String] {
        var lines: [String] = []
        if summary.unitsLeftOut > 0 {
            lines.append(
                "\(counted(summary.unitsLeftOut, "unit")) left out: handed over to this provider before, and taken "
                    + "back; --all takes \(summary.unitsLeftOut == 1 ? "it" : "them") too"
            )
        }
        if summary.unitsAgain > 0 {
            lines.append(
                "warning: \(counted(summary.unitsAgain, "unit")) handed over before: the provider makes the tokens, and "
                    + "its count may be ahead of this file's and must not be set back"
            )
        }
        if result.unitsNotTold > 0, result.carriesCredentials {
            lines.append(
                "warning: \(counted(result.unitsNotTold, "unit")) with a time divider or restricted digits, which "
                    + "this file has no column for: tell the provider"
            )
        }
        if let unverified = result.unverified { lines.append("unverified: \(unverified)") }
        if summary.encryptedSHA256 != nil {
            if !summary.dryRun { lines.append("the file is encrypted: only its recipient can read it") }
        } else if result.holdsKeys, !summary.dryRun || isQuestion {
            lines.append(
                "the file holds secret keys in the clear: send it encrypted (--encrypt-to), and delete it"
            )
        }
        return lines
    }
}
