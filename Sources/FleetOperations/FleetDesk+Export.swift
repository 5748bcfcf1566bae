import CredentialFiles
import Fleet
import FleetStore
import OpenPAYGO

/// What an export is asked for.
public struct ExportOrder: Sendable {
    /// Which profile describes the file.
    public var profile: ProfileChoice
    /// Who gets the file, and makes the units' tokens from then on; nil for
    /// the profile's own provider.
    public var provider: String?
    /// Which units go.
    public var selection: ExportSelection
    /// Where the file goes.
    public var place: OutputPlace
    /// What the profile's product column holds for every unit; nil where each
    /// unit's model tells.
    public var product: String?
    /// Whom the file is encrypted for; empty for a file in the clear.
    public var recipients: [String]
    /// Whether tokens go on being made here.
    public var isCopy: Bool
    /// Units that another provider has, with what it reports.
    public var takeover: TakeoverOrder?
    /// Which units it must be, as they were told before; nil for whichever.
    public var expected: ExportSummary?
    /// Whether to tell what would be written, and write nothing.
    public var dryRun: Bool

    /// An order; without a selection of parts, every unit whose tokens are made here.
    public init(
        profile: ProfileChoice, provider: String? = nil, selection: ExportSelection = ExportSelection(),
        place: OutputPlace, product: String? = nil, recipients: [String] = [], isCopy: Bool = false,
        takeover: TakeoverOrder? = nil, expected: ExportSummary? = nil, dryRun: Bool = false
    ) {
        self.profile = profile
        self.provider = provider
        self.selection = selection
        self.place = place
        self.product = product
        self.recipients = recipients
        self.isCopy = isCopy
        self.takeover = takeover
        self.expected = expected
        self.dryRun = dryRun
    }
}

/// Where a provider's file goes.
public enum OutputPlace: Sendable {
    /// This very path.
    case file(String)
    /// A folder, under the name that the profile gives it.
    case folder(String)
}

/// Units that another provider has until now.
public struct TakeoverOrder: Sendable {
    /// Where their counts come from.
    public enum Counts: Sendable {
        /// One unit, and the count that was reported of it.
        case unit(PaygID, TokenCount)
        /// The other provider's own list.
        case list(ListOrigin, ListReadingOptions)
    }

    /// Where their counts come from.
    public var counts: Counts
    /// Why, for the audit trail.
    public var reason: Reason
    /// Whether a count may be below the registry's.
    public var isForced: Bool

    /// Units to be taken over.
    public init(_ counts: Counts, reason: Reason, isForced: Bool = false) {
        self.counts = counts
        self.reason = reason
        self.isForced = isForced
    }
}

/// What came of an export.
public struct ExportResult: Sendable {
    /// What was written, or would be.
    public let summary: ExportSummary
    /// The profile's name for people.
    public let title: String
    /// Where the file is, or would be.
    public let path: String
    /// What about the profile has not been checked, if anything.
    public let unverified: String?
    /// Units with a time divider or restricted digits that the file does not tell.
    public let unitsNotTold: Int
    /// Whether the file has what tokens are made with. One that has not hands
    /// nothing over.
    public let holdsKeys: Bool
}

extension FleetDesk {
    /// Writes a provider's file, and hands the making of the units' tokens
    /// over to that provider.
    ///
    /// The record is made durable before the file gets its name: were it the
    /// other way round, a power cut between the two would leave a file that
    /// nobody knows of, and two makers of tokens.
    ///
    /// - Throws: ``FleetError``: not found, refused by a rule, the file's and
    ///   the key file's errors.
    public func export(_ order: ExportOrder) throws(FleetError) -> ExportResult {
        let profile = try order.profile.profile()
        guard !profile.holdsKeys || profile.carriesCount || order.isCopy else {
            throw .countNotTold(profile: profile.title)
        }
        try ProviderFile.check(recipients: order.recipients)
        let provider = try order.provider.map { text throws(FleetError) in
            try TokeningAuthority(provider: text)
        }
        var terms = ExportTerms(
            profile: profile.name, profileText: profile.text,
            products: ExportProducts(
                names: profile.products.isEmpty ? [:] : try registry.productNames(of: profile.name),
                product: order.product
            ),
            tells: (profile.tellsDispatch, profile.tellsCustomer), provider: provider?.name ?? profile.provider,
            selection: order.selection, isCopy: order.isCopy || !profile.holdsKeys, expected: order.expected
        )
        terms.takeover = try order.takeover.map { order throws(FleetError) in try takeover(order) }
        if var takeover = terms.takeover {
            switch terms.selection.part {
            case .all: terms.selection.part = .units(takeover.reports.map(\.unit))
            case .units(let ids):
                let chosen = Set(ids)
                takeover.reports.removeAll { !chosen.contains($0.unit) }
                terms.takeover = takeover
            case .dispatch, .customer, .authority: break
            }
        }
        let moment = now()
        let writing = ExportWriting(order.place, profile, terms.products, order.recipients, at: moment)
        let summary = try registry.export(terms, to: writing.sink, dryRun: order.dryRun, at: moment, actor: actor)
        if let number = summary.number { try writing.file?.publish(export: number) }
        return ExportResult(
            summary: summary, title: profile.title, path: writing.path, unverified: profile.unverified,
            unitsNotTold: writing.file?.unitsNotTold ?? 0, holdsKeys: profile.holdsKeys
        )
    }

    /// Writes the very bytes of an export once more. Nothing is handed over.
    ///
    /// - Throws: ``FleetError/exportNotFound(_:)``,
    ///   ``FleetError/exportNotRepeatable(_:reason:)``; the file's and the key
    ///   file's errors.
    public func exportAgain(
        _ number: Int, to place: OutputPlace, recipients: [String] = []
    ) throws(FleetError) -> (record: ExportRecord, path: String) {
        let (record, _) = try registry.export(number)
        guard let text = record.profileText else {
            throw .exportNotRepeatable(number, reason: "an older version wrote it, and did not keep its profile")
        }
        let profile = try Profile(name: record.profile, text: text)
        let writing = ExportWriting(place, profile, record.products, recipients, at: record.exportedAt)
        _ = try registry.exportAgain(number, to: writing.sink, at: now(), actor: actor)
        try writing.file?.publish(export: number)
        return (record, writing.path)
    }

    /// Every export, the first one first.
    public func exports() throws(FleetError) -> [ExportRecord] {
        try registry.exports()
    }

    /// An export, and its units by PAYG ID.
    ///
    /// - Throws: ``FleetError/exportNotFound(_:)``.
    public func export(_ number: Int) throws(FleetError) -> (record: ExportRecord, units: [HandedOverUnit]) {
        try registry.export(number)
    }

    private func takeover(_ order: TakeoverOrder) throws(FleetError) -> Takeover {
        switch order.counts {
        case .unit(let unit, let count):
            return Takeover([.init(unit: unit, count: count)], reason: order.reason, isForced: order.isForced)
        case .list(let origin, let reading):
            let input = try origin.input()
            let (reports, sha256) = try ReportedCounts.read(input, reading)
            return Takeover(
                reports, file: input.name, sha256: sha256, reason: order.reason, isForced: order.isForced)
        }
    }
}

/// A provider's file on its way: opened once the export's number is known.
///
/// Its sink is called on one other thread, before the export returns.
private final class ExportWriting: @unchecked Sendable {
    private let place: OutputPlace
    private let profile: Profile
    private let products: ExportProducts
    private let recipients: [String]
    private let moment: Timestamp
    private(set) var file: ProviderFile?
    private(set) var path = ""

    init(
        _ place: OutputPlace, _ profile: Profile, _ products: ExportProducts, _ recipients: [String],
        at moment: Timestamp
    ) {
        self.place = place
        self.profile = profile
        self.products = products
        self.recipients = recipients
        self.moment = moment
    }

    var sink: ExportSink {
        ExportSink(
            begin: { [self] number in
                switch place {
                case .file(let path): self.path = path
                case .folder(let folder):
                    let name = profile.fileName(export: number, at: moment, isEncrypted: !recipients.isEmpty)
                    path = "\(folder)/\(name)"
                }
                file = try ProviderFile(
                    path, profile: profile, productNames: products.names, product: products.product,
                    recipients: recipients
                )
            },
            add: { [self] unit in try file?.add(unit) },
            finish: { [self] in
                guard let finished = try file?.finish() else {
                    throw FleetError.outputFailed(path: path, reason: "it was never begun")
                }
                let slash = path.lastIndex(of: "/")
                return ExportedFile(
                    name: String(path[(slash.map(path.index(after:)) ?? path.startIndex)...]),
                    sha256: finished.sha256, encryptedSHA256: finished.isEncrypted ? finished.fileSHA256 : nil
                )
            }
        )
    }
}

/// The counts that a provider's own list reports.
private enum ReportedCounts {
    /// - Throws: ``FleetError/listNotCompared(file:problems:total:rows:rejected:)``.
    static func read(
        _ input: ListInput, _ reading: ListReadingOptions
    ) throws(FleetError) -> (reports: [Takeover.Report], sha256: String) {
        var problems = ProblemList()
        var reports: [Takeover.Report] = []
        var units: Set<PaygID> = []
        var rows = 0
        var sha256 = ""
        do {
            sha256 = try DispatchListReader.read(input, reading) { row in
                rows += 1
                switch row.content {
                case .problems(let wrong): problems.add(wrong)
                case .unit(let listed):
                    guard units.insert(listed.id).inserted else {
                        let problem = "\(listed.id) is there twice"
                        problems.add([RowProblem(row: listed.row, column: ListField.paygID.title, problem: problem)])
                        return
                    }
                    guard let count = listed.count else {
                        let problem = "there is none, and the next token must go on from it"
                        problems.add([RowProblem(row: listed.row, column: ListField.count.title, problem: problem)])
                        return
                    }
                    reports.append(
                        .init(
                            unit: listed.id, count: count, credentials: listed.credentials,
                            isStartingCodeDerived: listed.isStartingCodeDerived
                        )
                    )
                }
            }.source.sha256
            try problems.refuse(input.name, rows: rows)
        } catch FleetError.badInput(let file, let problems, let total, let rows, let rejected) {
            throw .listNotCompared(file: file, problems: problems, total: total, rows: rows, rejected: rejected)
        } catch let error as FleetError {
            throw error
        } catch {
            throw .inputUnreadable(path: input.name, reason: "\(error)")
        }
        return (reports, sha256)
    }
}
