import OpenPAYGO

/// An export on record.
public struct ExportRecord: Hashable, Sendable {
    /// 1, 2, 3…
    public let number: Int
    /// The name of the profile.
    public let profile: String
    /// The profile itself; nil for an export of an older version, which did
    /// not keep it.
    public let profileText: String?
    /// SHA-256 of it.
    public let profileSHA256: String?
    /// The products' names in the file.
    public let products: ExportProducts
    /// The name of the file, without its folder.
    public let file: String
    /// SHA-256 of what the provider reads, in lower-case hexadecimal.
    public let sha256: String
    /// SHA-256 of the encrypted file; nil for one in the clear.
    public let encryptedSHA256: String?
    /// How many units are in the file.
    public let units: Int
    /// Who made the units' tokens from then on: `here` for a copy.
    public let authority: TokeningAuthority
    /// When it was.
    public let exportedAt: Timestamp
    /// Who did it.
    public let actor: String

    /// An export, as stored.
    public init(
        number: Int, profile: String, profileText: String?, profileSHA256: String?, products: ExportProducts,
        file: String, sha256: String, encryptedSHA256: String?, units: Int, authority: TokeningAuthority,
        exportedAt: Timestamp, actor: String
    ) {
        self.number = number
        self.profile = profile
        self.profileText = profileText
        self.profileSHA256 = profileSHA256
        self.products = products
        self.file = file
        self.sha256 = sha256
        self.encryptedSHA256 = encryptedSHA256
        self.units = units
        self.authority = authority
        self.exportedAt = exportedAt
        self.actor = actor
    }
}

/// A unit in an export on record.
public struct HandedOverUnit: Hashable, Sendable {
    /// The unit.
    public let unit: PaygID
    /// The count in the file.
    public let count: TokenCount
    /// Who makes its tokens now.
    public let authority: TokeningAuthority

    /// A unit of an export, as stored.
    public init(unit: PaygID, count: TokenCount, authority: TokeningAuthority) {
        self.unit = unit
        self.count = count
        self.authority = authority
    }
}
