import Foundation
import TestSupport
import Testing

/// Lists of payments and a program that is stopped.
struct BatchProcessTests: InstalledProgram {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func sql(_ text: String) throws -> String {
        try sqlite3(folder.file("registry.sqlite"), text).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `a list killed at 20 random points is gone on with, and every payment gets its tokens once`() throws {
        #expect(try payg("init").status == 0)
        #expect(try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").status == 0)
        let units = try sql("SELECT payg_id FROM unit ORDER BY id").split(separator: "\n")
        let count = 6_000
        let rows = (0..<count).map { "MP-\($0),\(units[$0 % units.count]),\(1 + $0 % 9)" }
        let list = try folder.write((["Ref,Unit,Days"] + rows).joined(separator: "\n") + "\n", to: "pay.csv")

        // Points all over the list: killed once so many tokens are on record.
        for round in 1...20 {
            let process = try start(["issue-batch", list, "-o", "out.csv"])
            while process.isRunning, try (Int(sql("SELECT count(*) FROM token")) ?? 0) < round * count / 24 {
                usleep(UInt32.random(in: 100...3_000))
            }
            usleep(UInt32.random(in: 0...20_000))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit { break }
            #expect(try folder.names().filter { $0.contains("out") } == [], "no half of a file under any name")
        }
        let made = try #require(Int(try sql("SELECT count(*) FROM token")))
        let before = try sql("SELECT reference || digits FROM token ORDER BY id")

        let run = try payg("issue-batch", list, "-o", made == count ? "all.csv" : "out.csv")
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            try sql("SELECT count(*), count(DISTINCT reference), count(DISTINCT unit_id || ' ' || count) FROM token")
                == "\(count)|\(count)|\(count)")
        #expect(try sql("SELECT reference || digits FROM token ORDER BY id").hasPrefix(before), "none was made again")
        let answer = try text(of: folder.file(made == count ? "all.csv" : "out.csv")).split(separator: "\r\n")
        #expect(answer.count == count + 1)
        let told = Set(
            answer.dropFirst().map {
                $0.split(separator: ",", omittingEmptySubsequences: false)[6].filter { $0 != "-" }
            })
        let stored = Set(try sql("SELECT digits FROM token").split(separator: "\n").map(String.init))
        #expect(told == stored)
        #expect(try payg("audit", "verify").status == 0)
    }

    @Test func `eight processes with one list, two of them killed, give every payment its tokens once`() throws {
        #expect(try payg("init").status == 0)
        #expect(try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").status == 0)
        let units = try sql("SELECT payg_id FROM unit ORDER BY id").split(separator: "\n")
        let rows = (0..<2_000).map { "MP-\($0),\(units[$0 % units.count]),\(1 + $0 % 9)" }
        let list = try folder.write((["Ref,Unit,Days"] + rows).joined(separator: "\n") + "\n", to: "pay.csv")
        let processes = try (0..<8).map { number in
            try start(["issue-batch", list, "-o", "out\(number).csv"])
        }
        usleep(30_000)
        for process in processes.prefix(2) { kill(process.processIdentifier, SIGKILL) }
        for process in processes { process.waitUntilExit() }
        #expect(processes.dropFirst(2).allSatisfy { $0.terminationStatus == 0 })
        #expect(try sql("SELECT count(*), count(DISTINCT reference) FROM token") == "2000|2000")
        let answers = try Set(
            (2..<8).map { number in
                try text(of: folder.file("out\(number).csv")).split(separator: "\r\n").dropFirst().map {
                    $0.split(separator: ",", omittingEmptySubsequences: false)[6]
                }
            })
        #expect(answers.count == 1, "all were told the same tokens")
        #expect(try payg("audit", "verify").status == 0)
    }
}
