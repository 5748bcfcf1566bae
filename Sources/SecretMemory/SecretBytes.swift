import CSecretMemory

/// Bytes that nobody else may see: a passphrase, a key file's content.
///
/// All copies share one place in memory, which is wiped when the last of them
/// goes. They print as `<redacted>`, and two compare in the same time whatever
/// they hold.
public final class SecretBytes: Sendable {
    // Written while it is made, wiped when nobody has it any more, and only
    // read between.
    private nonisolated(unsafe) let place: UnsafeMutableRawBufferPointer
    /// How many they are.
    public let count: Int

    /// A copy of some bytes, whose owner wipes their own.
    public init(_ bytes: UnsafeRawBufferPointer) {
        place = .allocate(byteCount: max(1, bytes.count), alignment: 1)
        place.copyMemory(from: bytes)
        count = bytes.count
    }

    /// Bytes that are written where they stay.
    ///
    /// - Parameters:
    ///   - capacity: how many there may be.
    ///   - write: writes them, and gives back how many there are.
    public init<Failure: Error>(
        capacity: Int, _ write: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) {
        let place = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, capacity), alignment: 1)
        place.initializeMemory(as: UInt8.self, repeating: 0)
        do throws(Failure) {
            count = min(max(0, try write(UnsafeMutableRawBufferPointer(rebasing: place[..<capacity]))), capacity)
        } catch {
            wipe(place)
            place.deallocate()
            throw error
        }
        self.place = place
    }

    deinit {
        wipe(place)
        place.deallocate()
    }

    /// Lends the bytes for as long as the body runs.
    public func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(rebasing: place[..<count]))
    }
}

extension SecretBytes: Equatable {
    /// Compares without branching on the contents.
    public static func == (one: SecretBytes, other: SecretBytes) -> Bool {
        guard one.count == other.count else { return false }
        return one.withBytes { one in
            other.withBytes { other in zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0 }
        }
    }
}

extension SecretBytes: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Overwrites bytes with zeros. No optimiser takes it away.
public func wipe(_ bytes: UnsafeMutableRawBufferPointer) {
    secret_memory_wipe(bytes.baseAddress, bytes.count)
}

/// Overwrites an array with zeros, what was removed from its end too, and
/// empties it. What it was copied to, when it grew or was shared, is not reached.
public func wipe(_ bytes: inout [UInt8]) {
    bytes.append(contentsOf: repeatElement(0, count: bytes.capacity - bytes.count))
    bytes.withUnsafeMutableBytes { wipe($0) }
    bytes.removeAll()
}

/// What the system writes to a file of a process that crashed.
public enum CoreDumps {
    /// Switches them off for this process, for good, and for what it starts: a
    /// dump would hold every secret of the moment. On Linux no other process of
    /// the same user can look at its memory from then on. Again and again costs
    /// nothing.
    public static func switchOff() {
        _ = isOff
    }

    private static let isOff: Void = secret_memory_no_core_dumps()
}
