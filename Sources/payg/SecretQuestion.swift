import Fleet
import Foundation
import SecretMemory

/// Asks the person at the terminal for something that is not shown while it is
/// typed.
///
/// It is the terminal that the program was started in, wherever standard input
/// and output go: a list may come in by the one and tokens leave by the other.
enum SecretQuestion {
    /// More than any passphrase has.
    static let most = 4096

    /// Asks, and gives back what was typed, without the line's end; nil where
    /// there is no terminal, or it is over.
    ///
    /// Signals wait until the terminal shows again what is typed: Ctrl-C and
    /// Ctrl-Z do what they do anywhere. Only what kills at once leaves it silent
    /// (`stty echo` mends it then).
    static func ask(_ question: String) -> SecretBytes? {
        let terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)
        guard terminal >= 0 else { return nil }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else { return nil }
        CoreDumps.switchOff()
        let held = PendingSignals.ending + PendingSignals.stopping
        PendingSignals.mask(SIG_BLOCK, held)
        defer { PendingSignals.mask(SIG_UNBLOCK, held) }

        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ICANON | ISIG)
        func hush() {
            // What was typed before it was asked for is something else.
            tcsetattr(terminal, TCSAFLUSH, &silent)
            write("\(question) ", terminal)
        }
        func restore() {
            // At once: a terminal that nobody looks at would be waited for.
            tcsetattr(terminal, TCSANOW, &before)
            write("\n", terminal)
        }
        hush()
        var typed: SecretBytes?
        while true {
            var waiting = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, 100)
            if let signal = PendingSignals.taken(PendingSignals.ending) {
                // Half a passphrase is not for the shell.
                tcflush(terminal, TCIFLUSH)
                restore()
                PendingSignals.end(by: signal)
                return nil
            }
            if let signal = PendingSignals.taken(PendingSignals.stopping) {
                tcflush(terminal, TCIFLUSH)
                restore()
                if signal == SIGTSTP { PendingSignals.stop() }
                hush()
                continue
            }
            guard ready != 0 else { continue }
            guard ready > 0 else { continue }
            // macOS cannot wait for this device, and can read from it.
            guard waiting.revents & Int16(POLLIN | POLLNVAL) != 0 else { break }
            typed = line(terminal)
            break
        }
        restore()
        return typed
    }

    /// One line of a terminal, which gives no less; nil where it is over.
    private static func line(_ terminal: Int32) -> SecretBytes? {
        var isOver = false
        let line = SecretBytes(capacity: most) { place in
            let count = read(terminal, place.baseAddress, place.count)
            isOver = count <= 0
            guard count > 0 else { return 0 }
            return place[..<count].last == UInt8(ascii: "\n") ? count - 1 : count
        }
        return isOver ? nil : line
    }

    private static func write(_ text: String, _ terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Foundation.write(terminal, $0.baseAddress, $0.count) }
    }
}

/// Reading the first line of something that holds a secret.
enum SecretLine {
    /// The first line of a descriptor, without its end and no further: what
    /// follows is not ours. Nil where it is not open for reading.
    static func first(of descriptor: Int32) -> SecretBytes? {
        var isReadable = true
        let line = SecretBytes(capacity: SecretQuestion.most) { place in
            var count = 0
            while count < place.count {
                let got = read(descriptor, place.baseAddress?.advanced(by: count), 1)
                if got < 0, errno == EINTR { continue }
                if got < 0 { isReadable = false }
                guard got > 0, place[count] != UInt8(ascii: "\n") else { break }
                count += 1
            }
            // As Windows ends its lines.
            if count > 0, place[count - 1] == UInt8(ascii: "\r") { count -= 1 }
            return count
        }
        return isReadable ? line : nil
    }

    /// The first line of a file, or of a pipe with a name.
    ///
    /// - Throws: ``FleetError/inputMissing(path:)``,
    ///   ``FleetError/inputUnreadable(path:reason:)``.
    static func first(of path: String) throws(FleetError) -> SecretBytes {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT
                ? .inputMissing(path: path)
                : .inputUnreadable(path: path, reason: String(cString: strerror(errno)).lowercased())
        }
        defer { close(descriptor) }
        guard let line = first(of: descriptor) else {
            throw .inputUnreadable(path: path, reason: "it is not a readable file")
        }
        return line
    }
}
