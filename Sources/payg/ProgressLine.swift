import Fleet
import Synchronization

/// How far something is.
struct Progress {
    /// What of, as the person named it.
    let what: String
    /// How much is done.
    let done: Int
    /// How much there is; nil where that is not known.
    let size: Int?
    /// What it is counted in.
    var unit = Unit.bytes

    enum Unit {
        case bytes
        /// Things, by the word for many of them.
        case things(String)
    }
}

/// Tells how far something is: a bar in a terminal once it takes longer than a
/// second, one line a minute elsewhere.
final class ProgressLine: Sendable {
    private struct State {
        var told = Duration.zero
        var isShown = false
    }

    private let context: CommandContext
    private let start: Duration
    private let state = Mutex(State())

    init(_ context: CommandContext) {
        self.context = context
        start = context.running()
    }

    /// Takes how far it is. Called often, on any thread.
    func take(_ progress: Progress) {
        let elapsed = context.running() - start
        let isTerminal = context.talkIsTerminal
        state.withLock { state in
            let pause: Duration =
                isTerminal ? (state.isShown ? .milliseconds(200) : .seconds(1)) : .seconds(60)
            guard elapsed - state.told >= pause else { return }
            state.told = elapsed
            let line = Self.line(progress, elapsed)
            if isTerminal {
                state.isShown = true
                try? context.talk.text("\r\u{1B}[K\(line)")
            } else {
                context.say(line)
            }
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            guard state.isShown else { return }
            state.isShown = false
            try? context.talk.text("\r\u{1B}[K")
        }
    }

    /// `list.csv  [#########-----------]  45 %  38.2 MB/s  2 s left`
    static func line(_ progress: Progress, _ elapsed: Duration) -> String {
        let seconds = max(elapsed / .seconds(1), 0.001)
        let rate = Double(progress.done) / seconds
        let (speed, done) =
            switch progress.unit {
            case .bytes: ("\(megabytes(rate)) MB/s", "\(megabytes(Double(progress.done))) MB")
            case .things(let things): ("\(Int(rate)) \(things)/s", "\(progress.done) \(things)")
            }
        let what = progress.what.printable
        guard let size = progress.size, size > 0 else { return "\(what)  \(done)  \(speed)" }
        let share = min(1, Double(progress.done) / Double(size))
        let marks = Int(share * 20)
        let bar = String(repeating: "#", count: marks) + String(repeating: "-", count: 20 - marks)
        let left = rate > 0 ? Int((Double(size - progress.done) / rate).rounded(.up)) : 0
        return "\(what)  [\(bar)]  \(Int(share * 100)) %  \(speed)  \(max(0, left)) s left"
    }

    private static func megabytes(_ bytes: Double) -> String {
        let tenths = Int(bytes / 100_000)
        return "\(tenths / 10).\(tenths % 10)"
    }
}
