import Foundation
import TestSupport
import Testing

@testable import payg

struct SecrecyTests {
    /// Every key and starting code of the sample data, as text and as bytes.
    private func secrets() throws -> [Data] {
        var found: [Data] = []
        for (name, columns) in [("cloud-solar-dispatch.csv", (1, 2)), ("openpaygo-device-list.csv", (2, 1))] {
            let rows = try text(of: "\(projectFolder)/SampleData/\(name)").split(separator: "\n").dropFirst()
            for row in rows {
                let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                let (key, code) = (cells[columns.0], cells[columns.1])
                let bytes = stride(from: 0, to: 32, by: 2).compactMap { offset in
                    UInt8(key.dropFirst(offset).prefix(2), radix: 16)
                }
                let number = String(Int(code) ?? 0)
                found += [Data(key.utf8), Data(key.uppercased().utf8), Data(bytes), Data(number.utf8)]
            }
        }
        return found
    }

    @Test func `no credential reaches the registry, its log, or anything that is said`() throws {
        let bench = try CommandBench()
        var said = ""
        // Leaves the write-ahead log where it is for us to read.
        bench.payg("init")
        let reader = Process()
        let hold = try holdOpen(bench.folder.file("registry.sqlite"), reader)
        defer { hold() }
        for command in DemoStory.commands.dropFirst() {
            for json in [[], ["--json"]] {
                let run = bench.payg(command + json, forPerson: json.isEmpty)
                said += run.screen
            }
        }
        // Revealed, they are in the answer, and nowhere else.
        let revealed = bench.payg("unit", "show", "CSP-240311", "--reveal", "--reason", "a letter", "--yes")
        #expect(try secrets().contains { Data(revealed.output.utf8).range(of: $0) != nil })
        said += revealed.talk + bench.payg("audit", "events", "--json").screen
        #expect(bench.payg("audit", "export", "-o", "registry.trail").status == 0)
        // What goes wrong says nothing either.
        let list = try text(of: bench.folder.file("cloud-solar-dispatch.csv"))
        _ = try bench.folder.write(list.replacingOccurrences(of: ",1\n", with: ",x\n"), to: "bad.csv")
        _ = try bench.folder.write(list.replacingOccurrences(of: "CSP-240311,f", with: "CSP-240311,0"), to: "other.csv")
        let swapped = list.split(separator: "\n").map { row in
            row.split(separator: ",").reversed().joined(separator: ",")
        }
        _ = try bench.folder.write(swapped.dropFirst().joined(separator: "\n"), to: "headless.csv")
        _ = try bench.folder.write(
            (["Count,Time Divider,Key,Serial"] + swapped.dropFirst()).joined(separator: "\n"), to: "swapped.csv"
        )
        _ = try bench.folder.write(list.replacing("Count\n", with: "Count,"), to: "lost-line.csv")
        for file in ["bad.csv", "other.csv", "headless.csv", "swapped.csv", "lost-line.csv"] {
            said += bench.payg("import", file).screen
        }
        for (place, file) in ["bad.csv", "other.csv", "cloud-solar-dispatch.csv", "lost-line.csv"].enumerated() {
            for more in [["--html", "report-\(place).html"], ["--json"], ["--apply-counts"]] {
                let run = bench.payg(["reconcile", file] + more, forPerson: place == 1)
                #expect([0, 2, 65].contains(run.status))
                said += run.screen
            }
            said += (try? text(of: bench.folder.file("report-\(place).html"))) ?? ""
        }
        #expect(said.contains("Another count") && said.contains("Other credentials"), "reports are among it")

        let secrets = try secrets()
        #expect(secrets.count == 35 * 4)
        var places = ["what was said": Data(said.utf8)]
        for name in try bench.folder.names() where name.hasPrefix("registry.") {
            places[name] = try Data(contentsOf: URL(fileURLWithPath: bench.folder.file(name)))
        }
        #expect(places.keys.contains("registry.sqlite-wal") && places.keys.contains("registry.trail"))
        #expect(try #require(places["registry.sqlite-wal"]).count > 10_000)
        for (place, bytes) in places {
            for secret in secrets { #expect(bytes.range(of: secret) == nil, "\(place)") }
        }
    }

    /// Keeps a reader on the registry, so that the log is not cleared away.
    private func holdOpen(_ path: String, _ process: Process) throws -> () -> Void {
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["sqlite3", path]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        input.fileHandleForWriting.write(Data("BEGIN; SELECT count(*) FROM unit;\n".utf8))
        _ = output.fileHandleForReading.readData(ofLength: 1)
        return {
            try? input.fileHandleForWriting.close()
            process.waitUntilExit()
        }
    }
}
