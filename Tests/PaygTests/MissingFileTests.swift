import Foundation
import TestSupport
import Testing

@testable import payg

struct MissingFileTests {
    private static let commands: [[String]] = [
        ["import", "cloud-solar-dispatch.csv"], ["issue", "CSP-240311", "--days", "1"], ["unit", "list"],
        ["unit", "show", "X"], ["dispatch", "list"], ["customer", "list"], ["audit", "tokens"], ["audit", "events"],
        ["audit", "verify"], ["export", "paygops", "-o", "out.csv"], ["assign", "X", "Y"],
        ["reconcile", "cloud-solar-dispatch.csv"],
    ]

    @Test(arguments: commands)
    func `without a registry every command says how to make one, and leaves none behind`(command: [String]) throws {
        let bench = try CommandBench()
        let before = try bench.folder.names()
        let run = bench.payg(command)
        #expect(run.status == 66)
        #expect(run.output == "")
        #expect(run.talk.hasPrefix("error: no registry at \(bench.folder.file("registry.sqlite"))\n"))
        #expect(run.talk.contains("hint: payg init makes one"))
        #expect(try bench.folder.names() == before)
    }

    @Test(arguments: [
        ["import", "cloud-solar-dispatch.csv"], ["issue", "CSP-240311", "--days", "1"], ["audit", "verify"],
        ["export", "paygops", "-o", "out.csv"], ["reconcile", "cloud-solar-dispatch.csv", "--html", "out.csv"],
        ["reconcile", "cloud-solar-dispatch.csv", "--apply-counts"],
    ])
    func `without the key file, or with another, nothing is sealed or opened and the way out is told`(
        command: [String]
    ) throws {
        let bench = try CommandBench.withFleet()
        try write([UInt8](repeating: 7, count: 32), to: bench.folder.file("wrong.key"))
        for (keyFile, told) in [
            ("none.key", "no key file at"), ("wrong.key", "is not the one this registry was sealed with"),
        ] {
            let run = bench.payg(command + ["--key-file", keyFile])
            #expect(run.status == 77)
            #expect(run.output == "")
            #expect(run.talk.contains(told) && run.talk.contains("nothing was changed"), "\(run.talk)")
            #expect(run.talk.contains("hint: ") && run.talk.contains("--key-file FILE"))
        }
        #expect(!FileManager.default.fileExists(atPath: bench.folder.file("out.csv")))
        #expect(bench.payg("audit", "tokens", "--json").output == "[]\n")
        #expect(bench.payg("unit", "list", "--key-file", "none.key").status == 0, "lists need no key")
    }

    @Test func `a registry of a newer program is exit 78`() throws {
        let bench = try CommandBench.withFleet()
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "INSERT INTO grdb_migrations VALUES ('9999_later')")
        #expect(bench.payg("unit", "list").status == 78)
        #expect(bench.payg("unit", "list", "--registry", "customers.csv").status == 65)
    }
}
