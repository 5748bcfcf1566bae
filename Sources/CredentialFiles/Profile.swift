import Fleet
import Foundation
import Yams

/// How a provider wants its file: which columns, under which headers, written how.
///
/// Profiles are data, small YAML files beside this source.
public struct Profile: Sendable {
    /// The name on the command line.
    public let name: String
    /// The name for people.
    public let title: String
    /// Who makes the units' tokens once they are exported: the provider's name.
    public var provider: String { name }
    /// What has not been checked about the file, if anything.
    public let unverified: String?
    let columns: [Column]

    struct Column: Decodable, Sendable {
        let header: String
        let field: Field
        /// Whether a unit without the value is refused.
        let isRequired: Bool

        enum CodingKeys: String, CodingKey {
            case header, field
            case isRequired = "required"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            header = try values.decode(String.self, forKey: .header)
            field = try values.decode(Field.self, forKey: .field)
            isRequired = try values.decodeIfPresent(Bool.self, forKey: .isRequired) ?? false
        }
    }

    /// What a column can hold.
    enum Field: String, Decodable, Sendable {
        case paygID, startingCode, key, count, timeDivider, restrictedDigits, hardwareModel, firmwareVersion
        case testCode, product
    }

    /// The profiles that come with the program.
    public static let builtIn = ["openpaygo", "paygops", "angaza"]

    /// A profile that comes with the program.
    ///
    /// - Throws: ``FleetError/profileNotFound(_:known:)``,
    ///   ``FleetError/badProfile(name:problem:)``.
    public init(named name: String) throws(FleetError) {
        let yaml: [UInt8]
        switch name {
        case "openpaygo": yaml = PackageResources.openpaygo_yaml
        case "paygops": yaml = PackageResources.paygops_yaml
        case "angaza": yaml = PackageResources.angaza_yaml
        default: throw .profileNotFound(name, known: Self.builtIn)
        }
        try self.init(name: name, yaml: String(decoding: yaml, as: UTF8.self))
    }

    /// A profile from its YAML.
    ///
    /// - Throws: ``FleetError/badProfile(name:problem:)``.
    init(name: String, yaml: String) throws(FleetError) {
        struct Text: Decodable {
            let title: String
            let unverified: String?
            let columns: [Column]
        }
        do {
            let text = try YAMLDecoder().decode(Text.self, from: yaml)
            self.name = name
            title = text.title
            unverified = text.unverified
            columns = text.columns
        } catch {
            throw .badProfile(name: name, problem: "\(error)")
        }
    }

    /// Whether the file names a product, which no registry knows by itself.
    var namesProduct: Bool { columns.contains { $0.field == .product } }

    /// Whether the file says all that tokens for such a unit are made with.
    func tells(_ build: UnitBuild) -> Bool {
        func has(_ field: Field) -> Bool { columns.contains { $0.field == field } }
        return (build.timeDivider == .wholeDays || has(.timeDivider))
            && (build.digitSet == .full || has(.restrictedDigits))
    }
}
