import ChargeController
import OpenPAYGO
import Testing

struct KeypadTests {
    private let bench: Bench

    init() throws {
        bench = try Bench()
    }

    private func press(_ keys: String, on unit: inout SolarUnit) {
        for key in keys.compactMap(SolarUnit.Key.init(rawValue:)) { unit.press(key) }
    }

    @Test func `each digit is shown, and a star clears them`() {
        var unit = bench.unit
        var shown = ""
        for digit in "662486790" {
            press(String(digit), on: &unit)
            shown.append(digit)
            #expect(unit.display == .digits(shown) && unit.display.text == shown)
        }
        press("1", on: &unit)
        #expect(unit.display == .digits("662486790"), "a token has no tenth digit")
        press("*", on: &unit)
        #expect(unit.display == .blank && unit.display.text.isEmpty)
        press("662486790#", on: &unit)
        #expect(unit.display.text == "Valid 1d 0h")
        press("1", on: &unit)
        #expect(unit.display == .digits("1"), "the answer makes way")
    }

    @Test func `a hash alone shows the time left, counting`() {
        var unit = bench.unit
        #expect(unit.press(.hash) == .timeLeft)
        #expect(unit.display.text == "No time left")
        press("662486790#", on: &unit)
        unit.advance(by: 1)
        #expect(unit.display.text == "Valid 23h 59m")
        press("#", on: &unit)
        #expect(unit.display.text == "23h 59m 59s")
        unit.advance(by: 86_000)
        #expect(unit.display.text == "6m 39s")
        unit.advance(by: 399)
        #expect(unit.display == .timeLeft(TimeLeft(seconds: 0)))
        press("650975787#", on: &unit)
        #expect(unit.display == .unlocked && unit.display.text == "Unlocked")
        press("*#", on: &unit)
        #expect(unit.display.text == "Unlocked")
    }

    @Test func `what is wrong with an entry is told`() {
        var unit = bench.unit
        for (digits, text) in [
            ("12345678", "Too short"), ("662486790", "Valid 1d 0h"), ("662486790", "Already used"),
            ("000000001", "Invalid"),
        ] {
            press(digits + "#", on: &unit)
            #expect(unit.display.text == text)
        }
        press("000000001#000000001#", on: &unit)
        #expect(unit.display == .invalid && unit.keypadBlockedFor == 120)
        press("1", on: &unit)
        #expect(unit.display.text == "Wait 2 min")
        unit.advance(by: 61)
        #expect(unit.display.text == "Wait 1 min")
        unit.advance(by: 59)
        #expect(unit.display == .blank)
        press("1", on: &unit)
        #expect(unit.display == .digits("1"))
    }

    @Test func `a keypad of four digits takes fifteen of them, and has no others`() throws {
        let bench = try Bench(digitSet: .restricted)
        #expect(Token.DigitSet.full.keys.count == 12)
        #expect(String(Token.DigitSet.restricted.keys.map(\.rawValue)) == "1234*#")
        for key in SolarUnit.Key.allCases {
            #expect(Token.DigitSet.restricted.has(key) == Token.DigitSet.restricted.keys.contains(key))
        }
        var unit = bench.unit
        press("5678900", on: &unit)
        #expect(unit.display == .blank)
        press("32424413444112", on: &unit)
        #expect(unit.display.text == "32424413444112")
        press("#", on: &unit)
        #expect(unit.display == .tooShort)
        press("324244134441124#", on: &unit)
        #expect(unit.display == .invalid, "a digit was mistyped")
        press("324244134441123#", on: &unit)
        #expect(unit.display.text == "Valid 1d 0h")
        #expect(unit.enter("662486790") == .tooShort, "most of these keys are not there")
        #expect(unit.enter("444444444444444") == .invalid, "more than any token")
    }

    @Test func `what has no key is left out of an entry`() throws {
        var unit = bench.unit
        #expect(unit.enter(" 662 486-790\n#*x٣") == .valid(.addTime(try TimeValue(1))))
        #expect(unit.enter("66248679") == .tooShort)
        #expect(unit.enter("") == .timeLeft)
    }

    @Test func `an entry starts anew, whatever was typed before`() {
        var unit = bench.unit
        press("123", on: &unit)
        unit.enter("662486790")
        #expect(unit.secondsLeft == Bench.day)
    }

    @Test(arguments: [
        (0, "No time left", "0s"), (59, "59s", "59s"), (60, "1m 0s", "1m 0s"), (3661, "1h 1m 1s", "1h 1m"),
        (86_399, "23h 59m 59s", "23h 59m"), (86_400, "1d 0h 0m", "1d 0h"), (30 * 86_400 - 1, "29d 23h 59m", "29d 23h"),
        (99_999 * 86_400 + 86_399, "99999d 23h 59m", "99999d 23h"), (100_000 * 86_400, "100000d", "100000d"),
        (Int.max, "9999999d", "9999999d"), (-5, "No time left", "0s"),
    ])
    func `time left fits the display`(seconds: Int, text: String, short: String) {
        let left = TimeLeft(seconds: seconds)
        #expect(left.text == text && left.shortText == short)
        for display in [SolarUnit.Display.valid(left), .timeLeft(left)] {
            #expect(display.text.count <= SolarUnit.Display.width)
        }
    }

    @Test func `every other line fits the display too`() {
        let lines: [SolarUnit.Display] = [
            .off, .blank, .digits("324244134441123"), .unlocked, .test(seconds: 30), .invalid, .alreadyUsed,
            .tooShort, .wait(seconds: 512 * 60),
        ]
        for line in lines { #expect(line.text.count <= SolarUnit.Display.width) }
        #expect(SolarUnit.Display.wait(seconds: 1).text == "Wait 1 min")
        #expect(SolarUnit.Display.wait(seconds: 121).text == "Wait 3 min")
    }
}
