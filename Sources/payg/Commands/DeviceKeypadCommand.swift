import ArgumentParser
import Fleet
import Foundation

struct DeviceKeypadCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "keypad",
        abstract: "Operate a simulated unit by hand, on the whole terminal.",
        usage: "payg device keypad STATE",
        discussion: """
            The keys 0-9, * and # are the unit's; Enter is #, and Backspace *. f makes its time run 60, 3600 and 86400 \
            times as fast, p takes its power away and gives it back, ? tells of the keys, q saves and quits. Needs 80 \
            columns and 24 lines, and no colour. Its time runs while the keypad is open.
            """
    )

    @Argument(help: "The simulated unit's state file.")
    var state: String

    /// The longest time between two pictures, in milliseconds.
    private static let frame = 100

    func run() throws {
        let context = CommandContext.current
        guard let terminal = context.terminal() else { throw FleetError.noTerminal }
        let (size, needed) = (terminal.size, KeypadPicture.size)
        guard size.columns >= needed.columns, size.lines >= needed.lines else {
            throw FleetError.terminalTooSmall(columns: size.columns, lines: size.lines)
        }
        let file = try DeviceFile(try context.filePath(state), changing: true)
        var bench = KeypadBench(file.id, file.unit)
        let signal = operate(&bench, at: terminal, context)
        // First of all, so that what fails is told where it can be read.
        terminal.release()
        file.unit = bench.unit
        try file.save()
        if let signal {
            terminal.end(by: signal)
            throw ExitStatus.failed
        }
        context.say("unit \(file.id) is saved in \(state)")
    }

    /// - Returns: the signal that asked for the end, if one did.
    private func operate(_ bench: inout KeypadBench, at terminal: any Terminal, _ context: CommandContext) -> Int32? {
        let picture = KeypadPicture(environment: context.environment)
        terminal.hold()
        var last = context.running()
        while true {
            terminal.draw(picture.lines(bench, in: terminal.size))
            let event = terminal.next(within: Self.frame)
            let now = context.running()
            // While the program was stopped, the unit's time was too.
            if event != .resumed { bench.pass(now - last) }
            last = now
            switch event {
            case .typed(let bytes): for byte in bytes where bench.take(byte) { return nil }
            case .nothing: bench.settle()
            case .resumed: break
            case .ended(let signal): return signal
            }
        }
    }
}
