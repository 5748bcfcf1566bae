extension Sequence<UInt8> {
    /// Lower-case hexadecimal, two digits a byte.
    public var hex: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension Int {
    /// A number of bytes for people: `38.2 MB`.
    public var megabytes: String { "\(self / 1_000_000).\(self / 100_000 % 10) MB" }
}
