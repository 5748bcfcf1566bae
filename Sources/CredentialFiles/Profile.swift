import Crypto
import Fleet
import Foundation

/// How a provider wants its file: which columns, under which headers, written how.
///
/// Profiles are data: small YAML files, some beside this source, others the
/// user's own.
public struct Profile: Sendable {
    /// The name on the command line: small letters, digits and hyphens.
    public let name: String
    /// The name for people.
    public let title: String
    /// Who makes the units' tokens once they are exported.
    public let provider: String
    /// The YAML as it was read.
    public let text: String
    /// SHA-256 of that text, in lower-case hexadecimal.
    public let sha256: String
    /// Where the template comes from.
    public let source: String
    /// What has not been checked about the file, if anything.
    public let unverified: String?
    /// What the provider knows units as, in the order in which they are tried;
    /// none where it knows no products, or the user names one for each export.
    public let products: [Product]
    let form: FileForm
    let columns: [Column]
    let filePattern: FileNamePattern

    /// A profile as it was recorded with an export.
    ///
    /// - Throws: ``FleetError/badProfile(name:problem:)``, with line and key.
    public init(name: String, text: String) throws(FleetError) {
        try self.init(text, name: name, isNamed: true)
    }

    /// - Parameter isNamed: whether a `name` in the text must be the given
    ///   one; where not, it is the profile's.
    init(_ text: String, name given: String, isNamed: Bool) throws(FleetError) {
        do {
            let reading = try ProfileReading(text, name: given, isNamed: isNamed)
            name = reading.name
            title = reading.title
            provider = reading.provider
            source = reading.source
            unverified = reading.unverified
            products = reading.products
            form = reading.form
            columns = reading.columns
            filePattern = reading.filePattern
        } catch {
            throw .badProfile(name: given, problem: "\(error)")
        }
        self.text = text
        sha256 = SHA256.hash(data: Array(text.utf8)).hex
    }

    /// The headers of its columns, in their order.
    public var headers: [String] { columns.map(\.header) }

    /// Whether any column needs the customer who holds a unit.
    public var tellsCustomer: Bool { columns.contains { $0.field?.isCustomers ?? false } }

    /// Whether any column needs the list that brought a unit.
    public var tellsDispatch: Bool { columns.contains { $0.field?.isDispatchs ?? false } }

    /// Whether the file has each unit's count of now.
    public var carriesCount: Bool { has(.count) }

    /// Whether the file has secret keys or starting codes.
    public var holdsKeys: Bool { has(.key) || has(.startingCode) }

    /// Whether the file names a product for each unit.
    public var namesProduct: Bool { has(.product) }

    /// Whether the file says all that tokens for such a unit are made with.
    func tells(_ build: UnitBuild) -> Bool {
        (build.timeDivider == .wholeDays || has(.timeDivider))
            && (build.digitSet == .full || has(.restrictedDigits))
    }

    private func has(_ field: ProfileField) -> Bool { columns.contains { $0.field == field } }

    /// What a file of an export is called, without its folder.
    ///
    /// - Parameter isEncrypted: whether it ends in `.age`.
    public func fileName(export: Int, at moment: Timestamp, isEncrypted: Bool = false) -> String {
        filePattern.name(profile: name, export: export, at: moment) + (isEncrypted ? ".age" : "")
    }
}

/// How the rows of a file are written in bytes.
enum FileForm: Hashable, Sendable {
    case separated(ListFormat.Delimiter, FileEncoding, LineEnding)
    case json
}

/// What ends a line.
enum LineEnding: String, CaseIterable, Sendable {
    case crlf, lf

    var bytes: [UInt8] { self == .crlf ? [0x0D, 0x0A] : [0x0A] }
}

/// The name of a file, with places to fill.
struct FileNamePattern: Sendable {
    static let places = ["name", "date", "time", "export"]

    let pattern: String

    /// Nil for one that is no safe name.
    init?(_ pattern: String) {
        let filled = Self.places.reduce(pattern) { $0.replacing("{\($1)}", with: "x") }
        let isSafe = filled.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        guard isSafe, (1...128).contains(pattern.utf8.count), !".-".contains(filled.prefix(1)) else { return nil }
        self.pattern = pattern
    }

    func name(profile: String, export: Int, at moment: Timestamp) -> String {
        let text = moment.text
        return pattern.replacing("{name}", with: profile).replacing("{export}", with: "\(export)")
            .replacing("{date}", with: text.prefix(10))
            .replacing("{time}", with: text.dropFirst(11).prefix(8).replacing(":", with: ""))
    }
}
