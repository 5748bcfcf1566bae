#if os(Linux)
    import Foundation
    import OpenPAYGO
    import Testing

    /// What is left of keys in memory, read where it lies.
    struct SecretKeyMemoryTests {
        /// How often words lie on the heap, given with every bit turned so that
        /// the search does not find what it searches with.
        private func places(of turned: [UInt64]) throws -> Int {
            let memory = try FileHandle(forReadingFrom: URL(filePath: "/proc/self/mem"))
            defer { try? memory.close() }
            var here = 0
            let stack = withUnsafePointer(to: &here) { UInt(bitPattern: $0) }
            var found = 0
            for line in try String(contentsOfFile: "/proc/self/maps", encoding: .utf8).split(separator: "\n") {
                let fields = line.split(separator: " ")
                let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                // Anonymous and writable; not the stack, whose old frames no language wipes.
                guard fields[1].hasPrefix("rw"), fields.count < 6 || fields[5] == "[heap]", bounds.count == 2,
                    !(bounds[0]..<bounds[1]).contains(stack)
                else { continue }
                found += Self.count(turned, in: memory, bounds[0]..<bounds[1])
            }
            return found
        }

        private static func count(_ turned: [UInt64], in memory: FileHandle, _ range: Range<UInt>) -> Int {
            let size = 1 << 20
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 8)
            defer {
                buffer.initializeMemory(as: UInt8.self, repeating: 0)
                buffer.deallocate()
            }
            // The search's own buffer is no place to count.
            let start = UInt(bitPattern: buffer.baseAddress)
            let own = start..<start + UInt(size)
            var found = 0
            for address in stride(from: range.lowerBound, to: range.upperBound, by: size) {
                let length = min(size, Int(range.upperBound - address))
                let read = pread(memory.fileDescriptor, buffer.baseAddress, length, off_t(address))
                for offset in stride(from: 0, to: max(0, read), by: 8) {
                    guard turned.contains(~buffer.load(fromByteOffset: offset, as: UInt64.self)) else { continue }
                    if !own.contains(address + UInt(offset)) { found += 1 }
                }
            }
            return found
        }

        /// A sanitizer has terabytes of its own, and keeps what is freed.
        private static var isSanitized: Bool {
            let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
            return maps.split(separator: "\n").contains { line in
                let bounds = line.prefix { $0 != " " }.split(separator: "-").compactMap { UInt($0, radix: 16) }
                return line.contains(" rw") && bounds.count == 2 && bounds[1] - bounds[0] > 1 << 40
            }
        }

        @Test(.disabled(if: isSanitized, "freed memory cannot be looked through"))
        func `a key is wiped from the heap when its last copy goes`() throws {
            let turned: [UInt64] = [.random(in: 0 ... .max), .random(in: 0 ... .max)]
            func use() throws -> Int {
                // As many as no later work writes over by chance.
                let keys = try (0..<1_000).map { _ in
                    try SecretKey(
                        bytes: (0..<16).lazy.map { ~UInt8(truncatingIfNeeded: turned[$0 / 8] >> ($0 % 8 * 8)) })
                }
                let copies = keys + keys
                let maker = TokenMaker(key: keys[0], startingCode: try StartingCode(1))
                let instruction = TokenInstruction.addTime(try TimeValue(1))
                let item = TokenBatch.Item(maker: maker, instruction: instruction, count: try TokenCount(20))
                let candidate = TokenSearch.Candidate(
                    reader: TokenReader(key: keys[0], startingCode: try StartingCode(1), dispatchedCount: .one),
                    state: DeviceState(dispatchedWith: .one)
                )
                for path in ChainPath.available {
                    let tokens = TokenBatch.tokens(Array(repeating: item, count: 50), path: path)
                    _ = TokenSearch.matches(of: tokens[0], among: Array(repeating: candidate, count: 50), path: path)
                }
                return try withExtendedLifetime((keys, copies)) { try places(of: turned) }
            }
            #expect(try use() == 2_000, "each half once a key: its copies share one place")
            #expect(try places(of: turned) == 0)
        }
    }
#endif
