import Fleet
import OpenPAYGO

/// What a simulation came to, for a person and for a program.
struct FleetReport: Encodable {
    let units: Int
    let days: Int
    /// As text: it may be beyond what JSON's numbers carry.
    let seed: String
    let payments: Int
    let tokens: Int
    let corrections: Int
    let unlocks: Int
    let refused: Int
    let entries: Int
    let enteredTwice: Int
    let outOfOrder: Int
    let lost: Int
    let toldAgain: Int
    let mistyped: Int
    let keypadBlocks: Int
    let mistypedTaken: Int
    let memoriesLost: Int
    let clocksStopped: Int
    let agree: Int
    let differ: Int
    let unexplained: Int
    /// Units that differ by less than a day.
    let differByHours: Int
    let beyondFurthest: [String]
    let beyondByChance: [String]
    let toldOtherwise: [String]
    @OrNull var verified: Bool?
    let ok: Bool
    let reasons: [ReasonRow]
    let lightOn: [Int]
    let paid: [Int]
    let differences: [FleetDifferenceRow]

    init(_ result: FleetSimulation.Result) {
        let plan = result.plan
        let tally = result.tally
        (units, days, seed) = (plan.units, plan.days, String(plan.seed))
        (payments, tokens, corrections, unlocks) = (tally.payments, tally.tokens, tally.corrections, tally.unlocks)
        (refused, entries, enteredTwice) = (result.refused, tally.entries, tally.enteredTwice)
        (outOfOrder, lost, toldAgain) = (tally.outOfOrder, tally.lost, tally.toldAgain)
        (mistyped, keypadBlocks, mistypedTaken) = (tally.mistyped, tally.blocks, tally.takenByChance)
        (memoriesLost, clocksStopped) = (tally.memoriesLost, tally.clocksStopped)
        beyondFurthest = result.beyondFurthest.map(\.text)
        beyondByChance = result.beyondByChance.map(\.text)
        toldOtherwise = result.toldOtherwise.map(\.text)
        let differing = result.units.filter { !$0.comparison.agrees }
        (agree, differ) = (result.units.count - differing.count, differing.count)
        differByHours = differing.count { $0.comparison.isByHours }
        unexplained = differing.count { !$0.comparison.isExplained }
        reasons = DifferenceReason.allCases.compactMap { ReasonRow($0, result.units.map(\.comparison)) }
        differences = differing.map { FleetDifferenceRow($0.id, $0.comparison) }
        (lightOn, paid) = (result.lightOn, result.paid)
        verified = result.verified
        ok =
            unexplained == 0 && beyondFurthest.isEmpty && toldOtherwise.isEmpty && refused == 0
            && result.verified != false
    }
}

/// How many units one reason is about.
struct ReasonRow: TableRow {
    let reason: DifferenceReason
    let units: Int
    let tokens: Int
    /// What units have less than the registry says, together.
    let secondsLess: Int
    /// What units have more.
    let secondsMore: Int

    /// Nil where it explains nothing.
    init?(_ reason: DifferenceReason, _ comparisons: [UnitComparison]) {
        let found = comparisons.flatMap(\.explained).filter { $0.reason == reason }
        guard !found.isEmpty else { return nil }
        self.reason = reason
        units = found.count
        tokens = found.reduce(0) { $0 + $1.tokens }
        secondsLess = found.reduce(0) { $0 + max(0, -$1.light.seconds) }
        secondsMore = found.reduce(0) { $0 + max(0, $1.light.seconds) }
    }

    static var columns: [Column<ReasonRow>] {
        [
            Column("reason", \.reason.rawValue, shown: \.reason.title),
            Column("units", isNumber: true) { String($0.units) },
            Column("tokens", isNumber: true) { String($0.tokens) },
            Column(
                "light less", isNumber: true, { String($0.secondsLess) },
                shown: { FleetDifferenceRow.span($0.secondsLess) }
            ),
            Column(
                "light more", isNumber: true, { String($0.secondsMore) },
                shown: { FleetDifferenceRow.span($0.secondsMore) }
            ),
        ]
    }
}

extension DifferenceReason {
    /// In words, of nobody's tokens.
    var title: String {
        switch self {
        case .neverEntered: "token never entered"
        case .notYetEntered: "token not entered yet"
        case .closed: "entered after the Set Time that closed it"
        case .overtaken: "Set Time or unlock entered after a later token"
        case .tooOld: "entered after eight later ones"
        case .outOfReach: "too far ahead of the unit's count"
        default: words(0)
        }
    }
}

/// A unit that differs from the registry, and why.
struct FleetDifferenceRow: TableRow {
    let unit: String
    let registrySeconds: Int
    let registryForGood: Bool
    let unitSeconds: Int
    let unitForGood: Bool
    let isExplained: Bool
    let explained: [String]
    private let light: (registry: String, unit: String)

    private enum CodingKeys: String, CodingKey {
        case unit, registrySeconds, registryForGood, unitSeconds, unitForGood, isExplained, explained
    }

    init(_ id: PaygID, _ comparison: UnitComparison) {
        unit = id.text
        (registrySeconds, registryForGood) = (comparison.registry.seconds, comparison.registry.forGood == 1)
        (unitSeconds, unitForGood) = (comparison.unit.seconds, comparison.unit.forGood == 1)
        isExplained = comparison.isExplained
        var words = comparison.explained.map { one in
            "\(one.reason.words(one.tokens)): \(Self.change(one.light))"
        }
        for (who, light) in [("registry", comparison.registryUnexplained), ("unit", comparison.unitUnexplained)]
        where light != Light() {
            words.append("unexplained of the \(who): \(Self.change(light))")
        }
        explained = words
        light = (Self.words(comparison.registry), Self.words(comparison.unit))
    }

    static var columns: [Column<FleetDifferenceRow>] {
        [
            Column("unit", \.unit),
            Column("registry", isNumber: true, { String($0.registrySeconds) }, shown: \.light.registry),
            Column("unit has", isNumber: true, { String($0.unitSeconds) }, shown: \.light.unit),
            Column("why") { $0.explained.joined(separator: "; ") },
        ]
    }

    private static func words(_ light: Light) -> String {
        light.forGood == 1 ? "for good" : span(light.seconds)
    }

    private static func change(_ light: Light) -> String {
        var words: [String] = []
        if light.forGood != 0 { words.append(light.forGood > 0 ? "on for good" : "not on for good") }
        if light.seconds != 0 { words.append((light.seconds > 0 ? "+" : "-") + span(abs(light.seconds))) }
        return words.joined(separator: ", ")
    }

    /// A time as people read it: `29d 23h`, `3h 20m`, `15s`, `0`.
    static func span(_ seconds: Int) -> String {
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s"),
        ]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "0" }
        return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0)\($0.1)" }.joined(separator: " ")
    }
}
