import ArgumentParser
import Fleet
import FleetOperations

struct ProfileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profile",
        abstract: "Look at the descriptions of providers' files, check one's own, name products.",
        subcommands: [
            ProfileListCommand.self, ProfileShowCommand.self, ProfileCheckCommand.self, ProfileSetCommand.self,
        ]
    )
}

struct ProfileListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the profiles there are.", usage: "payg profile list",
        discussion: """
            Those that come with the program, and yours: NAME.yaml files in $PAYG_PROFILES, or else in payg/profiles \
            under $XDG_CONFIG_HOME or ~/.config.
            """
    )

    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let profiles = FleetDesk.profiles(folder: context.profilesFolder)
        try context.answer(profiles.map(ProfileRow.init), json: output.json, none: "no profiles")
        for profile in profiles { if let problem = profile.problem { context.say("warning: \(problem)") } }
    }
}

struct ProfileShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a profile as it is written.", usage: "payg profile show NAME",
        discussion: "A copy of it under another name, changed to what a provider asks for, is a profile of your own."
    )

    @Argument(help: "The profile's name.")
    var name: String

    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let profile: String
        let title: String
        let provider: String
        let source: String
        @OrNull var unverified: String?
        let sha256: String
        let columns: [String]
        let text: String
    }

    func run() throws {
        let context = CommandContext.current
        let profile = try FleetDesk.profile(.named(name, folder: context.profilesFolder))
        if output.json {
            return try context.answer(
                json: Answer(
                    profile: profile.name, title: profile.title, provider: profile.provider, source: profile.source,
                    unverified: profile.unverified, sha256: profile.sha256, columns: profile.headers,
                    text: profile.text
                )
            )
        }
        try context.output.text(profile.text.hasSuffix("\n") ? profile.text : profile.text + "\n")
    }
}

struct ProfileCheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a profile, and show the first rows that it would write.",
        usage: "payg profile check FILE|NAME [--unit ID...] [--product NAME]",
        discussion: """
            Without a registry it is only read. With one, the first units stand as the provider's file would have \
            them; secret keys and starting codes are left out. Nothing is written.
            """
    )

    @Argument(help: "A file, or the name of a profile.")
    var profile: String

    @Option(parsing: .upToNextOption, help: ArgumentHelp("These units.", valueName: "payg-id"))
    var unit: [String] = []

    @Option(help: ArgumentHelp("The product of every unit, whatever its model.", valueName: "name"))
    var product: String?

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let profile: String
        let title: String
        let provider: String
        @OrNull var unverified: String?
        let ok: Bool
        @OrNull var problem: String?
        let columns: [String]
        let rows: [[String]]
    }

    func run() throws {
        let context = CommandContext.current
        let isFile = profile.contains("/") || profile.contains(".")
        let choice: ProfileChoice =
            isFile ? .file(try context.filePath(profile)) : .named(profile, folder: context.profilesFolder)
        let checked = try FleetDesk.profile(choice)
        let ids = try unit.map { text throws(FleetError) in try PaygID(text) }
        var rows = ProfilePreview(headers: checked.headers, rows: [], problem: nil)
        if !ids.isEmpty || context.isThere(registry.registryPath) {
            rows = try registry.desk().preview(checked, units: ids, product: product)
        }
        if output.json {
            try context.answer(
                json: Answer(
                    profile: checked.name, title: checked.title, provider: checked.provider,
                    unverified: checked.unverified, ok: rows.problem == nil, problem: rows.problem.map { "\($0)" },
                    columns: rows.headers, rows: rows.rows
                )
            )
        } else {
            try context.answer(table: rows.headers, rows.rows)
        }
        context.say(
            "\(checked.title): \(counted(checked.headers.count, "column")), for \(checked.provider); from \(checked.source)"
        )
        if let unverified = checked.unverified { context.say("unverified: \(unverified)") }
        if let problem = rows.problem { throw problem }
    }
}

struct ProfileSetCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Say what a provider calls one of its products.",
        usage: "payg profile set PROFILE PRODUCT NAME",
        discussion: """
            Once for each product of a profile that has some, as `payg profile show` lists them: the provider tells \
            their names. They are kept in the registry, and the trail tells who gave them.
            """
    )

    @Argument(help: "The profile's name.")
    var profile: String

    @Argument(help: "The product's key in the profile: product-1.")
    var product: String

    @Argument(help: "What the provider calls it.")
    var name: String

    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let profile: String
        let product: String
        let name: String
        @OrNull var before: String?
    }

    func run() throws {
        let context = CommandContext.current
        let before = try registry.desk().nameProduct(
            product, of: .named(profile, folder: context.profilesFolder), name
        )
        if output.json {
            try context.answer(json: Answer(profile: profile, product: product, name: name, before: before))
        }
        context.say(
            before == name
                ? "\(product) of \(profile) is called “\(name)” already; nothing was changed"
                : "\(product) of \(profile) is called “\(name)”" + (before.map { ", and was “\($0)”" } ?? "")
        )
    }
}
