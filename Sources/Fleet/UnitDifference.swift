import OpenPAYGO

/// One way in which a list and the registry differ on a unit. A unit may differ
/// in several.
public struct UnitDifference: Sendable {
    /// The ways, in the order in which they matter.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// The list has another secret key or starting code: tokens made with
        /// it are for nothing.
        case credentials
        /// The list says something else of what tokens depend on.
        case settings
        /// The list has another count.
        case count
        /// The list does not have the unit.
        case onlyHere
        /// The registry does not have the unit.
        case onlyThere
    }

    /// What differs. No credential is in it.
    public enum Content: Hashable, Sendable {
        /// Which of the credentials; and whether those of the list are ones
        /// that the unit had before it was given others.
        case credentials([ListField], areFormer: Bool)
        case settings([Setting])
        /// The two counts; and whether the registry has the list's now.
        case count(here: TokenCount, there: TokenCount, isTaken: Bool)
        case onlyHere
        /// The unit here that has the same secret key, where one is only here:
        /// it may be one device under two names.
        case onlyThere(sameKeyAs: PaygID?)
    }

    /// A setting that tokens depend on, here and there.
    public enum Setting: Hashable, Sendable {
        case timeDivider(here: TimeDivider, there: TimeDivider)
        case digitSet(here: Token.DigitSet, there: Token.DigitSet)
        case testCode(here: TestCode?, there: TestCode)

        /// The column that it stands in.
        public var field: ListField {
            switch self {
            case .timeDivider: .timeDivider
            case .digitSet: .restrictedDigits
            case .testCode: .testCode
            }
        }

        /// Both values as people read them.
        public var values: (here: String, there: String) {
            func isRestricted(_ digits: Token.DigitSet) -> String { digits == .restricted ? "yes" : "no" }
            return switch self {
            case .timeDivider(let here, let there): (String(here.number), String(there.number))
            case .digitSet(let here, let there): (isRestricted(here), isRestricted(there))
            case .testCode(let here, let there): (here?.digits ?? "none", there.digits)
            }
        }
    }

    /// The unit, as the registry names it where it has it.
    public let unit: PaygID
    /// Its row in the list; nil where the list does not have it.
    public let row: Int?
    /// What differs.
    public var content: Content
    /// Who holds it.
    public var customer: CustomerReference?
    /// Who makes its tokens; nil where the registry does not have it.
    public let authority: TokeningAuthority?

    /// A difference.
    public init(
        unit: PaygID, row: Int?, content: Content, customer: CustomerReference? = nil, authority: TokeningAuthority?
    ) {
        self.unit = unit
        self.row = row
        self.content = content
        self.customer = customer
        self.authority = authority
    }

    /// The way in which they differ.
    public var kind: Kind {
        switch content {
        case .credentials: .credentials
        case .settings: .settings
        case .count: .count
        case .onlyHere: .onlyHere
        case .onlyThere: .onlyThere
        }
    }

    /// The columns that differ; none where one of the two has no such unit.
    public var fields: [ListField] {
        switch content {
        case .credentials(let fields, _): fields
        case .settings(let settings): settings.map(\.field)
        case .count: [.count]
        case .onlyHere, .onlyThere: []
        }
    }

    /// Whether the list has credentials that the unit had before.
    public var hasFormerCredentials: Bool {
        if case .credentials(_, true) = content { true } else { false }
    }

    /// The unit only here that has the key of one only in the list.
    public var sameKeyAs: PaygID? {
        if case .onlyThere(let unit) = content { unit } else { nil }
    }

    /// How far the list's count is from the registry's: above 0 where it is ahead.
    public var distance: Int? {
        guard case .count(let here, let there, _) = content else { return nil }
        return Int(there.number) - Int(here.number)
    }

    /// A distance with its sign.
    public static func signed(_ distance: Int) -> String { distance > 0 ? "+\(distance)" : "\(distance)" }

    /// Whether it was a difference, and is none any more.
    public var isSettled: Bool {
        if case .count(_, _, true) = content { true } else { false }
    }
}

extension ListedUnit {
    /// What the list says otherwise than the registry, of the unit that both
    /// have. What the list does not say differs from nothing: a starting code
    /// that was derived is none of the list's. Model and version make no token
    /// different.
    ///
    /// - Parameters:
    ///   - build: how the registry has the unit built.
    ///   - count: its count here.
    ///   - stored: its credentials here.
    public func differences(
        from build: UnitBuild, count stored: TokenCount, credentials own: Credentials
    ) -> [UnitDifference.Content] {
        var fields: [ListField] = []
        if credentials.key != own.key { fields.append(.key) }
        if !isStartingCodeDerived, credentials.startingCode != own.startingCode { fields.append(.startingCode) }

        var settings: [UnitDifference.Setting] = []
        if let timeDivider, timeDivider != build.timeDivider {
            settings.append(.timeDivider(here: build.timeDivider, there: timeDivider))
        }
        if let digitSet, digitSet != build.digitSet {
            settings.append(.digitSet(here: build.digitSet, there: digitSet))
        }
        if let testCode, testCode != build.testCode {
            settings.append(.testCode(here: build.testCode, there: testCode))
        }

        var differences: [UnitDifference.Content] = []
        if !fields.isEmpty { differences.append(.credentials(fields, areFormer: false)) }
        if !settings.isEmpty { differences.append(.settings(settings)) }
        if let count, count != stored {
            differences.append(.count(here: stored, there: count, isTaken: false))
        }
        return differences
    }

    /// Whether the list has another model or version.
    public func isOtherModel(than build: UnitBuild) -> Bool {
        func differ(_ one: String?, _ other: String?) -> Bool {
            if let one, let other { one != other } else { false }
        }
        return differ(hardwareModel, build.hardwareModel) || differ(firmwareVersion, build.firmwareVersion)
    }
}
