/// A report in words, with its chart.
struct FleetTelling {
    /// How many units that differ a terminal shows.
    static let mostShown = 20

    let report: FleetReport

    /// The facts, one a line.
    var facts: [(name: String, value: String)] {
        [
            ("fleet", "\(counted(report.units, "unit")), \(counted(report.days, "day")), seed \(report.seed)"),
            (
                "desk",
                "\(counted(report.payments, "payment")), \(counted(report.corrections, "correction")), "
                    + "\(report.unlocks) unlocked: \(counted(report.tokens, "token"))"
                    + (report.refused > 0 ? "; \(report.refused) refused" : "")
            ),
            (
                "customers",
                "\(report.entries) entered: \(report.outOfOrder) out of order, \(report.enteredTwice) twice; "
                    + "\(report.lost) lost, \(report.toldAgain) told again"
            ),
            (
                "mistyped",
                "\(report.mistyped), of which \(report.mistypedTaken) fitted another token by chance; "
                    + "the keypad was blocked \(report.keypadBlocks) times"
            ),
            (
                "faults",
                report.memoriesLost + report.clocksStopped == 0
                    ? ""
                    : "\(report.memoriesLost) memories lost, \(report.clocksStopped) clocks stood still"
            ),
            ("agree", "\(report.agree)"),
            (
                "differ",
                "\(report.differ), \(report.differByHours) of them by less than a day; unexplained \(report.unexplained)"
            ),
            ("on too long", "\(report.beyondFurthest.count)" + Self.named(report.beyondFurthest)),
            (
                "by chance",
                report.beyondByChance.isEmpty
                    ? ""
                    : "\(report.beyondByChance.count) on longer, as digits fit another token"
                        + Self.named(report.beyondByChance)
            ),
            (
                "told otherwise",
                report.toldOtherwise.isEmpty ? "" : "\(report.toldOtherwise.count)" + Self.named(report.toldOtherwise)
            ),
            ("history", report.verified.map { $0 ? "everything fits" : "does not fit" } ?? ""),
        ]
    }

    private static func named(_ units: [String]) -> String {
        units.isEmpty ? "" : ": " + units.prefix(5).joined(separator: ", ") + (units.count > 5 ? ", …" : "")
    }

    /// Units that are shown: all that are unexplained come first.
    func shown(all: Bool) -> [FleetDifferenceRow] {
        guard !all, report.differences.count > Self.mostShown else { return report.differences }
        let (bad, good) = (
            report.differences.filter { !$0.isExplained }, report.differences.filter(\.isExplained)
        )
        return Array((bad + good).prefix(Self.mostShown))
    }

    /// The last word, for a person.
    var verdict: String {
        if report.ok {
            return report.differ == 0
                ? "every unit has light until the registry's date"
                : "every difference is explained, and no unit was on longer than its tokens say"
        }
        var words: [String] = []
        if report.unexplained > 0 { words.append("\(counted(report.unexplained, "difference")) unexplained") }
        if !report.beyondFurthest.isEmpty {
            words.append("\(counted(report.beyondFurthest.count, "unit")) on longer than its tokens say")
        }
        if !report.toldOtherwise.isEmpty {
            words.append("\(counted(report.toldOtherwise.count, "unit")) told otherwise than registered")
        }
        if report.refused > 0 { words.append("\(counted(report.refused, "order")) refused") }
        if report.verified == false { words.append("the history does not fit") }
        return words.joined(separator: "; ")
    }

    /// The picture.
    var picture: LightChartSVG {
        LightChartSVG(
            lightOn: report.lightOn, paid: report.paid, units: report.units, title: "Units with light on",
            note: "\(counted(report.units, "unit")), \(counted(report.days, "day")), seed \(report.seed)")
    }

    /// The chart in characters.
    var chart: LightChart { LightChart(series: report.lightOn, units: report.units) }
}
