import CredentialFiles
import Fleet
import FleetStore

/// Which profile describes a provider's file.
public enum ProfileChoice: Sendable {
    /// One that comes with the program, or is in the user's folder of profiles.
    case named(String, folder: String?)
    /// A file.
    case file(String)

    /// - Throws: ``FleetError/profileNotFound(_:known:)``,
    ///   ``FleetError/badProfile(name:problem:)``, the file's errors.
    func profile() throws(FleetError) -> Profile {
        switch self {
        case .named(let name, let folder): try Profile(named: name, folder: folder)
        case .file(let path): try Profile(file: path)
        }
    }
}

/// What is told of a profile.
public struct ProfileFacts: Sendable {
    /// The name on the command line.
    public let name: String
    /// The name for people.
    public let title: String
    /// Who makes the units' tokens once they are exported with it.
    public let provider: String
    /// Where its columns come from.
    public let source: String
    /// What about it has not been checked, if anything.
    public let unverified: String?
    /// The headers of its columns.
    public let headers: [String]
    /// The keys of its products.
    public let products: [String]
    /// SHA-256 of its text, in lower-case hexadecimal.
    public let sha256: String
    /// The profile as it is written.
    public let text: String
    let profile: Profile

    init(_ profile: Profile) {
        name = profile.name
        title = profile.title
        provider = profile.provider
        source = profile.source
        unverified = profile.unverified
        headers = profile.headers
        products = profile.products.map(\.key)
        sha256 = profile.sha256
        text = profile.text
        self.profile = profile
    }
}

/// A profile in a list of them.
public struct ListedProfile: Sendable {
    /// The name on the command line.
    public let name: String
    /// Whether it comes with the program.
    public let isBuiltIn: Bool
    /// What is told of it; nil for one that cannot be used.
    public let facts: ProfileFacts?
    /// Why it cannot be used.
    public let problem: FleetError?
}

/// Rows as a provider's file would have them.
public struct ProfilePreview: Sendable {
    /// The headers of the columns.
    public var headers: [String]
    /// The cells of each unit.
    public var rows: [[String]]
    /// Why there would be no file; nil where there would be one.
    public var problem: FleetError?

    /// Rows to be looked at.
    public init(headers: [String], rows: [[String]], problem: FleetError?) {
        self.headers = headers
        self.rows = rows
        self.problem = problem
    }
}

extension FleetDesk {
    /// How many units a preview shows.
    private static let previewed = 5

    /// Every profile there is, in the program and in a folder.
    public static func profiles(folder: String?) -> [ListedProfile] {
        Profile.all(folder: folder).map { name, profile in
            let isBuiltIn = Profile.builtIn.contains(name)
            return switch profile {
            case .success(let profile):
                ListedProfile(name: name, isBuiltIn: isBuiltIn, facts: ProfileFacts(profile), problem: nil)
            case .failure(let problem):
                ListedProfile(name: name, isBuiltIn: isBuiltIn, facts: nil, problem: problem)
            }
        }
    }

    /// A profile.
    ///
    /// - Throws: ``FleetError/profileNotFound(_:known:)``,
    ///   ``FleetError/badProfile(name:problem:)``, the file's errors.
    public static func profile(_ choice: ProfileChoice) throws(FleetError) -> ProfileFacts {
        ProfileFacts(try choice.profile())
    }

    /// What a profile's file would hold for some units, without what tokens are
    /// made with. Nothing is written, and nobody's credentials are opened.
    ///
    /// - Parameter ids: the units; the first ones where there are none.
    /// - Throws: ``FleetError/productMissing(profile:)`` and its kin; not found.
    public func preview(
        _ facts: ProfileFacts, units ids: [PaygID], product: String? = nil
    ) throws(FleetError) -> ProfilePreview {
        let units = try registry.previewed(ids, most: Self.previewed)
        let rows = try facts.profile.preview(
            of: units, productNames: try registry.productNames(of: facts.name), product: product
        )
        return ProfilePreview(headers: rows.headers, rows: rows.rows, problem: rows.problem)
    }

    /// Says what a provider calls one of its products.
    ///
    /// - Returns: what it was called before; nil where it had no name.
    /// - Throws: ``FleetError/badValue(what:problem:)`` for a product that the
    ///   profile does not have, and for a name that is none;
    ///   ``FleetError/profileNotFound(_:known:)``.
    public func nameProduct(
        _ product: String, of choice: ProfileChoice, _ name: String
    ) throws(FleetError) -> String? {
        let profile = try choice.profile()
        let keys = profile.products.map(\.key)
        guard keys.contains(product) else {
            throw .badValue(
                what: "product “\(product)”",
                problem: keys.isEmpty
                    ? "is none: the profile \(profile.name) has no products"
                    : "is none of the profile \(profile.name): it has \(keys.joined(separator: ", "))"
            )
        }
        let checked = try Profile.checked(productName: name)
        return try registry.nameProduct(product, of: profile.name, checked, at: now(), actor: actor)
    }
}
