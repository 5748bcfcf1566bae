/// Some of the registry's units.
public enum UnitSelection: Hashable, Sendable {
    case all
    /// Those that one list brought.
    case dispatch(Int)
    case units([PaygID])
    /// Those that somebody holds now.
    case customer(CustomerReference)
    /// Those whose tokens one maker makes: `here`, or a provider.
    case authority(String)
}

/// Which units an export takes.
public struct ExportSelection: Sendable {
    /// Which part of the registry.
    public var part: UnitSelection
    /// Whether units that the same provider was handed before are taken again.
    public var again: Bool

    /// A selection; without arguments, every unit whose tokens are made here.
    public init(_ part: UnitSelection = .all, again: Bool = false) {
        self.part = part
        self.again = again
    }
}

/// A unit on its way into a provider's file: the one form in which opened
/// credentials leave the store.
public struct ExportedUnit: Sendable {
    /// The unit as it was read, before the export changes anything.
    public let unit: FleetUnit
    /// Its credentials, in the clear.
    public let credentials: Credentials
    /// The list that brought it, where the file tells of it.
    public let dispatch: DispatchRecord?
    /// Who holds it, where somebody does and the file tells of them.
    public let customer: Customer?

    /// A unit and its credentials.
    public init(
        unit: FleetUnit, credentials: Credentials, dispatch: DispatchRecord? = nil, customer: Customer? = nil
    ) {
        self.unit = unit
        self.credentials = credentials
        self.dispatch = dispatch
        self.customer = customer
    }
}

/// What an export did, or would do.
public struct ExportSummary: Hashable, Sendable {
    /// 1, 2, 3…; nil for a dry run.
    public var number: Int?
    /// The name of the profile.
    public var profile: String
    /// The name of the file, without its folder.
    public var file: String
    /// How many units are in the file.
    public var units: Int
    /// How many of them the provider had been handed before: it makes their
    /// tokens, and their counts here may be old.
    public var unitsAgain: Int
    /// How many were taken over from other providers on the way.
    public var unitsTakenOver: Int
    /// How many of those came with the very count that the registry has.
    public var unitsTakenOverAsTheyWere: Int
    /// How many of those came with a count further above the registry's than a
    /// unit looks.
    public var unitsTakenOverFarAhead: Int
    /// How many that are here were left out, because this provider had been
    /// handed them before.
    public var unitsLeftOut: Int
    /// A digest over which units, and with which counts.
    public var unitsSHA256: String
    /// SHA-256 of what the provider reads, in lower-case hexadecimal.
    public var sha256: String
    /// SHA-256 of the encrypted file; nil for one in the clear.
    public var encryptedSHA256: String?
    /// Who makes the units' tokens from now on.
    public var authority: TokeningAuthority
    /// Whether nothing was written because nothing was to be.
    public var dryRun: Bool

    /// A summary.
    public init(
        number: Int?, profile: String, file: String, units: Int, unitsAgain: Int, unitsTakenOver: Int,
        unitsTakenOverAsTheyWere: Int, unitsTakenOverFarAhead: Int, unitsLeftOut: Int, unitsSHA256: String,
        sha256: String, encryptedSHA256: String?, authority: TokeningAuthority, dryRun: Bool
    ) {
        self.number = number
        self.profile = profile
        self.file = file
        self.units = units
        self.unitsAgain = unitsAgain
        self.unitsTakenOver = unitsTakenOver
        self.unitsTakenOverAsTheyWere = unitsTakenOverAsTheyWere
        self.unitsTakenOverFarAhead = unitsTakenOverFarAhead
        self.unitsLeftOut = unitsLeftOut
        self.unitsSHA256 = unitsSHA256
        self.sha256 = sha256
        self.encryptedSHA256 = encryptedSHA256
        self.authority = authority
        self.dryRun = dryRun
    }
}
