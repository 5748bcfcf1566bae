// Answers `compare.py`, line by line, with what OpenPAYGO makes and reads.
//
//   make KEY CODE COUNT TYPE VALUE DIGITS        COUNT TOKEN
//   extend KEY CODE COUNT TYPE VALUE DIGITS      COUNT TOKEN
//   read KEY CODE STATE TOKEN DIGITS             OUTCOME [TYPE VALUE COUNT]
//   fuzz SEED STRINGS                            how many were what
//   plan KEY CODE COUNT DIVIDER DIGITS           each step of the acceptance procedure: the
//                                                token, TYPE VALUE COUNT, and whether a
//                                                simulated unit did what it must
//
// CODE is `-` for none, VALUE for a type that takes none, DIGITS is `full` or
// `restricted`, STATE the 8 bytes as a number. What is refused is answered
// with `error` and the reason.

import ChargeController
import Fleet
import OpenPAYGO

struct BadLine: Error {}

func credentials(_ key: Substring, _ code: Substring) throws -> (SecretKey, StartingCode) {
    let key = try SecretKey(hex: key)
    return (key, code == "-" ? StartingCode(derivedFrom: key) : try StartingCode(digits: code))
}

func digitSet(_ word: Substring) throws -> Token.DigitSet {
    switch word {
    case "full": .full
    case "restricted": .restricted
    default: throw BadLine()
    }
}

func number(_ word: Substring) throws -> Int {
    guard let number = Int(word) else { throw BadLine() }
    return number
}

func make(_ words: [Substring]) throws -> String {
    let (key, code) = try credentials(words[1], words[2])
    let maker = TokenMaker(key: key, startingCode: code, digitSet: try digitSet(words[6]))
    let last = try TokenCount(digits: words[3])
    guard let type = TokenType(rawValue: String(words[4])) else { throw BadLine() }
    if words[0] == "extend" {
        let value = try ExtendedValue(try number(words[5]))
        let made = try maker.makeExtended(value, type == .addTime ? .adding : .setting, after: last)
        return "\(made.count) \(made.token)"
    }
    let time = words[5] == "-" ? nil : try TimeValue(try number(words[5]))
    guard let instruction = TokenInstruction(type: type, time: time) else { throw BadLine() }
    let made = try maker.make(instruction, after: last)
    return "\(made.count) \(made.token)"
}

func read(_ words: [Substring]) throws -> String {
    let (key, code) = try credentials(words[1], words[2])
    guard let bits = UInt64(words[3]), var state = DeviceState(bits: bits) else { throw BadLine() }
    let token = try Token(digits: words[4], digitSet: try digitSet(words[5]))
    let reader = TokenReader(key: key, startingCode: code, dispatchedCount: .zero)
    func told(_ instruction: TokenInstruction, _ count: TokenCount) -> String {
        "\(instruction.type.rawValue) \(instruction.time.map { String($0.number) } ?? "-") \(count)"
    }
    return switch reader.read(token, state: &state) {
    case .accepted(let instruction, let count): "accepted \(told(instruction, count))"
    case .alreadyUsed(let instruction, let count): "alreadyUsed \(told(instruction, count))"
    case .invalid: "invalid"
    }
}

/// Random strings, of digits and of any bytes, entered one after the other.
func fuzz(seed: UInt64, strings: Int) throws -> String {
    var word = seed
    func random(_ below: UInt64) -> UInt64 {
        word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return (word >> 33) % below
    }
    let key = try SecretKey(bytes: (0..<16).map { _ in UInt8(random(256)) })
    let code = try StartingCode(Int(random(1_000_000_000)))
    let reader = TokenReader(key: key, startingCode: code, dispatchedCount: .one)
    var state = DeviceState(dispatchedWith: .one)
    var seen = (accepted: 0, alreadyUsed: 0, invalid: 0, noToken: 0)
    for round in 0..<strings {
        let isBytes = round % 11 == 0
        let length = isBytes ? random(24) : [9, 9, 9, 15, random(24)][Int(random(5))]
        let bytes = (0..<length).map { _ in isBytes ? UInt8(random(256)) : UInt8(48 + random(10)) }
        let text = String(decoding: bytes, as: UTF8.self)
        let digitSet: Token.DigitSet = length == 15 ? .restricted : .full
        guard let token = try? Token(digits: text, digitSet: digitSet) else {
            seen.noToken += 1
            continue
        }
        switch reader.read(token, state: &state) {
        case .accepted: seen.accepted += 1
        case .alreadyUsed: seen.alreadyUsed += 1
        case .invalid: seen.invalid += 1
        }
        // Accepted by chance, once in some ten thousand, the count would run away.
        if state.lastCount.number > 200 { state = DeviceState(dispatchedWith: .one) }
    }
    return "accepted \(seen.accepted) alreadyUsed \(seen.alreadyUsed) invalid \(seen.invalid) noToken \(seen.noToken)"
}

/// The acceptance procedure of a unit, entered on a simulated one: a step is
/// `NAME,DIGITS,TYPE,VALUE,COUNT,yes`, of a token of the plan, or `NAME,DIGITS,-,-,-,yes`.
func plan(_ words: [Substring]) throws -> String {
    let (key, code) = try credentials(words[1], words[2])
    let count = try TokenCount(digits: words[3])
    let build = UnitBuild(timeDivider: try TimeDivider(try number(words[4])), digitSet: try digitSet(words[5]))
    let plan = try TestPlan(
        try PaygID("A-1"), build: build, maker: TokenMaker(key: key, startingCode: code, digitSet: build.digitSet),
        reader: TokenReader(key: key, startingCode: code, dispatchedCount: count), after: count)
    var unit = SolarUnit(
        UnitParameters(
            key: key, startingCode: code, dispatchedCount: count, timeDivider: build.timeDivider,
            digitSet: build.digitSet))
    let made = Dictionary(plan.tokens.map { ($0.token.digits, $0) }) { first, _ in first }
    return plan.steps.map { step in
        if case .wait(let hours) = step.before { unit.advance(by: hours * 3600) }
        let answer: TestPlan.Answer =
            switch unit.enter(step.digits) {
            case .valid: .valid
            case .alreadyUsed: .used
            case .invalid: .invalid
            default: .nothing
            }
        if step.after == .cutPower {
            unit.cutPower()
            unit.restorePower()
        }
        let isSo =
            switch step.state {
            case .unlocked: unit.isUnlocked && unit.isLoadOn
            // A step of 1/255 day is no whole number of seconds, for each of four tokens.
            case .left(let seconds):
                !unit.isUnlocked && abs(unit.secondsLeft - seconds) <= 4 && unit.isLoadOn == (unit.secondsLeft > 0)
            }
        let token = made[step.digits].map { made in
            "\(made.instruction.type.rawValue),\(made.instruction.time.map { String($0.number) } ?? "-"),\(made.count)"
        }
        return "\(step.name),\(step.digits),\(token ?? "-,-,-"),\(answer == step.answer && isSo ? "yes" : "no")"
    }.joined(separator: " ")
}

while let line = readLine() {
    let words = line.split(separator: " ")
    do {
        switch (words.first, words.count) {
        case ("make", 7), ("extend", 7): print(try make(words))
        case ("read", 6): print(try read(words))
        case ("plan", 6): print(try plan(words))
        case ("fuzz", 3): print(try fuzz(seed: UInt64(try number(words[1])), strings: try number(words[2])))
        default: throw BadLine()
        }
    } catch let error as OpenPAYGOError {
        print("error \(error)")
    } catch {
        print("error the line is not understood")
    }
}
