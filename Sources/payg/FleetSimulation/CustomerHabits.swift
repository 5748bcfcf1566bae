/// What customers, the desk and the hardware do wrong, and how often: times in
/// a million.
struct CustomerHabits: Hashable, Sendable {
    /// A token is lost before it is entered.
    var loses = 20_000
    /// Who lost one calls the support desk, which tells it again.
    var calls = 600_000
    /// A token is kept, and entered after the next one.
    var keeps = 50_000
    /// A token is entered a day or more after it was told.
    var waits = 60_000
    /// A token is mistyped at first.
    var mistypes = 60_000
    /// Who mistyped mistypes once more.
    var mistypesAgain = 350_000
    /// A token is entered a second time.
    var repeats = 30_000
    /// On a day, the desk corrects what a unit has left.
    var corrects = 500
    /// On a day, a unit is paid for good.
    var unlocks = 25
    /// On a day, a unit loses its memory.
    var forgets = 0
    /// On a day, a unit's clock stands still while the power is away.
    var stops = 0

    /// Nobody does anything wrong, and all is entered within an hour.
    static let perfect = CustomerHabits(
        loses: 0, calls: 0, keeps: 0, waits: 0, mistypes: 0, mistypesAgain: 0, repeats: 0, corrects: 0, unlocks: 0)

    /// The usual customers, with hardware that fails.
    static let withFaults = CustomerHabits(forgets: 150, stops: 300)
}

extension SeededRandom {
    /// How many days somebody pays for: mostly few, a week or a month.
    mutating func daysPaid() -> Int {
        switch number(in: 0...9) {
        case 0...2: number(in: 1...6)
        case 3...5: 7
        case 6, 7: number(in: 8...29)
        default: 30
        }
    }

    /// How many days after the light goes out somebody pays; fewer than none
    /// for who pays before.
    mutating func daysLate() -> Int {
        switch number(in: 0...9) {
        case 0...4: number(in: -3...0)
        case 5...7: number(in: 0...2)
        case 8: number(in: 3...7)
        default: number(in: 8...25)
        }
    }

    /// Seconds until somebody types what they were told in the morning: most
    /// within the day.
    mutating func secondsUntilEntry(_ habits: CustomerHabits) -> Int {
        guard habits.waits > 0 else { return number(in: 60...3600) }
        return happens(habits.waits) ? number(in: 86_400...5 * 86_400) : number(in: 60...40_000)
    }

    /// Digits as somebody types them wrong: one is another, or two neighbours
    /// are swapped. Never what they were.
    ///
    /// - Parameter keys: the digits that the keypad has.
    mutating func mistyped(_ digits: String, keys: [Character]) -> String {
        var typed = Array(digits)
        guard typed.count > 1, keys.count > 1 else { return digits + "0" }
        let place = number(in: 0...typed.count - 2)
        if happens(500_000), typed[place] != typed[place + 1] {
            typed.swapAt(place, place + 1)
        } else {
            let others = keys.filter { $0 != typed[place] }
            typed[place] = others[number(in: 0...others.count - 1)]
        }
        return String(typed)
    }
}
