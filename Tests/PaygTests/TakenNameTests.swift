import Foundation
import TestSupport
import Testing

@testable import payg

/// What is there already is never replaced: one rule, and one exit code for it.
struct TakenNameTests {
    private static let commands: [[String]] = [
        ["init"], ["init", "--registry", "new.sqlite"], ["key", "restore"],
        ["key", "export-recovery", "-o", "taken", "--no-qr", "--yes"],
        ["import", "customers.csv", "--keep-going", "--rejects", "taken"],
        ["issue-batch", "pay.csv", "-o", "taken"], ["export", "paygops", "-o", "taken"],
        ["export", "again", "1", "-o", "taken"], ["slip", "CSP-240311", "-o", "taken"],
        ["unit", "test-plan", "CSP-240318", "-o", "taken"],
        ["reconcile", "cloud-solar-dispatch.csv", "--html", "taken"], ["audit", "export", "-o", "taken"],
        ["backup", "taken"], ["device", "new", "CSP-240311", "--state", "taken"],
        ["device", "fleet", "--units", "2", "--days", "2", "--svg", "taken"], ["demo", "--keep", "full"],
    ]

    @Test(arguments: commands)
    func `a name that is taken is refused as a rule, with what to do, and nothing is changed`(command: [String]) throws
    {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "30")
        bench.payg("export", "openpaygo", "--unit", "CSP-240325", "-o", "first.csv")
        _ = try bench.folder.write("Reference,Unit,Days\nMP-1,CSP-240311,1\n", to: "pay.csv")
        _ = try bench.folder.write("mine", to: "taken")
        try FileManager.default.createDirectory(atPath: bench.folder.file("full"), withIntermediateDirectories: false)
        _ = try bench.folder.write("mine", to: "full/mine")
        let (names, events) = (try bench.folder.names(), bench.payg("audit", "events").output)

        let run = bench.payg(command)
        #expect(run.status == 4 && run.output == "", "\(run.output)\(run.talk)")
        #expect(run.talk.contains("nothing was changed\n") && run.talk.contains("\nhint: "), "\(run.talk)")
        #expect(try text(of: bench.folder.file("taken")) == "mine")
        #expect(try bench.folder.names() == names)
        #expect(bench.payg("audit", "events").output == events)
    }

    @Test(arguments: commands.filter { $0.contains("taken") })
    func `where nobody could write it is another exit code`(command: [String]) throws {
        let bench = try CommandBench.withFleet()
        bench.payg("issue", "CSP-240311", "--days", "30")
        bench.payg("export", "openpaygo", "--unit", "CSP-240325", "-o", "first.csv")
        _ = try bench.folder.write("Reference,Unit,Days\nMP-1,CSP-240311,1\n", to: "pay.csv")
        let run = bench.payg(command.map { $0 == "taken" ? "none/taken" : $0 })
        #expect(run.status == 73, "\(run.talk)")
    }
}
