import Fleet
import Foundation
import PrivateFiles

extension Profile {
    /// The profiles that come with the program, by their names.
    ///
    /// To add one, put its YAML into `Profiles`, and here a line for it: there
    /// is no way to list embedded files, and a test compares these lines with
    /// the folder. Nothing else has to know. A user's own needs a file in the
    /// profiles folder and nothing more.
    private static let embedded: [(name: String, yaml: [UInt8])] = [
        ("openpaygo", PackageResources.openpaygo_yaml),
        ("paygops", PackageResources.paygops_yaml),
        ("angaza", PackageResources.angaza_yaml),
        ("airlink", PackageResources.airlink_yaml),
        ("json", PackageResources.json_yaml),
    ]

    /// The names of the profiles that come with the program.
    public static let builtIn = embedded.map(\.name)

    private static let ending = ".yaml"
    /// More than any profile has, and little enough to be read at once.
    private static let mostBytes = 1 << 20

    /// A profile that comes with the program, or the file `NAME.yaml` in the
    /// user's profiles folder.
    ///
    /// - Throws: ``FleetError/profileNotFound(_:known:)``;
    ///   ``FleetError/badProfile(name:problem:)``, also where both have the name:
    ///   whose file a provider gets must not hang on who put what into a folder.
    public init(named name: String, folder: String?) throws(FleetError) {
        let own = Self.names(in: folder)
        if let found = Self.embedded.first(where: { $0.name == name }) {
            guard !own.contains(name) else { throw Self.shadowing(name) }
            try self.init(String(decoding: found.yaml, as: UTF8.self), name: name, isNamed: true)
        } else if let folder, own.contains(name) {
            try self.init(try Self.text(of: "\(folder)/\(name)\(Self.ending)", name: name), name: name, isNamed: true)
        } else {
            let others = own.filter { !Self.builtIn.contains($0) && Self.problem(ofName: $0) == nil }
            throw .profileNotFound(shown(name), known: Self.builtIn + others)
        }
    }

    /// A profile in a file anywhere. Its name is the one in the file, or else
    /// the file's own.
    ///
    /// - Throws: ``FleetError/badProfile(name:problem:)``,
    ///   ``FleetError/inputMissing(path:)``, ``FleetError/inputUnreadable(path:reason:)``.
    public init(file path: String) throws(FleetError) {
        let file = (path as NSString).lastPathComponent
        let name = (file as NSString).deletingPathExtension
        try self.init(try Self.text(of: path, name: shown(file)), name: name, isNamed: false)
    }

    /// Every profile there is: those that come with the program, then the
    /// user's by their names. One that cannot be used comes with its problem.
    public static func all(folder: String?) -> [(name: String, profile: Result<Profile, FleetError>)] {
        let embedded = embedded.map { name, yaml in
            (
                name,
                result { () throws(FleetError) in
                    try Profile(String(decoding: yaml, as: UTF8.self), name: name, isNamed: true)
                }
            )
        }
        let own = names(in: folder).map { name in
            (
                shown(name),
                result { () throws(FleetError) in
                    guard !builtIn.contains(name) else { throw shadowing(name) }
                    if let problem = problem(ofName: name) {
                        throw .badProfile(name: shown(name), problem: "its name \(problem)")
                    }
                    return try Profile(named: name, folder: folder)
                }
            )
        }
        return embedded + own
    }

    private static func result(_ make: () throws(FleetError) -> Profile) -> Result<Profile, FleetError> {
        do { return .success(try make()) } catch { return .failure(error) }
    }

    private static func shadowing(_ name: String) -> FleetError {
        .badProfile(
            name: name, problem: "the file \(name)\(ending) in the profiles folder has the name of a built-in profile")
    }

    /// The names of the files in a folder that hold profiles.
    private static func names(in folder: String?) -> [String] {
        guard let folder, let files = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return files.filter { $0.hasSuffix(ending) && !$0.hasPrefix(".") }.map { String($0.dropLast(ending.count)) }
            .sorted()
    }

    private static func text(of path: String, name: String) throws(FleetError) -> String {
        guard FileManager.default.fileExists(atPath: path) else { throw .inputMissing(path: path) }
        guard isRegularFile(path) else { throw .inputUnreadable(path: path, reason: "it is not a file") }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .inputUnreadable(path: path, reason: "permission denied")
        }
        defer { try? file.close() }
        let bytes: Data
        do {
            bytes = try file.read(upToCount: mostBytes) ?? Data()
        } catch {
            throw .inputUnreadable(path: path, reason: "the disk or the connection failed")
        }
        guard !bytes.isEmpty else { throw .badProfile(name: name, problem: "it is empty") }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .badProfile(name: name, problem: "it is no UTF-8 text")
        }
        return text
    }
}
