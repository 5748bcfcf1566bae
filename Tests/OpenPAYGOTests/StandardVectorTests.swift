import OpenPAYGO
import Testing

/// The vectors that the standard's own documents and examples give.
struct StandardVectorTests {
    private let first = try? (
        SecretKey(hex: "a29ab82edc5fbbc41ec9530f6dac86b1"), StartingCode(123_456_789)
    )
    private let second = try? (
        SecretKey(hex: "bc41ec9530f6dac86b1a29ab82edc5fb"), StartingCode(516_959_010)
    )

    @Test func `the five-step example is accepted token by token`() throws {
        let (key, code) = try #require(first)
        let reader = TokenReader(key: key, startingCode: code, dispatchedCount: .zero)
        var state = DeviceState(dispatchedWith: .zero)
        func read(_ digits: String) throws -> TokenReader.Outcome {
            reader.read(try Token(digits: digits, digitSet: .full), state: &state)
        }
        func accepted(_ instruction: TokenInstruction, _ count: Int) throws -> TokenReader.Outcome {
            .accepted(instruction, count: try TokenCount(count))
        }
        #expect(try read("662486790") == accepted(.addTime(TimeValue(1)), 2))
        #expect(try read("927706818") == accepted(.addTime(TimeValue(29)), 4))
        #expect(try read("942433796") == accepted(.setTime(TimeValue(7)), 5))
        #expect(try read("650975787") == accepted(.disablePayg, 7))
        #expect(try read("592185789") == accepted(.setTime(TimeValue(0)), 9))
        #expect(try read("123456789") == .invalid)
    }

    @Test func `the example tokens are made digit for digit`() throws {
        let (key, code) = try #require(second)
        let maker = TokenMaker(key: key, startingCode: code)
        let restricted = TokenMaker(key: key, startingCode: code, digitSet: .restricted)
        let day = TokenInstruction.addTime(try TimeValue(1))
        #expect(try maker.make(day, after: .one).token.digits == "588224011")
        #expect(try restricted.make(day, after: .one).token.digits == "314114432231134")
        #expect(try maker.makeExtended(ExtendedValue(1), .adding, after: .one).token.digits == "247264959011")
        let week = try maker.make(.addTime(try TimeValue(7)), after: try TokenCount(12))
        #expect(week.token.digits == "063004017", "zeros are kept")
        #expect(week.count == (try TokenCount(14)))
    }

    @Test func `the restricted example writes the same number with four digits`() throws {
        let token = try Token(digits: "662486790", digitSet: .full)
        let restricted = try Token(digits: "324244134441123", digitSet: .restricted)
        #expect(token.number == restricted.number)
        #expect(restricted.digits == "324244134441123")
    }
}
