/// A unit's memory chip: two places for an image of the whole memory.
///
/// An image is written over the older one, byte by byte, and counts once its
/// checksum fits. A power cut at any byte leaves the newer of the two as it
/// was, so that the unit wakes up with all of the old memory or all of the
/// new: never with a token used and its time not given, nor the reverse.
struct MemoryChip: Sendable {
    private var places: [[UInt8]]
    private var newest = 0
    private var sequence: UInt64 = 1

    /// A chip that holds one memory.
    init(_ memory: UnitMemory) {
        places = [MemoryImage.bytes(of: memory, sequence: 1), Self.blank]
    }

    private static let blank = [UInt8](repeating: 0xFF, count: MemoryImage.length)

    /// Writes a memory over the older image.
    ///
    /// - Parameter step: after how many bytes the power goes; nil when it stays.
    mutating func store(_ memory: UnitMemory, cutAfter step: Int?) {
        let image = MemoryImage.bytes(of: memory, sequence: sequence + 1)
        let older = 1 - newest
        guard let step, step < image.count else {
            places[older] = image
            (newest, sequence) = (older, sequence + 1)
            return
        }
        places[older].replaceSubrange(0..<max(0, step), with: image.prefix(max(0, step)))
    }

    /// The newer of the whole images, as a unit finds it when its power comes
    /// back; nil where there is none.
    mutating func load() -> UnitMemory? {
        let images = places.map(MemoryImage.memory)
        let order = (images[0]?.sequence ?? 0) > (images[1]?.sequence ?? 0) ? 0 : 1
        newest = order
        sequence = images[order]?.sequence ?? 0
        return images[order]?.memory
    }

    /// Forgets all.
    mutating func erase() {
        places = [Self.blank, Self.blank]
    }
}
