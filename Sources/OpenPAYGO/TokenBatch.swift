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

    /// The tokens of some items, in their order.
    ///
    /// Costs one hash for each count of each item, in whatever order they come.
    ///
    /// - Parameters:
    ///   - items: at most `UInt32.max`.
    ///   - path: nil for the fastest this CPU runs. One that it does not run is
    ///     replaced by the reference.
    public static func tokens(_ items: [Item], path: ChainPath? = nil) -> [Token] {
        let lanes = ChainPath.lanes(of: path)
        return tokens(items, numbers: order(of: items).inTurn(0) { numbers(of: $0, in: items, lanes: lanes) })
    }

    /// The tokens of some items, in their order, made by as many cores as
    /// there are.
    ///
    /// - Parameters:
    ///   - items: at most `UInt32.max`.
    ///   - path: as for ``tokens(_:path:)``.
    public static func tokensInParallel(_ items: [Item], path: ChainPath? = nil) async -> [Token] {
        let lanes = ChainPath.lanes(of: path)
        return tokens(
            items, numbers: await order(of: items).inParallel(0) { numbers(of: $0, in: items, lanes: lanes) }
        )
    }

    private static func order(of items: [Item]) -> ChainOrder {
        ChainOrder(steps: items.map(\.count.number))
    }

    private static func tokens(_ items: [Item], numbers: [UInt32]) -> [Token] {
        zip(items, numbers).map { Token(number: $1, digitSet: $0.maker.digitSet) }
    }

    /// The tokens, as numbers, of the items at some indices, ordered by count.
    private static func numbers(of part: ArraySlice<UInt32>, in items: [Item], lanes: Int32?) -> [UInt32] {
        guard let lanes else {
            return part.map { index in
                let item = items[Int(index)]
                return item.maker.make(item.instruction, at: item.count).number
            }
        }
        var chains = ChainLanes(capacity: part.count)
        for index in part {
            let item = items[Int(index)]
            chains.append(item.start.number, key: item.maker.key, steps: item.count.number)
        }
        return zip(part, chains.ends(lanes: lanes)).map { index, end in
            TokenChain.replacingBase(of: end, with: items[Int(index)].start.base)
        }
    }
}

extension TokenBatch.Item {
    /// The number that the chain starts from, and the base in its last digits.
    fileprivate var start: (number: UInt32, base: UInt32) { maker.start(instruction) }
}
