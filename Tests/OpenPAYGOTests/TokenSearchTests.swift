import OpenPAYGO
import Testing

struct TokenSearchTests {
    /// Units with random credentials and histories.
    private func candidates(
        _ number: Int, most: Int, using generator: inout SeededGenerator
    ) throws -> [(maker: TokenMaker, candidate: TokenSearch.Candidate)] {
        try (0..<number).map { _ in
            let key = try SecretKey(bytes: (0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
            let code = try StartingCode(Int.random(in: 0...999_999_999, using: &generator))
            let dispatched = try TokenCount(Int.random(in: 0...3, using: &generator))
            let last = UInt64(dispatched.number) + UInt64.random(in: 0...UInt64(most), using: &generator)
            let state = DeviceState(bits: last | UInt64.random(in: 0...0xFFFF, using: &generator) << 32)
            return (
                TokenMaker(key: key, startingCode: code),
                TokenSearch.Candidate(
                    reader: TokenReader(key: key, startingCode: code, dispatchedCount: dispatched),
                    state: try #require(state)
                )
            )
        }
    }

    /// What reading the token unit by unit finds.
    private func expected(_ token: Token, _ candidates: [TokenSearch.Candidate]) -> [Int: TokenReader.Outcome] {
        var found: [Int: TokenReader.Outcome] = [:]
        for (index, candidate) in candidates.enumerated() {
            var state = candidate.state
            let outcome = candidate.reader.read(token, state: &state)
            if outcome != .invalid { found[index] = outcome }
        }
        return found
    }

    @Test func `every path finds what reading unit by unit finds, on every ragged end`() throws {
        var generator = SeededGenerator(seed: .random(in: 0 ... .max))
        for number in Array(1...70) + [1023, 1024, 1025] {
            let units = try candidates(number, most: 30, using: &generator)
            let candidates = units.map(\.candidate)
            let one = Int.random(in: 0..<number, using: &generator)
            let count = try TokenCount(Int.random(in: 1...140, using: &generator))
            let time = try TimeValue(Int.random(in: 0...995, using: &generator))
            let token = units[one].maker.make(.addTime(time), at: count)
            let expected = expected(token, candidates)
            for path in ChainPath.available {
                let matches = TokenSearch.matches(of: token, among: candidates, path: path)
                #expect(matches.map(\.index) == expected.keys.sorted(), "\(path), \(number)")
                for match in matches { #expect(match.outcome == expected[match.index]) }
            }
        }
    }

    @Test func `a token is found at the unit that takes it now, and at one that passed it`() throws {
        var generator = SeededGenerator(seed: 7)
        var units = try candidates(200, most: 40, using: &generator)
        let day = TokenInstruction.addTime(try TimeValue(1))
        // Two units with one key and code, as careless batches have them.
        let passed = try #require(DeviceState(bits: 40 | 0xFFFF << 32))
        let fresh = DeviceState(dispatchedWith: .one)
        let reader = TokenReader(
            key: try SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb"),
            startingCode: try StartingCode(516_959_010), dispatchedCount: .one
        )
        units[17].candidate = TokenSearch.Candidate(reader: reader, state: passed)
        units[150].candidate = TokenSearch.Candidate(reader: reader, state: fresh)
        // The standard's own example: one day, at count 2.
        let token = try Token(digits: "588224011", digitSet: .full)
        for path in ChainPath.available {
            let matches = TokenSearch.matches(of: token, among: units.map(\.candidate), path: path)
            #expect(matches.map(\.index) == [17, 150])
            #expect(matches.first?.outcome == .alreadyUsed(day, count: try TokenCount(2)))
            #expect(matches.last?.outcome == .accepted(day, count: try TokenCount(2)))
        }
    }

    @Test func `all cores find what one finds, and nothing is found among none`() async throws {
        var generator = SeededGenerator(seed: .random(in: 0 ... .max))
        let units = try candidates(5_000, most: 20, using: &generator)
        let candidates = units.map(\.candidate)
        for one in [0, 2_499, 4_999] {
            let count = try TokenCount(Int(candidates[one].state.lastCount.number) + 3)
            let token = units[one].maker.make(.addTime(try TimeValue(5)), at: count)
            let alone = TokenSearch.matches(of: token, among: candidates)
            for path in ChainPath.available {
                #expect(await TokenSearch.matchesInParallel(of: token, among: candidates, path: path) == alone)
            }
            #expect(alone.contains { $0.index == one })
            #expect(TokenSearch.matches(of: token, among: []) == [])
            #expect(await TokenSearch.matchesInParallel(of: token, among: []) == [])
        }
    }
}
