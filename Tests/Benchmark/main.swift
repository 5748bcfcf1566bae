// Prints how fast tokens are made and found, beside rivals measured in the same
// run: the C that a firmware engineer would write, and Python's openpaygo.
// `scripts/benchmark` builds the C, and gives the nanoseconds that Python took.

import BenchmarkRival
import OpenPAYGO

/// Two decimals.
func shown(_ value: Double) -> String {
    let hundredths = Int(value * 100 + 0.5)
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
}

func row(_ name: String, _ ratio: String, _ range: String, _ nanoseconds: String) {
    func padded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    print(
        name + String(repeating: " ", count: max(1, 48 - name.count)) + padded(ratio, 7) + padded(range, 14)
            + padded(nanoseconds, 9))
}

typealias Rival = (UInt32, UnsafePointer<UInt8>?, UInt32) -> UInt32

struct Case {
    let key: SecretKey
    let bytes: [UInt8]
    let code: StartingCode
    let count: TokenCount
}

/// Measures in pairs, one of each in turn, so that what else the machine does
/// falls on both.
@MainActor
func compare(
    _ name: String, rounds: Int, hashes: Int, ours: () async throws -> Void, rival: () async throws -> Void
) async throws -> Double {
    let clock = ContinuousClock()
    var times: [(ours: Double, rival: Double)] = []
    for _ in 0..<rounds {
        let start = clock.now
        try await ours()
        let middle = clock.now
        try await rival()
        times.append((start.duration(to: middle) / .seconds(1), middle.duration(to: clock.now) / .seconds(1)))
    }
    let ratios = times.map { $0.rival / $0.ours }.sorted()
    let fastest = (times.map(\.ours).min() ?? 0) * 1e9 / Double(hashes)
    row(name, shown(ratios[rounds / 2]), "\(shown(ratios[0]))–\(shown(ratios[rounds - 1]))", shown(fastest))
    return fastest
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
@MainActor func run(_ rival: Rival, _ cases: ArraySlice<Case>) {
    for one in cases { sink &+= UInt64(rival(one.code.number, one.bytes, one.count.number)) }
}

let one = try makeCase(count: 1000)
let maker = TokenMaker(key: one.key, startingCode: one.code)
var sorted: [Case] = []
var unsorted: [Case] = []
for index in 0..<100_000 {
    sorted.append(try makeCase(count: 1 + index / 100))
    unsorted.append(try makeCase(count: 1 + Int(random(1000))))
}
func items(_ cases: [Case]) -> [TokenBatch.Item] {
    cases.map {
        TokenBatch.Item(maker: TokenMaker(key: $0.key, startingCode: $0.code), instruction: day, count: $0.count)
    }
}
func hashes(_ cases: ArraySlice<Case>) -> Int { cases.reduce(0) { $0 + Int($1.count.number) } }

let rivals: [(name: String, chain: Rival)] = [
    ("plain C, SipHash in a file of its own", rival_chain),
    ("plain C, all in one file for 8 bytes", rival_chain_in_one_file),
]
var alone = 0.0
for rival in rivals {
    row("times \(rival.name)", "median", "least–most", "ns/hash")
    let repeated = ArraySlice(repeatElement(one, count: 100))
    alone = try await compare(
        "one token at count 1000", rounds: 31, hashes: hashes(repeated),
        ours: { for _ in repeated { sink &+= UInt64(maker.make(day, at: one.count).number) } },
        rival: { run(rival.chain, repeated) }
    )
    for (order, cases) in [("sorted", sorted), ("unsorted", unsorted)] {
        let items = items(cases)
        for path in ChainPath.available {
            _ = try await compare(
                "100 000 tokens, \(order), \(path)", rounds: 5, hashes: hashes(cases[...]),
                ours: { sink &+= UInt64(TokenBatch.tokens(items, path: path).last?.number ?? 0) },
                rival: { run(rival.chain, cases[...]) }
            )
        }
    }
    print()
}

row("times one core", "median", "least–most", "ns/hash")
let all = items(unsorted)
for path in ChainPath.available {
    _ = try await compare(
        "100 000 tokens on all cores, \(path)", rounds: 9, hashes: hashes(unsorted[...]),
        ours: { sink &+= UInt64(await TokenBatch.tokensInParallel(all, path: path).last?.number ?? 0) },
        rival: { sink &+= UInt64(TokenBatch.tokens(all, path: path).last?.number ?? 0) }
    )
}
print()

row("times reading one by one", "median", "least–most", "ns/hash")
let candidates = unsorted[..<20_000].map {
    TokenSearch.Candidate(
        reader: TokenReader(key: $0.key, startingCode: $0.code, dispatchedCount: .one),
        state: DeviceState(dispatchedWith: $0.count)
    )
}
let sought = maker.make(day, at: one.count)
for path in ChainPath.available.dropLast() {
    _ = try await compare(
        "a token among 20 000 units, \(path)", rounds: 5, hashes: hashes(unsorted[..<20_000]) + 100 * 20_000,
        ours: { sink &+= UInt64(TokenSearch.matches(of: sought, among: candidates, path: path).count) },
        rival: { sink &+= UInt64(TokenSearch.matches(of: sought, among: candidates, path: .reference).count) }
    )
}

if CommandLine.arguments.count > 1, let python = Double(CommandLine.arguments[1]) {
    print()
    row("times Python's openpaygo", "", "", "ns/hash")
    row("one token at count 1000", shown(python / alone), "", shown(alone))
}
if sink == 1 { print() }
