import Crypto
import Foundation
import SecretMemory

/// A master key that opens with a passphrase, as 112 bytes of a file:
///
/// | bytes | what |
/// |---|---|
/// | 8 | `PAYGKEY` and 1, the version |
/// | 1 | 1: scrypt |
/// | 3 | log2 N, r, p |
/// | 16 | salt, random |
/// | 16 | id of the master key |
/// | 12 | nonce, random |
/// | 32 | master key, encrypted |
/// | 16 | tag |
/// | 8 | SHA-256 of all before, its first bytes |
///
/// AES-256-GCM under the key that scrypt makes of the passphrase; everything
/// before the encrypted key is associated data. The digest is no secret and no
/// protection: it tells a file that was damaged from a wrong passphrase.
struct ProtectedKey: Sendable {
    static let length = 112
    static let magic = Array("PAYGKEY".utf8)
    private static let version: UInt8 = 1
    private static let scrypt: UInt8 = 1

    private enum Place {
        static let salt = 12..<28
        static let keyID = 28..<44
        static let nonce = 44..<56
        static let encrypted = 56..<88
        static let tag = 88..<104
        static let digest = 104..<112
    }

    /// The whole file. Without the passphrase it is no secret to whoever has it.
    let bytes: [UInt8]
    let cost: ScryptCost

    var keyID: [UInt8] { Array(bytes[Place.keyID]) }

    /// Reads what begins as such a file.
    init(_ bytes: [UInt8]) throws(KeyFileError) {
        guard bytes.count <= Self.magic.count || bytes[Self.magic.count] == Self.version else { throw .newer }
        guard bytes.count == Self.length, Self.digest(bytes[..<Place.digest.lowerBound]) == bytes[Place.digest]
        else { throw .damaged(problem: "it is not as it was written") }
        guard bytes[8] == Self.scrypt else { throw .newer }
        guard let cost = ScryptCost(log2Rounds: bytes[9], blockSize: bytes[10], parallelism: bytes[11]) else {
            throw .damaged(problem: "its passphrase would cost more, or less, than any that payg makes")
        }
        self.bytes = bytes
        self.cost = cost
    }

    /// Protects a key.
    init(_ master: MasterKey, passphrase: SecretBytes, cost: ScryptCost) throws(KeyFileError) {
        var bytes = Self.magic + [Self.version, Self.scrypt, cost.log2Rounds, cost.blockSize, cost.parallelism]
        var random = [UInt8](repeating: 0, count: Place.salt.count + Place.nonce.count)
        do {
            guard getentropy(&random, random.count) == 0 else { throw SealBroken() }
            let salt = Array(random.prefix(Place.salt.count))
            let nonce = random.suffix(Place.nonce.count)
            bytes += salt + master.keyID + nonce
            let key = try cost.key(from: passphrase, salt: salt)
            let box = try master.withBytes { master in
                try AES.GCM.seal(master, using: key, nonce: try AES.GCM.Nonce(data: nonce), authenticating: bytes)
            }
            bytes += Array(box.ciphertext) + Array(box.tag)
        } catch {
            throw .cannotWrite(reason: "its passphrase takes \(cost.memory >> 20) MB of memory, which are not there")
        }
        self.bytes = bytes + Self.digest(bytes[...])
        self.cost = cost
    }

    /// Opens it.
    ///
    /// - Throws: ``KeyFileError/wrongPassphrase``;
    ///   ``KeyFileError/cannotRead(reason:)`` where memory is short;
    ///   ``KeyFileError/damaged(problem:)``.
    func master(_ passphrase: SecretBytes) throws(KeyFileError) -> MasterKey {
        guard passphrase.count > 0 else { throw .wrongPassphrase }
        let key: SymmetricKey
        do { key = try cost.key(from: passphrase, salt: Array(bytes[Place.salt])) } catch {
            throw .cannotRead(reason: "its passphrase takes \(cost.memory >> 20) MB of memory, which are not there")
        }
        var opened: Data
        do {
            let box = try AES.GCM.SealedBox(
                nonce: try AES.GCM.Nonce(data: bytes[Place.nonce]), ciphertext: bytes[Place.encrypted],
                tag: bytes[Place.tag]
            )
            opened = try AES.GCM.open(box, using: key, authenticating: bytes[..<Place.encrypted.lowerBound])
        } catch {
            throw .wrongPassphrase
        }
        defer { opened.withUnsafeMutableBytes { wipe($0) } }
        // One passphrase may open what was made to open with several.
        guard let master = opened.withUnsafeBytes({ MasterKey(bytes: $0) }), master.keyID == keyID else {
            throw .damaged(problem: "it holds another key than it says")
        }
        return master
    }

    private static func digest(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        Array(SHA256.hash(data: bytes)).prefix(Place.digest.count)
    }
}
