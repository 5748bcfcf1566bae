import Fleet
import FleetOperations
import Foundation
import OpenPAYGO

/// A unit as it is answered. It has no credentials to show.
struct UnitRow: TableRow {
    let unit: String
    let dispatch: Int
    @OrNull var customer: String?
    let count: Int
    let dispatchedCount: Int
    let timeDivider: Int
    let restrictedDigits: Bool
    @OrNull var hardwareModel: String?
    @OrNull var firmwareVersion: String?
    @OrNull var testCode: String?
    @OrNull var paidUntil: String?
    /// The furthest moment that tokens were ever issued for.
    @OrNull var furthestIssued: String?
    let unlocked: Bool
    @OrNull var retiredAt: String?
    let authority: String

    init(_ unit: FleetUnit) {
        self.unit = unit.id.text
        dispatch = unit.dispatch
        count = Int(unit.count.number)
        dispatchedCount = Int(unit.dispatchedCount.number)
        timeDivider = Int(unit.build.timeDivider.number)
        restrictedDigits = unit.build.digitSet == .restricted
        authority = unit.authority.name
        customer = unit.customer?.text
        hardwareModel = unit.build.hardwareModel
        firmwareVersion = unit.build.firmwareVersion
        testCode = unit.build.testCode?.digits
        paidUntil = unit.paidUntil?.text
        unlocked = unit.credit.isUnlocked
        furthestIssued = unit.credit.furthest?.text
        retiredAt = unit.retiredAt?.text
    }

    /// What stands in a table where paid-until says nothing.
    private var state: String? { retiredAt != nil ? "retired" : unlocked ? "unlocked" : nil }

    static var columns: [Column<UnitRow>] {
        [
            Column("unit", \.unit),
            Column("customer") { $0.customer ?? "" },
            Column("count", isNumber: true) { String($0.count) },
            Column(
                "paid until", { $0.state ?? $0.paidUntil ?? "" }, shown: { $0.state ?? readable($0.paidUntil) }
            ),
            Column("made by", \.authority),
            Column("dispatch", isNumber: true) { String($0.dispatch) },
            Column("model") { $0.hardwareModel ?? "" },
        ]
    }
}

/// A token as the history answers it.
struct TokenRow: TableRow {
    let token: String
    let unit: String
    @OrNull var customer: String?
    let type: String
    @OrNull var value: Int?
    @OrNull var days: Double?
    let count: Int
    @OrNull var reference: String?
    @OrNull var paidUntil: String?
    let issuedAt: String
    let actor: String
    /// The step of a test plan that it was made for.
    @OrNull var test: String?
    private let grouped: String
    private let readableDays: String

    init(_ issued: IssuedToken) {
        token = issued.token.digits
        grouped = issued.token.grouped
        unit = issued.unit.text
        type = issued.instruction.type.rawValue
        count = Int(issued.count.number)
        issuedAt = issued.issuedAt.text
        actor = issued.actor
        readableDays = issued.days?.description ?? ""
        customer = issued.customer?.text
        value = issued.instruction.time?.number
        days = issued.days?.approximate
        reference = issued.reference?.text
        paidUntil = issued.paidUntil?.text
        test = issued.test
    }

    enum CodingKeys: String, CodingKey {
        case token, unit, customer, type, value, days, count, reference, paidUntil, issuedAt, actor, test
    }

    /// The token first: what a narrow terminal breaks off must not be its end.
    static var columns: [Column<TokenRow>] {
        [
            Column("token", \.token, shown: \.grouped),
            Column("unit", \.unit),
            Column("days", isNumber: true, \.readableDays),
            Column("count", isNumber: true) { String($0.count) },
            Column("issued", \.issuedAt, shown: { readable($0.issuedAt) }),
            Column("customer") { $0.customer ?? "" },
            Column("reference") { $0.reference ?? $0.test.map { "test \($0)" } ?? "" },
            Column("type", \.type, shown: { spaced($0.type) }),
            Column("by", \.actor),
        ]
    }
}

/// An audit event as the history answers it.
struct EventRow: TableRow {
    let sequence: Int
    let at: String
    let actor: String
    let action: String
    let detail: [String: DetailValue]
    let hash: String

    init(_ event: AuditEvent) {
        sequence = event.sequence
        at = event.at.text
        actor = event.actor
        action = event.action
        detail = (try? JSONDecoder().decode([String: DetailValue].self, from: Data(event.detail.utf8))) ?? [:]
        hash = event.hash.hex
    }

    /// A value in an event's detail.
    enum DetailValue: Codable, CustomStringConvertible {
        case number(Int)
        case text(String)
        case texts([String])
        case flag(Bool)

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let number = try? value.decode(Int.self) {
                self = .number(number)
            } else if let texts = try? value.decode([String].self) {
                self = .texts(texts)
            } else if let flag = try? value.decode(Bool.self) {
                self = .flag(flag)
            } else {
                self = .text((try? value.decode(String.self)) ?? "…")
            }
        }

        func encode(to encoder: any Encoder) throws {
            var value = encoder.singleValueContainer()
            switch self {
            case .number(let number): try value.encode(number)
            case .text(let text): try value.encode(text)
            case .texts(let texts): try value.encode(texts)
            case .flag(let flag): try value.encode(flag)
            }
        }

        var description: String {
            switch self {
            case .number(let number): String(number)
            case .text(let text): text
            case .texts(let texts): texts.joined(separator: ",")
            case .flag(let flag): String(flag)
            }
        }
    }

    /// `key=value`, as programs take it apart.
    var plainDetail: String {
        told.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// The detail in a settled order, but for what is for programs only: on a
    /// screen, digests would push the rest off it.
    var told: [(key: String, value: DetailValue)] {
        detail.sorted { $0.key < $1.key }.filter {
            !["sha256", "unitsSHA256", "registry", "keyID", "timeDivider", "value"].contains($0.key)
        }.map { ($0.key, $0.value) }
    }

    static var columns: [Column<EventRow>] {
        [
            Column("event", isNumber: true) { String($0.sequence) },
            Column("at", \.at, shown: { readable($0.at) }),
            Column("by", \.actor),
            Column("action", \.action, shown: { spaced($0.action) }),
            Column("detail", \.plainDetail, shown: { EventWords($0).sentence }),
        ]
    }
}

/// A customer as it is answered.
struct CustomerRow: TableRow {
    let customer: String
    let name: String
    @OrNull var phone: String?
    @OrNull var language: String?
    @OrNull var note: String?
    let units: [String]

    init(_ customer: Customer) {
        self.customer = customer.reference.text
        name = customer.name
        units = customer.units.map(\.text)
        phone = customer.phone
        language = customer.language
        note = customer.note
    }

    static var columns: [Column<CustomerRow>] {
        [
            Column("customer", \.customer),
            Column("name", \.name),
            Column("phone") { $0.phone ?? "" },
            Column("units") { $0.units.joined(separator: ", ") },
        ]
    }
}

/// An assignment of a customer as it is answered.
struct AssignmentRow: TableRow {
    let unit: String
    let since: String
    @OrNull var until: String?

    init(_ assignment: Assignment) {
        unit = assignment.unit.text
        since = assignment.since.text
        until = assignment.until?.text
    }

    static var columns: [Column<AssignmentRow>] {
        [
            Column("unit", \.unit),
            Column("from", \.since, shown: { readable($0.since) }),
            Column("until", { $0.until ?? "" }, shown: { readable($0.until) }),
        ]
    }
}

/// An assignment of a unit as it is answered.
struct HolderRow: TableRow {
    let customer: String
    let since: String
    @OrNull var until: String?

    init(_ assignment: Assignment) {
        customer = assignment.customer.text
        since = assignment.since.text
        until = assignment.until?.text
    }

    static var columns: [Column<HolderRow>] {
        [
            Column("customer", \.customer),
            Column("from", \.since, shown: { readable($0.since) }),
            Column("until", { $0.until ?? "" }, shown: { readable($0.until) }),
        ]
    }
}

/// A dispatch as it is answered.
struct DispatchRow: TableRow {
    let dispatch: Int
    let file: String
    let sha256: String
    let units: Int
    let importedAt: String
    let actor: String

    init(_ record: DispatchRecord) {
        dispatch = record.number
        file = record.file
        sha256 = record.sha256
        units = record.units
        importedAt = record.importedAt.text
        actor = record.actor
    }

    static var columns: [Column<DispatchRow>] {
        [
            Column("dispatch", isNumber: true) { String($0.dispatch) },
            Column("imported", \.importedAt, shown: { readable($0.importedAt) }),
            Column("units", isNumber: true) { String($0.units) },
            Column("file", \.file),
            Column("by", \.actor),
        ]
    }
}

/// A stored moment for a person; empty for none.
func readable(_ moment: String?) -> String {
    moment.flatMap { Timestamp(text: $0)?.readable } ?? ""
}

/// `addTime` as people say it: “add time”.
func spaced(_ name: String) -> String {
    if name == TokenType.disablePayg.rawValue { return "disable PAYG" }
    return name.reduce(into: "") { words, letter in
        words += letter.isUppercase ? " " + letter.lowercased() : String(letter)
    }
}

/// An export as it is answered.
struct ExportRow: TableRow {
    let export: Int
    let profile: String
    @OrNull var profileSha256: String?
    let authority: String
    let units: Int
    let file: String
    let sha256: String
    @OrNull var encryptedSha256: String?
    let exportedAt: String
    let actor: String

    init(_ record: ExportRecord) {
        export = record.number
        profile = record.profile
        authority = record.authority.name
        units = record.units
        file = record.file
        sha256 = record.sha256
        exportedAt = record.exportedAt.text
        actor = record.actor
        profileSha256 = record.profileSHA256
        encryptedSha256 = record.encryptedSHA256
    }

    static var columns: [Column<ExportRow>] {
        [
            Column("export", isNumber: true) { String($0.export) },
            Column("profile", \.profile),
            Column("made by", \.authority),
            Column("units", isNumber: true) { String($0.units) },
            Column("file", \.file),
            Column("encrypted") { $0.encryptedSha256 == nil ? "no" : "yes" },
            Column("exported", \.exportedAt, shown: { readable($0.exportedAt) }),
            Column("by", \.actor),
        ]
    }
}

/// A unit of an export.
struct HandedOverRow: TableRow {
    let unit: String
    let count: Int
    let authority: String

    init(_ unit: HandedOverUnit) {
        self.unit = unit.unit.text
        count = Int(unit.count.number)
        authority = unit.authority.name
    }

    static var columns: [Column<HandedOverRow>] {
        [
            Column("unit", \.unit),
            Column("count", isNumber: true) { String($0.count) },
            Column("made by now", \.authority),
        ]
    }
}

/// A profile as it is listed.
struct ProfileRow: TableRow {
    let profile: String
    let builtIn: Bool
    @OrNull var title: String?
    @OrNull var provider: String?
    @OrNull var verified: Bool?
    let products: [String]
    @OrNull var problem: String?

    init(_ listed: ListedProfile) {
        profile = listed.name
        builtIn = listed.isBuiltIn
        products = listed.facts?.products ?? []
        title = listed.facts?.title
        provider = listed.facts?.provider
        verified = listed.facts.map { $0.unverified == nil }
        problem = listed.problem.map { "\($0)" }
    }

    static var columns: [Column<ProfileRow>] {
        [
            Column("profile", \.profile),
            Column("title") { $0.title ?? "cannot be used" },
            Column("made by") { $0.provider ?? "" },
            Column("unverified") { $0.verified == false ? "yes" : "" },
            Column("comes with payg") { $0.builtIn ? "yes" : "no" },
        ]
    }
}
