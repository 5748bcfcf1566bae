import OpenPAYGO
import Testing

/// Where we do otherwise than a published implementation, and why. The tokens
/// are those that openpaygo 0.6.3 makes and takes; `scripts/conformance` checks
/// that it still does.
struct DeliberateDifferencesTests {
    private let key: SecretKey
    private let code: StartingCode

    init() throws {
        key = try SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb")
        code = try StartingCode(516_959_010)
    }

    private func read(_ digits: String, _ state: inout DeviceState, dispatched: Int = 1) throws -> TokenReader.Outcome {
        let reader = TokenReader(key: key, startingCode: code, dispatchedCount: try TokenCount(dispatched))
        return reader.read(try Token(digits: digits, digitSet: .full), state: &state)
    }

    private func read(_ digits: String) throws -> TokenReader.Outcome {
        var state = DeviceState(dispatchedWith: .one)
        return try read(digits, &state)
    }

    @Test func `a negative value is an error, because openpaygo turns −2 into an unlock that cannot be taken back`()
        throws
    {
        #expect(throws: OpenPAYGOError.timeValue) { try TimeValue(-2) }
        #expect(throws: OpenPAYGOError.timeValue) { try TimeValue(996) }
        #expect(try read("190942008") == .accepted(.disablePayg, count: TokenCount(3)), "what it makes of −2")
    }

    @Test(arguments: ["0.5", "1.5", "2.5"])
    func `days between two steps are an error, because openpaygo makes one token for 1.5 and 2.5 days`(
        text: String
    ) throws {
        let days = try Days(text: text)
        #expect(throws: OpenPAYGOError.daysBetweenSteps(days, divider: .wholeDays)) {
            try TimeValue(days, divider: .wholeDays)
        }
    }

    @Test func `a starting code of 0 is itself, because openpaygo takes it for none and makes tokens the unit refuses`()
        throws
    {
        let maker = TokenMaker(key: key, startingCode: try StartingCode(0))
        let made = try maker.make(.addTime(try TimeValue(1)), after: .one)
        #expect(made.token.digits == "773343001", "and not 732943778, that of the derived code")
        let derived = TokenMaker(key: key, startingCode: StartingCode(derivedFrom: key))
        #expect(try derived.make(.addTime(try TimeValue(1)), after: .one).token.digits == "732943778")
    }

    @Test
    func `counts up to the dispatched one never match, because openpaygo gives seven days to who adds 7 to the code`()
        throws
    {
        #expect(try read("516959017") == .invalid)
        var state = DeviceState(dispatchedWith: try TokenCount(4))
        #expect(try read("588224011", &state, dispatched: 4) == .invalid, "count 2 on a unit dispatched with 4")
    }

    @Test(arguments: [
        "983759006", "655344007", "395267008", "141168009", "941329006", "771775007",
    ])
    func `a value that means nothing is invalid, because openpaygo reads 996 and above as days`(digits: String) throws {
        #expect(try read(digits) == .invalid)
    }

    @Test func `a replayed token is already used, because openpaygo takes it again from a unit that keeps no list`()
        throws
    {
        var state = DeviceState(dispatchedWith: .one)
        let day = TokenInstruction.addTime(try TimeValue(1))
        let count = try TokenCount(2)
        #expect(try read("588224011", &state) == .accepted(day, count: count))
        #expect(try read("588224011", &state) == .alreadyUsed(day, count: count))
    }

    @Test func `nothing older than a set is accepted, because the C code gives back the days that the set took away`()
        throws
    {
        var state = DeviceState(dispatchedWith: .one)
        #expect(try read("954583015", &state) == .accepted(.setTime(try TimeValue(5)), count: try TokenCount(11)))
        #expect(try read("197636011", &state) == .alreadyUsed(.addTime(try TimeValue(1)), count: try TokenCount(8)))
    }

    @Test func `a token equal to the test code is skipped, because the unit would give 30 seconds for it`() throws {
        let maker = TokenMaker(key: key, startingCode: code, testCode: try TestCode(digits: "588224011"))
        let made = try maker.make(.addTime(try TimeValue(1)), after: .one)
        #expect(made.count == (try TokenCount(4)))
        #expect(made.token.digits != "588224011")
    }
}
