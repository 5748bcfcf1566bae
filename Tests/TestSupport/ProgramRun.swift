import Foundation

/// What a program did.
public struct ProgramRun: Sendable {
    /// Its exit code, or the signal that ended it.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let errors: String

    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - program: its path, or a name to be found in `PATH`.
    ///   - environment: all that it gets; nil for this process's own.
    public init(
        _ program: String, _ arguments: [String], folder: String? = nil, environment: [String: String]? = nil
    ) throws {
        let scratch = try TemporaryFolder()
        let process = try Process.ready(program, arguments, folder: folder, environment: environment)
        // Files, because a full pipe would block the program.
        let (out, err) = (scratch.file("out"), scratch.file("err"))
        for path in [out, err] { try write([], to: path) }
        let (outHandle, errHandle) = (FileHandle(forWritingAtPath: out), FileHandle(forWritingAtPath: err))
        process.standardOutput = outHandle
        process.standardError = errHandle
        try process.run()
        process.waitUntilExit()
        try outHandle?.close()
        try errHandle?.close()
        status = process.terminationStatus
        output = try text(of: out)
        errors = try text(of: err)
    }
}

extension Process {
    /// A program about to run, with nothing on its standard input.
    public static func ready(
        _ program: String, _ arguments: [String], folder: String? = nil, environment: [String: String]? = nil
    ) throws -> Process {
        let process = Process()
        if program.contains("/") {
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
        } else {
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = [program] + arguments
        }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        return process
    }
}

/// The program that this build made, beside the tests.
public func builtProgram(_ name: String) -> String {
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    for bundle in Bundle.allBundles where bundle.bundlePath.hasSuffix(".xctest") { folder = bundle.bundleURL }
    // On macOS the tests are some folders deep in a bundle.
    for _ in 0..<6 {
        folder.deleteLastPathComponent()
        let program = folder.appendingPathComponent(name).path
        if FileManager.default.isExecutableFile(atPath: program) { return program }
    }
    return name
}

/// Runs SQL with the `sqlite3` shell, as anyone else would.
///
/// - Returns: what it prints, without the last line end.
public func sqlite3(_ path: String, _ sql: String) throws -> ProgramRun {
    try ProgramRun("sqlite3", [path, sql])
}
