import Foundation

/// Files that are of no use unfinished, and that a person who ends the program
/// at a question should not find.
enum UnfinishedFiles {
    /// Asks, and waits until there is an answer to read. Where a signal ends the
    /// program meanwhile, the files are deleted before, and the signal is what it
    /// ended by. One that the program was started to ignore, it still ignores.
    ///
    /// - Parameter input: a terminal, which gives whole lines.
    static func delete(_ files: [String], ifEndedBeforeAnswer input: FileHandle, to ask: () -> Void) {
        PendingSignals.mask(SIG_BLOCK, PendingSignals.ending)
        let ignored = PendingSignals.ending.filter(PendingSignals.isIgnored)
        PendingSignals.mask(SIG_UNBLOCK, ignored)
        let held = PendingSignals.ending.filter { !ignored.contains($0) }
        defer { PendingSignals.mask(SIG_UNBLOCK, held) }
        ask()
        while true {
            var waiting = pollfd(fd: input.fileDescriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&waiting, 1, 100)
            if let signal = PendingSignals.taken(held) {
                for file in files { unlink(file) }
                PendingSignals.end(by: signal)
            }
            // What else there may be than an answer, who reads it finds out.
            guard ready <= 0 else { return }
        }
    }
}
