import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct DeviceCommandTests {
    private let bench: CommandBench
    private static let key = "f3b7d66e9a5b271d04fb4af084555aa4"

    init() throws {
        bench = try CommandBench.withFleet()
    }

    private func token(_ arguments: String...) -> String {
        bench.payg(["issue", "CSP-240311"] + arguments).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func make() {
        #expect(bench.payg("device", "new", "CSP-240311", "--state", "unit.json").status == 0)
    }

    private func row(_ run: CommandBench.Run, _ place: Int = 0) throws -> [String: Any] {
        let rows = try run.jsonRows()
        return try #require(rows.indices.contains(place) ? rows[place] : nil)
    }

    // MARK: - Making one

    @Test func `a unit of the registry is made in a private file, on record, and its key is said nowhere`() throws {
        let run = bench.payg("device", "new", "CSP-240311", "--state", "unit.json", "--json")
        #expect(run.status == 0)
        #expect(try run.json()["unit"] as? String == "CSP-240311" && run.json()["dispatchedCount"] as? Int == 1)
        #expect(run.talk.contains("holds its secret key in the clear"))
        #expect(!run.screen.contains(Self.key) && !run.screen.contains("96225896"))
        let path = bench.folder.file("unit.json")
        #expect(try permissions(of: path) == 0o600)
        #expect(try text(of: path).contains(Self.key), "it is the unit")

        let events = try bench.payg("audit", "events", "--unit", "CSP-240311", "--json").jsonRows()
        #expect(events.last?["action"] as? String == "deviceMade")
        let detail = "\(events.last?["detail"] ?? "")"
        #expect(detail.contains("unit.json"))
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `a unit is made once, and a file that is there is left as it is`() throws {
        make()
        let (before, events) = (try text(of: bench.folder.file("unit.json")), bench.payg("audit", "events").output)
        let run = bench.payg("device", "new", "CSP-240318", "--state", "unit.json")
        #expect(run.status == 4 && run.talk.contains("never overwritten"))
        #expect(try text(of: bench.folder.file("unit.json")) == before)
        #expect(bench.payg("audit", "events").output == events, "and nothing is recorded that did not happen")
    }

    @Test func `a unit is made of a dispatch list's row without a registry`() throws {
        let folder = try CommandBench()
        let run = folder.payg(
            "device", "new", "--from", "cloud-solar-dispatch.csv", "--row", "csp-240311", "--state", "unit.json")
        #expect(run.status == 0, "\(run.talk)")
        #expect(run.talk.hasPrefix("unit CSP-240311, as it left the factory, is in unit.json\n"))
        #expect(try !folder.folder.names().contains("registry.sqlite"))
        #expect(
            try row(folder.payg("device", "enter", "unit.json", token("--days", "30"), "--json"))["result"] as? String
                == "valid")
    }

    @Test func `what cannot be made is refused, and leaves no file`() throws {
        let refused: [([String], Int32)] = [
            (["CSP-1"], 3), ([], 64),
            (["CSP-240311", "--from", "cloud-solar-dispatch.csv", "--row", "CSP-240311"], 64),
            (["--from", "cloud-solar-dispatch.csv"], 64), (["--row", "CSP-240311"], 64),
            (["--from", "cloud-solar-dispatch.csv", "--row", "CSP-1"], 3),
            (["--from", "none.csv", "--row", "CSP-1"], 66), (["CSP-240311", "--key-file", "other.key"], 77),
        ]
        for (arguments, status) in refused {
            let run = bench.payg(["device", "new", "--state", "unit.json"] + arguments)
            #expect(run.status == status, "\(arguments): \(run.talk)")
            #expect(run.talk.hasPrefix("error: "))
        }
        #expect(try bench.folder.names().allSatisfy { !$0.hasSuffix(".json") && !$0.hasSuffix(".part") })
        #expect(!bench.payg("audit", "events").output.contains("deviceMade"))
    }

    @Test func `a row that is not understood, or is there twice, is no unit`() throws {
        let rows = "PAYG ID,Key,Starting Code\n"
        let good = "A-1,\(Self.key),123456789\n"
        let other = "A-1,0\(Self.key.dropFirst()),123456789\n"
        for (list, told) in [
            ("A-1,short,1\n", "row 2, Key: a secret key has only"), (good + other, "row 2 with another key"),
        ] {
            _ = try bench.folder.write(rows + list, to: "list.csv")
            let run = bench.payg("device", "new", "--from", "list.csv", "--row", "A-1", "--state", "unit.json")
            #expect(run.status == 65 && run.talk.contains(told), "\(run.talk)")
            #expect(run.talk.hasPrefix("error: no simulated unit was made of list.csv: 1 problem; nothing was changed"))
            #expect(!run.talk.contains("import"), "\(run.talk)")
        }
        _ = try bench.folder.write(rows + good + "A-2,short,1\n" + good, to: "list.csv")
        #expect(bench.payg("device", "new", "--from", "list.csv", "--row", "A-1", "--state", "unit.json").status == 0)
    }

    @Test func `a unit far behind its registry is warned about`() throws {
        make()
        bench.payg("unit", "set-count", "CSP-240311", "66", "--reason", "x", "--yes")
        let run = bench.payg("device", "new", "CSP-240311", "--state", "other.json")
        #expect(run.status == 0 && run.talk.contains("warning: its next token has a count above 66"))
    }

    // MARK: - Entering tokens

    @Test func `a token gives light for its days, once, however it is grouped`() throws {
        make()
        let token = token("--days", "30")
        let valid = bench.payg("device", "enter", "unit.json", token, "--json")
        #expect(valid.status == 0)
        let told = try row(valid)
        #expect(told["result"] as? String == "valid" && told["type"] as? String == "addTime")
        #expect(told["display"] as? String == "Valid 30d 0h" && told["load"] as? Bool == true)
        #expect(told["secondsLeft"] as? Int == 30 * 86_400 && told["count"] as? Int == 2)
        #expect(try permissions(of: bench.folder.file("unit.json")) == 0o600)

        let digits = Array(token)
        let groups = [0, 3, 6].map { String(digits[$0..<$0 + 3]) }
        for words in [[groups.joined(separator: " ")], [groups.joined(separator: "-")], groups] {
            let again = bench.payg(["device", "enter", "unit.json"] + words + ["--json"])
            #expect(again.status == 2)
            #expect(try again.jsonRows().count == 1)
            #expect(try row(again)["result"] as? String == "alreadyUsed" && row(again)["token"] as? String == token)
        }
    }

    @Test func `several tokens are entered in their order, each with its answer`() throws {
        make()
        let tokens = [token("--days", "1"), token("--days", "2")]
        let run = bench.payg("device", "enter", "unit.json", tokens[0], "123456789", tokens[1], "12", "345")
        #expect(run.status == 2)
        #expect(
            run.output == """
                TOKEN\tRESULT\tDISPLAY\tLOAD\tSECONDS LEFT\tCOUNT
                \(tokens[0])\tvalid\tValid 1d 0h\ton\t86400\t2
                123456789\tinvalid\tInvalid\ton\t86400\t2
                \(tokens[1])\tvalid\tValid 3d 0h\ton\t259200\t4
                12345\ttooShort\tToo short\ton\t259200\t4

                """)
        #expect(run.talk == "")
        let shown = bench.payg("device", "enter", "unit.json", tokens[1], forPerson: true)
        #expect(shown.output.contains("already used  Already used  on"))
        #expect(shown.output.contains(" " + tokens[1].suffix(3) + "  "), "in groups for a person")
    }

    @Test func `three wrong tokens block the keypad, and time opens it`() throws {
        make()
        #expect(bench.payg("device", "enter", "unit.json", "111111111", "222222222", "333333333").status == 2)
        let token = token("--days", "30")
        let blocked = try row(bench.payg("device", "enter", "unit.json", token, "--json"))
        #expect(blocked["result"] as? String == "wait" && blocked["display"] as? String == "Wait 2 min")
        #expect(try bench.payg("device", "status", "unit.json", "--json").json()["keypadBlockedFor"] as? Int == 120)
        #expect(bench.payg("device", "enter", "unit.json", token, "--advance", "119s").status == 2)
        #expect(bench.payg("device", "enter", "unit.json", token, "--advance", "1s").status == 0)
    }

    @Test func `what is no digit is wrong usage and is not typed`() throws {
        make()
        let before = try text(of: bench.folder.file("unit.json"))
        for words in [["588224011#"], ["abc"], [""], [" "], ["５８８224011"]] {
            let run = bench.payg(["device", "enter", "unit.json"] + words)
            #expect(run.status == 64 && run.talk.hasPrefix("error: the token "), "\(words): \(run.talk)")
        }
        #expect(try text(of: bench.folder.file("unit.json")) == before)
    }

    // MARK: - Its state

    @Test func `its clock stands still but for what it is advanced by`() throws {
        make()
        bench.payg("device", "enter", "unit.json", token("--days", "30"))
        bench.now = Timestamp(seconds: bench.now.seconds + 86_400)
        let (before, now) = (
            try text(of: bench.folder.file("unit.json")), bench.payg("device", "status", "unit.json", "--json")
        )
        #expect(try now.json()["secondsLeft"] as? Int == 30 * 86_400)
        #expect(try text(of: bench.folder.file("unit.json")) == before, "looking changes nothing")

        for (advance, display) in [("29d", "1d 0h 0m"), ("23h", "1h 0m 0s"), ("59m", "1m 0s"), ("59s", "1s")] {
            let run = bench.payg("device", "status", "unit.json", "--advance", advance, "--json")
            #expect(try run.json()["display"] as? String == display && run.json()["load"] as? Bool == true)
        }
        let run = bench.payg("device", "status", "unit.json", "--advance", "1s", forPerson: true)
        #expect(
            run.output == """
                unit              CSP-240311
                display           No time left
                load              off
                power             on
                time left         none
                count             2
                clock             30d 0h 0m

                """)
        #expect(bench.payg("device", "status", "unit.json").output.contains("time left\t0\n"))
    }

    @Test(arguments: ["30", "d", "3w", "-1d", "1.5h", "99999999999999999999d", "1152921504606846976d", ""])
    func `a time that is none is wrong usage`(_ time: String) throws {
        make()
        let run = bench.payg("device", "status", "unit.json", "--advance=\(time)")
        #expect(run.status == 64, "\(run.talk)")
    }

    @Test func `a file that is no state file is refused by name, and left as it is`() throws {
        make()
        let whole = try text(of: bench.folder.file("unit.json"))
        let cases: [(String, Int32, String)] = [
            ("", 65, "is not the state file"), ("{}", 65, "is not the state file"),
            ("{\"format\": \"other\", \"version\": 1}", 65, "is not the state file"),
            (String(repeating: "x", count: 70_000), 65, "is not the state file"),
            (String(whole.dropLast(20)), 65, "is damaged: it is not whole"),
            (whole.replacing(Self.key, with: "f3b7"), 65, "is damaged"),
            (whole.replacing("\"isPowered\"", with: "\"isPawned\""), 65, "is damaged"),
            (whole.replacing("\"dispatchedCount\" : 1", with: "\"dispatchedCount\" : 9"), 65, "is damaged: its count"),
            (whole.replacing("\"version\" : 1", with: "\"version\" : 2"), 78, "by a newer payg"),
        ]
        for (content, status, told) in cases {
            let path = try bench.folder.write(content, to: "bad.json")
            for command in [["status"], ["status", "--advance", "1d"], ["enter", "123456789"], ["keypad"]] {
                let run = bench.payg(["device", command[0], "bad.json"] + command.dropFirst())
                if command == ["keypad"] { continue }
                #expect(run.status == status && run.output == "", "\(content.prefix(40)): \(run.talk)")
                #expect(run.talk.contains("bad.json") && run.talk.contains(told), "\(run.talk)")
                #expect(!run.talk.contains("f3b7"), "no part of the key")
            }
            #expect(try text(of: path) == content)
        }
        #expect(bench.payg("device", "status", "none.json").status == 66)
        #expect(bench.payg("device", "status", ".").status == 65)
        #expect(bench.payg("device", "status", "-").status == 64)
    }

    @Test func `a restricted unit takes fifteen digits of 1 to 4`() throws {
        let list =
            "PAYG ID,Key,Starting Code,Count,Restricted Digit Mode\nR-1,bc41ec9530f6dac86b1a29ab82edc5fb,516959010,1,1\n"
        _ = try bench.folder.write(list, to: "list.csv")
        bench.payg("device", "new", "--from", "list.csv", "--row", "R-1", "--state", "r.json")
        let run = bench.payg("device", "enter", "r.json", "314", "114", "432", "231", "134", "--json")
        #expect(run.status == 0, "the standard's own example")
        #expect(try row(run)["display"] as? String == "Valid 1d 0h")
    }

    @Test func `the example of the standard's documentation, step by step`() throws {
        let list = "PAYG ID,Key,Starting Code,Count\nEX-1,a29ab82edc5fbbc41ec9530f6dac86b1,123456789,0\n"
        _ = try bench.folder.write(list, to: "list.csv")
        let made = bench.payg(
            "device", "new", "--from", "list.csv", "--row", "EX-1", "--state", "unit.json", "--json")
        #expect(try made.json()["dispatchedCount"] as? Int == 0, "\(made.talk)")
        let day = 86_400
        // Digits, what is said of them, days left then, and days that go by next.
        let steps: [(token: String, result: String, type: String?, left: Int, then: Int)] = [
            ("123456789", "invalid", nil, 0, 0), ("662486790", "valid", "addTime", 1, 0),
            ("662486790", "alreadyUsed", nil, 1, 0), ("927706818", "valid", "addTime", 30, 10),
            ("942433796", "valid", "setTime", 7, 8), ("650975787", "valid", "disablePayg", 0, 1000),
            ("592185789", "valid", "setTime", 0, 0), ("123456789", "invalid", nil, 0, 0),
        ]
        var passed = 0
        for step in steps {
            let run = bench.payg(
                "device", "enter", "unit.json", step.token, "--advance", "\(passed)d", "--json")
            let (isUnlocked, row) = (step.type == "disablePayg", try row(run))
            #expect(run.status == (step.result == "valid" ? 0 : 2), "\(step)")
            #expect(row["result"] as? String == step.result && row["type"] as? String == step.type, "\(step)")
            let status = try bench.payg("device", "status", "unit.json", "--json").json()
            for answer in [row, status] {
                #expect(answer["secondsLeft"] as? Int == step.left * day, "\(step)")
                #expect(answer["load"] as? Bool == (step.left > 0 || isUnlocked), "\(step)")
                #expect(answer["unlocked"] as? Bool == isUnlocked, "\(step)")
            }
            passed = step.then
        }
        #expect(try bench.payg("device", "status", "unit.json", "--json").json()["count"] as? Int == 9)
    }
}
