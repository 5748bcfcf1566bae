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
        // Every token reads and writes some, and Foundation takes 50 times as long.
        var text = text
        let seconds: Int64? = text.withUTF8 { bytes in
            guard bytes.count == Self.pattern.utf8.count else { return nil }
            var fields = [0, 0, 0, 0, 0, 0]
            var field = 0
            for (byte, expected) in zip(bytes, Self.pattern.utf8) {
                if expected == UInt8(ascii: "0") {
                    guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
                    fields[field] = fields[field] * 10 + Int(byte - UInt8(ascii: "0"))
                } else {
                    guard byte == expected else { return nil }
                    field += 1
                }
            }
            let (year, month, day) = (fields[0], fields[1], fields[2])
            guard (1...12).contains(month), day >= 1, fields[3] < 24, fields[4] < 60, fields[5] < 60 else { return nil }
            let days = Self.days(year, month, day)
            guard Self.date(days) == (year, month, day) else { return nil }
            return Int64(days * 86_400 + fields[3] * 3600 + fields[4] * 60 + fields[5])
        }
        guard let seconds else { return nil }
        self.seconds = seconds
    }

    private static let pattern = "0000-00-00T00:00:00Z"

    /// Days from 1970-01-01 to a date of the Gregorian calendar. The year is
    /// taken to begin in March, so that a leap day is its last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The date so many days after 1970-01-01.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let days = days + 719_468
        let era = (days >= 0 ? days : days - 146_096) / 146_097
        let dayOfEra = days - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
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
        let (days, rest) = (
            Int(seconds >= 0 ? seconds : seconds - 86_399) / 86_400, Int((seconds % 86_400 + 86_400) % 86_400)
        )
        let date = Self.date(days)
        // What cannot be written with four digits is for Foundation.
        guard (0...9999).contains(date.year) else {
            return Date(timeIntervalSince1970: TimeInterval(seconds)).formatted(.iso8601)
        }
        let fields = [date.year, date.month, date.day, rest / 3600, rest / 60 % 60, rest % 60]
        return String(unsafeUninitializedCapacity: 20) { bytes in
            _ = bytes.initialize(from: Self.pattern.utf8)
            for (field, end) in zip(fields, [4, 7, 10, 13, 16, 19]) {
                bytes[end - 1] += UInt8(field % 10)
                bytes[end - 2] += UInt8(field / 10 % 10)
                guard end == 4 else { continue }
                bytes[1] += UInt8(field / 100 % 10)
                bytes[0] += UInt8(field / 1000)
            }
            return 20
        }
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
