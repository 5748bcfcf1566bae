import KeyVault

/// Short ways to seal and to open; the arrays are not wiped.
extension Vault {
    func seal(_ secret: [UInt8], for owner: String) throws -> [UInt8] {
        var sealer = sealer()
        var sealed: [UInt8] = []
        try secret.withUnsafeBytes { bytes in try sealer.seal(bytes, for: owner, into: &sealed) }
        return sealed
    }

    func open(_ sealed: [UInt8], for owner: String) throws(SealBroken) -> [UInt8] {
        do {
            return try sealed.withUnsafeBytes { sealed in try open(sealed, for: owner) { secret in Array(secret) } }
        } catch {
            throw SealBroken()
        }
    }
}
