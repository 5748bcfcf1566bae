import ArgumentParser
import ChargeController
import Fleet
import FleetOperations
import Foundation
import OpenPAYGO
import PrivateFiles

struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Try tokens on a simulated charge controller.",
        subcommands: [
            DeviceNewCommand.self, DeviceEnterCommand.self, DeviceStatusCommand.self, DeviceKeypadCommand.self,
            DeviceRunPlanCommand.self, DeviceFleetCommand.self,
        ]
    )
}

struct DeviceNewCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "new",
        abstract: "Make a simulated unit, as one of the fleet left the factory.",
        usage: """
            payg device new UNIT --state FILE
            payg device new --from LIST --row UNIT --state FILE
            """,
        discussion: """
            Of a unit of the registry, on record; or of a row of a dispatch list, without a registry. The state file \
            holds the unit's secret key, in the clear: it is readable by you only, and whoever has it makes tokens \
            for the real unit. Delete it when it is not needed any more.
            """
    )

    @Argument(help: "The PAYG ID of a unit of the registry.")
    var unit: String?

    @Option(help: ArgumentHelp("Where its state is kept; holds the secret key.", valueName: "file"))
    var state: String

    @Option(help: ArgumentHelp("A dispatch list, in place of the registry.", valueName: "list"))
    var from: String?

    @Option(help: ArgumentHelp("The PAYG ID of the list's row.", valueName: "payg-id"))
    var row: String?

    @OptionGroup var list: ListOptions
    @OptionGroup var registry: RegistryOptions
    @OptionGroup var output: OutputOptions

    private struct Answer: Encodable {
        let unit: String
        let file: String
        let dispatchedCount: Int
    }

    func validate() throws {
        guard (from == nil) == (row == nil), (unit == nil) != (from == nil) else {
            throw ValidationError("name a unit of the registry, or a list with --from and its row with --row")
        }
    }

    func run() throws {
        let context = CommandContext.current
        let path = try context.filePath(state)
        var made: (id: PaygID, parameters: UnitParameters)?
        var file: PrivateFile?
        var warning: String?
        if let from {
            let listed = try FleetDesk.unit(try PaygID(row ?? ""), in: try context.list(from), try list.reading())
            let parameters = UnitParameters(listed.credentials, listed.build, listed.count ?? ListedUnit.usualCount)
            file = try DeviceFile.prepare(path, listed.id, parameters)
            made = (listed.id, parameters)
        } else {
            try registry.desk().makeDevice(of: try PaygID(unit ?? ""), file: path) { unit, credentials in
                let parameters = UnitParameters(credentials, unit.build, unit.dispatchedCount)
                file = try DeviceFile.prepare(path, unit.id, parameters)
                made = (unit.id, parameters)
                warning = Self.warning(unit)
            }
        }
        guard let made, let file else { return }
        do throws(PrivateFileError) {
            try file.publish()
        } catch {
            // It holds a secret key, and nobody asked for it under another name.
            if case .notPlaced(let finished?, _) = error { unlink(finished) }
            let refusal = context.isThere(path) ? FleetError.outputExists(path: path) : FleetError(error, device: path)
            guard from == nil else { throw refusal }
            guard case .outputFailed(_, let reason) = refusal else {
                throw FleetError.deviceNotPlaced(path: path, reason: "file exists")
            }
            throw FleetError.deviceNotPlaced(path: path, reason: reason)
        }
        if output.json {
            try context.answer(
                json: Answer(
                    unit: made.id.text, file: state, dispatchedCount: Int(made.parameters.dispatchedCount.number)))
        }
        context.say("unit \(made.id), as it left the factory, is in \(state)")
        context.say("the file holds its secret key in the clear: delete it when it is not needed any more")
        if let warning { context.say(warning) }
    }

    /// A unit looks only so far ahead of the last token that it took.
    private static func warning(_ unit: FleetUnit) -> String? {
        guard unit.count.number > unit.dispatchedCount.number + TokenReader.window else { return nil }
        return "warning: its next token has a count above \(unit.count), and it left the factory with "
            + "\(unit.dispatchedCount): enter the tokens that were issued since first, for it looks "
            + "\(TokenReader.window) counts ahead"
    }
}

struct DeviceEnterCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "enter",
        abstract: "Enter tokens on a simulated unit.",
        usage: "payg device enter STATE TOKEN… [--advance 30d]",
        discussion: """
            Each token is typed and # pressed, and the answer is what the unit shows. Its clock stands still but for \
            --advance. What the options say happens first, in the order that they are listed in. With --cut-power-after the power goes \
            while the unit stores what was entered, and stays away until --power-on. Exit code 2 when a token was not \
            taken.
            """
    )

    @Argument(help: "The simulated unit's state file.")
    var state: String

    @Argument(help: "The tokens, each in one word or in groups.")
    var token: [String]

    @OptionGroup var faults: DeviceFaultOptions

    @Option(
        help: ArgumentHelp(
            "A fault: the power goes after so many of the \(SolarUnit.storingSteps) bytes that are stored next.",
            valueName: "bytes"))
    var cutPowerAfter: Int?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let asked = try faults.understood()
        if let cutPowerAfter, !(0...SolarUnit.storingSteps).contains(cutPowerAfter) {
            throw FleetError.badValue(
                what: "value of --cut-power-after", problem: "is not within 0 to \(SolarUnit.storingSteps)")
        }
        let file = try DeviceFile(try context.filePath(state), changing: true)
        let entries = try TypedEntry.entries(token, of: file.unit.parameters.digitSet)
        file.unit.undergo(asked)
        let hadPower = file.unit.isPowered
        if let cutPowerAfter { file.unit.cutPower(afterStoring: cutPowerAfter) }
        let rows = entries.map { digits in
            let answer = file.unit.enter(digits)
            return EntryRow(digits, answer, file.unit)
        }
        try file.save()
        try context.answer(rows, json: output.json, none: "")
        if !file.unit.isPowered {
            context.say("\(hadPower ? "the power went while it stored" : "it has no power"); --power-on gives it back")
        } else if cutPowerAfter != nil {
            context.say("nothing was stored, and the power stayed")
        }
        if rows.contains(where: { !$0.isTaken }) { throw ExitStatus.difference }
    }
}

struct DeviceStatusCommand: ChangingCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show a simulated unit: its display, load port, time and count.",
        usage: "payg device status STATE [--advance 30d]",
        discussion: """
            Its clock stands still but for --advance; with the keypad open, what was saved before is shown. What the \
            options say happens first, in the order that they are listed in: --power-off --advance 5h --power-on is five hours in the \
            dark, which the unit counts by its clock's chip.
            """
    )

    @Argument(help: "The simulated unit's state file.")
    var state: String

    @OptionGroup var faults: DeviceFaultOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let context = CommandContext.current
        let asked = try faults.understood()
        let file = try DeviceFile(try context.filePath(state), changing: faults.changesAnything)
        file.unit.undergo(asked)
        try file.save()
        let answer = DeviceAnswer(file.id, file.unit)
        guard !output.json else { return try context.answer(json: answer) }
        try context.answer(facts: answer.facts(forPerson: context.isForPerson))
    }
}

extension UnitParameters {
    /// What the factory gave a unit that was dispatched so.
    fileprivate init(_ credentials: Credentials, _ build: UnitBuild, _ count: TokenCount) {
        self.init(
            key: credentials.key, startingCode: credentials.startingCode, dispatchedCount: count,
            timeDivider: build.timeDivider, digitSet: build.digitSet, testCode: build.testCode
        )
    }
}
