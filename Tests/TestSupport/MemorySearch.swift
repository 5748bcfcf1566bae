import Foundation
import SecretMemory

/// A secret for a test that looks for it in this process's memory. The test
/// never has it in the clear itself.
public struct HiddenSecret: Sendable {
    /// Each byte of it, changed by ``mask``.
    public let masked: [UInt8]
    /// What changes the bytes.
    public static let mask: UInt8 = 0xA5

    /// A random one.
    public init(count: Int) {
        masked = (0..<count).map { _ in UInt8.random(in: 0 ... .max) }
    }

    /// One that is there, such as a key that a test derives before it looks.
    public init(_ bytes: some ContiguousBytes) {
        masked = bytes.withUnsafeBytes { bytes in bytes.map { $0 ^ Self.mask } }
    }

    /// The secret, in the one place that the code under test wipes.
    public var clear: SecretBytes {
        SecretBytes(capacity: masked.count) { place in
            for (index, byte) in masked.enumerated() { place[index] = byte ^ Self.mask }
            return masked.count
        }
    }

    private var hex: String { masked.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    /// Has another process write it to a file.
    public func write(to path: String) throws {
        let script = "import sys; open(sys.argv[2], 'wb').write(bytes(b ^ 0xA5 for b in bytes.fromhex(sys.argv[1])))"
        _ = try ProgramRun("python3", ["-c", script, hex, path])
    }

    /// How often it is in what this process can write to, as another process
    /// sees it; nil where the system does not let it look, and with a sanitizer,
    /// which has terabytes of its own there and keeps what is freed.
    ///
    /// What is freed may be used again before anybody looks, if only by the looking:
    /// that it was wiped, ``FreedMemory`` tells.
    public func timesInMemory() throws -> Int? {
        #if os(Linux)
            guard FreedMemory.canWatch else { return nil }
            let script = """
                import sys
                # What is freed is used again from its head on.
                secret = bytes(b ^ 0xA5 for b in bytes.fromhex(sys.argv[1]))[-24:]
                found = 0
                memory = open(f"/proc/{sys.argv[2]}/mem", "rb", buffering=0)
                for line in open(f"/proc/{sys.argv[2]}/maps"):
                    place, access = line.split()[:2]
                    if not access.startswith("rw"): continue
                    start, end = (int(part, 16) for part in place.split("-"))
                    tail = b""
                    while start < end:
                        try:
                            memory.seek(start)
                            part = memory.read(min(1 << 22, end - start))
                        except OSError: break
                        if not part: break
                        found += (tail + part).count(secret)
                        tail = part[-len(secret) + 1:]
                        start += len(part)
                print(found)
                """
            let run = try ProgramRun("python3", ["-c", script, hex, "\(getpid())"])
            if let times = Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)) { return times }
            guard run.errors.contains("PermissionError") else { throw SearchFailed(errors: run.errors) }
            return nil
        #else
            return nil
        #endif
    }
}

/// The memory could not be looked through, for another reason than that nobody may.
public struct SearchFailed: Error {
    /// What the program that looks said.
    public let errors: String
}
