import ArgumentParser
import ChargeController
import Fleet

/// What happens to a simulated unit before anything is entered: its clock goes
/// on, and what goes wrong on purpose.
struct DeviceFaultOptions: ParsableArguments {
    @Flag(help: "Take its power away.")
    var powerOff = false

    @Flag(help: "A fault: its memory is lost, as in a repair; the count is the dispatched one again.")
    var loseMemory = false

    @Option(help: ArgumentHelp("A fault: its clock's chip jumps back so far.", valueName: "time"))
    var clockBack: String?

    @Flag(help: "A fault: its clock's chip stands still from now on.")
    var clockStops = false

    @Flag(help: "The chip goes on.")
    var clockRuns = false

    @Option(help: ArgumentHelp("Let time pass: 30d, 12h, 45m or 90s.", valueName: "time"))
    var advance: String?

    @Flag(help: "Give its power back.")
    var powerOn = false

    func validate() throws {
        if clockStops, clockRuns { throw ValidationError("--clock-stops and --clock-runs exclude each other") }
    }

    /// Whether the unit is another afterwards.
    var changesAnything: Bool {
        advance != nil || powerOff || powerOn || loseMemory || clockBack != nil || clockStops || clockRuns
    }

    /// What was asked for, understood.
    struct Understood {
        fileprivate let options: DeviceFaultOptions
        fileprivate let seconds: Int
        fileprivate let back: Int
    }

    /// Understands the times.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    func understood() throws(FleetError) -> Understood {
        func seconds(_ text: String?, _ option: String) throws(FleetError) -> Int {
            guard let text else { return 0 }
            return try TypedEntry.seconds(text, option)
        }
        return Understood(
            options: self, seconds: try seconds(advance, "--advance"), back: try seconds(clockBack, "--clock-back"))
    }
}

extension SolarUnit {
    /// Does to the unit what was asked for, in the order that they are declared in.
    mutating func undergo(_ asked: DeviceFaultOptions.Understood) {
        let options = asked.options
        if options.powerOff { cutPower() }
        if options.loseMemory { loseMemory() }
        jumpClockBack(by: asked.back)
        if options.clockStops { clockStandsStill = true }
        if options.clockRuns { clockStandsStill = false }
        advance(by: asked.seconds)
        if options.powerOn { restorePower() }
    }
}
