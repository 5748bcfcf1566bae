/// Which units an export takes.
public struct ExportSelection: Sendable {
    /// Which part of the registry.
    public enum Part: Sendable {
        case registry
        case dispatch(Int)
        case units([PaygID])
    }

    public var part: Part
    /// Whether units that the same provider was handed before are taken again.
    public var again: Bool

    public init(_ part: Part = .registry, again: Bool = false) {
        self.part = part
        self.again = again
    }
}

/// A unit on its way into a provider's file: the one form in which opened
/// credentials leave the store.
public struct ExportedUnit: Sendable {
    public let unit: FleetUnit
    public let credentials: Credentials

    public init(unit: FleetUnit, credentials: Credentials) {
        self.unit = unit
        self.credentials = credentials
    }
}

/// What an export did, or would do.
public struct ExportSummary: Hashable, Sendable {
    /// 1, 2, 3…; nil for a dry run.
    public var number: Int?
    public var profile: String
    public var file: String
    public var units: Int
    /// How many of them the provider had been handed before: it makes their
    /// tokens, and their counts here may be old.
    public var unitsAgain: Int
    /// SHA-256 of the file, in lower-case hexadecimal.
    public var sha256: String
    /// Who makes the units' tokens from now on.
    public var authority: TokeningAuthority
    public var dryRun: Bool

    public init(
        number: Int?, profile: String, file: String, units: Int, unitsAgain: Int, sha256: String,
        authority: TokeningAuthority, dryRun: Bool
    ) {
        self.number = number
        self.profile = profile
        self.file = file
        self.units = units
        self.unitsAgain = unitsAgain
        self.sha256 = sha256
        self.authority = authority
        self.dryRun = dryRun
    }
}
