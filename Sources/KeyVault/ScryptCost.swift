import Crypto
import CryptoExtras
import SecretMemory

/// What it costs to try one passphrase: scrypt's parameters. Source: RFC 7914.
public struct ScryptCost: Hashable, Sendable {
    /// log2 of N: how much memory it takes, with the block size.
    public let log2Rounds: UInt8
    /// r: how many times 128 bytes are one block.
    public let blockSize: UInt8
    /// p: how many times it is done, one after the other.
    public let parallelism: UInt8

    /// Nil for a cost that is never asked of anybody: a file that somebody made
    /// up must not take all memory, or all day.
    public init?(log2Rounds: UInt8, blockSize: UInt8 = 8, parallelism: UInt8 = 1) {
        guard Self.allowedRounds.contains(log2Rounds), blockSize == 8, Self.allowedParallelism.contains(parallelism)
        else { return nil }
        self.init(log2Rounds, parallelism)
    }

    private init(_ log2Rounds: UInt8, _ parallelism: UInt8) {
        self.log2Rounds = log2Rounds
        blockSize = 8
        self.parallelism = parallelism
    }

    /// From a thousand rounds, which is next to nothing, to 256 MB.
    private static let allowedRounds: ClosedRange<UInt8> = 10...18
    private static let allowedParallelism: ClosedRange<UInt8> = 1...8
    /// What is never gone below when a file is made, however slow the computer:
    /// 128 MB, the least that OWASP's Password Storage Cheat Sheet has for p = 1.
    private static let fewestRounds: UInt8 = 17
    private static let probe = ScryptCost(14, 1)

    /// Bytes of memory that one try takes.
    public var memory: Int { 128 * Int(blockSize) << Int(log2Rounds) }

    /// The cost that makes one try take about half a second on this computer,
    /// as far as 128 MB to 256 MB of memory reach.
    public static func measured() -> ScryptCost {
        let clock = ContinuousClock()
        let nothing = SecretBytes(capacity: 1) { _ in 1 }
        let salt = [UInt8](repeating: 0, count: 16)
        let took = clock.measure { _ = try? probe.key(from: nothing, salt: salt) }
        return suiting(took)
    }

    /// The cost for a computer on which 2^14 rounds take so long.
    static func suiting(_ probe: Duration) -> ScryptCost {
        let wanted = Duration.milliseconds(500)
        func time(_ rounds: UInt8) -> Duration { probe * (1 << Int(rounds - Self.probe.log2Rounds)) }
        var rounds = fewestRounds
        // Nearer to half a second above it than below it.
        while rounds < allowedRounds.upperBound, time(rounds + 1) <= wanted * 3 / 2 { rounds += 1 }
        var parallelism = allowedParallelism.lowerBound
        while parallelism < allowedParallelism.upperBound, time(rounds) * (Int(parallelism) + 1) <= wanted {
            parallelism += 1
        }
        return ScryptCost(rounds, parallelism)
    }

    /// The key that a passphrase stands for.
    ///
    /// - Throws: where there is not the memory for it.
    func key(from passphrase: SecretBytes, salt: [UInt8]) throws -> SymmetricKey {
        try passphrase.withBytes { passphrase in
            try KDF.Scrypt.deriveKey(
                from: passphrase, salt: salt, outputByteCount: 32, rounds: 1 << Int(log2Rounds),
                blockSize: Int(blockSize), parallelism: Int(parallelism)
            )
        }
    }
}
