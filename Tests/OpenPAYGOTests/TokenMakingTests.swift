import OpenPAYGO
import Testing

struct TokenMakingTests {
    private func maker(testCode: String? = nil) throws -> TokenMaker {
        TokenMaker(
            key: try SecretKey(hex: "a29ab82edc5fbbc41ec9530f6dac86b1"), startingCode: try StartingCode(123_456_789),
            testCode: try testCode.map { try TestCode(digits: $0) }
        )
    }

    @Test(arguments: [
        (0, TokenType.addTime, 2), (1, .addTime, 2), (2, .addTime, 4), (3, .addTime, 4),
        (0, .setTime, 1), (1, .setTime, 3), (2, .disablePayg, 3), (3, .counterSync, 5),
    ])
    func `the next count is even for add time and odd for the others`(last: Int, type: TokenType, next: Int) throws {
        #expect(try TokenCount(last).next(for: type) == TokenCount(next))
    }

    @Test func `a token equal to the test code is skipped for the next count`() throws {
        let instruction = TokenInstruction.addTime(try TimeValue(1))
        let plain = try maker().make(instruction, after: .zero)
        let skipping = try maker(testCode: plain.token.digits).make(instruction, after: .zero)
        #expect(plain.count == (try TokenCount(2)))
        #expect(skipping.count == (try TokenCount(4)))
        #expect(skipping.token == (try maker().make(instruction, after: plain.count).token))
    }

    @Test func `the last count is an error and not an overflow`() throws {
        let last = try TokenCount(Int(TokenCount.maximum))
        #expect(throws: OpenPAYGOError.countExhausted) { try last.next(for: .addTime) }
        #expect(throws: OpenPAYGOError.countExhausted) { try last.next(for: .setTime) }
        #expect(throws: OpenPAYGOError.count) { try TokenCount(Int(TokenCount.maximum) + 1) }
        #expect(throws: OpenPAYGOError.count) { try TokenCount(-1) }
        #expect(throws: OpenPAYGOError.count) { try TokenCount(digits: "99999999999999999999999") }
        #expect(throws: OpenPAYGOError.count) { try TokenCount(digits: "+1") }
    }

    @Test func `a starting code of zero is a value like any other`() throws {
        let key = try SecretKey(hex: "a29ab82edc5fbbc41ec9530f6dac86b1")
        let zero = TokenMaker(key: key, startingCode: try StartingCode(0))
        let derived = TokenMaker(key: key, startingCode: StartingCode(derivedFrom: key))
        let day = TokenInstruction.addTime(try TimeValue(1))
        #expect(try zero.make(day, after: .zero).token != derived.make(day, after: .zero).token)
    }
}

struct DaysTests {
    @Test(arguments: [
        ("30", 1, 30), ("1", 1, 1), ("995", 1, 995), ("1.5", 2, 3), ("0.5", 24, 12), ("1/3", 3, 1), ("1/24", 24, 1),
        ("0.25", 4, 1), ("41.458333333", 24, nil), ("2.500", 2, 5),
    ])
    func `days become a value exactly or not at all`(text: String, divider: Int, value: Int?) throws {
        let days = try Days(text: text)
        let divider = try TimeDivider(divider)
        #expect((try? TimeValue(days, divider: divider))?.number == value)
    }

    @Test func `days between two steps are never rounded`() throws {
        let half = try Days(text: "0.5")
        #expect(throws: OpenPAYGOError.daysBetweenSteps(half, divider: .wholeDays)) {
            try TimeValue(half, divider: .wholeDays)
        }
    }

    @Test func `days above one token's limit are refused`() throws {
        let days = try Days(text: "996")
        #expect(throws: OpenPAYGOError.daysAboveLimit(days, divider: .wholeDays)) {
            try TimeValue(days, divider: .wholeDays)
        }
        let hours = try TimeDivider(24)
        #expect(try TimeValue(Days(text: "995/24"), divider: hours).number == 995)
        #expect(throws: OpenPAYGOError.self) { try TimeValue(Days(text: "42"), divider: hours) }
        #expect(throws: OpenPAYGOError.self) { try TimeValue(Days(text: "999999999"), divider: TimeDivider(255)) }
    }

    @Test(arguments: ["", "-1", "+1", "1.", ".5", "1,5", "1e3", "1/0", "1/-3", "ten", "1 ", "1.5.2", "1/2/3", "１"])
    func `what is no number of days is refused`(text: String) {
        #expect(throws: OpenPAYGOError.daysText(text)) { try Days(text: text) }
    }

    @Test(arguments: [
        ("30", "30"), ("1.50", "1.5"), ("0.125", "0.125"), ("2/6", "1/3"), ("0", "0"), ("10.05", "10.05"),
    ])
    func `days are written as people write them`(text: String, written: String) throws {
        #expect(try Days(text: text).description == written)
    }

    @Test func `values outside the range are refused`() {
        #expect(throws: OpenPAYGOError.timeValue) { try TimeValue(-2) }
        #expect(throws: OpenPAYGOError.timeValue) { try TimeValue(996) }
        #expect(throws: OpenPAYGOError.timeDivider) { try TimeDivider(0) }
        #expect(throws: OpenPAYGOError.timeDivider) { try TimeDivider(256) }
    }
}

struct SecretTests {
    private let hex = "a29ab82edc5fbbc41ec9530f6dac86b1"

    @Test func `a key and a starting code print as redacted, however they are printed`() throws {
        let key = try SecretKey(hex: hex)
        let code = try StartingCode(123_456_789)
        var dumped = ""
        dump((key, code, [key]), to: &dumped)
        let printed = "\(key) \(code) \([key]) \(String(reflecting: key)) \(String(reflecting: code)) \(dumped)"
        #expect(printed.contains("<redacted>"))
        #expect(!printed.contains("123456789"))
        #expect(!printed.lowercased().contains(hex.prefix(8)))
        #expect(!printed.contains(String(key.bytes[0])))
    }

    @Test func `a key gives its bytes and digits back`() throws {
        let key = try SecretKey(hex: hex.uppercased())
        #expect(key.hex == hex)
        #expect(try SecretKey(bytes: key.bytes) == key)
        #expect(key != (try SecretKey(hex: String(hex.reversed()))))
    }

    @Test func `a key that is no key says by how much`() {
        #expect(throws: OpenPAYGOError.secretKeyLength(digits: 31)) { try SecretKey(hex: hex.dropLast()) }
        #expect(throws: OpenPAYGOError.secretKeyLength(digits: 33)) { try SecretKey(hex: hex + "0") }
        #expect(throws: OpenPAYGOError.secretKeyLength(digits: 0)) { try SecretKey(hex: "") }
        #expect(throws: OpenPAYGOError.secretKeyCharacter(position: 3)) { try SecretKey(hex: "a2g" + hex.dropFirst(3)) }
        #expect(throws: OpenPAYGOError.secretKeyLength(digits: 30)) {
            try SecretKey(bytes: [UInt8](repeating: 0, count: 15))
        }
    }

    @Test func `a starting code keeps its zeros`() throws {
        #expect(try StartingCode(digits: "000000042").digits == "000000042")
        #expect(try StartingCode(digits: "42") == StartingCode(42))
        for text in ["", "1000000000", "-1", "12 34", "1e3", "0000000042"] {
            #expect(throws: OpenPAYGOError.startingCode) { try StartingCode(digits: text) }
        }
    }

    @Test func `a test code has nine digits and a token has its own`() throws {
        #expect(try TestCode(digits: "000000042").digits == "000000042")
        #expect(throws: OpenPAYGOError.testCode) { try TestCode(digits: "42") }
        for text in ["", "12345678", "1234567890", "12345678a", "+12345678"] {
            #expect(throws: OpenPAYGOError.tokenDigits) { try Token(digits: text, digitSet: .full) }
        }
        for text in ["324244134441120", "32424413444112", "444444444444444"] {
            #expect(throws: OpenPAYGOError.tokenDigits) { try Token(digits: text, digitSet: .restricted) }
        }
        #expect(try Token(digits: "063004017", digitSet: .full).grouped == "063 004 017")
    }
}
