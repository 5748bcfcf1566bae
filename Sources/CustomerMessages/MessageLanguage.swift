import Fleet

/// A language that messages and slips are written in. Each is a YAML file in
/// `Languages`, and a line here: there is no way to list embedded files, so a
/// test compares these lines with the folder.
public struct MessageLanguage: Sendable {
    /// `en`, `fr`…: its ISO 639 code.
    public let code: String
    /// Its name in the language itself.
    public let title: String
    let yaml: [UInt8]

    /// Every language there is.
    public static let all = [
        MessageLanguage(code: "en", title: "English", yaml: PackageResources.en_yaml),
        MessageLanguage(code: "fr", title: "Français", yaml: PackageResources.fr_yaml),
        MessageLanguage(code: "sw", title: "Kiswahili", yaml: PackageResources.sw_yaml),
        MessageLanguage(code: "pt", title: "Português", yaml: PackageResources.pt_yaml),
        MessageLanguage(code: "ha", title: "Hausa", yaml: PackageResources.ha_yaml),
        MessageLanguage(code: "ne", title: "नेपाली", yaml: PackageResources.ne_yaml),
    ]

    private init(code: String, title: String, yaml: [UInt8]) {
        (self.code, self.title, self.yaml) = (code, title, yaml)
    }

    /// The language of a code, in whatever case. `en-KE` and `fr_FR.UTF-8` name
    /// a language too: what follows it is left aside.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``, which names the languages there are.
    public init(code: String) throws(FleetError) {
        let base = code.trimmingSpaces.lowercased().prefix { !"-_.@".contains($0) }
        guard let language = Self.all.first(where: { $0.code == base }) else {
            let known = Self.all.map { "\($0.code) (\($0.title))" }.joined(separator: ", ")
            throw .badValue(what: "language", problem: "“\(code)” is not built in; there are \(known)")
        }
        self = language
    }
}
