import CredentialFiles
import Fleet
import FleetStore

/// What an export is asked for.
public struct ExportOrder: Sendable {
    /// The name of the profile.
    public var profile: String
    /// Who gets the file, and makes the units' tokens from then on; nil for
    /// the profile's own provider.
    public var provider: String?
    /// Which units go.
    public var selection: ExportSelection
    /// Where the file goes.
    public var path: String
    /// What the profile's product column holds.
    public var product: String?
    /// Whether tokens go on being made here.
    public var isCopy: Bool
    /// Whether to tell what would be written, and write nothing.
    public var dryRun: Bool

    /// An order; without a selection of parts, every unit whose tokens are made here.
    public init(
        profile: String, provider: String? = nil, selection: ExportSelection, path: String, product: String? = nil,
        isCopy: Bool = false, dryRun: Bool = false
    ) {
        self.profile = profile
        self.provider = provider
        self.selection = selection
        self.path = path
        self.product = product
        self.isCopy = isCopy
        self.dryRun = dryRun
    }
}

/// What came of an export.
public struct ExportResult: Sendable {
    /// What was written, or would be.
    public let summary: ExportSummary
    /// What about the profile has not been checked, if anything.
    public let unverified: String?
    /// Units with a time divider or restricted digits that the file does not tell.
    public let unitsNotTold: Int
}

extension FleetDesk {
    /// Writes a provider's file, and hands the making of the units' tokens
    /// over to that provider.
    ///
    /// The record is made durable before the file gets its name: were it the
    /// other way round, a power cut between the two would leave a file that
    /// nobody knows of, and two makers of tokens.
    ///
    /// - Throws: ``FleetError``: not found, refused by a rule, the file's and
    ///   the key file's errors.
    public func export(_ order: ExportOrder) throws(FleetError) -> ExportResult {
        let profile = try Profile(named: order.profile, folder: nil)
        let provider = try order.provider.map { text throws(FleetError) in
            try TokeningAuthority(provider: text)
        }
        let file = try ProviderFile(order.path, profile: profile, product: order.product)
        let slash = order.path.lastIndex(of: "/")
        let name = String(order.path[(slash.map(order.path.index(after:)) ?? order.path.startIndex)...])
        let summary = try registry.export(
            order.selection, profile: profile.name, provider: provider?.name ?? profile.provider,
            keepingAuthority: order.isCopy, dryRun: order.dryRun, at: now(), actor: actor,
            write: { unit in try file.add(unit) },
            finish: { ExportedFile(name: name, sha256: try file.finish().sha256) }
        )
        if let number = summary.number { try file.publish(export: number) }
        return ExportResult(summary: summary, unverified: profile.unverified, unitsNotTold: file.unitsNotTold)
    }
}
