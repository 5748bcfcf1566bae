import Foundation
import OpenPAYGO
import Testing

/// Random numbers that are the same for the same seed. Source: Steele, Lea and
/// Flood, "Fast splittable pseudorandom number generators".
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// What holds for every unit and every sequence of entries. A fresh seed each
/// time, named by whatever fails.
///
/// The last three digits of a token tell its value, so that two counts have the
/// same token once in a million. A token that is found at another count than
/// the one it was made for is such a pair, and is checked to be one.
struct PropertyTests {
    /// A unit with random credentials, and what was entered into it.
    private struct Session {
        let maker: TokenMaker
        let reader: TokenReader
        let dispatched: TokenCount
        var state: DeviceState
        var generator: SeededGenerator

        init(seed: UInt64) throws {
            var generator = SeededGenerator(seed: seed)
            let key = try SecretKey(bytes: (0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &generator) })
            let code = try StartingCode(Int.random(in: 0...999_999_999, using: &generator))
            dispatched = try TokenCount(Int.random(in: 0...40, using: &generator))
            maker = TokenMaker(key: key, startingCode: code)
            reader = TokenReader(key: key, startingCode: code, dispatchedCount: dispatched)
            state = DeviceState(dispatchedWith: dispatched)
            self.generator = generator
        }

        /// A token of a random type, at a random count of its parity near the last.
        mutating func anyToken(
            _ types: [TokenType]
        ) throws -> (token: Token, instruction: TokenInstruction, count: TokenCount)? {
            let type = types[Int.random(in: 0..<types.count, using: &generator)]
            let value = try TimeValue(Int.random(in: 0...995, using: &generator))
            let takesTime = type == .addTime || type == .setTime
            guard let instruction = TokenInstruction(type: type, time: takesTime ? value : nil) else { return nil }
            var number = Int(state.lastCount.number) + Int.random(in: -25...70, using: &generator)
            if number.isMultiple(of: 2) != type.hasEvenCounts { number += 1 }
            guard number > 0 else { return nil }
            let count = try TokenCount(number)
            return (maker.make(instruction, at: count), instruction, count)
        }
    }

    /// Whether an outcome is that of a token's own count, or of another count
    /// that happens to have the same token.
    private func isExplained(_ outcome: TokenReader.Outcome, _ token: Token, _ session: Session) -> Bool {
        switch outcome {
        case .accepted(let instruction, let count), .alreadyUsed(let instruction, let count):
            session.maker.make(instruction, at: count) == token
        case .invalid: false
        }
    }

    private static func seeds(_ count: Int) -> [UInt64] {
        (0..<count).map { _ in .random(in: 0 ... .max) }
    }

    @Test(arguments: seeds(40))
    func `what is made is read back`(seed: UInt64) throws {
        var session = try Session(seed: seed)
        for type in TokenType.allCases {
            let value = try TimeValue(Int.random(in: 0...995, using: &session.generator))
            let takesTime = type == .addTime || type == .setTime
            let instruction = try #require(TokenInstruction(type: type, time: takesTime ? value : nil))
            let made = try session.maker.make(instruction, after: session.state.lastCount)
            let typed = try Token(digits: made.token.digits, digitSet: .full)
            let outcome = session.reader.read(typed, state: &session.state)
            guard outcome != .accepted(instruction, count: made.count) else { continue }
            guard case .accepted(_, let count) = outcome else {
                Issue.record("\(outcome)")
                continue
            }
            #expect(count != made.count && isExplained(outcome, typed, session))
        }
    }

    @Test(arguments: seeds(40))
    func `a token is accepted once, and nothing older than what closed the way back`(seed: UInt64) throws {
        var session = try Session(seed: seed)
        var accepted: [(token: Token, count: TokenCount)] = []
        var closed = session.dispatched
        for _ in 0..<60 {
            // A sync may roll a unit back, which is why only technicians get one.
            guard let entry = try session.anyToken([.addTime, .addTime, .addTime, .setTime, .disablePayg]) else {
                continue
            }
            let before = session.state
            switch session.reader.read(entry.token, state: &session.state) {
            case .accepted(let instruction, let count):
                #expect(!accepted.contains { $0.count == count })
                #expect(count > closed)
                let reach = before.lastCount.number
                #expect(count.number <= reach + 64 && count.number + 16 > reach)
                if instruction.type != .addTime {
                    #expect(count > before.lastCount)
                    closed = count
                }
                #expect(session.state.lastCount == max(before.lastCount, count))
                accepted.append((entry.token, count))
            case .alreadyUsed, .invalid:
                #expect(session.state == before)
            }
        }
        #expect(accepted.count > 3)
        for (token, count) in accepted {
            let outcome = session.reader.read(token, state: &session.state)
            #expect(isExplained(outcome, token, session))
            if case .accepted(_, let other) = outcome { #expect(other != count) }
        }
    }

    @Test(arguments: seeds(40))
    func `unordered entry works inside the window and not outside`(seed: UInt64) throws {
        var session = try Session(seed: seed)
        let time = TokenInstruction.addTime(try TimeValue(1))
        var last = Int(session.dispatched.number) + 40
        if !last.isMultiple(of: 2) { last += 1 }
        let first = session.reader.read(session.maker.make(time, at: try TokenCount(last)), state: &session.state)
        // Here, and below, a pair of counts with one token would change the window.
        guard first == .accepted(time, count: try TokenCount(last)) else { return }
        let older = stride(from: last - 30, to: last, by: 2).filter { $0 > Int(session.dispatched.number) }
        for number in older.shuffled(using: &session.generator) {
            let token = session.maker.make(time, at: try TokenCount(number))
            let outcome = session.reader.read(token, state: &session.state)
            switch outcome {
            case .accepted(_, let count) where Int(count.number) == number: #expect(number > last - 16)
            case .alreadyUsed(_, let count) where Int(count.number) == number: #expect(number <= last - 16)
            default:
                #expect(isExplained(outcome, token, session))
                return
            }
        }
    }

    @Test(arguments: seeds(40))
    func `the state is the same after it was stored, in bytes and in JSON`(seed: UInt64) throws {
        var session = try Session(seed: seed)
        for _ in 0..<20 {
            guard let entry = try session.anyToken(TokenType.allCases) else { continue }
            _ = session.reader.read(entry.token, state: &session.state)
            #expect(DeviceState(bits: session.state.bits) == session.state)
            let json = try JSONEncoder().encode(session.state)
            #expect(try JSONDecoder().decode(DeviceState.self, from: json) == session.state)
        }
    }

    @Test func `what no state is stored as is refused`() {
        #expect(DeviceState(bits: 1 << 48) == nil)
        #expect(DeviceState(bits: UInt64(TokenCount.maximum) + 1) == nil)
        for json in [
            #"{"lastCount":-1,"usedBelow":0}"#, #"{"lastCount":1,"usedBelow":65536}"#, #"{"lastCount":1}"#, "[]",
        ] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(DeviceState.self, from: Data(json.utf8)) }
        }
    }

    @Test(arguments: seeds(4))
    func `reading is total: whatever is typed is a token, or an error, and never a trap`(seed: UInt64) throws {
        var session = try Session(seed: seed)
        for round in 0..<2_000 {
            let length = Int.random(in: 0...24, using: &session.generator)
            let alphabet: [Unicode.Scalar] =
                round.isMultiple(of: 2)
                ? Array("0123456789".unicodeScalars) : Array("01234 -+#*٣９\u{0}\u{301}é😀".unicodeScalars)
            var view = String.UnicodeScalarView()
            for _ in 0..<length {
                view.append(alphabet[Int.random(in: 0..<alphabet.count, using: &session.generator)])
            }
            let text = String(view)
            for digitSet in [Token.DigitSet.full, .restricted] {
                do {
                    let token = try Token(digits: text, digitSet: digitSet)
                    #expect(token.digits == text)
                    // Classified, whichever way; reading costs a chain, so not every time.
                    if round < 40 { _ = session.reader.read(token, state: &session.state) }
                } catch {
                    #expect(error == .tokenDigits)
                }
                do {
                    let token = try ExtendedToken(digits: text, digitSet: digitSet)
                    #expect(token.digits == text)
                    if round < 40 { _ = session.reader.readExtended(token, state: &session.state) }
                } catch {
                    #expect(error == .extendedTokenDigits)
                }
            }
        }
    }
}
