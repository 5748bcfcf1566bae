import ChargeController
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import payg

/// The keypad at a terminal whose keys and time are written down.
struct KeypadTests {
    private let bench: CommandBench

    init() throws {
        bench = try CommandBench()
        bench.payg(
            "device", "new", "--from", "cloud-solar-dispatch.csv", "--row", "CSP-240311", "--state", "unit.json")
    }

    /// The first token of the unit: 30 days.
    private static let token = "649118926"

    @discardableResult
    private func keypad(
        _ terminal: ScriptedTerminal, _ file: String = "unit.json", locale: String = "C.UTF-8"
    ) -> CommandBench.Run {
        bench.payg(["device", "keypad", file], environment: ["LANG": locale], terminal: terminal)
    }

    private func status() throws -> [String: Any] {
        try bench.payg("device", "status", "unit.json", "--json").json()
    }

    @Test func `a unit is drawn with its display, lamp, keys and what is known of it`() throws {
        let terminal = ScriptedTerminal(.types("588"), .waits(milliseconds: 300), .looks, .types("q"))
        let run = keypad(terminal)
        #expect(run.status == 0 && run.output == "" && run.talk == "unit CSP-240311 is saved in unit.json\n")
        #expect(
            terminal.looks.last == """
                 CSP-240311                                         simulated charge controller

                   ┌──────────────────────────────┐
                   │     ┌──────────────────┐     │     Load       off
                   │     │ 588              │     │     Time left  No time left
                   │     └──────────────────┘     │     Power      on
                   │         LOAD ( ) off         │     Keypad     takes tokens
                   │   ┌─────┐ ┌─────┐ ┌─────┐    │     Count      1
                   │   │  1  │ │  2  │ │  3  │    │     Clock      0s
                   │   └─────┘ └─────┘ └─────┘    │     Speed      ×1
                   │   ┌─────┐ ┌─────┐ ┌─────┐    │
                   │   │  4  │ │  5  │ │  6  │    │     Keys       5 8 8
                   │   └─────┘ └─────┘ └─────┘    │
                   │   ┌─────┐ ┌─────┐ ┌─────┐    │
                   │   │  7  │ │  8  │ │  9  │    │
                   │   └─────┘ └─────┘ └─────┘    │
                   │   ┌─────┐ ┌─────┐ ┌─────┐    │
                   │   │  *  │ │  0  │ │  #  │    │
                   │   └─────┘ └─────┘ └─────┘    │
                   └──────────────────────────────┘

                   0-9 * # are the unit's keys; Enter is #, Backspace *
                   f faster   p power   ? help   q quit
                """)
    }

    @Test func `a token that is typed turns the lamp on, and what it gave is saved on quitting`() throws {
        let terminal = ScriptedTerminal(.types(Self.token), .types("\r"), .looks, .types("q"))
        keypad(terminal)
        let screen = try #require(terminal.looks.last)
        #expect(screen.contains("│ Valid 30d 0h     │") && screen.contains("LOAD (●) on"))
        #expect(screen.contains("Keys       6 4 9 1 1 8 9 2 6 #"))
        #expect(try status()["secondsLeft"] as? Int == 30 * 86_400)
        #expect(try permissions(of: bench.folder.file("unit.json")) == 0o600)
        #expect(!terminal.isHeld)
    }

    @Test func `a key that is pressed shows it for a moment`() throws {
        let terminal = ScriptedTerminal(
            .types("5"), .looks, .waits(milliseconds: 200), .looks, .waits(milliseconds: 100), .looks, .types("q"))
        keypad(terminal)
        let down = ["╔═════╗", "║[ 5 ]║", "╚═════╝"]
        #expect(terminal.looks.map { screen in down.allSatisfy(screen.contains) } == [true, true, false])
    }

    @Test func `without UTF-8 everything is ASCII`() throws {
        for locale in ["C", "", "fr_FR.ISO-8859-1"] {
            let terminal = ScriptedTerminal(
                .types(Self.token + "#"), .looks, .types("f"), .looks, .types("?"), .looks, .types(" q"))
            keypad(terminal, locale: locale)
            #expect(terminal.looks.allSatisfy { $0.utf8.allSatisfy { (0x20..<0x7F).contains($0) || $0 == 0x0A } })
            bench.payg("device", "status", "unit.json", "--advance", "90d")
        }
        #expect(KeypadPicture(environment: ["LC_ALL": "C", "LANG": "en_US.UTF-8"]).isPlain)
        #expect(!KeypadPicture(environment: ["LC_ALL": "", "LANG": "en_US.utf8"]).isPlain)
    }

    @Test func `every picture fits 80 columns and 24 lines`() throws {
        let terminal = ScriptedTerminal(
            .types("123456789#"), .looks, .types("f123456789#123456789#"), .looks, .types("fff"), .looks, .types("p"),
            .looks, .types("p" + String(repeating: "1*", count: 30)), .looks, .types("?"), .looks, .types("xf"),
            .waits(milliseconds: 9_000), .looks, .types("ff"), .waits(milliseconds: 900_000), .looks, .types("q"))
        keypad(terminal)
        #expect(terminal.looks.count == 8)
        for screen in terminal.looks {
            let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(lines.count <= 24 && lines.allSatisfy { String($0).cellWidth <= 80 }, "\(screen)")
            #expect(!screen.unicodeScalars.contains("\u{1B}"), "and needs no colour")
        }
    }

    @Test func `the longest name there can be fits as well`() throws {
        let name = String(repeating: "W", count: 64)
        _ = try bench.folder.write("PAYG ID,Key\n\(name),bc41ec9530f6dac86b1a29ab82edc5fb\n", to: "list.csv")
        bench.payg("device", "new", "--from", "list.csv", "--row", name, "--state", "w.json")
        let terminal = ScriptedTerminal(.looks, .types("q"))
        keypad(terminal, "w.json")
        #expect(terminal.looks.first?.split(separator: "\n").first.map(String.init) == " " + name)
    }

    @Test func `time runs, as fast as it is told to`() throws {
        let terminal = ScriptedTerminal(
            .types(Self.token + "#"), .waits(milliseconds: 5_500), .looks,
            .types("f"), .waits(milliseconds: 1_000), .looks, .types("f"), .waits(milliseconds: 1_000), .looks,
            .types("f"), .waits(milliseconds: 10_000), .looks, .types("f"), .looks, .types("q"))
        keypad(terminal)
        let clocks = terminal.looks.map { screen in
            screen.split(separator: "\n").first { $0.contains("Clock") }?.split(separator: "Clock ").last?
                .trimmingCharacters(in: .whitespaces)
        }
        #expect(clocks == ["5s", "1m 5s", "1h 1m 5s", "10d 1h 1m", "10d 1h 1m"])
        let speeds = [
            "Speed      ×1", "×60: 1 s is 1 min", "×3600: 1 s is 1 h", "×86400: 1 s is 1 day", "Speed      ×1",
        ]
        for (screen, speed) in zip(terminal.looks, speeds) { #expect(screen.contains(speed)) }
        #expect(try status()["clock"] as? Int == 10 * 86_400 + 3665)
    }

    @Test func `time does not run while the program is stopped, or the computer asleep`() throws {
        keypad(ScriptedTerminal(.isStopped(milliseconds: 3_600_000), .types("q")))
        #expect(try status()["clock"] as? Int == 0)
    }

    @Test func `power is taken away and given back`() throws {
        let terminal = ScriptedTerminal(
            .types(Self.token + "#p"), .looks, .types("5#"), .looks, .types("p"), .looks, .types("#"), .looks,
            .types("pq"))
        keypad(terminal)
        #expect(terminal.looks[0].contains("LOAD ( ) off") && terminal.looks[0].contains("Power      off"))
        #expect(terminal.looks[1].contains("│                  │"), "it shows nothing")
        #expect(terminal.looks[2].contains("LOAD (●) on"))
        #expect(terminal.looks[3].contains("30d 0h 0m"))
        #expect(try status()["powered"] as? Bool == false)
        #expect(bench.payg("device", "enter", "unit.json", Self.token).output.contains("\tnoPower\t"))
    }

    @Test func `arrows and other keys of a keyboard press nothing`() throws {
        let terminal = ScriptedTerminal(
            .types("12\u{1B}[A\u{1B}[15~\u{1B}OP\u{1B}[1;5Céx 3"), .looks, .types("\u{1B}"), .waits(milliseconds: 100),
            .types("4"), .looks, .types("\u{7F}"), .looks, .types("q"))
        keypad(terminal)
        #expect(terminal.looks[0].contains("│ 123              │"))
        #expect(terminal.looks[1].contains("│ 1234             │"), "an escape by itself swallows nothing after it")
        #expect(terminal.looks[2].contains("│                  │"), "Backspace clears")
    }

    @Test func `help tells of the keys, and any key goes back`() throws {
        let terminal = ScriptedTerminal(.types("1?"), .looks, .types("5"), .looks, .types("q"))
        keypad(terminal)
        #expect(terminal.looks[0].contains("f    time runs faster") && terminal.looks[0].contains("any key goes back"))
        #expect(terminal.looks[1].contains("│ 1                │"), "and is not pressed")
    }

    @Test func `a restricted unit has the keys 1 to 4 and takes no other`() throws {
        let list = "PAYG ID,Key,Starting Code,Restricted Digit Mode\nR-1,bc41ec9530f6dac86b1a29ab82edc5fb,516959010,1\n"
        _ = try bench.folder.write(list, to: "list.csv")
        bench.payg("device", "new", "--from", "list.csv", "--row", "R-1", "--state", "r.json")
        let terminal = ScriptedTerminal(
            .types("96031405"), .waits(milliseconds: 300), .looks, .types("*314114432231134#"), .looks, .types("q"))
        keypad(terminal, "r.json")
        #expect(terminal.looks[0].contains("│  4  │ │  *  │ │  #  │"))
        #expect(["5", "6", "7", "8", "9", "0"].allSatisfy { !terminal.looks[0].contains("│  \($0)  │") })
        #expect(terminal.looks[0].contains("│ 314              │") && terminal.looks[0].contains("Keys       3 1 4"))
        #expect(terminal.looks[0].contains("1-4 * # are the unit's keys"))
        #expect(terminal.looks[1].contains("Valid 1d 0h"))
    }

    @Test func `a window made too small says so, and goes on when it is large again`() throws {
        let terminal = ScriptedTerminal(
            .types("12"), .resizes(columns: 60, lines: 24), .looks, .resizes(columns: 10, lines: 1), .looks,
            .types("3"), .resizes(columns: 200, lines: 50), .looks, .types("q"))
        keypad(terminal)
        #expect(terminal.looks[0] == "60 x 24\n80 x 24 needed\nq quits")
        #expect(terminal.looks[1] == "10 x 1")
        #expect(terminal.looks[2].contains("│ 123              │"))
    }

    @Test func `without a terminal, or in one too small, it refuses and leaves the screen alone`() throws {
        let before = try text(of: bench.folder.file("unit.json"))
        let piped = bench.payg("device", "keypad", "unit.json")
        #expect(piped.status == 64 && piped.output == "")
        #expect(piped.talk.hasPrefix("error: the keypad takes a whole terminal") && piped.talk.contains("device enter"))
        let small = ScriptedTerminal(.types("q"), columns: 79, lines: 30)
        let run = keypad(small)
        #expect(run.status == 64 && run.talk.contains("79 columns and 30 lines") && !small.wasHeld)
        #expect(try text(of: bench.folder.file("unit.json")) == before)
    }

    @Test func `a file that is none is told of before the screen is taken`() throws {
        let terminal = ScriptedTerminal(.types("q"))
        _ = try bench.folder.write("{}", to: "bad.json")
        #expect(keypad(terminal, "bad.json").status == 65 && keypad(terminal, "none.json").status == 66)
        #expect(!terminal.wasHeld)
    }

    @Test func `what was entered is saved when a signal ends it, or the terminal is gone`() throws {
        let killed = ScriptedTerminal(.types(Self.token + "#"), .isKilled(SIGTERM))
        keypad(killed)
        #expect(killed.killedBy == SIGTERM && !killed.isHeld)
        #expect(try status()["count"] as? Int == 2)
        let gone = ScriptedTerminal(.types("p"), .isGone)
        #expect(keypad(gone).status == 0 && !gone.isHeld)
        #expect(try status()["powered"] as? Bool == false)
    }

    @Test func `what cannot be saved is an error, told on the screen of before`() throws {
        let folder = bench.folder.file("away")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: bench.folder.file("unit.json"), toPath: folder + "/unit.json")
        let terminal = ScriptedTerminal(.types("p"), .looks, .types("q"))
        terminal.atLook = { try? FileManager.default.removeItem(atPath: folder) }
        let run = keypad(terminal, "away/unit.json")
        #expect(run.status == 73 && run.talk.hasPrefix("error: ") && !terminal.isHeld)
    }
}
