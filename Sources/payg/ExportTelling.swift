import Fleet
import FleetOperations
import OpenPAYGO

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
        guard result.holdsKeys else {
            return ["the file has not what tokens are made with: nothing changes hands"]
        }
        var lines: [String] = []
        switch summary.authority {
        case .provider(let name):
            let makes = summary.dryRun && !isQuestion ? "would make" : "makes"
            lines.append("\(name) \(makes) \(its) tokens from \(isQuestion ? "then" : "now") on; none is made here")
        case .here where summary.units > summary.unitsAgain:
            lines.append("warning: tokens go on being made here; a second maker would use the same counts")
        case .here: break
        }
        if summary.unitsTakenOver > 0 {
            let (are, them) = summary.unitsTakenOver == 1 ? ("is", "it") : ("are", "them")
            lines.append(
                "\(counted(summary.unitsTakenOver, "unit")) \(are) taken over from another provider, which must "
                    + (summary.dryRun ? "have stopped making tokens for \(them)" : "make no more tokens for \(them)")
            )
            if summary.unitsTakenOverFarAhead > 0 {
                let has = summary.unitsTakenOverFarAhead == 1 ? "has" : "have"
                lines.append(
                    "warning: \(counted(summary.unitsTakenOverFarAhead, "unit")) of those \(has) a count more than "
                        + "\(TokenReader.window) above the registry's: were one mistyped, its unit would take no token "
                        + "ever again, and it cannot be set back"
                )
            }
            if summary.unitsTakenOver == summary.unitsTakenOverAsTheyWere {
                lines.append(
                    "warning: no count is above the registry's: is it what the provider says today? Where it made "
                        + "tokens, their counts would be used again"
                )
            }
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
        if result.unitsNotTold > 0, result.holdsKeys {
            lines.append(
                "warning: \(counted(result.unitsNotTold, "unit")) with a time divider or restricted digits, which "
                    + "this file has no column for: tell the provider"
            )
        }
        if let unverified = result.unverified { lines.append("unverified: \(unverified)") }
        if summary.encryptedSHA256 != nil {
            lines.append("the file is encrypted: only its recipient can read it")
        } else if result.holdsKeys {
            lines.append(
                "the file holds secret keys in the clear: send it encrypted (--encrypt-to), and delete it"
            )
        }
        return lines
    }
}
