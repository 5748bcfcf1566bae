/// Finds, among many units, those that a token is for, on the vector units
/// that the CPU has.
public enum TokenSearch {
    /// A unit that a token may be for.
    public struct Candidate: Sendable {
        /// Reads tokens as the unit does.
        public var reader: TokenReader
        /// What the unit has accepted, or is expected to have accepted.
        public var state: DeviceState

        /// A unit that a token may be for.
        public init(reader: TokenReader, state: DeviceState) {
            self.reader = reader
            self.state = state
        }
    }

    /// A unit that a token is for.
    public struct Match: Hashable, Sendable {
        /// The unit's place among the candidates, from 0.
        public let index: Int
        /// What becomes of the token when it is entered now. Never
        /// ``TokenReader/Outcome/invalid``.
        public let outcome: TokenReader.Outcome
    }

    /// The units that would accept a token now, and those whose token it was
    /// at a count they have passed; in their order.
    ///
    /// Six digits of a token tell its unit and its count, so that each count of
    /// each unit has them by chance once in a million: among 10 000 units that
    /// are looked at up to count 200, expect two strangers. Who knows when the
    /// token was made, or for whom, should search among fewer.
    ///
    /// Costs one hash for each count up to ``DeviceState/lastCount`` + 100 of
    /// each unit.
    ///
    /// - Parameters:
    ///   - token: what was typed.
    ///   - candidates: at most `UInt32.max`.
    ///   - path: nil for the fastest this CPU runs. One that it does not run is
    ///     replaced by the reference.
    public static func matches(
        of token: Token, among candidates: [Candidate], path: ChainPath? = nil
    ) -> [Match] {
        let lanes = ChainPath.lanes(of: path)
        return matches(order(of: candidates).inTurn(.invalid) { outcomes(of: token, $0, candidates, lanes) })
    }

    /// What ``matches(of:among:path:)`` finds, found by as many cores as there are.
    public static func matchesInParallel(
        of token: Token, among candidates: [Candidate], path: ChainPath? = nil
    ) async -> [Match] {
        let lanes = ChainPath.lanes(of: path)
        return matches(
            await order(of: candidates).inParallel(.invalid) { outcomes(of: token, $0, candidates, lanes) }
        )
    }

    private static func order(of candidates: [Candidate]) -> ChainOrder {
        ChainOrder(steps: candidates.map { TokenReader.furthest(from: $0.state) })
    }

    private static func matches(_ outcomes: [TokenReader.Outcome]) -> [Match] {
        outcomes.enumerated().filter { $0.element != .invalid }.map { Match(index: $0.offset, outcome: $0.element) }
    }

    /// What becomes of a token at the candidates at some indices, ordered by
    /// how far they look.
    private static func outcomes(
        of token: Token, _ part: ArraySlice<UInt32>, _ candidates: [Candidate], _ lanes: Int32?
    ) -> [TokenReader.Outcome] {
        func outcome(_ index: UInt32) -> TokenReader.Outcome {
            var state = candidates[Int(index)].state
            return candidates[Int(index)].reader.read(token, state: &state)
        }
        guard let lanes else { return part.map(outcome) }
        var chains = ChainLanes(capacity: part.count)
        for index in part {
            let candidate = candidates[Int(index)]
            chains.append(
                candidate.reader.start(of: token).number, key: candidate.reader.key,
                steps: TokenReader.furthest(from: candidate.state)
            )
        }
        // The vector units only rule out; what is left is read as a unit reads it.
        return zip(part, chains.mayMeet(token, lanes: lanes)).map { index, mayMeet in
            mayMeet ? outcome(index) : .invalid
        }
    }
}
