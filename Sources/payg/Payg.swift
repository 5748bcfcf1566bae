import ArgumentParser
import Foundation
import SecretMemory

/// The command line's root: what there is to ask for, and nothing else.
@main
struct Payg: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "payg",
        abstract: "A fleet credential registry for OpenPAYGO units.",
        discussion: """
            Imports dispatch lists, issues tokens, exports units to tokening providers, and proves its history. \
            `payg demo` shows it all on sample data.
            """,
        version: "0.1.0",
        subcommands: [
            InitCommand.self, ImportCommand.self, CustomerCommand.self, AssignCommand.self, UnassignCommand.self,
            IssueCommand.self, IssueBatchCommand.self, SlipCommand.self, UnitCommand.self, TokenCommand.self,
            DispatchCommand.self,
            ExportCommand.self, ProfileCommand.self,
            ReconcileCommand.self,
            AuditCommand.self, BackupCommand.self, RestoreCommand.self, DoctorCommand.self, KeyCommand.self,
            DeviceCommand.self,
            DemoCommand.self,
        ]
    )

    static func main() {
        // A pipe that is closed is an error to be told, not the end of us.
        signal(SIGPIPE, SIG_IGN)
        // Lists have keys in the clear before any key file is opened.
        CoreDumps.switchOff()
        Foundation.exit(CommandLineRun(.system).run(Array(CommandLine.arguments.dropFirst())))
    }
}
