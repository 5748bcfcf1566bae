import Foundation
import TestSupport
import Testing

/// Backups and restores as programs of their own.
struct RestoreProcessTests: InstalledProgram {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try payg("init")
        let list = try folder.write(
            "Serial Number,Starting Code,Key,Count\n"
                + (1...2000).map { "U-\($0),12345\(1000 + $0),\(UUID().uuidString.replacing("-", with: "")),1\n" }
                .joined(),
            to: "units.csv"
        )
        try payg("import", list)
        try payg("issue", "U-1", "--days", "1")
        try payg("backup", folder.file("b.sqlite"))
        try payg("issue", "U-1", "--days", "1")
        try payg("issue", "U-2", "--days", "1")
    }

    @Test func `a restore killed at any moment happened wholly or not at all`() throws {
        let before = try payg("audit", "events").output
        var (done, undone) = (0, 0)
        // From before it does anything to after it ended.
        for step in 0..<40 where done < 3 {
            let process = try Process.ready(
                program, ["restore", folder.file("b.sqlite"), "--force", "--skip-counts"], folder: folder.path,
                environment: environment)
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32(step * step) * 1500)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let verified = try payg("audit", "verify")
            #expect(verified.status == 0, "\(verified.errors)")
            if try payg("audit", "events").output == before {
                undone += 1
            } else {
                #expect(try payg("audit", "events").output.contains("registryRestored"))
                #expect(try payg("issue", "U-1", "--days", "1", "--dry-run", "--json").output.contains("\"count\":6"))
                done += 1
                // What was there is whole, and brings it back for the next one.
                let kept = try #require(
                    try folder.names().first { $0.hasPrefix("registry-replaced") && $0.hasSuffix(".sqlite") })
                for name in try folder.names() where name.hasPrefix("registry.sqlite") {
                    try FileManager.default.removeItem(atPath: folder.file(name))
                }
                try FileManager.default.moveItem(
                    atPath: folder.file(kept), toPath: folder.file("registry.sqlite"))
                #expect(try payg("audit", "events").output == before)
            }
            for name in try folder.names() where name.hasPrefix("registry-replaced") {
                try FileManager.default.removeItem(atPath: folder.file(name))
            }
        }
        #expect(done > 0 && undone > 0, "\(done) restored, \(undone) not")
    }

    @Test func `a backup that is killed leaves no file of that name`() throws {
        for step in 0..<8 {
            let process = try Process.ready(
                program, ["backup", folder.file("killed-\(step).sqlite")], folder: folder.path, environment: environment
            )
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32(step * 8000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            let path = folder.file("killed-\(step).sqlite")
            guard FileManager.default.fileExists(atPath: path) else { continue }
            #expect(try payg("audit", "verify", "--registry", path).status == 0)
        }
        #expect(try payg("audit", "verify").status == 0)
        #expect(try payg("backup").status == 0)
    }

    @Test func `programs that issue while it is restored go on with what was restored`() throws {
        let payments = try folder.write(
            "Reference,Unit,Days\n" + (1...4000).map { "MP-\($0),U-\($0 % 2000 + 1),1\n" }.joined(), to: "payments.csv")
        let writer = try Process.ready(
            program, ["issue-batch", payments, "-o", folder.file("answer.csv")], folder: folder.path,
            environment: environment)
        writer.standardError = FileHandle.nullDevice
        try writer.run()
        var statuses: [Int32] = []
        while writer.isRunning {
            statuses.append(try payg("restore", folder.file("b.sqlite"), "--force", "--skip-counts").status)
        }
        writer.waitUntilExit()
        #expect(Set(statuses).isSubset(of: [0, 4]), "restored, or told that somebody works on it: \(statuses)")
        #expect(try payg("audit", "verify").status == 0)
    }
}
