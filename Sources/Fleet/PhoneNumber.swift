/// A country, by its ISO 3166-1 code of two letters: what says how a phone
/// number is read that is written as it is dialled inside the country.
public struct Country: Hashable, Sendable {
    /// Two capital letters, such as `KE`.
    public let code: String
    let plan: DiallingCodes.Plan

    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public init(_ text: String) throws(FleetError) {
        let code = text.trimmingSpaces.uppercased()
        guard let plan = DiallingCodes.plans[code] else {
            throw .badValue(
                what: "country",
                problem: "is none that has telephone numbers: write its two letters of ISO 3166-1, such as KE"
            )
        }
        self.code = code
        self.plan = plan
    }

    /// Whether two are the same.
    public static func == (one: Country, other: Country) -> Bool { one.code == other.code }

    /// Hashes the code.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(code)
    }
}

/// A telephone number as the whole world dials it (ITU-T E.164): a plus, the
/// country code, the number, 7 to 15 digits in all.
public struct PhoneNumber: Hashable, Sendable {
    /// `+254712345678`.
    public let text: String

    /// Reads a number as people write it: `+254 712 345 678`, `00254…`, or
    /// with a country `0712 345 678`.
    ///
    /// Nothing about it is guessed: whether a country's numbers have so many
    /// digits is not looked at, but a number that could be meant in two ways
    /// is refused.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``;
    ///   ``FleetError/phoneWithoutCountry`` for a number that only a country
    ///   could complete.
    public init(_ typed: String, country: Country? = nil) throws(FleetError) {
        let written = try Written(typed)
        let digits: String
        if written.isInternational {
            digits = try Self.checked(written.digits, zeroInBrackets: written.zeroInBrackets)
        } else if let country {
            digits = try Self.completed(written.digits, country)
        } else {
            throw .phoneWithoutCountry
        }
        guard (7...15).contains(digits.utf8.count) else {
            throw Self.problem("has \(digits.utf8.count) digits with its country code, and a number has from 7 to 15")
        }
        // A 0 too many in front of a national number would make one of +7.
        if let code = digits.first, code == "1" || code == "7", digits.utf8.count != 11 {
            throw Self.problem("has \(digits.utf8.count - 1) digits after +\(code), and a number there has 10")
        }
        text = "+" + digits
    }

    /// Whether a number as typed is the one that is stored, which an older
    /// version may have taken as it was typed.
    public static func isSame(_ typed: String, country: Country?, asStored stored: String) -> Bool {
        if typed == stored || digits(of: typed) == digits(of: stored) { return true }
        guard let number = try? PhoneNumber(typed, country: country) else { return false }
        return number.text == stored || digits(of: number.text) == digits(of: stored)
            || number == (try? PhoneNumber(stored, country: country))
    }

    /// The digits of a number, however it is written.
    static func digits(of text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { ("0"..."9").contains($0) }))
    }

    /// - Throws: ``FleetError/badValue(what:problem:)`` for a text that is no
    ///   number, nor part of one.
    static func checkCharacters(_ text: String) throws(FleetError) {
        guard text.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) || $0 == "+" || isSeparator($0) }) else {
            throw problem("has characters that no phone number has")
        }
        guard text.unicodeScalars.contains(where: { ("0"..."9").contains($0) }) else {
            throw problem("has no digits")
        }
    }

    /// What is written between digits. Copied from a contact, a number has
    /// hyphens, spaces and marks of its own.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        if "-./()".unicodeScalars.contains(scalar) || scalar.properties.isWhitespace { return true }
        let category = scalar.properties.generalCategory
        return category == .dashPunctuation || category == .format
    }

    fileprivate static func problem(_ problem: String) -> FleetError {
        .badValue(what: "phone", problem: problem)
    }
}

// MARK: - Reading

extension PhoneNumber {
    /// What is on paper.
    private struct Written {
        var digits = ""
        var isInternational = false
        /// Whether a trunk 0 stands in brackets: `+44 (0)20 7946 0958`.
        var zeroInBrackets = false

        init(_ typed: String) throws(FleetError) {
            try PhoneNumber.checkCharacters(typed)
            var bracketed: Int?
            for scalar in typed.unicodeScalars {
                switch scalar {
                case "0"..."9":
                    digits.unicodeScalars.append(scalar)
                case "+" where digits.isEmpty && !isInternational:
                    isInternational = true
                case "(":
                    bracketed = digits.utf8.count
                case ")":
                    if let start = bracketed, digits.utf8.dropFirst(start).elementsEqual("0".utf8),
                        isCode(digits.prefix(start))
                    {
                        zeroInBrackets = true
                        digits.removeLast()
                    }
                    bracketed = nil
                case _ where PhoneNumber.isSeparator(scalar):
                    break
                default:
                    throw PhoneNumber.problem("has more than one plus, or one that is not in front")
                }
            }
            if !isInternational, digits.hasPrefix("00") {
                isInternational = true
                digits.removeFirst(2)
            }
        }

        /// Whether what was read so far is a country code, as other countries dial it.
        private func isCode(_ digits: Substring) -> Bool {
            if isInternational { return DiallingCodes.codes.contains(String(digits)) }
            return digits.hasPrefix("00") && DiallingCodes.codes.contains(String(digits.dropFirst(2)))
        }
    }

    /// The digits of an international number.
    private static func checked(_ digits: String, zeroInBrackets: Bool) throws(FleetError) -> String {
        guard let code = DiallingCodes.code(of: digits) else {
            throw problem("begins with no country code that there is")
        }
        let keepsZero = DiallingCodes.codesKeepingZero.contains(code)
        guard !zeroInBrackets || !keepsZero else {
            throw problem("has a 0 in brackets, and numbers of +\(code) may begin with one: write it plainly")
        }
        guard keepsZero || !digits.dropFirst(code.count).hasPrefix("0") else {
            throw problem("has a 0 after +\(code), which is dialled inside the country only: leave it out")
        }
        return digits
    }

    /// The digits of a national number behind its country's code.
    private static func completed(_ digits: String, _ country: Country) throws(FleetError) -> String {
        let plan = country.plan
        let longest = plan.longest ?? 10
        // Where a number may itself begin with what is the trunk prefix, its
        // length tells.
        let prefix = plan.trunkPrefixes.first {
            digits.hasPrefix($0) && (!$0.hasPrefix("8") || digits.utf8.count > longest)
        }
        let number = digits.dropFirst(prefix?.count ?? 0)
        guard plan.keepsZero || !number.hasPrefix("0") else {
            throw problem("begins with 0, and no number of \(country.code) does")
        }
        let mayHaveCode =
            prefix == nil && number.hasPrefix(plan.code) && number.utf8.count > (plan.code.count == 3 ? 9 : longest)
        guard !mayHaveCode else {
            throw problem("begins with \(plan.code) as +\(plan.code) does, and has no plus: write it with one")
        }
        // In Argentina a 15 in the middle is dialled inside the country only.
        guard plan.longest == nil || number.utf8.count <= longest else {
            throw problem("is longer than the numbers of \(country.code): write it with + and the country code")
        }
        return plan.code + number
    }
}
