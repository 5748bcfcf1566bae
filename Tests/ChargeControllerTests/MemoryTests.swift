import Foundation
import OpenPAYGO
import Testing

@testable import ChargeController

struct MemoryTests {
    private let bench: Bench

    init() throws {
        bench = try Bench(testCode: "111222333")
    }

    private func used() throws -> SolarUnit {
        var unit = bench.unit
        unit.enter(try bench.add(3, at: 6))
        unit.enter(try bench.add(3, at: 2))
        unit.advance(by: 500)
        for _ in 0..<3 { unit.enter("111222333") }
        for _ in 0..<4 {
            unit.enter("000000001")
            unit.advance(by: 120)
        }
        unit.clockStandsStill = true
        unit.jumpClockBack(by: 7)
        return unit
    }

    @Test func `a unit goes on where its state was kept as JSON`() throws {
        let unit = try used()
        let kept = try JSONEncoder().encode(unit.state)
        #expect(!String(decoding: kept, as: UTF8.self).contains(Bench.keyHex.prefix(6)))
        let state = try JSONDecoder().decode(UnitState.self, from: kept)
        #expect(state == unit.state)
        var (one, other) = (unit, SolarUnit(bench.parameters, state: state))
        for digits in [try bench.add(3, at: 6), "111222333", try bench.add(1, at: 4), try bench.set(0, at: 7)] {
            for seconds in [0, 200] {
                #expect(one.advance(by: seconds) == other.advance(by: seconds))
                #expect(one.enter(digits) == other.enter(digits))
                #expect(one.display == other.display && one.state == other.state)
            }
        }
        one.cutPower()
        #expect(!SolarUnit(bench.parameters, state: one.state).isPowered)
    }

    @Test(arguments: [
        (#""paidUntil":"#, #""paidUntil":-"#), (#""invalidEntries":4"#, #""invalidEntries":12"#),
        (#""testUses":[500,500,500]"#, #""testUses":[500,499]"#),
        (#""testUses":[500,500,500]"#, #""testUses":[1,2,3,4,5,6]"#),
        (#""testUses":[500,500,500]"#, #""testUses":[-1]"#), (#""now":"#, #""now":9"#), (#""now":"#, #""now":-"#),
        (#""reading":-7"#, #""reading":-99999999999999999"#), (#""lastCount":"#, #""lastCount":9999999"#),
    ])
    func `a state that no unit has is refused, and traps nowhere`(from: String, to: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let kept = String(decoding: try encoder.encode(try used().state), as: UTF8.self)
        var changed = kept.replacingOccurrences(of: from, with: to)
        if to == #""now":9"# { changed = kept.replacingOccurrences(of: from, with: from + "9007199254740993,\"x\":") }
        if from == #""reading":-7"# {
            changed = kept.replacingOccurrences(of: #""reading":"#, with: to + #","x":"#)
        }
        #expect(changed != kept, "\(kept)")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(UnitState.self, from: Data(changed.utf8)) }
    }

    @Test func `an image holds the whole memory, and any wrong bit is found`() throws {
        let memory = try used().memory
        let image = MemoryImage.bytes(of: memory, sequence: 77)
        #expect(image.count == SolarUnit.storingSteps)
        let read = try #require(MemoryImage.memory(in: image))
        #expect(read.memory == memory && read.sequence == 77)
        for bit in 0..<image.count * 8 {
            var torn = image
            torn[bit / 8] ^= 1 << (bit % 8)
            #expect(MemoryImage.memory(in: torn) == nil, "bit \(bit)")
        }
        #expect(MemoryImage.memory(in: []) == nil)
        #expect(MemoryImage.checksum(Array("123456789".utf8)[...]) == 0xCBF4_3926, "the check value of CRC-32")
    }

    @Test func `no description of a unit has its key or its starting code`() throws {
        let unit = try used()
        var text = "\(unit) \(String(reflecting: unit)) \(bench.parameters) \(String(reflecting: bench.parameters))"
        dump(unit, to: &text)
        dump(bench.parameters, to: &text)
        #expect(text.contains("<redacted>"))
        for secret in [Bench.keyHex, Bench.keyHex.uppercased(), "123456789", "123_456_789"] {
            #expect(!text.contains(secret))
        }
        for word in [0xa29a_b82e_dc5f_bbc4, 0xc4bb_5fdc_2eb8_9aa2, 0x1ec9_530f_6dac_86b1, 0xb186_ac6d_0f53_c91e]
            as [UInt64]
        {
            #expect(!text.contains(String(word)))
        }
    }
}
