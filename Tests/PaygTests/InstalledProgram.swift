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

    /// The program, started and left to itself; nobody hears what it says.
    func start(_ arguments: [String]) throws -> Process {
        let process = try Process.ready(program, arguments, folder: folder.path, environment: environment)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs the program again and again, and kills it at random moments, all over
    /// its run: half of them should get through. `scripts/faults` kills at every
    /// call; here it is threads and a busy machine that choose.
    ///
    /// - Parameters:
    ///   - longest: a guess at how long it takes, in microseconds.
    ///   - arguments: what each round runs.
    ///   - check: looks at what a round left.
    /// - Returns: how many rounds got through, and how many were killed.
    func killAtRandom(
        rounds: Int, longest: Double, _ arguments: (_ round: Int) throws -> [String],
        check: (_ round: Int) throws -> Void = { _ in }
    ) throws -> (finished: Int, killed: Int) {
        var longest = longest
        var (finished, killed) = (0, 0)
        for round in 0..<rounds {
            let process = try start(try arguments(round))
            usleep(UInt32.random(in: 0...UInt32(longest)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit {
                finished += 1
                longest *= 0.8
            } else {
                killed += 1
                longest *= 1.25
            }
            try check(round)
        }
        return (finished, killed)
    }
}
