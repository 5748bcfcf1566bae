import Foundation

/// Takes bytes apart into lines, and never holds more of a line than the
/// longest that is ours.
struct TrailLines {
    /// A line without its end; nil for one that is too long to be looked at.
    typealias Line = ArraySlice<UInt8>?

    /// What no line of ours comes near to: names and reasons are some hundred
    /// letters long.
    static let longest = 1 << 20

    private var bytes: [UInt8] = []
    private var place = 0
    private var isSkipping = false

    /// Takes the next bytes, once every line of those before was taken.
    mutating func add(_ part: Data) {
        bytes.removeSubrange(..<place)
        place = 0
        bytes.append(contentsOf: part)
    }

    /// The next line that is whole; nil where there is none yet.
    mutating func next() -> Line? {
        guard let end = bytes[place...].firstIndex(of: UInt8(ascii: "\n")) else {
            guard bytes.count - place > Self.longest else { return nil }
            isSkipping = true
            place = bytes.count
            return nil
        }
        let line = bytes[place..<end]
        let isTooLong = isSkipping || line.count > Self.longest
        place = end + 1
        isSkipping = false
        return .some(isTooLong ? nil : line)
    }

    /// Whether there is something behind the last line's end.
    var hasRest: Bool { isSkipping || place < bytes.count }
}
