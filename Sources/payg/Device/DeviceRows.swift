import ChargeController
import Fleet
import OpenPAYGO

/// What became of a token that was entered, as it is answered.
struct EntryRow: TableRow {
    let token: String
    let result: String
    @OrNull var type: String?
    @OrNull var value: Int?
    /// What stood on the display then.
    let display: String
    let load: Bool
    let secondsLeft: Int
    let unlocked: Bool
    let count: Int

    /// - Parameters:
    ///   - answer: the unit's; nil where it has no power.
    ///   - unit: the unit after it.
    init(_ token: String, _ answer: SolarUnit.Answer?, _ unit: SolarUnit) {
        self.token = token
        (result, type, value) =
            switch answer {
            case .valid(let instruction): ("valid", instruction.type.rawValue, instruction.time?.number)
            case .test: ("test", nil, nil)
            case .alreadyUsed: ("alreadyUsed", nil, nil)
            case .invalid: ("invalid", nil, nil)
            case .tooShort: ("tooShort", nil, nil)
            case .wait: ("wait", nil, nil)
            // Nothing typed is no entry.
            case .timeLeft: ("timeLeft", nil, nil)
            case nil: ("noPower", nil, nil)
            }
        display = unit.display.text
        load = unit.isLoadOn
        secondsLeft = unit.secondsLeft
        unlocked = unit.isUnlocked
        count = Int(unit.count.number)
    }

    private var grouped: String {
        for digits in [Token.DigitSet.full, .restricted] {
            if let token = try? Token(digits: token, digitSet: digits) { return token.grouped }
        }
        return token
    }

    /// Whether the unit took it.
    var isTaken: Bool { result == "valid" || result == "test" }

    static var columns: [Column<EntryRow>] {
        [
            Column("token", \.token, shown: \.grouped),
            Column("result", \.result, shown: { spaced($0.result) }),
            Column("display", \.display),
            Column("load") { $0.load ? "on" : "off" },
            Column("seconds left", isNumber: true, { $0.unlocked ? "" : String($0.secondsLeft) }),
            Column("count", isNumber: true) { String($0.count) },
        ]
    }
}

/// A simulated unit as it is answered. Its credentials are in its file only.
struct DeviceAnswer: Encodable {
    let unit: String
    /// What the display shows when # is pressed alone.
    let display: String
    let load: Bool
    let powered: Bool
    let unlocked: Bool
    let secondsLeft: Int
    let testSecondsLeft: Int
    let keypadBlockedFor: Int
    let count: Int
    /// Seconds that it counted since the factory.
    let clock: Int
    /// Whether its clock's chip stands still, a fault.
    let clockStandsStill: Bool
    /// Seconds by which the chip says less than the unit counted, after a fault.
    let clockBehind: Int

    init(_ id: PaygID, _ unit: SolarUnit) {
        self.unit = id.text
        var asked = unit
        asked.press(.star)
        asked.press(.hash)
        display = asked.display.text
        load = unit.isLoadOn
        powered = unit.isPowered
        unlocked = unit.isUnlocked
        secondsLeft = unit.secondsLeft
        testSecondsLeft = unit.testSecondsLeft
        keypadBlockedFor = unit.keypadBlockedFor
        count = Int(unit.count.number)
        clock = unit.clock.now
        clockStandsStill = unit.clockStandsStill
        clockBehind = unit.clock.now - unit.clock.reading
    }

    /// - Parameter forPerson: whether numbers of seconds are told as days and
    ///   hours, and what is nothing is left out.
    func facts(forPerson: Bool) -> [(name: String, value: String)] {
        func time(_ seconds: Int, none: String = "") -> String {
            guard forPerson else { return String(seconds) }
            return seconds == 0 ? none : TimeLeft(seconds: seconds).text
        }
        return [
            ("unit", unit),
            ("display", display),
            ("load", load ? "on" : "off"),
            ("power", powered ? "on" : "off"),
            ("time left", unlocked ? "unlocked for good" : time(secondsLeft, none: "none")),
            ("test for", time(testSecondsLeft)),
            ("blocked for", time(keypadBlockedFor)),
            ("count", String(count)),
            ("clock", time(clock, none: "0s")),
            ("clock chip", clockStandsStill ? "stands still" : forPerson ? "" : "runs"),
            ("clock behind", time(clockBehind)),
        ]
    }
}
