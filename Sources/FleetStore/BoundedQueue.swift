import Foundation

/// Hands work from one thread to the next, so much at a time that neither gets
/// far ahead of the other.
final class BoundedQueue<Element: Sendable>: @unchecked Sendable {
    // Everything below is only touched while `condition` is locked.
    private let condition = NSCondition()
    private var waiting: [Element] = []
    private var isFinished = false
    private var isCancelled = false
    private let most: Int

    init(most: Int) {
        self.most = most
    }

    /// Waits for room, and puts an element in.
    ///
    /// - Returns: false when nobody takes any more.
    func put(_ element: Element) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while waiting.count >= most, !isCancelled { condition.wait() }
        guard !isCancelled else { return false }
        waiting.append(element)
        condition.broadcast()
        return true
    }

    /// Whether an element that is put in now would wait for room.
    var isFull: Bool { condition.withLock { waiting.count >= most } }

    /// Puts an element in if there is room.
    func offer(_ element: Element) {
        condition.withLock {
            if waiting.count < most { waiting.append(element) }
        }
    }

    /// Takes all elements out, and lets them go.
    func clear() {
        var taken: [Element] = []
        condition.withLock { swap(&taken, &waiting) }
    }

    /// Waits for an element, and takes it. Nil when there will be none.
    func take() -> Element? {
        condition.lock()
        defer { condition.unlock() }
        while waiting.isEmpty, !isFinished { condition.wait() }
        guard !waiting.isEmpty else { return nil }
        condition.broadcast()
        return waiting.removeFirst()
    }

    /// No more will be put in.
    func finish() {
        condition.withLock {
            isFinished = true
            condition.broadcast()
        }
    }

    /// No more will be taken out.
    func cancel() {
        condition.withLock {
            isCancelled = true
            waiting.removeAll()
            condition.broadcast()
        }
    }
}
