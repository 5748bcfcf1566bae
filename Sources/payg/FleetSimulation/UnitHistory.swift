import OpenPAYGO

/// A token that a customer was told.
struct ToldToken: Hashable, Sendable {
    let token: Token
    let instruction: TokenInstruction
    let count: UInt32
    /// When it was issued, in seconds of the simulation.
    let issuedAt: Int
    /// Whether it is lost for good, and nobody is going to enter it.
    var isLost = false

    /// As its unit is to read it.
    var meant: ReadToken { ReadToken(instruction: instruction, count: count) }
}

/// What happened to a unit.
enum Happening: Hashable, Sendable {
    /// The customer entered a token, by its place among those they were told.
    case entered(Int)
    /// The unit took mistyped digits for a token: one of these.
    case tookMistyped([ReadToken])
    /// A fault: it lost its memory.
    case lostMemory
    /// A fault: its clock stood still for so many seconds.
    case stoodStill(Int)
}

/// All that was told to one customer, and all that happened to their unit.
struct UnitHistory: Sendable {
    let dispatched: UInt32
    let divider: TimeDivider
    var told: [ToldToken] = []
    var happened: [(at: Int, what: Happening)] = []

    /// Which of what happened a replay takes in; each takes in what those
    /// before it do.
    enum Extent: Int, Comparable {
        case tokens, chance, memory, clock

        static func < (one: Extent, other: Extent) -> Bool { one.rawValue < other.rawValue }
    }

    /// How much light there were at the end, had these tokens been entered the
    /// moment they were issued.
    func light(entering places: some Sequence<Int>, at end: Int) -> Light {
        var rules = UnitRules(dispatched: dispatched, divider: divider)
        for place in places { _ = rules.take(told[place].meant, at: told[place].issuedAt) }
        return rules.light(at: end)
    }

    /// How much light there is at the end of what happened, by the standard.
    ///
    /// - Parameter reading: every way in which a unit may read a token's
    ///   digits; nil where they are read as they are meant.
    /// - Returns: the light, and why tokens that were entered never were taken.
    func replay(
        _ extent: Extent, reading: (Token) -> [ReadToken]? = { _ in nil }, at end: Int
    ) -> (light: Light, refused: [Int: UnitRules.Refusal]) {
        var rules = UnitRules(dispatched: dispatched, divider: divider)
        var refused: [Int: UnitRules.Refusal] = [:]
        var taken: Set<Int> = []
        var behind = 0
        for (moment, what) in happened {
            switch what {
            case .entered(let place):
                let ways = extent >= .chance ? reading(told[place].token) ?? [told[place].meant] : [told[place].meant]
                var refusal: UnitRules.Refusal? = .used
                for way in ways {
                    refusal = rules.take(way, at: moment - behind)
                    if refusal == nil { break }
                }
                if refusal == nil {
                    taken.insert(place)
                    refused[place] = nil
                } else if !taken.contains(place) {
                    refused[place] = refusal
                }
            case .tookMistyped(let ways):
                guard extent >= .chance else { continue }
                for way in ways where rules.take(way, at: moment - behind) == nil { break }
            case .lostMemory:
                if extent >= .memory { rules.forget() }
            case .stoodStill(let seconds):
                if extent >= .clock { behind += seconds }
            }
        }
        return (rules.light(at: end - behind), refused)
    }

    /// The places of the tokens that were entered at least once.
    var entered: Set<Int> {
        var places: Set<Int> = []
        for case (_, .entered(let place)) in happened { places.insert(place) }
        return places
    }

    /// Whether anything happened that no customer is told of: digits taken by
    /// chance, or a fault.
    var isOutOfTheOrdinary: Bool {
        happened.contains { if case .entered = $0.what { false } else { true } }
    }
}
