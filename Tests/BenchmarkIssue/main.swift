// Prints how fast tokens are issued in one process, one durable transaction
// each, beside the least that SQLite can do: a transaction that updates one row
// and inserts two. `scripts/benchmark issue` gives the folder to work in.

import BenchmarkRival
import Fleet
import FleetStore
import Foundation
import OpenPAYGO

let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
    print("usage: benchmark-issue FOLDER [UNITS TOKENS]...")
    exit(64)
}
let folder = arguments[1]
let sizes = stride(from: 2, to: arguments.count - 1, by: 2).map {
    (units: Int(arguments[$0]) ?? 1000, tokens: Int(arguments[$0 + 1]) ?? 0)
}

let actor = try ActorName("benchmark")
let now = Timestamp(seconds: 1_793_696_400)

/// A registry with units whose tokens so far were put in with the `sqlite3`
/// shell: issuing ten million one by one would take an hour.
func fleet(units: Int, tokens: Int, at path: String) throws -> Registry {
    if FileManager.default.fileExists(atPath: path) { return try Registry.open(path, keyFile: path + ".key") }
    try Registry.create(path, keyFile: path + ".key", at: now, actor: actor)
    let registry = try Registry.open(path, keyFile: path + ".key")
    let each = max(1, tokens / units)
    let feed = ListFeed(file: "list.csv") { take in
        for unit in 1...units {
            let key = try SecretKey(hex: String(format: "%016x%016x", unit &* 0x1234_5678_9ABC, unit))
            try take(
                ListedRow(
                    .unit(
                        ListedUnit(
                            row: unit, id: try PaygID(String(format: "CSP-%07d", unit)),
                            credentials: Credentials(key: key, startingCode: try StartingCode(123_456_789)),
                            count: try TokenCount(1), timeDivider: nil, digitSet: nil, hardwareModel: nil,
                            firmwareVersion: nil, testCode: nil
                        ))))
        }
        return ListSource(file: "list.csv", sha256: String(repeating: "0", count: 64))
    }
    _ = try registry.importDispatches([feed], at: now, actor: actor)
    guard tokens > 0 else { return registry }
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    shell.arguments = [
        "sqlite3", path,
        """
        PRAGMA synchronous = OFF; PRAGMA cache_size = -2000000; BEGIN;
        DROP TRIGGER token_adds; DROP TRIGGER token_uses_count; DROP TRIGGER unit_last_token;
        INSERT INTO token (unit_id, count, type, value, time_divider, digits, reference, paid_until, issued_at, actor,
                           previous_id)
        SELECT unit.id, 2 * n.value, 'addTime', 30, 1, printf('%09d', abs(random()) % 1000000000),
               printf('%016x', random()), '2026-12-03T09:00:00Z',
               strftime('%Y-%m-%dT%H:%M:%SZ', 1793696400 - 86400 * (\(each) - n.value + 1), 'unixepoch'), 'benchmark',
               iif(n.value > 1, (n.value - 2) * \(units) + unit.id, NULL)
        FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n LIMIT \(each)) SELECT value FROM n) n,
             unit;
        UPDATE unit SET count = \(2 * each), last_token_id = \(each - 1) * \(units) + id, last_token_count = \(2 * each);
        COMMIT; PRAGMA wal_checkpoint(TRUNCATE);
        """,
    ]
    shell.standardOutput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    // The triggers that would have looked at each of the tokens are back.
    _ = try registry.mendSchema(at: now, actor: actor)
    return registry
}

/// Microseconds for each of some runs.
func microseconds(_ runs: Int, _ work: (Int) throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    for run in 0..<runs { try work(run) }
    let (seconds, attoseconds) = (clock.now - start).components
    return (Double(seconds) * 1e6 + Double(attoseconds) / 1e12) / Double(runs)
}

print("    units      tokens    bare SQLite        payg    rate of bare SQLite (least…most of 20 rounds)")
for (units, tokens) in sizes {
    let path = "\(folder)/\(units)-\(tokens).sqlite"
    let registry = try fleet(units: units, tokens: tokens, at: path)
    guard let bare = bare_registry_open(path + ".bare", Int64(units)) else {
        print("the bare database cannot be made in \(folder)")
        exit(73)
    }
    var rounds: [(bare: Double, payg: Double)] = []
    // Units all over the registry, one after the other in both.
    func unit(_ run: Int) -> Int { 1 + run &* 7919 % units }
    var issued = 0
    let stamp = UInt32.random(in: 0 ... .max)
    for _ in 0..<32 {
        let base = issued
        let bareTime = microseconds(300) { run in
            guard bare_registry_issue(bare, Int64(unit(base + run)), "MP-\(stamp)-\(base + run)") == 0 else { exit(73) }
        }
        let orders = try (0..<300).map { run in
            TokenOrder(
                recipient: .unit(try PaygID(String(format: "CSP-%07d", unit(base + run)))),
                request: .days(try Days(30)), reference: try PaymentReference("MP-\(stamp)-\(base + run)")
            )
        }
        let paygTime = try microseconds(300) { run in
            _ = try registry.issue(orders[run], at: now, actor: actor)
        }
        issued += 300
        // The first rounds fill the log for the first time, and a file that
        // grows is slow to write.
        if issued > 3600 { rounds.append((bareTime, paygTime)) }
    }
    bare_registry_close(bare)
    // All rounds together: every other one writes the log to the file, and the
    // one in the middle would not tell.
    let bareTime = rounds.map(\.bare).reduce(0, +) / Double(rounds.count)
    let paygTime = rounds.map(\.payg).reduce(0, +) / Double(rounds.count)
    let ratios = rounds.map { $0.bare / $0.payg }
    print(
        String(
            format: "%9d  %10d  %8.0f µs  %8.0f µs    %.2f (%.2f…%.2f)", units, tokens, bareTime, paygTime,
            bareTime / paygTime, ratios.min() ?? 0, ratios.max() ?? 0
        )
    )
    // A registry that is kept is used again by the next run.
    let isKept = ProcessInfo.processInfo.environment["KEEP"] != nil
    for file in [".bare", ".bare-wal", ".bare-shm"] + (isKept ? [] : ["", "-wal", "-shm", ".key"]) {
        try? FileManager.default.removeItem(atPath: path + file)
    }
}
