import ChargeController
import OpenPAYGO

/// How a simulated unit looks in a terminal: text alone, so that it needs
/// neither colour nor more than 80 columns and 24 lines.
struct KeypadPicture {
    /// What there is room for.
    static let size = TerminalSize(columns: 80, lines: 24)

    /// Whether lines are drawn with ASCII alone.
    let isPlain: Bool

    /// - Parameter environment: whose locale says which characters there are.
    init(environment: Environment) {
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        let name = locale.uppercased()
        isPlain = !name.contains("UTF-8") && !name.contains("UTF8")
    }

    /// The screen's lines.
    func lines(_ bench: KeypadBench, in size: TerminalSize) -> [String] {
        guard size.columns >= Self.size.columns, size.lines >= Self.size.lines else { return tooSmall(size) }
        let picture = bench.isHelpShown ? Self.help : unit(bench)
        let title = " \(bench.id)"
        let kind = "simulated charge controller"
        let room = Self.size.columns - 1 - title.cellWidth - kind.cellWidth
        // A name may be nearly as long as the line, and matters more.
        return [room > 0 ? title + String(repeating: " ", count: room) + kind : title, ""] + picture
    }

    private func tooSmall(_ size: TerminalSize) -> [String] {
        let told = ["\(size.columns) x \(size.lines)", "80 x 24 needed", "q quits"]
        return told.prefix(max(1, size.lines)).map { String($0.prefix(max(1, size.columns))) }
    }

    private func unit(_ bench: KeypadBench) -> [String] {
        let facts = facts(bench)
        let digits = bench.unit.parameters.digitSet == .full ? "0-9" : "1-4"
        return box(inside(bench), width: 30).enumerated().map { place, line in
            let fact = facts.indices.contains(place - 1) ? facts[place - 1] : ""
            return fact.isEmpty ? "   " + line : "   \(line)     \(fact)"
        } + [
            "", "   \(digits) * # are the unit's keys; Enter is #, Backspace *",
            "   f faster   p power   ? help   q quit",
        ]
    }

    /// The unit's face.
    private func inside(_ bench: KeypadBench) -> [String] {
        let unit = bench.unit
        let display = unit.display.text
        let width = SolarUnit.Display.width
        let shown = display + String(repeating: " ", count: max(0, width - display.count))
        var lines = box([" \(shown) "], width: width + 2).map { "     \($0)     " }
        let lamp = unit.isLoadOn ? (isPlain ? "(*)" : "(●)") + " on " : "( ) off"
        lines.append("         LOAD \(lamp)         ")
        let keys = unit.parameters.digitSet.keys
        for first in stride(from: 0, to: keys.count, by: 3) {
            let row = keys[first..<min(first + 3, keys.count)].map { key(String($0.rawValue), $0 == bench.pressed) }
            for line in 0..<3 { lines.append("   " + row.map { $0[line] }.joined(separator: " ") + "    ") }
        }
        return lines
    }

    private func key(_ name: String, _ isPressed: Bool) -> [String] {
        isPressed ? box(["[ \(name) ]"], width: 5, isHeavy: true) : box(["  \(name)  "], width: 5)
    }

    /// - Parameter lines: each of so many characters.
    private func box(_ lines: [String], width: Int, isHeavy: Bool = false) -> [String] {
        let (corners, across, down) =
            switch (isPlain, isHeavy) {
            case (true, false): (["+", "+", "+", "+"], "-", "|")
            case (true, true): (["+", "+", "+", "+"], "=", "|")
            case (false, false): (["┌", "┐", "└", "┘"], "─", "│")
            case (false, true): (["╔", "╗", "╚", "╝"], "═", "║")
            }
        let edge = String(repeating: across, count: width)
        return [corners[0] + edge + corners[1]] + lines.map { down + $0 + down } + [corners[2] + edge + corners[3]]
    }

    /// What is known of the unit beside its face.
    private func facts(_ bench: KeypadBench) -> [String] {
        let unit = bench.unit
        let (blocked, clock) = (unit.keypadBlockedFor, unit.clock.now)
        let left = TimeLeft(seconds: unit.secondsLeft).text
        return [
            fact("Load", unit.isLoadOn ? "on" : "off"),
            fact("Time left", unit.isUnlocked ? "unlocked for good" : left),
            fact("Power", unit.isPowered ? "on" : "off"),
            fact("Keypad", blocked > 0 ? "blocked for \(TimeLeft(seconds: blocked).text)" : "takes tokens"),
            fact("Count", unit.count.description),
            fact("Clock", clock == 0 ? "0s" : TimeLeft(seconds: clock).text),
            fact("Speed", speed(bench.speed)),
            "",
            fact("Keys", bench.lastKeys.map { String($0.rawValue) }.joined(separator: " ")),
        ]
    }

    private func fact(_ name: String, _ value: String) -> String {
        value.isEmpty ? "" : name + String(repeating: " ", count: max(1, 11 - name.count)) + value
    }

    private func speed(_ speed: Int) -> String {
        let names = [60: ": 1 s is 1 min", 3600: ": 1 s is 1 h", 86_400: ": 1 s is 1 day"]
        return (isPlain ? "x" : "×") + String(speed) + (names[speed] ?? "")
    }

    private static let help = [
        "   The unit takes a token as the real one does: type its digits, then #.",
        "",
        "   0-9  the unit's keys; one with a small keypad has 1 to 4 only",
        "   #    enters what is typed; alone, shows the time left   (also Enter)",
        "   *    clears what is typed                               (also Backspace)",
        "",
        "   f    time runs faster: 60, 3600 and 86400 times, then as it does",
        "   p    takes the unit's power away, and gives it back",
        "   q    saves the unit's state and quits; so does Ctrl-C",
        "",
        "   Three wrong tokens in a row block the keypad for 2 minutes, and each",
        "   further one for twice as long. A power cut does not end that.",
        "",
        "   While the keypad is open the unit's time runs; when it is not, it stands",
        "   still, but for --advance of payg device enter and payg device status.",
        "   Those make faults, too: a lost memory, a clock that goes wrong, and a",
        "   power cut while a token is stored.",
        "",
        "   any key goes back",
    ]
}
