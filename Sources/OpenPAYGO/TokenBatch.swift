import COpenPAYGO

/// Makes the tokens of many units at once, on the vector units that the CPU has.
public enum TokenBatch {
    /// A token to be made.
    public struct Item: Sendable {
        /// Whose token, and with which digits.
        public var maker: TokenMaker
        /// What it says.
        public var instruction: TokenInstruction
        /// The count it uses. The next one of a unit is
        /// ``TokenCount/next(for:)``, unless that token equals the test code.
        public var count: TokenCount

        /// A token to be made.
        public init(maker: TokenMaker, instruction: TokenInstruction, count: TokenCount) {
            self.maker = maker
            self.instruction = instruction
            self.count = count
        }
    }

    /// How the chains are computed. All ways give the same tokens.
    public enum Path: Hashable, Sendable {
        /// One after the other, in Swift: what all others are tested against.
        case reference
        /// So many side by side in a register: 8, 4 or 2.
        case lanes(Int)

        /// Those this CPU runs, the fastest first.
        public static var available: [Path] {
            [8, 4, 2].filter { openpaygo_has_lanes(Int32($0)) != 0 }.map { .lanes($0) } + [.reference]
        }
    }

    /// The tokens of some items, in their order.
    ///
    /// Costs one hash for each count of each item, in whatever order they come.
    ///
    /// - Parameter path: nil for the fastest this CPU runs. One that it does
    ///   not run is replaced by the reference.
    public static func tokens(_ items: [Item], path: Path? = nil) -> [Token] {
        guard case .lanes(let lanes) = path ?? Path.available.first ?? .reference,
            openpaygo_has_lanes(Int32(clamping: lanes)) != 0, items.count <= Int(UInt32.max)
        else {
            return items.map { $0.maker.make($0.instruction, at: $0.count) }
        }
        // Neighbours of much the same count keep all lanes at work.
        let order = order(of: items.map(\.count.number))
        var numbers: [UInt32] = []
        var (k0, k1): ([UInt64], [UInt64]) = ([], [])
        var steps: [UInt32] = []
        numbers.reserveCapacity(items.count)
        k0.reserveCapacity(items.count)
        k1.reserveCapacity(items.count)
        steps.reserveCapacity(items.count)
        for index in order {
            let item = items[Int(index)]
            let (start, _) = item.start
            numbers.append(start)
            k0.append(item.maker.key.words.0)
            k1.append(item.maker.key.words.1)
            steps.append(item.count.number)
        }
        openpaygo_chains(Int32(clamping: lanes), &numbers, k0, k1, steps, items.count)
        return [Token](unsafeUninitializedCapacity: items.count) { tokens, count in
            for (place, index) in order.enumerated() {
                let item = items[Int(index)]
                let number = TokenChain.replacingBase(of: numbers[place], with: item.start.base)
                tokens.initializeElement(at: Int(index), to: Token(number: number, digitSet: item.maker.digitSet))
            }
            count = items.count
        }
    }

    private static func order(of steps: [UInt32]) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: steps.count) { order, count in
            withUnsafeTemporaryAllocation(of: UInt32.self, capacity: steps.count) { scratch in
                openpaygo_order(steps, order.baseAddress, scratch.baseAddress, steps.count)
            }
            count = steps.count
        }
    }
}

extension TokenBatch.Item {
    /// The number that the chain starts from, and the base in its last digits.
    fileprivate var start: (number: UInt32, base: UInt32) { maker.start(instruction) }
}
