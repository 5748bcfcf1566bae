import Foundation

/// Signals that are kept pending and looked for between two steps, so that none
/// of them meets the program half-way through a change of the terminal.
enum PendingSignals {
    /// What asks a program to end.
    static let ending = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// What stops it, and lets it go on.
    static let stopping = [SIGTSTP, SIGCONT]

    /// Holds them back, or no longer.
    static func mask(_ how: Int32, _ signals: [Int32]) {
        var set = set(signals)
        pthread_sigmask(how, &set, nil)
    }

    /// One of some signals that has come, and is taken.
    static func taken(_ signals: [Int32]) -> Int32? {
        var waiting = sigset_t()
        guard sigpending(&waiting) == 0 else { return nil }
        guard let signal = signals.first(where: { sigismember(&waiting, $0) == 1 }) else { return nil }
        var (one, taken) = (set([signal]), Int32(0))
        return sigwait(&one, &taken) == 0 ? signal : nil
    }

    /// Whether the program was started to ignore a signal, which is held back now.
    static func isIgnored(_ one: Int32) -> Bool {
        // There is no way to ask that is the same on every system. Functions of C
        // do not compare.
        let former = signal(one, SIG_DFL)
        signal(one, former)
        return unsafeBitCast(former, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    /// Ends the program as a signal would have.
    static func end(by signal: Int32) {
        Foundation.signal(signal, SIG_DFL)
        mask(SIG_UNBLOCK, [signal])
        kill(getpid(), signal)
    }

    /// Stops as any program does on Ctrl-Z, and comes back here.
    static func stop() {
        signal(SIGTSTP, SIG_DFL)
        kill(getpid(), SIGTSTP)
        mask(SIG_UNBLOCK, [SIGTSTP])
        mask(SIG_BLOCK, [SIGTSTP])
        // Going on is no news any more.
        _ = taken([SIGCONT])
    }

    private static func set(_ signals: [Int32]) -> sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        return set
    }
}
