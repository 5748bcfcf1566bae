import Foundation
import TestSupport

/// Tests of the program as it is installed, each in a folder of its own.
protocol InstalledProgram {
    var folder: TemporaryFolder { get }
}

extension InstalledProgram {
    var program: String { builtProgram("payg") }

    var environment: [String: String] {
        [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "HOME": folder.path,
            "PAYG_REGISTRY": folder.file("registry.sqlite"), "PAYG_KEY_FILE": folder.file("registry.key"),
        ]
    }

    @discardableResult
    func payg(_ arguments: String...) throws -> ProgramRun {
        try ProgramRun(program, arguments, folder: folder.path, environment: environment)
    }
}
