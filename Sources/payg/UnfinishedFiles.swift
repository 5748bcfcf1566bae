import Foundation

/// Files that are of no use unfinished, and that a person who ends the program
/// at a question should not find: a signal leaves no time for Swift to do it.
enum UnfinishedFiles {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// What the handler reads. Set while no handler is there.
    nonisolated(unsafe) private static var paths: [UnsafeMutablePointer<CChar>] = []

    /// Asks something. Where a signal ends the program meanwhile, the files are
    /// deleted before, and the signal is what it ended by. One that the program
    /// was started to ignore, it still ignores.
    static func deleted<T>(_ files: [String], onSignalWhile ask: () -> T) -> T {
        paths = files.compactMap { strdup($0) }
        let former = signals.map { one in
            // Only what is safe at any moment.
            let former = signal(one) { number in
                for path in UnfinishedFiles.paths { unlink(path) }
                signal(number, SIG_DFL)
                raise(number)
            }
            if isIgnoring(former) { signal(one, SIG_IGN) }
            return former
        }
        defer {
            for (one, former) in zip(signals, former) { signal(one, former) }
            for path in paths { free(path) }
            paths = []
        }
        return ask()
    }

    /// Functions of C do not compare.
    private static func isIgnoring(_ handler: (@convention(c) (Int32) -> Void)?) -> Bool {
        unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}
