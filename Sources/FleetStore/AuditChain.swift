import Fleet

/// Follows a history event by event, wherever it is kept: its numbers, its
/// hashes, its times, and the checkpoints that were taken of it.
struct AuditChain {
    /// Of the last event.
    private(set) var sequence = 0
    /// The last event's hash; nil where it could not be read.
    private(set) var hash: [UInt8]? = AuditEventWords.beginning
    /// Checkpoints that fitted.
    private(set) var checkpointsThatFit = 0
    private(set) var warnings: [String] = []
    private var at: Timestamp?
    /// The first one first.
    private var checkpoints: ArraySlice<Checkpoint> = []
    private var tag = ""
    /// The last event that tells of a restore; 0 for none.
    private var restored = 0

    private static let mostWarnings = 1000
    /// How long, in seconds, a program may have waited for others, or for an
    /// answer, between its look at the clock and its event.
    private static let waiting = 600

    /// What is to be found in the history, besides itself.
    ///
    /// - Parameter registry: whose history it is.
    /// - Returns: what does not fit already.
    mutating func expect(_ checkpoints: [Checkpoint], registry: String) -> [String] {
        tag = Checkpoint.tag(of: registry)
        let own = checkpoints.filter { $0.registry == tag }
        self.checkpoints = own.sorted { $0.sequence < $1.sequence }[...]
        return checkpoints.filter { $0.registry != tag }.map { other in
            "\(other.told) is of another registry, \(other.registry), and this one is \(tag)"
        }
    }

    /// Goes to the next event.
    ///
    /// - Parameter hash: as it is stored.
    /// - Returns: what does not fit.
    mutating func follow(_ event: AuditEventWords, hash: [UInt8]) -> [String] {
        var problems: [String] = []
        if event.sequence != sequence + 1 {
            problems.append("event \(sequence + 1) is missing: the one after event \(sequence) is \(event.sequence)")
        }
        if let previous = self.hash, event.hash(after: previous) != hash {
            problems.append(
                "event \(event.sequence) does not fit the chain: it, or the one before it, is not what was written"
            )
        }
        let moment = Timestamp(text: event.at)
        if let moment, let at, moment + Self.waiting < at, warnings.count < Self.mostWarnings {
            warnings.append(
                "the clock was set back: event \(event.sequence) is dated \(moment.exactlyReadable), and the one before it "
                    + "\(at.exactlyReadable); the order is that of their numbers"
            )
        }
        sequence = event.sequence
        if event.action == AuditAction.registryRestored.rawValue { restored = sequence }
        self.hash = hash
        at = moment
        while let next = checkpoints.first, next.sequence <= sequence {
            checkpoints.removeFirst()
            if next.sequence == sequence, next.isOf(hash) {
                checkpointsThatFit += 1
            } else {
                problems.append(
                    next.sequence == sequence
                        ? "event \(sequence) is not the one of \(next.told): it, or an event before it, was altered"
                            + replaced(next)
                        : "the event of \(next.told) is missing"
                )
            }
        }
        return problems
    }

    /// Passes an event that cannot be read.
    mutating func skip() {
        sequence += 1
        hash = nil
    }

    /// What is missing after the last event.
    func end() -> [String] {
        checkpoints.map {
            "the history ends with event \(sequence), and \($0.told) was taken later: the end was cut off"
                + replaced($0)
        }
    }

    /// A restore puts an older copy in the place of what came after it. Whether
    /// it was meant to is for people to know.
    private func replaced(_ checkpoint: Checkpoint) -> String {
        guard restored > 0, checkpoint.sequence >= restored else { return "" }
        return ", or it was replaced when event \(restored) put an older copy in its place"
    }
}

extension Checkpoint {
    fileprivate var told: String { "the checkpoint of event \(sequence) (\(at.exactlyReadable))" }
}
