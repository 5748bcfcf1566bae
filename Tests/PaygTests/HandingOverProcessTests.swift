import Foundation
import TestSupport
import Testing

/// Exports, and programs that are stopped or come in between.
struct HandingOverProcessTests: InstalledProgram {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func sql(_ text: String) throws -> String {
        try sqlite3(folder.file("registry.sqlite"), text).output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `an export and tokens at the same moment: one of them loses, never both win`() throws {
        #expect(try payg("init").status == 0)
        #expect(try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").status == 0)
        let units = try sql("SELECT payg_id FROM unit ORDER BY id").split(separator: "\n").map(String.init)
        var (issuedFirst, exportedFirst) = (0, 0)
        for (round, unit) in units.prefix(12).enumerated() {
            // Six want a token and two want the unit, all at once; who is
            // started first changes from round to round.
            var wishes: [[String]] = (0..<6).map { _ in ["issue", unit, "--days", "1"] }
            let place = round % 7
            wishes.insert(["export", "paygops", "--unit", unit, "-o", "a\(round).csv"], at: place)
            wishes.insert(["export", "openpaygo", "--unit", unit, "-o", "b\(round).csv"], at: min(place + 2, 7))
            let processes = try wishes.map(start)
            for process in processes { process.waitUntilExit() }
            let done = zip(wishes, processes).filter { $1.terminationStatus == 0 }.map(\.0)
            #expect(zip(wishes, processes).allSatisfy { [0, 4].contains($1.terminationStatus) })

            let exports = done.filter { $0[0] == "export" }
            #expect(exports.count == 1, "one provider has it, and one only")
            let file = try #require(exports.first?.last)
            let tokens = done.count - exports.count
            if tokens > 0 { issuedFirst += 1 }
            if tokens < 6 { exportedFirst += 1 }
            // Each token made here is one that the provider's count knows of.
            let row = try text(of: folder.file(file)).split(separator: "\r\n")[1].split(separator: ",")
            #expect(row[3] == (tokens == 0 ? "1" : String(2 * tokens)), "\(unit): \(tokens) tokens")
        }
        #expect(issuedFirst > 0 && exportedFirst > 0, "\(issuedFirst), \(exportedFirst)")
        #expect(
            try sql(
                """
                SELECT count(*) FROM event AS issued JOIN export_unit USING (unit_id)
                JOIN event AS handed ON handed.export_id = export_unit.export_id
                WHERE issued.action = 'tokenIssued' AND issued.sequence > handed.sequence
                """) == "0")
        #expect(try payg("audit", "verify").status == 0)
    }

    @Test func `an export killed at 40 random moments leaves neither file nor record, or the record at least`() throws {
        #expect(try payg("init").status == 0)
        let each = 300
        var list = "Serial Number,Starting Code,Key,Count\n"
        for unit in 0..<each * 40 {
            list += String(
                format: "U-%05d,%09d,%016lx%016lx,1\n", unit, 100_000_000 + unit, UInt64.random(in: 1 ... .max),
                UInt64.random(in: 1 ... .max))
        }
        #expect(try payg("import", try folder.write(list, to: "list.csv")).status == 0)
        var names: [String: Int] = [:]
        var before = ""
        let (finished, killed) = try killAtRandom(rounds: 40, longest: 30_000) { round in
            before = try sql("SELECT count(*) FROM export")
            let units = (round * each..<(round + 1) * each).map { String(format: "U-%05d", $0) }
            return ["export", "openpaygo", "-o", "out\(round).csv", "--unit"] + units
        } check: { round in
            let isThere = FileManager.default.fileExists(atPath: folder.file("out\(round).csv"))
            let isRecorded = try sql("SELECT count(*) FROM export") != before
            #expect(isRecorded || !isThere, "no file that nobody knows of")
            let handed = try Int(sql("SELECT count(*) FROM handed_over"))
            #expect(try handed == (Int(sql("SELECT count(*) FROM export")) ?? 0) * each, "all of them, or none")
            #expect(try folder.names().filter { $0.hasPrefix(".payg") } == [])
            if isRecorded { names["out\(round).csv"] = Int(before).map { $0 + 1 } }
        }
        #expect(finished > 3 && killed > 3, "\(finished) \(killed)")
        #expect(try payg("audit", "verify").status == 0)
        // Where the power went between the two, the record brings the file back.
        for (name, number) in names {
            #expect(try payg("export", "again", String(number), "-o", "again-\(name)").status == 0)
            guard FileManager.default.fileExists(atPath: folder.file(name)) else { continue }
            #expect(try text(of: folder.file(name)) == text(of: folder.file("again-\(name)")))
        }
    }
}
