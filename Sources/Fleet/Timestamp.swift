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
            func number(_ start: Int, _ count: Int) -> Int? {
                var number = 0
                for byte in bytes[start..<start + count] {
                    guard case UInt8(ascii: "0")...UInt8(ascii: "9") = byte else { return nil }
                    number = number * 10 + Int(byte - UInt8(ascii: "0"))
                }
                return number
            }
            guard bytes.count == 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
                bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
                bytes[19] == UInt8(ascii: "Z"), let year = number(0, 4), let month = number(5, 2),
                let day = number(8, 2), let hour = number(11, 2), let minute = number(14, 2),
                let second = number(17, 2),
                (1...12).contains(month), day >= 1, hour < 24, minute < 60, second < 60
            else { return nil }
            let days = Self.days(year, month, day)
            guard Self.date(days) == (year, month, day) else { return nil }
            return Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
        }
        guard let seconds else { return nil }
        self.seconds = seconds
    }

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
        return String(unsafeUninitializedCapacity: 20) { bytes in
            var end = 0
            func add(_ number: Int, _ separator: Unicode.Scalar) {
                bytes.initializeElement(at: end, to: UInt8(ascii: "0") + UInt8(number / 10))
                bytes.initializeElement(at: end + 1, to: UInt8(ascii: "0") + UInt8(number % 10))
                bytes.initializeElement(at: end + 2, to: UInt8(ascii: separator))
                end += 3
            }
            add(date.year / 100, "0")
            end -= 1
            add(date.year % 100, "-")
            add(date.month, "-")
            add(date.day, "T")
            add(rest / 3600, ":")
            add(rest / 60 % 60, ":")
            add(rest % 60, "Z")
            return end
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
