import CredentialFiles
import Fleet
import FleetStore

/// What an export is asked for.
public struct ExportOrder: Sendable {
    public var profile: String
    public var selection: ExportSelection
    /// Where the file goes.
    public var path: String
    /// What the profile's product column holds; nil for each unit's hardware model.
    public var product: String?
    /// Whether tokens go on being made here.
    public var isCopy: Bool
    public var dryRun: Bool

    public init(
        profile: String, selection: ExportSelection, path: String, product: String? = nil, isCopy: Bool = false,
        dryRun: Bool = false
    ) {
        self.profile = profile
        self.selection = selection
        self.path = path
        self.product = product
        self.isCopy = isCopy
        self.dryRun = dryRun
    }
}

extension FleetDesk {
    /// Writes a provider's file, and hands the making of the units' tokens
    /// over to that provider.
    ///
    /// The record is made durable before the file gets its name: were it the
    /// other way round, a power cut between the two would leave a file that
    /// nobody knows of, and two makers of tokens.
    ///
    /// - Returns: what was exported, and what about the profile is unverified.
    /// - Throws: ``FleetError``: not found, refused by a rule, the file's and
    ///   the key file's errors.
    public func export(_ order: ExportOrder) throws(FleetError) -> (ExportSummary, unverified: String?) {
        let profile = try Profile(named: order.profile)
        guard order.product == nil || profile.namesProduct else {
            throw .badValue(what: "product", problem: "has no column in the file for \(profile.title)")
        }
        let file = try ProviderFile(order.path, profile: profile, product: order.product)
        let name = String(
            order.path[(order.path.lastIndex(of: "/").map(order.path.index(after:)) ?? order.path.startIndex)...])
        let summary = try registry.export(
            order.selection, profile: profile.name, provider: profile.provider, keepingAuthority: order.isCopy,
            dryRun: order.dryRun, at: now(), actor: actor,
            write: { unit in try file.add(unit) },
            finish: { ExportedFile(name: name, sha256: try file.finish()) }
        )
        if let number = summary.number { try file.publish(export: number) }
        return (summary, profile.unverified)
    }
}
