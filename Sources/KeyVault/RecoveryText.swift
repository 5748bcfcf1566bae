import SecretMemory

/// A master key as five lines to print and to type: four with its 32 bytes,
/// and one with the first half of its id, which tells whether they belong
/// together.
public enum RecoveryText {
    /// What stands above the lines.
    public static let title = "PAYG KEY 1"
    /// How many lines there are.
    public static let lines = 5

    /// The lines of a key.
    public static func lines(of master: MasterKey) -> [String] {
        master.withBytes { bytes in
            (0..<4).map { line in
                let part = bytes[line * RecoveryLine.bytes..<(line + 1) * RecoveryLine.bytes]
                return RecoveryLine.text(line + 1, UnsafeRawBufferPointer(rebasing: part))
            }
        } + [Array(master.keyID.prefix(RecoveryLine.bytes)).withUnsafeBytes { RecoveryLine.text(5, $0) }]
    }

    /// The key of its lines.
    ///
    /// - Parameter lines: what ``RecoveryLine/read(_:_:)`` gave of each, in order.
    /// - Returns: nil where they are not of one key.
    public static func master(_ lines: [SecretBytes]) -> MasterKey? {
        guard lines.count == Self.lines, lines.allSatisfy({ $0.count == RecoveryLine.bytes }) else { return nil }
        let key = SecretBytes(capacity: MasterKey.length) { place in
            for (line, part) in lines.prefix(4).enumerated() {
                part.withBytes { part in
                    UnsafeMutableRawBufferPointer(rebasing: place[(line * RecoveryLine.bytes)...]).copyMemory(
                        from: part)
                }
            }
            return MasterKey.length
        }
        guard let master = key.withBytes({ MasterKey(bytes: $0) }) else { return nil }
        let id = master.keyID.prefix(RecoveryLine.bytes)
        return lines[4].withBytes { $0.elementsEqual(id) } ? master : nil
    }
}
