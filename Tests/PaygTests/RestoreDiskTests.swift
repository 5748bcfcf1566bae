import Foundation
import TestSupport
import Testing

/// Restoring where the disk does not take all of it.
struct RestoreDiskTests: InstalledProgram {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try payg("init")
        try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv")
        // Enough for a few pages more than are free in the file.
        let more = (0..<200).map { unit in "MORE-\(unit),\(String(format: "%032x", unit + 1)),123456789,1" }
        try folder.write("PAYG ID,Secret Key,Starting Code,Count\n" + more.joined(separator: "\n"), to: "more.csv")
        try payg("import", "more.csv")
        try payg("backup", "b.sqlite")
        for name in try folder.names() where name.hasPrefix("registry.sqlite") {
            try FileManager.default.removeItem(atPath: folder.file(name))
        }
    }

    /// Runs the program where no file may have more than so many bytes.
    private func payg(_ arguments: [String], most: Int) throws -> ProgramRun {
        let script = """
            import os, resource, signal, sys
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), int(sys.argv[1])))
            os.execv(sys.argv[2], sys.argv[2:])
            """
        return try ProgramRun(
            "python3", ["-c", script, "\(most)", program] + arguments, folder: folder.path, environment: environment)
    }

    @Test func `skipped counts that cannot be written are not told as skipped, and nothing is restored`() throws {
        // They make the file larger: the log takes them, and the file does not.
        let size = try Data(contentsOf: URL(fileURLWithPath: folder.file("b.sqlite"))).count
        let names = try folder.names()
        let run = try payg(["restore", "b.sqlite"], most: size)
        #expect(run.status == 73, "\(run.errors)")
        #expect(run.errors.contains("registry.sqlite cannot be written: "), "\(run.errors)")
        #expect(run.errors.contains("nothing was changed") && !run.errors.contains("restored"), "\(run.errors)")
        #expect(!run.errors.contains(".payg-"), "\(run.errors)")
        #expect(try folder.names() == names)

        let whole = try payg(["restore", "b.sqlite"], most: 4 * size)
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(try payg("unit", "show", "CSP-240311", "--json").output.contains("\"count\":21"))
        #expect(try payg("audit", "verify").status == 0)
    }

    @Test func `a backup that has no room is told as one that cannot be written`() throws {
        #expect(try payg("restore", "b.sqlite").status == 0)
        let names = try folder.names()
        for most in [40_960, 98_304] {
            let run = try payg(["backup", "c.sqlite"], most: most)
            #expect(run.status == 73 && run.errors.contains("c.sqlite cannot be written: "), "\(run.errors)")
            #expect(!run.errors.contains("must be a file that you may read"))
        }
        #expect(try folder.names() == names)
    }

    @Test func `a copy that has no room beside the registry is told with the system's reason`() throws {
        let names = try folder.names()
        let run = try payg(["restore", "b.sqlite"], most: 40_960)
        #expect(run.status == 73, "\(run.errors)")
        #expect(run.errors.contains("registry.sqlite cannot be written: file too large; nothing was changed"))
        #expect(try folder.names() == names)
    }
}
