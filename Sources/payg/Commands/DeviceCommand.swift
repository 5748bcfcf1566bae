import ArgumentParser

struct DeviceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "device",
        abstract: "Simulated charge controllers.",
        subcommands: [DeviceFleetCommand.self]
    )
}
