import Crypto
import Foundation
import SecretMemory

/// A sealed value did not open: it was altered, or was sealed for another
/// name or under another key.
public struct SealBroken: Error, Equatable, Sendable {
    /// That a value did not open.
    public init() {}
}

/// Seals small secrets under a master key, and opens them again.
///
/// AES-256-GCM under a key derived from the master key with HKDF-SHA256. The
/// name of the owner is associated data: a sealed value moved to another owner
/// does not open. A sealed value is `1` (the format), a nonce of 12 random
/// bytes, the ciphertext as long as the secret, and a tag of 16 bytes.
public struct Vault: Sendable {
    private static let format: UInt8 = 1
    private let sealingKey: SymmetricKey
    private let formerKeysKey: SymmetricKey
    /// Makes and checks what only somebody with the master key can make.
    public let signer: Signer

    /// Tells one master key from another, and gives nothing of it away: 16
    /// bytes derived from it.
    public let keyID: [UInt8]

    init(master: SymmetricKey) {
        func derived(_ purpose: String, _ count: Int) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(inputKeyMaterial: master, info: Data(purpose.utf8), outputByteCount: count)
        }
        sealingKey = derived("payg 1 credentials", 32)
        formerKeysKey = derived("payg 1 former keys", 32)
        signer = Signer(key: derived("payg 1 audit", 32))
        keyID = derived("payg 1 key id", 16).withUnsafeBytes { Array($0) }
    }

    /// Authenticates what it is given: HMAC-SHA256 under a key derived from a
    /// master key.
    public struct Signer: Sendable {
        fileprivate let key: SymmetricKey
        /// What has taken the key in already, which takes as long as a short message.
        private let begun: HMAC<SHA256>

        fileprivate init(key: SymmetricKey) {
            self.key = key
            begun = HMAC<SHA256>(key: key)
        }

        /// What only somebody with the master key can make for these bytes, 32 bytes.
        public func authenticationCode(for bytes: [UInt8]) -> [UInt8] {
            var code = begun
            code.update(data: bytes)
            return code.finalize().withUnsafeBytes { Array($0) }
        }

        /// Whether an authentication code is the one for these bytes. Takes the
        /// same time whatever it holds.
        public func isAuthentic(_ code: [UInt8], for bytes: [UInt8]) -> Bool {
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: key)
        }
    }

    /// What seals many secrets one after the other.
    public func sealer() -> Sealer { Sealer(key: sealingKey) }

    /// Seals many secrets, one after the other. A copy would use the same nonces
    /// again, and there can be none.
    public struct Sealer: ~Copyable {
        private let key: SymmetricKey
        /// Random bytes that no nonce has used yet. Asking the system for each
        /// nonce costs as much as sealing.
        private var random: [UInt8] = []

        fileprivate init(key: SymmetricKey) {
            self.key = key
        }

        /// Seals a secret for its owner, and appends it. Never the same bytes twice.
        public mutating func seal(
            _ secret: UnsafeRawBufferPointer, for owner: String, into sealed: inout [UInt8]
        ) throws {
            if random.count < 12 {
                random = [UInt8](repeating: 0, count: 252)
                guard getentropy(&random, random.count) == 0 else { throw SealBroken() }
            }
            let nonce = random.suffix(12)
            var owner = owner
            let box = try owner.withUTF8 { owner in
                try AES.GCM.seal(
                    secret, using: key, nonce: try AES.GCM.Nonce(data: nonce),
                    authenticating: UnsafeRawBufferPointer(owner)
                )
            }
            sealed.append(Vault.format)
            sealed.append(contentsOf: nonce)
            sealed.append(contentsOf: box.ciphertext)
            sealed.append(contentsOf: box.tag)
            random.removeLast(12)
        }
    }

    /// Opens what was sealed for an owner, without a copy of it but the one
    /// that is lent.
    ///
    /// - Parameter read: reads the secret. What it throws breaks the seal too.
    /// - Throws: ``SealBroken``.
    public func open<Value>(
        _ sealed: UnsafeRawBufferPointer, for owner: String, _ read: (UnsafeRawBufferPointer) throws -> Value
    ) throws(SealBroken) -> Value {
        do {
            return try Self.open(sealed, for: owner, under: sealingKey, read)
        } catch {
            throw SealBroken()
        }
    }

    private static func open<Value>(
        _ sealed: UnsafeRawBufferPointer, for owner: String, under key: SymmetricKey,
        _ read: (UnsafeRawBufferPointer) throws -> Value
    ) throws -> Value {
        guard sealed.first == format else { throw SealBroken() }
        let box = try AES.GCM.SealedBox(combined: UnsafeRawBufferPointer(rebasing: sealed.dropFirst()))
        var owner = owner
        var secret = try owner.withUTF8 { owner in
            try AES.GCM.open(box, using: key, authenticating: UnsafeRawBufferPointer(owner))
        }
        defer { secret.withUnsafeMutableBytes { wipe($0) } }
        return try secret.withUnsafeBytes(read)
    }
}

// MARK: - After the master key was changed

extension Vault {
    /// Seals what was signed with under a former master key, so that what it
    /// signed can be checked still. Nothing that was sealed for an owner opens
    /// as such, nor the other way round: the keys differ.
    ///
    /// - Parameter keyID: the former master key's.
    public func seal(_ signer: Signer, ofKey keyID: [UInt8]) throws -> [UInt8] {
        var sealer = Sealer(key: formerKeysKey)
        var sealed: [UInt8] = []
        try signer.key.withUnsafeBytes { key in try sealer.seal(key, for: Self.name(keyID), into: &sealed) }
        return sealed
    }

    /// Opens what was sealed of a former master key.
    ///
    /// - Throws: ``SealBroken``, also for that of another key than was asked for.
    public func signer(_ sealed: [UInt8], ofKey keyID: [UInt8]) throws(SealBroken) -> Signer {
        do {
            return try sealed.withUnsafeBytes { sealed in
                try Self.open(sealed, for: Self.name(keyID), under: formerKeysKey) { key in
                    guard key.count == 32 else { throw SealBroken() }
                    return Signer(key: SymmetricKey(data: key))
                }
            }
        } catch {
            throw SealBroken()
        }
    }

    private static func name(_ keyID: [UInt8]) -> String {
        "former key " + keyID.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Vault.Sealer {
    /// Opens what another vault sealed for an owner, and seals it anew.
    ///
    /// - Throws: ``SealBroken`` where it does not open.
    public mutating func reseal(
        _ sealed: UnsafeRawBufferPointer, of vault: Vault, for owner: String, into resealed: inout [UInt8]
    ) throws(SealBroken) {
        try vault.open(sealed, for: owner) { secret in try seal(secret, for: owner, into: &resealed) }
    }
}
