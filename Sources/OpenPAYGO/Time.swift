/// How many steps a unit divides a day into, 1…255. Source: the standard's
/// device parameters, "Time Divider".
public struct TimeDivider: Hashable, Sendable {
    /// 1…255.
    public let number: UInt8

    /// One step a day, the standard's default.
    public static let wholeDays = TimeDivider(unchecked: 1)

    /// A divider from a number.
    ///
    /// - Throws: ``OpenPAYGOError/timeDivider`` outside 1…255.
    public init(_ number: Int) throws(OpenPAYGOError) {
        guard (1...255).contains(number) else { throw .timeDivider }
        self.number = UInt8(number)
    }

    private init(unchecked number: UInt8) {
        self.number = number
    }

    /// One step: 1/divider of a day.
    public var step: Days { Days(steps: 1, of: self) }

    /// The most days one token carries: 995 steps.
    public var longest: Days { Days(steps: TimeValue.maximum, of: self) }

    /// So many steps of 1/divider of a day, 0 or more; none for a number below.
    public func days(steps: Int) -> Days { Days(steps: max(0, steps), of: self) }

    /// How many steps make up a number of days exactly. Nil for days between
    /// two steps, or beyond all numbers.
    public func steps(in days: Days) -> Int? {
        let (steps, overflow) = days.numerator.multipliedReportingOverflow(by: Int(number))
        guard !overflow, steps.isMultiple(of: days.denominator) else { return nil }
        return steps / days.denominator
    }

    /// The fewest steps that last for so many seconds. Nil beyond all numbers.
    public func steps(covering seconds: Int) -> Int? {
        let (parts, overflow) = max(0, seconds).multipliedReportingOverflow(by: Int(number))
        return overflow ? nil : parts / 86_400 + (parts.isMultiple(of: 86_400) ? 0 : 1)
    }

    /// How long so many steps last in whole seconds, cut down to one; 0 for a
    /// number below 0.
    public func seconds(steps: Int) -> Int { days(steps: steps).seconds }
}

/// The value in a token that carries time: days × the unit's time divider,
/// 0…995. Source: the standard's "Token value".
public struct TimeValue: Hashable, Sendable {
    /// 0…995, in steps of 1/divider day.
    public let number: Int

    /// 995; the values above it have other meanings.
    public static let maximum = 995

    /// A value from a number of steps.
    ///
    /// - Throws: ``OpenPAYGOError/timeValue`` outside 0…995.
    public init(_ number: Int) throws(OpenPAYGOError) {
        guard (0...Self.maximum).contains(number) else { throw .timeValue }
        self.number = number
    }

    /// The value that stands for a number of days on a unit with this divider,
    /// exactly: nothing is ever rounded.
    ///
    /// - Throws: ``OpenPAYGOError/daysBetweenSteps(_:divider:)`` or
    ///   ``OpenPAYGOError/daysAboveLimit(_:divider:)``.
    public init(_ days: Days, divider: TimeDivider) throws(OpenPAYGOError) {
        let (steps, overflow) = days.numerator.multipliedReportingOverflow(by: Int(divider.number))
        guard !overflow, steps / days.denominator <= Self.maximum else {
            throw .daysAboveLimit(days, divider: divider)
        }
        guard steps.isMultiple(of: days.denominator) else {
            throw .daysBetweenSteps(days, divider: divider)
        }
        number = steps / days.denominator
    }

    /// The days that this value stands for on a unit with this divider.
    public func days(divider: TimeDivider) -> Days {
        Days(steps: number, of: divider)
    }
}

/// An exact number of days, 0 or more: a fraction in lowest terms.
public struct Days: Hashable, Sendable {
    /// 0 or more.
    public let numerator: Int
    /// 1 or more.
    public let denominator: Int

    /// A whole number of steps of 1/divider day.
    init(steps: Int, of divider: TimeDivider) {
        self.init(reducing: steps, Int(divider.number))
    }

    /// Whole days.
    ///
    /// - Throws: ``OpenPAYGOError/daysText(_:)`` below 0.
    public init(_ whole: Int) throws(OpenPAYGOError) {
        guard whole >= 0 else { throw .daysText(String(whole)) }
        self.init(reducing: whole, 1)
    }

    /// Days as people write them: `30`, `1.5`, or `1/3` for what has no
    /// decimals. At most 9 digits on each side.
    ///
    /// - Throws: ``OpenPAYGOError/daysText(_:)`` for anything else, negative
    ///   numbers included.
    public init(text: String) throws(OpenPAYGOError) {
        func part(_ digits: Substring) throws(OpenPAYGOError) -> Int {
            guard digits.utf8.count <= 9, let number = decimal(digits) else { throw .daysText(text) }
            return Int(number)
        }
        if let slash = text.firstIndex(of: "/") {
            let below = try part(text[text.index(after: slash)...])
            guard below > 0 else { throw .daysText(text) }
            self.init(reducing: try part(text[..<slash]), below)
        } else if let point = text.firstIndex(of: ".") {
            let decimals = text[text.index(after: point)...]
            let scale = decimals.utf8.reduce(1) { scale, _ in scale < 1_000_000_000 ? scale * 10 : scale }
            self.init(reducing: try part(text[..<point]) * scale + (try part(decimals)), scale)
        } else {
            self.init(reducing: try part(text[...]), 1)
        }
    }

    private init(reducing numerator: Int, _ denominator: Int) {
        var (larger, smaller) = (numerator, denominator)
        while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
        self.numerator = numerator / larger
        self.denominator = denominator / larger
    }

    /// The nearest floating-point number, for JSON.
    public var approximate: Double { Double(numerator) / Double(denominator) }

    /// Whole seconds, cut down to one where a step is no whole number of them.
    public var seconds: Int {
        numerator / denominator * 86_400 + numerator % denominator * 86_400 / denominator
    }
}

extension Days: CustomStringConvertible {
    /// `30`, `1.5`, or `1/3` where three decimals do not write it exactly.
    public var description: String {
        if denominator == 1 { return String(numerator) }
        guard 1000.isMultiple(of: denominator) else { return "\(numerator)/\(denominator)" }
        var decimals = padded(UInt64(numerator % denominator * (1000 / denominator)), to: 3)
        while decimals.last == "0" { decimals.removeLast() }
        return "\(numerator / denominator).\(decimals)"
    }
}
