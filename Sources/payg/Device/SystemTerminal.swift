import Foundation

/// The terminal that the program was started in.
///
/// Signals are kept pending and looked for between two frames: none of them
/// meets the program half-way through a change of the terminal. What kills at
/// once (`kill -9`) leaves the terminal as it is; `reset` mends it then.
final class SystemTerminal: Terminal {
    private let (input, output) = (STDIN_FILENO, STDOUT_FILENO)
    private let before: termios
    private var isHeld = false
    private var isGone = false
    private var shown: [String] = []
    private var shownSize = TerminalSize(columns: 0, lines: 0)

    /// The other screen, and no cursor; and back.
    private static let (enter, leave) = ("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J", "\u{1B}[?25h\u{1B}[?1049l")

    /// Nil where input or output is no terminal, or one without a screen.
    init?(environment: Environment) {
        let kind = environment["TERM"] ?? ""
        var now = termios()
        guard !kind.isEmpty, kind != "dumb", isatty(input) == 1, isatty(output) == 1, tcgetattr(input, &now) == 0
        else { return nil }
        before = now
    }

    deinit {
        release()
    }

    var size: TerminalSize {
        var size = winsize()
        // Some say nothing, and 80 × 24 is what all have.
        guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return TerminalSize(columns: 80, lines: 24)
        }
        return TerminalSize(columns: Int(size.ws_col), lines: Int(size.ws_row))
    }

    func hold() {
        PendingSignals.mask(SIG_BLOCK, PendingSignals.ending + PendingSignals.stopping)
        enterScreen()
    }

    func release() {
        leaveScreen()
    }

    func end(by signal: Int32) {
        release()
        PendingSignals.end(by: signal)
    }

    func draw(_ lines: [String]) {
        let size = size
        var frame = ""
        if size != shownSize {
            frame += "\u{1B}[2J"
            (shown, shownSize) = ([], size)
        }
        // Only what changed: a line over SSH takes its time.
        for (place, line) in lines.enumerated() where place >= shown.count || shown[place] != line {
            frame += "\u{1B}[\(place + 1);1H\(line)\u{1B}[K"
        }
        if lines.count < shown.count { frame += "\u{1B}[\(lines.count + 1);1H\u{1B}[J" }
        shown = lines
        if !frame.isEmpty { write(frame) }
    }

    func next(within milliseconds: Int) -> TerminalEvent {
        guard !isGone else { return .ended(by: nil) }
        var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        let ready = poll(&waiting, 1, Int32(clamping: milliseconds))
        if let signal = PendingSignals.taken(PendingSignals.ending) { return .ended(by: signal) }
        if let signal = PendingSignals.taken(PendingSignals.stopping) { return signal == SIGTSTP ? stop() : resume() }
        guard ready > 0 else { return .nothing }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = bytes.withUnsafeMutableBytes { read(input, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
        guard count > 0 else { return .ended(by: nil) }
        return .typed(Array(bytes[..<count]))
    }

    // MARK: - The screen

    private func enterScreen() {
        guard !isHeld else { return }
        isHeld = true
        var raw = before
        // Keys one by one and unseen; Ctrl-C and Ctrl-Z stay signals.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR)
        withUnsafeMutableBytes(of: &raw.c_cc) { (keys: UnsafeMutableRawBufferPointer) in
            keys[Int(VMIN)] = 1
            keys[Int(VTIME)] = 0
        }
        tcsetattr(input, TCSADRAIN, &raw)
        write(Self.enter)
        (shown, shownSize) = ([], size)
    }

    private func leaveScreen() {
        guard isHeld else { return }
        isHeld = false
        write(Self.leave)
        // What was typed for the view is not for the shell.
        var before = before
        tcsetattr(input, TCSAFLUSH, &before)
    }

    /// Stops as any program does on Ctrl-Z, and comes back here.
    private func stop() -> TerminalEvent {
        leaveScreen()
        PendingSignals.stop()
        return resume()
    }

    /// Takes the screen again: who stopped the program may have used it.
    private func resume() -> TerminalEvent {
        leaveScreen()
        enterScreen()
        return .resumed
    }

    private func write(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty, !isGone {
            let written = rest.withUnsafeBytes { Foundation.write(output, $0.baseAddress, $0.count) }
            if written < 0, errno == EINTR { continue }
            if written < 0, errno == EAGAIN {
                var waiting = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                _ = poll(&waiting, 1, -1)
                continue
            }
            guard written > 0 else {
                isGone = true
                return
            }
            rest = rest.dropFirst(written)
        }
    }
}
