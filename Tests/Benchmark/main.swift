// Prints how fast tokens are made, beside a rival measured in the same run:
// the C that a firmware engineer would write. `scripts/benchmark` builds both.

import BenchmarkRival
import OpenPAYGO

/// Pairs of runs, one of each in turn, so that what else the machine does
/// falls on both.
func ratio(_ name: String, rounds: Int = 15, hashes: Int, ours: () -> Void, rival: () -> Void) {
    let clock = ContinuousClock()
    var times: [(ours: Double, rival: Double)] = []
    for _ in 0..<rounds {
        times.append((clock.measure(ours) / .seconds(1), clock.measure(rival) / .seconds(1)))
    }
    let ratios = times.map { $0.rival / $0.ours }.sorted()
    let fastest = times.map(\.ours).min() ?? 0
    func shown(_ value: Double) -> String {
        let hundredths = Int(value * 100 + 0.5)
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
    func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    print(
        name + String(repeating: " ", count: max(1, 44 - name.count)) + padded(shown(ratios[rounds / 2]), 8)
            + padded("\(shown(ratios[0]))–\(shown(ratios[rounds - 1]))", 16)
            + padded("\(shown(fastest * 1e9 / Double(hashes)))", 12)
    )
}

struct Case {
    let key: SecretKey
    let bytes: [UInt8]
    let code: StartingCode
    let count: TokenCount
}

var word: UInt64 = 20_261_122
@MainActor func random(_ below: UInt64) -> UInt64 {
    word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (word >> 33) % below
}

@MainActor func makeCase(count: Int) throws -> Case {
    let bytes = (0..<16).map { _ in UInt8(random(256)) }
    return Case(
        key: try SecretKey(bytes: bytes), bytes: bytes, code: try StartingCode(Int(random(1_000_000_000))),
        count: try TokenCount(count)
    )
}

let day = TokenInstruction.addTime(try TimeValue(30))
/// Keeps what was computed from being computed away.
var sink: UInt64 = 0

print("times the plain C chain, median (least–most) of 15 pairs; last, nanoseconds a hash")
let one = try makeCase(count: 1000)
let maker = TokenMaker(key: one.key, startingCode: one.code)
ratio(
    "one token at count 1000", hashes: 1000 * 200,
    ours: { for _ in 0..<200 { sink &+= UInt64(maker.make(day, at: one.count).number) } },
    rival: { for _ in 0..<200 { sink &+= UInt64(rival_chain(one.code.number, one.bytes, 1000)) } }
)

for isSorted in [true, false] {
    var cases: [Case] = []
    for index in 0..<100_000 {
        cases.append(try makeCase(count: 1 + (isSorted ? index / 100 : Int(random(1000)))))
    }
    let items = cases.map {
        TokenBatch.Item(maker: TokenMaker(key: $0.key, startingCode: $0.code), instruction: day, count: $0.count)
    }
    let hashes = cases.reduce(0) { $0 + Int($1.count.number) }
    for path in TokenBatch.Path.available {
        ratio(
            "100 000 units, \(isSorted ? "sorted" : "unsorted"), \(path)", rounds: 5, hashes: hashes,
            ours: { sink &+= UInt64(TokenBatch.tokens(items, path: path).last?.number ?? 0) },
            rival: {
                for one in cases { sink &+= UInt64(rival_chain(one.code.number, one.bytes, one.count.number)) }
            }
        )
    }
}
if sink == 1 { print() }
