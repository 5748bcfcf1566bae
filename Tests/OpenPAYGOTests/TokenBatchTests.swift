import OpenPAYGO
import Testing

struct TokenBatchTests {
    private func items(_ number: Int, most: Int, seed: UInt64) throws -> [TokenBatch.Item] {
        var generator = SeededGenerator(seed: seed)
        return try (0..<number).map { _ in
            let key = try SecretKey(bytes: (0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
            let code = try StartingCode(Int.random(in: 0...999_999_999, using: &generator))
            let time = try TimeValue(Int.random(in: 0...995, using: &generator))
            let instructions: [TokenInstruction] = [.addTime(time), .setTime(time), .disablePayg, .counterSync]
            return TokenBatch.Item(
                maker: TokenMaker(
                    key: key, startingCode: code, digitSet: Bool.random(using: &generator) ? .full : .restricted
                ),
                instruction: instructions[Int.random(in: 0..<4, using: &generator)],
                count: try TokenCount(Int.random(in: 0...most, using: &generator))
            )
        }
    }

    @Test func `every path makes the tokens that one at a time makes, on every ragged end`() throws {
        for path in ChainPath.available {
            for number in Array(0...70) + [255, 256, 257] {
                let items = try items(number, most: 40, seed: UInt64.random(in: 0 ... .max))
                let expected = items.map { $0.maker.make($0.instruction, at: $0.count) }
                #expect(TokenBatch.tokens(items, path: path) == expected, "\(path), \(number)")
            }
        }
    }

    @Test func `counts of every size side by side end each at its own`() throws {
        let items = try items(64, most: 3, seed: 1) + items(64, most: 700, seed: 2)
        let expected = items.map { $0.maker.make($0.instruction, at: $0.count) }
        for path in ChainPath.available {
            #expect(TokenBatch.tokens(items, path: path) == expected, "\(path)")
        }
    }

    @Test func `all cores make the tokens that one makes, in their order`() async throws {
        for number in [0, 1, 1023, 1024, 1025, 5_000] {
            let items = try items(number, most: 40, seed: UInt64.random(in: 0 ... .max))
            let expected = items.map { $0.maker.make($0.instruction, at: $0.count) }
            for path in ChainPath.available {
                #expect(await TokenBatch.tokensInParallel(items, path: path) == expected, "\(path), \(number)")
            }
        }
    }

    @Test func `every machine has the reference, and one way that is not`() {
        #expect(ChainPath.available.last == .reference)
        #expect(ChainPath.available.contains(.lanes(1)))
    }

    @Test func `a path that this machine does not have falls back on the reference`() throws {
        let items = try items(9, most: 9, seed: 3)
        let expected = items.map { $0.maker.make($0.instruction, at: $0.count) }
        for lanes in [-1, 0, 2, 3, 16, 1 << 40] {
            #expect(TokenBatch.tokens(items, path: .lanes(lanes)) == expected)
        }
        #expect(TokenBatch.tokens([]) == [])
    }
}
