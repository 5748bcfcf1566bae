import Foundation

/// A moment in UTC, to the second, written as ISO 8601 (`2026-11-03T09:00:00Z`).
public struct Timestamp: Hashable, Comparable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let seconds: Int64

    /// A moment, by its seconds since 1970.
    public init(seconds: Int64) {
        self.seconds = seconds
    }

    /// The second that a date falls in.
    public init(_ date: Date) {
        seconds = Int64(date.timeIntervalSince1970.rounded(.down))
    }

    /// A moment as it is stored. Nil for any other text.
    public init?(text: String) {
        guard let date = try? Date(text, strategy: .iso8601) else { return nil }
        self.init(date)
        // Foundation takes 30 February for 2 March.
        guard self.text == text else { return nil }
    }

    /// A moment as somebody typed it: a day, or a moment as it is stored or
    /// shown. Nil for any other text.
    public init?(typed text: String) {
        let text = text.trimmingSpaces
        let shown = text.replacing(" UTC", with: "").replacing(" ", with: "T")
        guard
            let moment = [text, text + "T00:00:00Z", shown + ":00Z", shown + "Z"].lazy.compactMap(Timestamp.init(text:))
                .first
        else { return nil }
        self = moment
    }

    /// `2026-11-03T09:00:00Z`.
    public var text: String {
        Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
    }

    /// `2026-11-03 09:00 UTC`, for people.
    public var readable: String {
        let text = self.text
        return "\(text.prefix(10)) \(text.dropFirst(11).prefix(5)) UTC"
    }

    /// `3 Nov 2026`, for people.
    public var day: String {
        let text = self.text
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = Int(text.dropFirst(5).prefix(2)).map { months[$0 - 1] } ?? ""
        return "\(Int(text.dropFirst(8).prefix(2)) ?? 0) \(month) \(text.prefix(4))"
    }

    /// The same with the seconds, where there are any: what a date is compared
    /// with must be told to the second.
    public var exactlyReadable: String {
        seconds % 60 == 0 ? readable : "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    }

    /// The moment so many seconds later.
    public static func + (moment: Timestamp, seconds: Int) -> Timestamp {
        Timestamp(seconds: moment.seconds + Int64(seconds))
    }

    /// Whether one moment is before another.
    public static func < (one: Timestamp, other: Timestamp) -> Bool {
        one.seconds < other.seconds
    }
}

extension Timestamp: CustomStringConvertible {
    /// `2026-11-03T09:00:00Z`.
    public var description: String { text }
}
