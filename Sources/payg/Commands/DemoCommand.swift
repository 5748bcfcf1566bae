import ArgumentParser
import Foundation

struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Show the whole story on sample data.",
        usage: "payg demo [--keep FOLDER]",
        discussion: """
            In a temporary folder, which is removed afterwards: a registry, two dispatch lists, customers, tokens, \
            two providers' files, and the proof of it all.
            """
    )

    @Option(
        help: ArgumentHelp("Work in this folder, which must be new or empty, and leave it there.", valueName: "folder"))
    var keep: String?

    func run() throws {
        let context = CommandContext.current
        // It is over in a moment, and must not leave its key file behind.
        for stop in [SIGINT, SIGTERM, SIGHUP] { signal(stop, SIG_IGN) }
        let folder = try DemoFolder(keep.map(context.path))
        defer { folder.remove() }

        try context.output.line("$ cd \(Failure.quoted(folder.path))")
        try context.output.line("$ export PAYG_REGISTRY=registry.sqlite PAYG_KEY_FILE=registry.key")
        let stage = folder.context(context)
        for words in DemoStory.commands {
            let line = words.map(Failure.quoted).joined(separator: " ")
            try context.output.line("\n$ payg \(line)")
            let status = CommandLineRun(stage).run(words)
            if let status = ExitStatus(rawValue: status), status != .done { throw status }
        }
        if keep != nil {
            try context.output.line("\nkept in \(folder.path); go on there with the two lines at the top")
        }
    }
}

/// What the demo does, as a person would type it.
enum DemoStory {
    static let commands: [[String]] = [
        ["init"],
        ["import", "cloud-solar-dispatch.csv"],
        ["import", "openpaygo-device-list.csv"],
        ["import", "cloud-solar-dispatch.csv"],
        ["customer", "import", "customers.csv"],
        ["assign", "CSP-240311", "KIS-0001"],
        ["assign", "SLR-0013", "KIS-0004"],
        ["issue", "--customer", "KIS-0001", "--days", "30", "--ref", "MP-1001"],
        ["issue", "--customer", "KIS-0001", "--days", "30", "--ref", "MP-1001"],
        ["issue", "--customer", "KIS-0004", "--days", "7", "--ref", "MP-1002"],
        ["issue", "SLK-0074", "--days", "1.5", "--dry-run"],
        ["issue", "--customer", "KIS-0004", "--set-days", "3"],
        [
            "issue", "--customer", "KIS-0004", "--days", "7", "--ref", "MP-1003", "--message", "sw", "--contact",
            "0800 123",
        ],
        ["unit", "replace", "SLR-0013", "SLR-0014", "--reason", "keypad broken", "--retire"],
        ["unit", "show", "CSP-240311"],
        ["audit", "tokens"],
        ["export", "paygops", "--dispatch", "2", "-o", "paygops.csv"],
        ["export", "angaza", "--unit", "CSP-240472", "CSP-240479", "--product", "Sample product", "-o", "angaza.csv"],
        ["export", "list"],
        ["unit", "list", "--search", "SL"],
        ["audit", "events", "--unit", "CSP-240311"],
        ["audit", "verify"],
    ]

    static let files: [(name: String, bytes: [UInt8])] = [
        ("cloud-solar-dispatch.csv", PackageResources.cloud_solar_dispatch_csv),
        ("openpaygo-device-list.csv", PackageResources.openpaygo_device_list_csv),
        ("customers.csv", PackageResources.customers_csv),
    ]
}
