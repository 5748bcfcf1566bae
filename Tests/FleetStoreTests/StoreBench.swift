import Fleet
import FleetStore
import OpenPAYGO
import TestSupport
import Testing

/// A fresh registry in a folder of its own, and short ways to use it.
struct StoreBench {
    let folder: TemporaryFolder
    let registry: Registry
    let actor: ActorName
    let now = Timestamp(seconds: 1_793_696_400)

    var path: String { folder.file("registry.sqlite") }
    var keyFile: String { folder.file("registry.key") }

    init() throws {
        folder = try TemporaryFolder()
        actor = try ActorName("Tester")
        try Registry.create(
            folder.file("registry.sqlite"), keyFile: folder.file("registry.key"), at: now, actor: actor
        )
        registry = try Registry.open(folder.file("registry.sqlite"), keyFile: folder.file("registry.key"))
    }

    static let keys = [
        "a29ab82edc5fbbc41ec9530f6dac86b1", "bc41ec9530f6dac86b1a29ab82edc5fb", "0102030405060708090a0b0c0d0e0f10",
    ]

    /// A unit as a list has it; different for each name.
    func listed(
        _ id: String, key: String? = nil, code: Int? = nil, count: Int? = 1, divider: Int? = nil, row: Int = 2
    ) throws -> ListedUnit {
        let seed = id.utf8.reduce(0) { $0 + Int($1) }
        return ListedUnit(
            row: row, id: try PaygID(id),
            credentials: Credentials(
                key: try SecretKey(hex: key ?? Self.keys[seed % Self.keys.count]),
                startingCode: try StartingCode(code ?? 100_000_000 + seed)
            ),
            count: try count.map { try TokenCount($0) }, timeDivider: try divider.map { try TimeDivider($0) },
            digitSet: nil, hardwareModel: nil, firmwareVersion: nil, testCode: nil
        )
    }

    /// Imports units as one list.
    @discardableResult
    func add(_ units: [ListedUnit], sha256: String = String(repeating: "0", count: 64)) throws -> ImportSummary {
        try #require(try registry.importDispatches([feed(units, sha256: sha256)], at: now, actor: actor).first)
    }

    /// Units as one list.
    func feed(_ units: [ListedUnit], sha256: String = String(repeating: "0", count: 64)) -> ListFeed {
        ListFeed(file: "list.csv") { take in
            for unit in units { try take(ListedRow(.unit(unit))) }
            return ListSource(file: "list.csv", sha256: sha256)
        }
    }

    @discardableResult
    func add(_ ids: String...) throws -> ImportSummary {
        try add(try ids.enumerated().map { try listed($1, row: $0 + 2) })
    }

    /// Gives a unit other credentials.
    func replace(_ unit: String) throws {
        let key = "5f9bcbc644574d8fab284173577ba8aa"
        let isChanged = try registry.replaceCredentials(
            of: try PaygID(unit), from: feed([try listed(unit, key: key, code: 7)]), reason: try Reason("a letter"),
            at: now, actor: actor
        )
        #expect(isChanged)
    }

    @discardableResult
    func issue(_ unit: String, days: String = "1", ref: String? = nil, at moment: Timestamp? = nil) throws
        -> TokenDelivery
    {
        try registry.issue(
            TokenOrder(
                recipient: .unit(try PaygID(unit)), request: .days(try Days(text: days)),
                reference: try ref.map { try PaymentReference($0) }
            ),
            at: moment ?? now, actor: actor
        )
    }

    /// Issues what a request asks for.
    @discardableResult
    func request(_ unit: String, _ request: TokenRequest, at moment: Timestamp? = nil) throws -> TokenDelivery {
        try registry.issue(
            TokenOrder(recipient: .unit(try PaygID(unit)), request: request, reference: nil), at: moment ?? now,
            actor: actor
        )
    }

    /// Exports units without a file.
    @discardableResult
    func export(
        _ selection: ExportSelection, to provider: String = "paygops", copy: Bool = false, takeover: Takeover? = nil,
        expecting summary: ExportSummary? = nil, tells: (dispatch: Bool, customer: Bool) = (false, false),
        dryRun: Bool = false,
        sha256: String = String(repeating: "0", count: 64)
    ) throws -> (summary: ExportSummary, units: [ExportedUnit]) {
        var exported: [ExportedUnit] = []
        let summary = try registry.export(
            terms(selection, to: provider, copy: copy, takeover: takeover, expecting: summary, tells: tells),
            to: ExportSink(
                add: { exported.append($0) }, finish: { ExportedFile(name: "out.csv", sha256: sha256) }
            ), dryRun: dryRun, at: now, actor: actor
        )
        return (summary, exported)
    }

    func terms(
        _ selection: ExportSelection = ExportSelection(), to provider: String = "paygops", copy: Bool = false,
        takeover: Takeover? = nil, expecting summary: ExportSummary? = nil,
        tells: (dispatch: Bool, customer: Bool) = (false, false)
    ) -> ExportTerms {
        ExportTerms(
            profile: provider, profileText: "title: \(provider)", tells: tells, provider: provider,
            selection: selection, isCopy: copy, takeover: takeover, expected: summary
        )
    }

    /// Runs SQL on the registry, as anyone with the file could.
    func sql(_ sql: String) throws -> ProgramRun {
        try sqlite3(path, sql)
    }

    /// Runs SQL with every trigger out of the way, and puts them back: what
    /// somebody does who knows that the schema is looked at, too.
    func unguardedSQL(_ sql: String) throws -> ProgramRun {
        let triggers = "FROM sqlite_schema WHERE type = 'trigger'"
        let drops = try self.sql("SELECT 'DROP TRIGGER ' || name || ';' \(triggers)").output
        let back = try self.sql("SELECT sql || ';' \(triggers)").output
        return try self.sql(drops + sql + ";\n" + back)
    }
}
