import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct PermissionTests {
    @Test func `a registry that others can read is read with a warning, not written, and mended`() throws {
        let bench = try CommandBench.withFleet()
        let path = bench.folder.file("registry.sqlite")
        for mode in [0o644, 0o640, 0o604, 0o620, 0o602] {
            try allow(mode, path)
            let list = bench.payg("unit", "list")
            #expect(list.status == 0 && list.talk.hasPrefix("warning: registry.sqlite can be "))
            for command in [
                ["issue", "CSP-240311", "--days", "1"], ["customer", "add", "K-9", "--name", "Amina"],
                ["unit", "retire", "CSP-240311", "--reason", "x"], ["import", "cloud-solar-dispatch.csv"],
                ["export", "paygops", "-o", "out.csv"],
            ] {
                let run = bench.payg(command)
                #expect(run.status == 4, "\(run.talk)")
                #expect(run.talk.contains("hint: payg doctor --fix"), "\(run.talk)")
            }
        }
        let backup = bench.payg("backup")
        #expect(backup.status == 0 && backup.talk.contains("warning: the registry has no event of it"))
        #expect(bench.payg("doctor").status == 2)
        #expect(bench.payg("doctor", "--fix").status == 0)
        #expect(try permissions(of: path) == 0o600)
        #expect(bench.payg("issue", "CSP-240311", "--days", "1").status == 0)
        #expect(try !bench.folder.names().contains("out.csv"))
    }

    @Test func `a key file that others can read opens nothing, and lists need none`() throws {
        let bench = try CommandBench.withFleet()
        let key = bench.folder.file("registry.key")
        try allow(0o640, key)
        for command in [["issue", "CSP-240311", "--days", "1"], ["audit", "verify"]] {
            let run = bench.payg(command)
            #expect(run.status == 77)
            #expect(run.talk.contains("registry.key can be read by others (mode 0640), and so is not used"))
        }
        #expect(bench.payg("unit", "list").talk == "")
        // A link is no hiding place: what it names counts.
        try FileManager.default.createSymbolicLink(
            atPath: bench.folder.file("link.key"), withDestinationPath: key)
        #expect(bench.payg("audit", "verify", "--key-file", "link.key").status == 77)
        #expect(bench.payg("doctor", "--fix").status == 0)
        #expect(try permissions(of: key) == 0o600)
        #expect(bench.payg("audit", "verify", "--key-file", "link.key").status == 0)
        try allow(0o400, key)
        #expect(bench.payg("audit", "verify").status == 0)
    }
}
