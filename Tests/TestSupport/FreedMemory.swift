import CFreedMemory
import Foundation

/// Memory as it is given back. What was wiped is all zeros then; later nobody
/// knows, for it may be used again at once.
public enum FreedMemory {
    private static let turn = NSLock()

    /// Whether memory can be looked at here: with glibc, and without a sanitizer.
    public static var canWatch: Bool { freed_memory_can_watch() }

    /// How many blocks of memory are freed with any part of a secret in them
    /// while a body runs, by whatever code, libraries' too.
    ///
    /// One secret is looked for at a time, so that the body may not look itself.
    public static func blocks(holding secret: HiddenSecret, _ body: () throws -> Void) rethrows -> Int {
        try turn.withLock {
            freed_memory_watch(secret.masked, secret.masked.count)
            defer { _ = freed_memory_stop() }
            try body()
            return Int(freed_memory_stop())
        }
    }

    /// Makes secrets to look for, and leaves no copy of its own in memory that is
    /// used again.
    public static func unseen<Secret>(_ make: () throws -> Secret) rethrows -> Secret {
        freed_memory_scrub(true)
        defer { freed_memory_scrub(false) }
        return try make()
    }
}
