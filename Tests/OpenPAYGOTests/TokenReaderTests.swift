import OpenPAYGO
import Testing

/// The rules of reading, each with tokens made for it.
struct TokenReaderTests {
    private struct Bench {
        let maker: TokenMaker
        let reader: TokenReader
        var state: DeviceState

        init(dispatched: Int = 1) throws {
            let key = try SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb")
            let code = try StartingCode(516_959_010)
            let count = try TokenCount(dispatched)
            maker = TokenMaker(key: key, startingCode: code)
            reader = TokenReader(key: key, startingCode: code, dispatchedCount: count)
            state = DeviceState(dispatchedWith: count)
        }

        enum Result { case accepted, alreadyUsed, invalid }

        mutating func enter(_ instruction: TokenInstruction, _ count: Int) throws -> Result {
            let before = state
            switch reader.read(maker.make(instruction, at: try TokenCount(count)), state: &state) {
            case .accepted: return .accepted
            case .alreadyUsed:
                #expect(state == before, "a token that is not accepted changes nothing")
                return .alreadyUsed
            case .invalid:
                #expect(state == before, "a token that is not accepted changes nothing")
                return .invalid
            }
        }
    }

    private let day: TokenInstruction
    private let set: TokenInstruction

    init() throws {
        day = .addTime(try TimeValue(1))
        set = .setTime(try TimeValue(5))
    }

    @Test func `an accepted token is never accepted again, whatever comes between`() throws {
        var bench = try Bench()
        for count in stride(from: 2, through: 20, by: 2) {
            #expect(try bench.enter(day, count) == .accepted)
            for older in stride(from: 2, through: count, by: 2) {
                #expect(try bench.enter(day, older) == .alreadyUsed)
            }
        }
    }

    @Test func `add time works out of order inside the window and not outside`() throws {
        var bench = try Bench()
        #expect(try bench.enter(day, 30) == .accepted)
        #expect(try bench.enter(day, 14) == .alreadyUsed, "16 below the last is too old")
        #expect(try bench.enter(day, 16) == .accepted, "14 below the last is not")
        #expect(try bench.enter(day, 16) == .alreadyUsed)
        #expect(try bench.enter(day, 28) == .accepted)
        #expect(bench.state.lastCount == (try TokenCount(30)))
    }

    @Test func `nothing older than a set, a disable or a sync is accepted`() throws {
        for closing in [set, .disablePayg, .counterSync] {
            var bench = try Bench()
            #expect(try bench.enter(closing, 11) == .accepted)
            for older in [2, 4, 6, 8, 10] {
                #expect(try bench.enter(day, older) == .alreadyUsed)
            }
            #expect(try bench.enter(set, 9) == .alreadyUsed)
            #expect(try bench.enter(day, 12) == .accepted)
        }
    }

    @Test func `a token is found up to 64 counts ahead, and a sync up to 100`() throws {
        var bench = try Bench(dispatched: 0)
        #expect(try bench.enter(day, 66) == .invalid)
        #expect(try bench.enter(set, 65) == .invalid)
        #expect(try bench.enter(.counterSync, 101) == .invalid)
        var other = bench
        #expect(try other.enter(day, 64) == .accepted)
        #expect(try bench.enter(.counterSync, 99) == .accepted)
        #expect(bench.state.lastCount == (try TokenCount(99)))
    }

    @Test func `a sync brings the count down too, and closes what is below`() throws {
        var bench = try Bench()
        #expect(try bench.enter(day, 60) == .accepted)
        #expect(try bench.enter(.counterSync, 31) == .accepted)
        #expect(bench.state.lastCount == (try TokenCount(31)))
        #expect(try bench.enter(day, 30) == .alreadyUsed)
        #expect(try bench.enter(day, 60) == .accepted, "a sync makes spent tokens valid again")
        var far = try Bench()
        #expect(try far.enter(day, 64) == .accepted)
        #expect(try far.enter(day, 128) == .accepted)
        #expect(try far.enter(.counterSync, 63) == .alreadyUsed, "64 or more below the last is too old")
    }

    @Test func `counts up to the dispatched one never match`() throws {
        var bench = try Bench(dispatched: 10)
        #expect(try bench.enter(day, 10) == .invalid)
        #expect(try bench.enter(day, 2) == .invalid)
        #expect(try bench.enter(.counterSync, 9) == .invalid)
        // Taken by openpaygo 0.6.3 as seven days: the starting code plus seven, at count 0.
        let free = try Token(digits: "516959017", digitSet: .full)
        #expect(bench.reader.read(free, state: &bench.state) == .invalid)
    }

    @Test func `values that mean nothing at their count are invalid`() throws {
        var bench = try Bench()
        #expect(try bench.enter(.disablePayg, 4) == .invalid, "998 at an even count")
        #expect(try bench.enter(.counterSync, 6) == .invalid, "999 at an even count")
        #expect(try bench.enter(day, 3) == .accepted, "a value up to 995 at an odd count is a set")
    }
}
