import OpenPAYGO

/// One row of a dispatch list, understood. What the list has no column for is nil.
public struct ListedUnit: Sendable {
    /// The row in the file, counted as a spreadsheet does: the first is 1.
    public let row: Int
    /// The unit.
    public let id: PaygID
    /// Its credentials, which are secrets.
    public let credentials: Credentials
    /// Whether the list has no starting code, and it was derived from the key.
    public let isStartingCodeDerived: Bool
    /// The count of its last token.
    public let count: TokenCount?
    /// Steps a day.
    public let timeDivider: TimeDivider?
    /// The digits on its keypad.
    public let digitSet: Token.DigitSet?
    /// The model, as the maker names it.
    public let hardwareModel: String?
    /// The version, as the maker names it.
    public let firmwareVersion: String?
    /// The digits of its factory test, which no token may equal.
    public let testCode: TestCode?

    /// A row, understood.
    public init(
        row: Int, id: PaygID, credentials: Credentials, isStartingCodeDerived: Bool = false, count: TokenCount?,
        timeDivider: TimeDivider?,
        digitSet: Token.DigitSet?, hardwareModel: String?, firmwareVersion: String?, testCode: TestCode?
    ) {
        self.row = row
        self.id = id
        self.credentials = credentials
        self.isStartingCodeDerived = isStartingCodeDerived
        self.count = count
        self.timeDivider = timeDivider
        self.digitSet = digitSet
        self.hardwareModel = hardwareModel
        self.firmwareVersion = firmwareVersion
        self.testCode = testCode
    }

    /// The count of a unit whose list says nothing of it. Source: the
    /// standard's device parameters, "Count".
    public static let usualCount = TokenCount.one

    /// How the unit is built, with the standard's defaults for what the list
    /// does not say.
    public var build: UnitBuild {
        UnitBuild(
            timeDivider: timeDivider ?? .wholeDays,
            digitSet: digitSet ?? .full,
            hardwareModel: hardwareModel,
            firmwareVersion: firmwareVersion,
            testCode: testCode
        )
    }

    /// Where this row contradicts the unit that the registry already has, by
    /// column. A column that the list does not have contradicts nothing, and
    /// a count below the registry's is an old list, not a contradiction.
    ///
    /// - Parameter place: where that unit is, as the problems say it.
    public func contradictions(
        with unit: FleetUnit, credentials stored: Credentials, in place: String = "the registry"
    ) -> [RowProblem] {
        var problems: [RowProblem] = []
        func differs(_ column: ListField, _ problem: String, _ kind: RowProblem.Kind = .contradiction) {
            problems.append(RowProblem(row: row, column: column.title, problem: problem, kind: kind))
        }
        if credentials.key != stored.key {
            differs(.key, "\(id) is in \(place) with another secret key", .otherCredentials)
        }
        if !isStartingCodeDerived, credentials.startingCode != stored.startingCode {
            differs(.startingCode, "\(id) is in \(place) with another starting code", .otherCredentials)
        }
        if let count, count > unit.count {
            differs(
                .count,
                "\(id) has count \(unit.count) in \(place) and \(count) in the list: somebody else may have made "
                    + "tokens for it",
                .higherCount
            )
        }
        if let timeDivider, timeDivider != unit.build.timeDivider {
            differs(.timeDivider, "\(id) has time divider \(unit.build.timeDivider.number) in \(place)")
        }
        if let digitSet, digitSet != unit.build.digitSet {
            differs(.restrictedDigits, "\(id) has the other restricted digit mode in \(place)")
        }
        if let hardwareModel, let stored = unit.build.hardwareModel, hardwareModel != stored {
            differs(.hardwareModel, "\(id) has hardware model \(stored) in \(place)")
        }
        if let firmwareVersion, let stored = unit.build.firmwareVersion, firmwareVersion != stored {
            differs(.firmwareVersion, "\(id) has firmware version \(stored) in \(place)")
        }
        // A token that equals a test code we did not know would not work.
        if let testCode, testCode != unit.build.testCode {
            differs(.testCode, "\(id) has another test code in \(place), or none")
        }
        return problems
    }
}

/// What became of one row of a dispatch list.
public struct ListedRow: Sendable {
    /// The unit it describes, or what is wrong with it.
    public enum Content: Sendable {
        case unit(ListedUnit)
        case problems([RowProblem])
    }

    /// The unit it describes, or what is wrong with it.
    public let content: Content
    /// Its cells as they were written, where they were asked for. They may be secrets.
    public let cells: [String]?

    /// A row.
    public init(_ content: Content, cells: [String]? = nil) {
        self.content = content
        self.cells = cells
    }
}

/// What the columns of a dispatch list mean. Source: the standard's device list.
public enum ListField: String, CaseIterable, Sendable {
    case paygID, startingCode, key, count, timeDivider, restrictedDigits, hardwareModel, firmwareVersion, testCode

    /// The field's name in messages.
    public var title: String {
        switch self {
        case .paygID: "PAYG ID"
        case .startingCode: "Starting Code"
        case .key: "Key"
        case .count: "Count"
        case .timeDivider: "Time Divider"
        case .restrictedDigits: "Restricted Digit Mode"
        case .hardwareModel: "Hardware Model"
        case .firmwareVersion: "Version"
        case .testCode: "Test Code"
        }
    }
}

/// What is wrong with one cell, or one row, of a file. It never repeats a secret.
public struct RowProblem: Hashable, Encodable, Sendable {
    /// The row in the file, the first being 1.
    public let row: Int
    /// The column's header; nil where the whole row is meant.
    public let column: String?
    /// The reason, in words.
    public let problem: String
    /// What kind of problem it is, for whoever says what to do about it.
    public let kind: Kind

    /// The kinds of problems that ask for different help.
    public enum Kind: Hashable, Sendable {
        /// A cell, or a row, that is not understood.
        case value
        /// The row is understood, and has other credentials than the registry.
        case otherCredentials
        /// The row is understood, and has a count above the registry's.
        case higherCount
        /// The row is understood, and says something else than the registry.
        case contradiction
        /// It is not clear which column holds what.
        case header
        /// It concerns the whole list: it may not be complete.
        case end
        /// The list has the unit twice, with different credentials.
        case twice
        /// The characters are written in another way than was found out.
        case encoding
        /// A phone number is written as it is dialled inside a country.
        case phoneWithoutCountry
    }

    /// A problem of a cell, or of a row.
    public init(row: Int, column: String?, problem: String, kind: Kind = .value) {
        self.row = row
        self.column = column
        self.problem = problem
        self.kind = kind
    }

    /// The same problem, as one of another kind.
    public func of(_ kind: Kind) -> RowProblem {
        RowProblem(row: row, column: column, problem: problem, kind: kind)
    }

    private enum CodingKeys: String, CodingKey {
        case row, column, problem
    }

    /// Writes row, column and problem; a missing column as null.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(row, forKey: .row)
        try values.encode(column, forKey: .column)
        try values.encode(problem, forKey: .problem)
    }
}

extension RowProblem: CustomStringConvertible {
    /// `row 4, Key: the cell is empty`.
    public var description: String {
        column.map { "row \(row), \($0): \(problem)" } ?? "row \(row): \(problem)"
    }
}

/// Where a dispatch list came from.
public struct ListSource: Sendable {
    /// The file's name, without its folder.
    public let file: String
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    public let sha256: String

    /// A list, by its file.
    public init(file: String, sha256: String) {
        self.file = file
        self.sha256 = sha256
    }
}

/// One import of a dispatch list, as the registry recorded it.
public struct DispatchRecord: Hashable, Sendable {
    /// 1, 2, 3…
    public let number: Int
    /// The name of the file, without its folder.
    public let file: String
    /// SHA-256 of the file, in lower-case hexadecimal.
    public let sha256: String
    /// Units that the import added.
    public let units: Int
    /// When it was imported.
    public let importedAt: Timestamp
    /// Who imported it.
    public let actor: String

    /// A record, as stored.
    public init(number: Int, file: String, sha256: String, units: Int, importedAt: Timestamp, actor: String) {
        self.number = number
        self.file = file
        self.sha256 = sha256
        self.units = units
        self.importedAt = importedAt
        self.actor = actor
    }
}

/// What an import did, or would do.
public struct ImportSummary: Sendable {
    /// The dispatch recorded, or recognised; nil when no unit was new.
    public var dispatch: Int?
    /// Whether the file's very bytes were imported before, as that dispatch.
    public var recognised = false
    /// Rows with a unit.
    public var rows = 0
    /// Units the registry did not have.
    public var added = 0
    /// Added units that a registry had which a copy of before replaced: they go
    /// on from where they were.
    public var resumed = 0
    /// Units the registry had, just as listed.
    public var unchanged = 0
    /// Unchanged units whose count in the list is below the registry's, which is kept.
    public var olderCounts = 0
    /// Units whose count in the list is above the registry's, and was taken.
    public var acceptedCounts = 0
    /// Those of them whose count is so far above that a unit which did not
    /// follow takes no token any more.
    public var farCounts = 0
    /// Units that are not as this very list had them, because they were given
    /// other credentials since.
    public var changedSince = 0
    /// Rows that were left out, because the others were to be imported.
    public var rejected = 0
    /// What is wrong with the rows that were left out.
    public var problems = ProblemList()
    /// Credentials that were taken and should not be as they are.
    public var warnings = ProblemList()
    /// How the list was written.
    public var format = ListFormat()
    /// Whether nothing was written because nothing was to be.
    public var dryRun = false
    /// Headers of the columns that mean nothing here, and were kept out.
    public var ignoredColumns: [String] = []
    /// Rows whose starting code had fewer than nine digits: its zeros were put back.
    public var paddedStartingCodes = 0
    /// Whether the list had no starting codes, and they were derived from the keys.
    public var derivedStartingCodes = false

    /// Nothing done yet.
    public init() {}
}
