import COpenPAYGO

/// How the chains of many tokens are computed. All ways give the same tokens.
public enum ChainPath: Hashable, Sendable {
    /// One after the other, in Swift: what all others are tested against.
    case reference
    /// So many side by side in one register: 8 with AVX-512, 4 with AVX2, and
    /// 1, several registers in turn, on every CPU.
    case lanes(Int)

    /// Those this CPU runs, the fastest first.
    public static var available: [ChainPath] { lanes.map { .lanes($0) } + [.reference] }

    private static var lanes: [Int] { [8, 4, 1].filter { openpaygo_has_lanes(Int32($0)) != 0 } }

    /// How many lanes a path stands for, nil for the fastest; nil itself for
    /// the reference and for what this CPU does not run.
    static func lanes(of path: ChainPath?) -> Int32? {
        switch path {
        case nil: lanes.first.map { Int32($0) }
        case .lanes(let number) where openpaygo_has_lanes(Int32(clamping: number)) != 0: Int32(number)
        case .lanes, .reference: nil
        }
    }
}

/// Chains laid out in memory as the vector units take them. It holds keys, so
/// that it cannot be copied, and wipes them when it was used.
struct ChainLanes: ~Copyable {
    private var numbers: [UInt32] = []
    private var k0: [UInt64] = []
    private var k1: [UInt64] = []
    private var steps: [UInt32] = []

    init(capacity: Int) {
        numbers.reserveCapacity(capacity)
        k0.reserveCapacity(capacity)
        k1.reserveCapacity(capacity)
        steps.reserveCapacity(capacity)
    }

    /// Adds a chain with no fewer steps than the one before.
    mutating func append(_ number: UInt32, key: SecretKey, steps: UInt32) {
        let words = key.words
        numbers.append(number)
        k0.append(words.k0)
        k1.append(words.k1)
        self.steps.append(steps)
    }

    /// The numbers at the end of each chain.
    consuming func ends(lanes: Int32) -> [UInt32] {
        openpaygo_chains(lanes, &numbers, k0, k1, steps, numbers.count)
        wipe()
        return numbers
    }

    /// For each chain, whether a number with a token's digits but the last
    /// three may stand in it. A no is certain.
    consuming func mayMeet(_ token: Token, lanes: Int32) -> [Bool] {
        var met = [UInt8](repeating: 0, count: numbers.count)
        let sought = TokenChain.replacingBase(of: token.number, with: 0)
        openpaygo_meet(lanes, &numbers, k0, k1, steps, numbers.count, sought, &met)
        wipe()
        return met.map { $0 != 0 }
    }

    private mutating func wipe() {
        k0.withUnsafeMutableBytes { openpaygo_wipe($0.baseAddress, $0.count) }
        k1.withUnsafeMutableBytes { openpaygo_wipe($0.baseAddress, $0.count) }
    }
}

/// Indices in the order in which their chains are computed, cut in parts that
/// stay in a core's nearest memory and that several cores can share.
struct ChainOrder: Sendable {
    /// The longest chains first, so that no core is left with them at the end.
    let parts: [ArraySlice<UInt32>]

    /// - Parameter steps: how many steps each chain has. At most `UInt32.max`.
    init(steps: [UInt32]) {
        // Neighbours of much the same length keep all lanes at work.
        let order = [UInt32](unsafeUninitializedCapacity: steps.count) { order, count in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: steps.count) { scratch in
                openpaygo_order(steps, order.baseAddress, scratch.baseAddress, steps.count)
            }
            count = steps.count
        }
        parts = stride(from: 0, to: order.count, by: 1024).reversed().map {
            order[$0..<min($0 + 1024, order.count)]
        }
    }

    /// What a function gives for each index of each part, in the order of the
    /// indices, computed by as many cores as there are.
    func inParallel<Result: Sendable>(
        _ initial: Result, _ compute: @escaping @Sendable (ArraySlice<UInt32>) -> [Result]
    ) async -> [Result] {
        await withTaskGroup(of: (ArraySlice<UInt32>, [Result]).self) { group in
            for part in parts {
                group.addTask { (part, compute(part)) }
            }
            var results = [Result](repeating: initial, count: parts.reduce(0) { $0 + $1.count })
            for await (part, computed) in group {
                for (index, result) in zip(part, computed) { results[Int(index)] = result }
            }
            return results
        }
    }

    /// The same, by this core.
    func inTurn<Result>(_ initial: Result, _ compute: (ArraySlice<UInt32>) -> [Result]) -> [Result] {
        var results = [Result](repeating: initial, count: parts.reduce(0) { $0 + $1.count })
        for part in parts {
            for (index, result) in zip(part, compute(part)) { results[Int(index)] = result }
        }
        return results
    }
}
