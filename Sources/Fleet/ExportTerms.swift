import OpenPAYGO

/// Under which terms units are exported: what the record of it keeps.
public struct ExportTerms: Sendable {
    /// The name of the profile.
    public var profile: String
    /// The profile itself, as it is written.
    public var profileText: String
    /// The names that its products have, by their keys, and the one that was
    /// given for all units: what the file says besides what the units say.
    public var products: ExportProducts
    /// Whether the file tells of the list that brought each unit, and of who
    /// holds it.
    public var tells: (dispatch: Bool, customer: Bool)
    /// Who gets the file.
    public var provider: String
    /// Which units go.
    public var selection: ExportSelection
    /// Whether it is a copy, and tokens go on being made here.
    public var isCopy: Bool
    /// Units taken over from another provider on the way.
    public var takeover: Takeover?
    /// Which units it must be, as an export told before; nil for whichever.
    public var expected: ExportSummary?

    /// Terms; a copy of nothing else than the units whose tokens are made here
    /// where no more is said.
    public init(
        profile: String, profileText: String, products: ExportProducts = ExportProducts(),
        tells: (dispatch: Bool, customer: Bool) = (false, false), provider: String,
        selection: ExportSelection = ExportSelection(), isCopy: Bool = false, takeover: Takeover? = nil,
        expected: ExportSummary? = nil
    ) {
        self.profile = profile
        self.profileText = profileText
        self.products = products
        self.tells = tells
        self.provider = provider
        self.selection = selection
        self.isCopy = isCopy
        self.takeover = takeover
        self.expected = expected
    }
}

/// The products' names of an export.
public struct ExportProducts: Hashable, Codable, Sendable {
    /// By the products' keys in the profile.
    public var names: [String: String]
    /// The one for all units; nil where each unit's model tells.
    public var product: String?

    /// Names as the provider gave them.
    public init(names: [String: String] = [:], product: String? = nil) {
        self.names = names
        self.product = product
    }
}

/// Units that another provider has, and the counts it reports for them: they
/// come back and go on to the next in one step.
public struct Takeover: Sendable {
    /// What was reported of a unit.
    public struct Report: Sendable {
        /// The unit.
        public let unit: PaygID
        /// The count of the last token that was made for it.
        public let count: TokenCount
        /// Its credentials, where the report has them: they must be those of
        /// the registry.
        public let credentials: Credentials?
        /// Whether their starting code is only the one that the key gives.
        public let isStartingCodeDerived: Bool

        /// What a provider reports of a unit.
        public init(
            unit: PaygID, count: TokenCount, credentials: Credentials? = nil, isStartingCodeDerived: Bool = false
        ) {
            self.unit = unit
            self.count = count
            self.credentials = credentials
            self.isStartingCodeDerived = isStartingCodeDerived
        }
    }

    /// The units, each once.
    public var reports: [Report]
    /// The list that reports them; nil where somebody typed the count.
    public var file: String?
    /// SHA-256 of that list.
    public var sha256: String?
    /// Why, for the audit trail.
    public var reason: Reason
    /// Whether a count may be below the registry's.
    public var isForced: Bool

    /// Units to be taken over.
    public init(_ reports: [Report], file: String? = nil, sha256: String? = nil, reason: Reason, isForced: Bool = false)
    {
        self.reports = reports
        self.file = file
        self.sha256 = sha256
        self.reason = reason
        self.isForced = isForced
    }
}
