import OpenPAYGO

/// Why a unit's light and the registry's word differ.
enum DifferenceReason: String, CaseIterable, Encodable, Sendable {
    case rounded, neverEntered, notYetEntered, closed, overtaken, tooOld, outOfReach, enteredLate, readByChance,
        memoryLost
    case clockStoodStill

    /// In words, of so many tokens.
    func words(_ tokens: Int) -> String {
        switch self {
        case .rounded: "rounded up to the unit's steps"
        case .neverEntered: "\(counted(tokens, "token")) never entered"
        case .notYetEntered: "\(counted(tokens, "token")) not entered yet"
        case .closed:
            "\(counted(tokens, "token")) entered after the Set Time that closed \(tokens == 1 ? "it" : "them")"
        case .overtaken: "\(counted(tokens, "Set Time")) or unlock entered after a later token"
        case .tooOld: "\(counted(tokens, "token")) entered after eight later ones"
        case .outOfReach: "\(counted(tokens, "token")) too far ahead of the unit's count"
        case .enteredLate: "entered later than issued"
        case .readByChance: "digits that fit another token by chance"
        case .memoryLost: "memory lost"
        case .clockStoodStill: "clock stood still"
        }
    }
}

/// What one reason explains.
struct Explanation: Hashable, Sendable {
    let reason: DifferenceReason
    /// How many tokens it is about; 0 where it is about none.
    var tokens = 0
    /// The steps that these tokens carry.
    var steps = 0
    /// What the unit has more by it; below zero, less.
    let light: Light
}

/// A unit beside the registry at the end, taken apart into reasons.
///
/// Between what the registry says and what the unit does lie steps, each with
/// one more of what happened than the one before: what each of them changes is
/// what it explains, so that the sums add up. The last step is all that
/// happened, by the standard's rules; what the unit does beyond that has no
/// explanation.
struct UnitComparison: Sendable {
    let registry: Light
    let unit: Light
    let explained: [Explanation]
    /// What the tokens say beyond what the registry says of them all.
    let registryUnexplained: Light
    /// What the unit does beyond all that happened to it.
    let unitUnexplained: Light

    /// Whether nothing is left over. Two that cancel each other are two.
    var isExplained: Bool { registryUnexplained == Light() && unitUnexplained == Light() }

    /// Whether the light goes out when the registry says, or within the step
    /// that what is paid is rounded up by.
    var agrees: Bool {
        isExplained && explained.allSatisfy { $0.reason == .rounded }
    }

    /// Whether the difference is less than a day.
    var isByHours: Bool {
        let difference = unit - registry
        return difference.forGood == 0 && abs(difference.seconds) < 86_400
    }

    /// - Parameters:
    ///   - end: when they are compared.
    ///   - matches: every way in which the unit may read a token.
    init(_ history: UnitHistory, registry: Light, unit: Light, at end: Int, matches: (Token) -> [ReadToken]) {
        var comparison = Steps(history, registry: registry, at: end) { _ in nil }
        if unit != comparison.light {
            // Six digits of a token tell its count: one in some thousand tokens
            // has those of another count by chance, and is read as that.
            comparison = Steps(history, registry: registry, at: end, reading: matches)
        }
        self.registry = registry
        self.unit = unit
        explained = comparison.explained
        registryUnexplained = comparison.unexplained
        unitUnexplained = unit - comparison.light
    }

    private struct Steps {
        var light: Light
        var explained: [Explanation] = []
        var unexplained = Light()

        init(_ history: UnitHistory, registry: Light, at end: Int, reading: (Token) -> [ReadToken]?) {
            light = registry
            let all = Array(history.told.indices)
            let promised = history.light(entering: all, at: end)
            let rounding = promised - registry
            if rounding.forGood == 0, (0..<history.divider.seconds(steps: 1)).contains(rounding.seconds) {
                go(to: promised, .rounded)
            } else {
                unexplained = rounding
                light = promised
            }
            let entered = history.entered
            let actual = history.replay(.tokens, at: end)
            var left = all
            func leave(_ reason: DifferenceReason, _ isLeft: (Int) -> Bool) -> (DifferenceReason, [Int])? {
                let gone = left.filter(isLeft)
                left.removeAll(where: isLeft)
                return gone.isEmpty ? nil : (reason, gone)
            }
            let parts: [(DifferenceReason, (Int) -> Bool)] = [
                (.neverEntered, { !entered.contains($0) && history.told[$0].isLost }),
                (.notYetEntered, { !entered.contains($0) }),
                (.closed, { actual.refused[$0] == .closed }),
                (.overtaken, { actual.refused[$0] == .overtaken }),
                (.tooOld, { actual.refused[$0] == .tooOld }),
                (.outOfReach, { actual.refused[$0] == .outOfReach }),
            ]
            for (reason, isPart) in parts {
                guard let (reason, gone) = leave(reason, isPart) else { continue }
                let steps = gone.reduce(0) { $0 + (history.told[$1].instruction.time?.number ?? 0) }
                go(to: history.light(entering: left, at: end), reason, tokens: gone.count, steps: steps)
            }
            go(to: actual.light, .enteredLate)
            for (extent, reason) in [
                (UnitHistory.Extent.chance, DifferenceReason.readByChance), (.memory, .memoryLost),
                (.clock, .clockStoodStill),
            ] {
                go(to: history.replay(extent, reading: reading, at: end).light, reason)
            }
        }

        /// The next step; what changes nothing explains nothing.
        private mutating func go(to next: Light, _ reason: DifferenceReason, tokens: Int = 0, steps: Int = 0) {
            if next != light {
                explained.append(Explanation(reason: reason, tokens: tokens, steps: steps, light: next - light))
            }
            light = next
        }
    }
}
