import ChargeController
import OpenPAYGO

/// The unit of the example documentation and whoever makes its tokens.
struct Bench {
    let parameters: UnitParameters
    let maker: TokenMaker
    static let day = 86_400
    static let keyHex = "a29ab82edc5fbbc41ec9530f6dac86b1"

    init(
        dispatched: Int = 0, divider: Int = 1, digitSet: Token.DigitSet = .full, testCode: String? = nil
    ) throws {
        let testCode = try testCode.map { try TestCode(digits: $0) }
        parameters = UnitParameters(
            key: try SecretKey(hex: Self.keyHex), startingCode: try StartingCode(123_456_789),
            dispatchedCount: try TokenCount(dispatched), timeDivider: try TimeDivider(divider), digitSet: digitSet,
            testCode: testCode)
        maker = TokenMaker(
            key: parameters.key, startingCode: parameters.startingCode, digitSet: digitSet, testCode: testCode)
    }

    var unit: SolarUnit { SolarUnit(parameters) }

    func add(_ steps: Int, at count: Int) throws -> String {
        maker.make(.addTime(try TimeValue(steps)), at: try TokenCount(count)).digits
    }

    func set(_ steps: Int, at count: Int) throws -> String {
        maker.make(.setTime(try TimeValue(steps)), at: try TokenCount(count)).digits
    }

    func disable(at count: Int) throws -> String { maker.make(.disablePayg, at: try TokenCount(count)).digits }

    func sync(at count: Int) throws -> String { maker.make(.counterSync, at: try TokenCount(count)).digits }
}

/// The same numbers for the same seed.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: Int) {
        state = UInt64(truncatingIfNeeded: seed) &* 0xD134_2543_DE82_EF95 &+ 1
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
