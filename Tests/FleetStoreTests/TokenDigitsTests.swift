import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import FleetStore

/// Tokens are found by their digits, in blocks of 4 096.
struct TokenDigitsTests {
    /// Tokens whose digits are their row times this, and all different.
    private static let step = 7919

    /// Puts tokens of the first unit on record up to a row, without events.
    ///
    /// - Parameter previous: what says which token each follows; nil where the
    ///   schema has no such column yet.
    private func fill(_ path: String, upTo last: Int, previous: String? = "nullif(id, 1) - 1") throws {
        let run = try sqlite3(
            path,
            """
            INSERT INTO token (unit_id, count, type, value, time_divider, digits, issued_at, actor\(
                previous == nil ? "" : ", previous_id"))
            WITH RECURSIVE row (id) AS (
                SELECT (SELECT coalesce(max(id), 0) + 1 FROM token) UNION ALL SELECT id + 1 FROM row WHERE id < \(last)
            )
            SELECT 1, 100000 + 2 * id, 'addTime', 1, 1, printf('%09d', id * \(Self.step)), '2026-11-03T09:00:00Z', 'x'
                \(previous.map { ", \($0)" } ?? "")
            FROM row
            """
        )
        try #require(run.status == 0, "\(run.errors)")
    }

    private func digits(_ row: Int) throws -> Token {
        try Token(digits: String(format: "%09d", row * Self.step), digitSet: .full)
    }

    private func counts(_ registry: Registry, _ token: Token) throws -> [Int] {
        try registry.issued(token).map { Int($0.count.number) }
    }

    /// What does not fit of the digits alone: the tokens have no events.
    private func problems(_ bench: StoreBench) throws -> [String] {
        try bench.registry.verify().problems.filter { $0.contains("digits") }
    }

    @Test func `a token is found in the first block, in the last, and behind it`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try fill(bench.path, upTo: 9000)
        #expect(try bench.sql("SELECT count(*), count(DISTINCT block) FROM token_digits").output == "8192|2\n")
        for row in [1, 2, 4095, 4096, 4097, 8191, 8192, 8193, 9000] {
            #expect(try counts(bench.registry, digits(row)) == [100_000 + 2 * row], "row \(row)")
        }
        #expect(try counts(bench.registry, digits(9001)) == [])
        #expect(try problems(bench) == [])
    }

    @Test func `tokens with the same digits are all found, the oldest first, wherever they are`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try fill(bench.path, upTo: 8200)
        let again = """
            INSERT INTO token (unit_id, count, type, value, time_divider, digits, issued_at, actor, previous_id)
            SELECT unit_id, count + 100000, type, value, time_divider, digits, issued_at, actor,
                   iif(id = 5, 8200, 8201)
            FROM token WHERE id IN (5, 8195) ORDER BY id
            """
        #expect(try bench.sql(again).status == 0)
        #expect(try counts(bench.registry, digits(5)) == [100_010, 200_010])
        #expect(try counts(bench.registry, digits(8195)) == [116_390, 216_390])
    }

    @Test func `a token of 15 digits is found by them`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let sql = """
            INSERT INTO token (unit_id, count, type, value, time_divider, digits, issued_at, actor)
            VALUES (1, 2, 'addTime', 1, 1, '111222333444111', '2026-11-03T09:00:00Z', 'x')
            """
        #expect(try bench.sql(sql).status == 0)
        let token = try Token(digits: "111222333444111", digitSet: .restricted)
        #expect(try counts(bench.registry, token) == [2])
        try fill(bench.path, upTo: 4096)
        #expect(try bench.sql("SELECT count(*) FROM token_digits").output == "4096\n")
        #expect(try counts(bench.registry, token) == [2])
    }

    @Test(arguments: ["0004_issuing.sql", "0006_test_tokens.sql"])
    func `the tokens of an older registry are found after it is brought forward`(name: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.file("registry.sqlite")
        try write([], to: path)
        try #require(try sqlite3(path, ".read \"\(KeptSchemaTests.folder)/\(name)\"").status == 0)
        let held = try #require(
            Int(try sqlite3(path, "SELECT count(*) FROM token").output.trimmingCharacters(in: .newlines)))
        try fill(path, upTo: 5000, previous: nil)
        let registry = try Registry.open(path, keyFile: folder.file("registry.key"))
        #expect(try sqlite3(path, "SELECT count(*), max(block) FROM token_digits").output == "4096|1\n")
        for row in [held + 1, 4096, 4097, 5000] {
            #expect(try counts(registry, digits(row)) == [100_000 + 2 * row], "row \(row)")
        }
    }

    @Test func `a block that was not made when it was full is made with the next`() throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        let trigger = try bench.sql("SELECT sql FROM sqlite_schema WHERE name = 'token_ends_block'").output
        #expect(try bench.sql("DROP TRIGGER token_ends_block").status == 0)
        try fill(bench.path, upTo: 5000)
        #expect(try bench.sql("SELECT count(*) FROM token_digits").output == "0\n")
        #expect(try counts(bench.registry, digits(17)) == [100_034], "each is looked at until then")
        #expect(try bench.registry.mendSchema(at: bench.now, actor: bench.actor).problems.count == 1)
        #expect(try bench.sql("SELECT sql FROM sqlite_schema WHERE name = 'token_ends_block'").output == trigger)
        try fill(bench.path, upTo: 8192)
        #expect(try bench.sql("SELECT block, count(*) FROM token_digits GROUP BY block").output == "1|4096\n2|4096\n")
        for row in [17, 5000, 8000] { #expect(try counts(bench.registry, digits(row)) == [100_000 + 2 * row]) }
        #expect(try problems(bench) == [])
    }

    @Test(arguments: [
        ("UPDATE token_digits SET digits = digits + 1 WHERE token_id = 9", 1, 1),
        // Up to the last block, which is the second then.
        ("UPDATE token_digits SET block = 2 WHERE token_id = 9", 1, 5),
        ("DELETE FROM token_digits WHERE token_id IN (7, 8)", 0, 2),
        ("INSERT INTO token_digits VALUES (1, 5, 1)", 1, 0),
        ("INSERT INTO token_digits VALUES (1, 5, 9999)", 1, 0),
    ])
    func `digits that are not their token's are refused by the schema, and noticed`(
        sql: String, strange: Int, missing: Int
    ) throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        try fill(bench.path, upTo: 4100)
        if !sql.hasPrefix("INSERT") {
            #expect(try bench.sql(sql).errors.contains("the digits of a token are never"))
            #expect(try problems(bench) == [])
        }
        let unguarded = "DROP TRIGGER token_digits_never_changed; DROP TRIGGER token_digits_never_deleted; "
        #expect(try bench.sql(unguarded + sql).status == 0)
        let told = try problems(bench).filter { !$0.hasPrefix("the trigger") && !$0.contains("points to") }
        #expect(
            told
                == (strange > 0
                    ? ["digits that tokens are found by, and that are of no token or of another: \(strange)"] : [])
                + (missing > 0 ? ["tokens that are not found by their digits: \(missing)"] : []))
    }

    @Test(arguments: [("gift", false), ("setTime", true), ("disablePayg", false), ("counterSync", false)])
    func `a token is of one of four types, and has a value where it carries time`(type: String, carries: Bool) throws {
        let bench = try StoreBench()
        try bench.add("CSP-0001")
        func insert(_ value: String, count: Int = 3) throws -> Int32 {
            try bench.sql(
                """
                INSERT INTO token (unit_id, count, type, value, time_divider, digits, issued_at, actor)
                VALUES (1, \(count), '\(type)', \(value), 1, '123456789', '2026-11-03T09:00:00Z', 'x')
                """
            ).status
        }
        #expect(try insert(carries ? "NULL" : "1") != 0)
        #expect(try insert(carries ? "1" : "NULL", count: 4) != 0)
        #expect(try (insert(carries ? "1" : "NULL") == 0) == (type != "gift"))
    }
}
