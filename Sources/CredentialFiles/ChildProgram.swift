#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

import PrivateFiles

/// Why another program did not do its work.
struct ChildFailure: Error {
    /// The reason, where the program gave none.
    let reason: String
    /// What it wrote to standard error.
    var words = ""

    init(_ reason: String, words: String = "") {
        self.reason = reason
        self.words = words
    }

    fileprivate init(code: Int32) {
        reason = String(cString: strerror(code)).lowercased()
    }
}

/// Another program that reads what it is given and writes it, changed,
/// somewhere else.
///
/// It gets nothing of this process but three descriptors and the environment
/// named; it has no terminal to ask anything at. It is never waited for for
/// ever, and one that ends early is an error and not the end of this process.
final class ChildProgram {
    private(set) var processID: pid_t = -1
    /// A socket, because writing to one whose reader is gone need not end us.
    private var input: Int32 = -1
    private var errors: Int32 = -1
    private var words: [UInt8] = []

    private static let mostWords = 1 << 12
    private static let patience = Duration.seconds(60)

    /// Starts it.
    ///
    /// - Parameter output: where it writes; it gets a copy.
    /// - Throws: ``ChildFailure``.
    init(
        _ program: String, _ arguments: [String], environment: [String: String], output: Int32
    ) throws(ChildFailure) {
        var ends: [Int32] = [-1, -1]
        var others: [Int32] = [-1, -1]
        defer { for end in [ends[1], others[1]] where end >= 0 { close(end) } }
        let areOpen = Self.open(&ends) && Self.open(&others)
        let problem = errno
        (input, errors) = (ends[0], others[0])
        guard areOpen else { throw ChildFailure(code: problem) }
        _ = fcntl(errors, F_SETFL, O_NONBLOCK)
        #if canImport(Darwin)
            var on: Int32 = 1
            setsockopt(input, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        let code = Self.start(
            &processID, program, arguments, environment, input: ends[1], output: output, errors: others[1])
        guard code == 0 else {
            processID = -1
            throw ChildFailure(code: code)
        }
    }

    deinit {
        end()
        for end in [input, errors] where end >= 0 { close(end) }
    }

    /// Gives it bytes.
    ///
    /// - Throws: ``ChildFailure`` where it takes no more.
    func write(_ bytes: [UInt8]) throws(ChildFailure) {
        #if canImport(Darwin)
            let flags = MSG_DONTWAIT
        #else
            let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
        #endif
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(input, $0.baseAddress?.advanced(by: sent), $0.count - sent, flags)
            }
            if count > 0 {
                sent += count
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                try wait(forRoom: true, .now + Self.patience)
            } else if errno != EINTR {
                let code = errno
                try finish()
                throw ChildFailure(code: code)
            }
        }
    }

    /// Tells it that this was all, and waits until it is done.
    ///
    /// - Throws: ``ChildFailure`` where it was not done well.
    func finish() throws(ChildFailure) {
        guard processID > 0 else { throw ChildFailure("it is no longer there") }
        // Nobody who has a copy of it keeps the end from being seen.
        _ = shutdown(input, Int32(SHUT_WR))
        let deadline = ContinuousClock.now + Self.patience
        while true {
            var status: Int32 = 0
            let ended = waitpid(processID, &status, WNOHANG)
            if ended == processID {
                processID = -1
                readWords()
                return try judge(status)
            }
            if ended < 0, errno != EINTR {
                let code = errno
                processID = -1
                throw ChildFailure(code: code)
            }
            try wait(forRoom: false, deadline)
        }
    }

    private func judge(_ status: Int32) throws(ChildFailure) {
        guard status != 0 else { return }
        let signal = status & 0x7F
        throw ChildFailure(
            signal == 0 ? "it ended with status \(status >> 8 & 0xFF)" : "it was ended by signal \(signal)",
            words: String(decoding: words, as: UTF8.self)
        )
    }

    /// Waits until there is room for more, or something was said.
    private func wait(forRoom: Bool, _ deadline: ContinuousClock.Instant) throws(ChildFailure) {
        guard ContinuousClock.now < deadline else {
            end()
            throw ChildFailure("it did not go on for a minute")
        }
        // Where there is nothing more to be heard, its end is looked for often.
        var both = [
            pollfd(fd: forRoom ? input : -1, events: Int16(POLLOUT), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&both, 2, errors < 0 && !forRoom ? 1 : 100)
        readWords()
    }

    /// Takes what it said; a program whose words nobody takes may wait for it.
    private func readWords() {
        guard errors >= 0 else { return }
        var part = [UInt8](repeating: 0, count: 1 << 10)
        while true {
            let count = read(errors, &part, part.count)
            if count > 0 {
                words.append(contentsOf: part[..<min(count, max(0, Self.mostWords - words.count))])
            } else if count < 0, errno == EINTR {
                continue
            } else {
                if count == 0 {
                    close(errors)
                    errors = -1
                }
                return
            }
        }
    }

    /// Ends it, whatever it is at.
    private func end() {
        guard processID > 0 else { return }
        kill(processID, SIGKILL)
        var status: Int32 = 0
        while waitpid(processID, &status, 0) < 0, errno == EINTR {}
        processID = -1
    }
}

// MARK: - Starting

extension ChildProgram {
    /// Where a program is; nil where it is not installed. What stands in the
    /// folder that somebody happens to be in is not it.
    static func find(_ name: String, in path: String) -> String? {
        path.split(separator: ":").filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
            .first { isRegularFile($0) && access($0, X_OK) == 0 }
    }

    /// Opens two sockets that are each other's ends. No other program that is
    /// started meanwhile gets a copy: it would keep an end from being seen.
    private static func open(_ sockets: inout [Int32]) -> Bool {
        #if canImport(Darwin)
            guard socketpair(AF_UNIX, SOCK_STREAM, 0, &sockets) == 0 else { return false }
            for end in sockets { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            return true
        #else
            return socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &sockets) == 0
        #endif
    }

    /// 0, or the system's error code.
    private static func start(
        _ processID: inout pid_t, _ program: String, _ arguments: [String], _ environment: [String: String],
        input: Int32, output: Int32, errors: Int32
    ) -> Int32 {
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t?
            var attributes: posix_spawnattr_t?
            let flags =
                POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID | POSIX_SPAWN_CLOEXEC_DEFAULT
        #else
            var actions = posix_spawn_file_actions_t()
            var attributes = posix_spawnattr_t()
            let setSID: Int32 = 0x80  // POSIX_SPAWN_SETSID, a macro that is not imported
            let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | setSID
        #endif
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        for (from, to) in [(input, Int32(0)), (output, 1), (errors, 2)] {
            posix_spawn_file_actions_adddup2(&actions, from, to)
        }
        #if !canImport(Darwin)
            for other in openDescriptors() where other > 2 { posix_spawn_file_actions_addclose(&actions, other) }
        #endif
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var words = ([program] + arguments).map { strdup($0) }
        var variables = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for word in words + variables { free(word) } }
        words.append(nil)
        variables.append(nil)
        return posix_spawn(&processID, program, &actions, &attributes, words, variables)
    }

    #if !canImport(Darwin)
        /// What this process has open. One that is gone by the time it is to be
        /// closed does no harm.
        private static func openDescriptors() -> [Int32] {
            guard let folder = opendir("/proc/self/fd") else { return [] }
            defer { closedir(folder) }
            var descriptors: [Int32] = []
            while let entry = readdir(folder) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if let descriptor = Int32(name) { descriptors.append(descriptor) }
            }
            return descriptors
        }
    #endif
}
