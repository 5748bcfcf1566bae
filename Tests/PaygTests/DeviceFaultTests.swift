import Foundation
import TestSupport
import Testing

@testable import payg

/// What goes wrong with a simulated unit on purpose, from the command line.
struct DeviceFaultTests {
    private let bench: CommandBench
    private static let day = 86_400
    /// The first tokens of the unit: 30 days, and 30 more.
    private let tokens: [String]

    init() throws {
        bench = try CommandBench.withFleet()
        bench.payg("device", "new", "CSP-240311", "--state", "unit.json")
        tokens = (0..<2).map { [bench] _ in
            bench.payg("issue", "CSP-240311", "--days", "30").output.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    private func status(_ options: String...) throws -> [String: Any] {
        try bench.payg(["device", "status", "unit.json", "--json"] + options).json()
    }

    private func enter(_ token: String, _ options: String...) throws -> (row: [String: Any], talk: String) {
        let run = bench.payg(["device", "enter", "unit.json", token, "--json"] + options)
        return (try #require(run.jsonRows().first), run.talk)
    }

    @Test(arguments: [0, 1, 8, 40, 79, 80, 83, 84])
    func `the power goes while a token is stored, and there is both its time and its use or neither`(
        byte: Int
    ) throws {
        #expect(try enter(tokens[0]).row["result"] as? String == "valid")
        let cut = try enter(tokens[1], "--cut-power-after", "\(byte)")
        #expect(cut.row["result"] as? String == "noPower" && cut.row["display"] as? String == "")
        #expect(cut.row["load"] as? Bool == false)
        #expect(cut.talk == "the power went while it stored; --power-on gives it back\n")
        let dark = try status()
        #expect(dark["powered"] as? Bool == false && dark["load"] as? Bool == false)
        let back = try status("--power-on")
        let isStored = byte == 84
        #expect(back["powered"] as? Bool == true && back["load"] as? Bool == true)
        #expect(back["secondsLeft"] as? Int == (isStored ? 60 : 30) * Self.day)
        #expect(back["count"] as? Int == (isStored ? 4 : 2))
        let again = try enter(tokens[1]).row
        #expect(again["result"] as? String == (isStored ? "alreadyUsed" : "valid"))
        #expect(again["secondsLeft"] as? Int == 60 * Self.day)
    }

    @Test func `nothing that is not stored is cut, and no byte is beyond the last`() throws {
        let short = try enter("12345", "--cut-power-after", "3")
        #expect(short.row["result"] as? String == "tooShort" && short.talk.hasPrefix("nothing was stored"))
        for byte in ["85", "-1", "x"] {
            let run = bench.payg("device", "enter", "unit.json", tokens[0], "--cut-power-after=\(byte)")
            #expect(run.status == 64, "\(run.talk)")
        }
        let several = bench.payg(
            ["device", "enter", "unit.json", "--cut-power-after", "10", "--json"] + tokens)
        #expect(several.status == 2)
        #expect(try several.jsonRows().map { $0["result"] as? String } == ["noPower", "noPower"])
        #expect(try status("--power-on")["secondsLeft"] as? Int == 0)
    }

    @Test func `time in the dark is counted by the clock's chip, and gives no light`() throws {
        _ = try enter(tokens[0])
        let dark = try status("--power-off", "--advance", "10d")
        #expect(dark["load"] as? Bool == false && dark["clock"] as? Int == 0)
        #expect(try enter(tokens[1]).row["result"] as? String == "noPower")
        let back = try status("--power-on")
        #expect(back["secondsLeft"] as? Int == 20 * Self.day && back["load"] as? Bool == true)
        #expect(try status("--power-off", "--advance", "20d", "--power-on")["load"] as? Bool == false)
    }

    @Test func `a clock that jumps back gives no light, and time in the dark goes uncounted`() throws {
        _ = try enter(tokens[0])
        let jumped = try status("--clock-back", "5d", "--advance", "1d")
        #expect(jumped["secondsLeft"] as? Int == 29 * Self.day && jumped["clockBehind"] as? Int == 5 * Self.day)
        let outage = try status("--power-off", "--clock-back", "2d", "--advance", "3d", "--power-on")
        #expect(outage["secondsLeft"] as? Int == 28 * Self.day, "of three days the chip tells one")
        let far = try status("--power-off", "--clock-back", "30000d", "--advance", "3d", "--power-on")
        #expect(far["secondsLeft"] as? Int == 28 * Self.day)
        #expect(try status("--advance", "28d")["load"] as? Bool == false)
    }

    @Test func `a clock that stands still counts on with power, and not without`() throws {
        _ = try enter(tokens[0])
        let still = try status("--clock-stops", "--advance", "1d")
        #expect(still["clockStandsStill"] as? Bool == true && still["secondsLeft"] as? Int == 29 * Self.day)
        #expect(try status("--power-off", "--advance", "9d", "--power-on")["secondsLeft"] as? Int == 29 * Self.day)
        let shown = bench.payg("device", "status", "unit.json", forPerson: true).output
        #expect(shown.contains("clock chip        stands still\n") && shown.contains("clock behind      1d 0h 0m\n"))
        let runs = try status("--clock-runs", "--power-off", "--advance", "9d", "--power-on")
        #expect(runs["clockStandsStill"] as? Bool == false && runs["secondsLeft"] as? Int == 20 * Self.day)
        #expect(bench.payg("device", "status", "unit.json", "--clock-runs", "--clock-stops").status == 64)
    }

    @Test func `a memory that is lost has no time, and takes spent tokens again`() throws {
        _ = try enter(tokens[0])
        let lost = try status("--lose-memory")
        #expect(lost["secondsLeft"] as? Int == 0 && lost["load"] as? Bool == false && lost["count"] as? Int == 1)
        #expect(try enter(tokens[0]).row["result"] as? String == "valid")
        #expect(try enter(tokens[0], "--lose-memory").row["result"] as? String == "valid")
    }

    @Test func `a fault is kept in the state file, and looking alone changes nothing`() throws {
        let path = bench.folder.file("unit.json")
        for options in [["--clock-stops"], ["--clock-back", "1d"], ["--power-off"], ["--power-on"]] {
            let before = try text(of: path)
            bench.payg(["device", "status", "unit.json"] + options)
            #expect(try text(of: path) != before, "\(options)")
            let after = try text(of: path)
            bench.payg("device", "status", "unit.json")
            #expect(try text(of: path) == after)
        }
        for time in ["1", "-1d", "x"] {
            #expect(bench.payg("device", "status", "unit.json", "--clock-back=\(time)").status == 64)
        }
    }
}
