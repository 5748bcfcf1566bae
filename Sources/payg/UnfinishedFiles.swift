import Foundation

/// Files that are of no use unfinished, and that a person who ends the program
/// at a question should not find: a signal leaves no time for Swift to do it.
enum UnfinishedFiles {
    private static let signals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]
    /// What the handler reads. Set while no handler is there.
    nonisolated(unsafe) private static var paths: [UnsafeMutablePointer<CChar>] = []

    /// Asks something. Where a signal ends the program meanwhile, the files are
    /// deleted before, and the signal is what it ended by.
    static func deleted<T>(_ files: [String], onSignalWhile ask: () -> T) -> T {
        paths = files.compactMap { strdup($0) }
        for one in signals {
            // Only what is safe at any moment.
            signal(one) { number in
                for path in UnfinishedFiles.paths { unlink(path) }
                signal(number, SIG_DFL)
                raise(number)
            }
        }
        defer {
            for one in signals { signal(one, SIG_DFL) }
            for path in paths { free(path) }
            paths = []
        }
        return ask()
    }
}
