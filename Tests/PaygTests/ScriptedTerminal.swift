import Foundation

@testable import payg

/// A terminal where what is typed, and when, is written down beforehand.
final class ScriptedTerminal: Terminal, @unchecked Sendable {
    /// What happens, one after the other.
    enum Step {
        case types(String)
        case waits(milliseconds: Int)
        case resizes(columns: Int, lines: Int)
        case isStopped(milliseconds: Int)
        case isKilled(Int32)
        case isGone
        /// Remembers what is on the screen.
        case looks
    }

    private var steps: [Step]
    private(set) var size: TerminalSize
    private(set) var time = Duration.zero
    private(set) var screen: [String] = []
    private(set) var looks: [String] = []
    private(set) var isHeld = false
    private(set) var wasHeld = false
    private(set) var killedBy: Int32?
    /// What somebody else does meanwhile.
    var atLook: () -> Void = {}

    init(_ steps: Step..., columns: Int = 80, lines: Int = 24) {
        self.steps = steps
        size = TerminalSize(columns: columns, lines: lines)
    }

    func hold() {
        (isHeld, wasHeld) = (true, true)
    }

    func release() {
        isHeld = false
    }

    func end(by signal: Int32) {
        killedBy = signal
    }

    func draw(_ lines: [String]) {
        screen = lines
    }

    func next(within milliseconds: Int) -> TerminalEvent {
        // A script that ends without q would be waited for.
        guard let step = steps.first else { return .ended(by: nil) }
        if case .waits(let rest) = step, rest > milliseconds {
            steps[0] = .waits(milliseconds: rest - milliseconds)
            time += .milliseconds(milliseconds)
            return .nothing
        }
        steps.removeFirst()
        switch step {
        case .types(let text): return .typed(Array(text.utf8))
        case .waits(let rest): time += .milliseconds(rest)
        case .resizes(let columns, let lines): size = TerminalSize(columns: columns, lines: lines)
        case .isStopped(let rest):
            time += .milliseconds(rest)
            return .resumed
        case .isKilled(let signal): return .ended(by: signal)
        case .isGone: return .ended(by: nil)
        case .looks:
            looks.append(screen.joined(separator: "\n"))
            atLook()
        }
        return .nothing
    }
}
