import ArgumentParser
import Fleet
import FleetOperations
import Foundation
import Synchronization

struct DeviceFleetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fleet",
        abstract: "Simulate a fleet against a registry of its own.",
        usage: "payg device fleet [--units N] [--days D] [--seed S] [--svg FILE]",
        discussion: """
            Makes a registry of its own in a temporary folder, never touching yours, and made-up units. Their customers \
            pay late, enter tokens out of order, mistype, lose some and enter some twice; the desk corrects and unlocks \
            a few. In the end every unit is compared with the registry's paid-until: what differs is told, and why. \
            Exit code 2 when something has no explanation. The same seed gives the same answer.
            """
    )

    @Option(help: ArgumentHelp("How many units, up to 100000.", valueName: "n"))
    var units = 1000

    @Option(help: ArgumentHelp("For how many days, up to 3650.", valueName: "days"))
    var days = 365

    @Option(help: ArgumentHelp("What all chance follows from.", valueName: "number"))
    var seed: UInt64 = 1

    @Option(help: ArgumentHelp("Draw the units with light on as a picture.", valueName: "file"))
    var svg: String?

    @Flag(help: "Some units lose their memory, or their clock stands still.")
    var faults = false

    @Flag(help: "Prove the registry's history in the end, too.")
    var verify = false

    @Option(
        help: ArgumentHelp("Work in this folder, which must be new or empty, and leave it there.", valueName: "folder"))
    var keep: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        try Self.check(units, "--units", 1...100_000)
        try Self.check(days, "--days", 1...3650)
        let picture = try svg.map { file throws(FleetError) in try PrivateText(try context.filePath(file)) }
        let interruption = Interruption()
        defer { interruption.finish() }
        let folder = try DemoFolder(keep.map(context.path), named: "payg-fleet", files: [])
        defer { folder.remove() }
        context.say(
            "a registry of its own in \(keep == nil ? "a temporary folder" : folder.path); yours is not touched")

        var plan = FleetSimulation.Plan()
        (plan.units, plan.days, plan.seed, plan.verifies) = (units, days, seed, verify)
        if faults { plan.habits = .withFaults }
        let progress = ProgressLine(context)
        defer { progress.finish() }
        var simulation = try FleetSimulation(plan, in: folder.path)
        let result = try simulation.run { done in
            if Interruption.happened { throw ExitStatus.failed }
            progress.take(Progress(what: "fleet", done: done, size: days, unit: .things("days")))
        }
        progress.finish()
        let telling = FleetTelling(report: FleetReport(result))
        try picture?.publish(telling.picture.text)
        try answer(telling)
        context.say(telling.verdict)
        guard telling.report.ok else { throw ExitStatus.difference }
    }

    private func answer(_ telling: FleetTelling) throws {
        let context = CommandContext.current
        if output.json { return try context.answer(json: telling.report) }
        try context.answer(facts: telling.facts)
        if !telling.report.reasons.isEmpty {
            try context.output.line("")
            try context.answer(telling.report.reasons, json: false, none: "")
        }
        let shown = telling.shown(all: !context.isForPerson)
        if !shown.isEmpty {
            try context.output.line("")
            try context.answer(shown, json: false, none: "")
            let more = telling.report.differences.count - shown.count
            if more > 0 { context.say("\(counted(more, "unit")) more; --json has them all") }
        }
        try context.output.line("\nunits with light on at the end of each day")
        for line in telling.chart.lines(blocks: context.isForPerson && context.hasUTF8) {
            try context.output.line(line)
        }
    }

    private static func check(_ value: Int, _ name: String, _ range: ClosedRange<Int>) throws(FleetError) {
        guard range.contains(value) else {
            throw .badValue(
                what: "value of \(name)", problem: "is not within \(range.lowerBound) to \(range.upperBound)")
        }
    }
}

extension CommandContext {
    /// Whether the terminal shows more than ASCII, as the locale says.
    fileprivate var hasUTF8: Bool {
        let locale = variable("LC_ALL") ?? variable("LC_CTYPE") ?? variable("LANG") ?? ""
        return ["UTF-8", "UTF8"].contains { locale.uppercased().hasSuffix($0) }
    }
}

/// Whether somebody wants it to stop: the folder must go before we do.
private struct Interruption {
    private static let flag = Atomic(false)
    private static let signals = [SIGINT, SIGTERM, SIGHUP]

    static var happened: Bool { flag.load(ordering: .relaxed) }

    init() {
        Self.flag.store(false, ordering: .relaxed)
        for one in Self.signals { signal(one) { _ in Interruption.flag.store(true, ordering: .relaxed) } }
    }

    func finish() {
        for one in Self.signals { signal(one, SIG_DFL) }
    }
}
