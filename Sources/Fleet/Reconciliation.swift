import OpenPAYGO

/// What came of comparing a list with the registry, or with a part of it.
public struct Reconciliation: Sendable {
    /// The list.
    public var source = ListSource(file: "", sha256: "")
    /// Rows with a unit.
    public var rows = 0
    /// Units of the registry that were chosen, those retired left out that the
    /// list does not have.
    public var units = 0
    /// Units that both have, with no difference.
    public var same = 0
    /// Rows of units that the registry has, and that were not chosen.
    public var outsideSelection = 0
    /// Units that are retired, and that the list does not have: nobody expects them there.
    public var retiredNotListed = 0
    /// Units with another model or version in the list, which is no difference.
    public var otherModels = 0
    /// Units whose higher count was taken from the list.
    public var takenCounts = 0
    /// Those of them whose count is so far above that a unit which did not
    /// follow takes no token any more.
    public var farCounts = 0
    /// What no row of the list says, and was not compared.
    public var notStated: [ListField] = []
    /// How the list was written.
    public var format = ListFormat()
    /// Headers of the columns that mean nothing here.
    public var ignoredColumns: [String] = []

    private var found: [[UnitDifference]] = Array(repeating: [], count: UnitDifference.Kind.allCases.count)

    /// Nothing compared yet.
    public init() {}

    /// Sets the differences of one kind, in the order in which they are told.
    public mutating func set(_ kind: UnitDifference.Kind, _ differences: [UnitDifference]) {
        found[kind.place] = differences
    }

    /// The differences of a kind, those that were settled among them: by row,
    /// and where there is none by PAYG ID.
    public func differences(_ kind: UnitDifference.Kind) -> [UnitDifference] { found[kind.place] }

    /// All differences, kind by kind.
    public var differences: some Sequence<UnitDifference> { found.joined() }

    /// How many units differ in a way, those left out where it was settled.
    public func number(_ kind: UnitDifference.Kind) -> Int {
        found[kind.place].count - (kind == .count ? takenCounts : 0)
    }

    /// Whether no difference is left.
    public var isSame: Bool { UnitDifference.Kind.allCases.allSatisfy { number($0) == 0 } }
}

extension UnitDifference.Kind {
    /// Its place among all of them.
    fileprivate var place: Int {
        switch self {
        case .credentials: 0
        case .settings: 1
        case .count: 2
        case .onlyHere: 3
        case .onlyThere: 4
        }
    }
}
