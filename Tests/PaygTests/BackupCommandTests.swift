import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

struct BackupCommandTests {
    @Test func `backup names the copy by the time, beside the registry or in a folder, and says what it is worth`()
        throws
    {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("backup")
        #expect(run.status == 0 && run.output == "registry-2026-11-03T090000Z.sqlite\n")
        #expect(
            run.talk == """
                backup registry-2026-11-03T090000Z.sqlite: 11 events, 35 units, 0 tokens, up to 2026-11-03 09:00 UTC
                checked: everything fits
                it is on the registry's own disk: copy it to another, or name a folder there with --folder
                the key file is not in it: without that no token can be made

                """
        )
        #expect(bench.payg("backup").status == 4, "the same second")
        try FileManager.default.createDirectory(atPath: bench.folder.file("usb"), withIntermediateDirectories: false)
        #expect(bench.payg("backup", "usb").output == "usb/registry-2026-11-03T090000Z.sqlite\n")
        #expect(bench.payg("backup", "--folder", "nowhere").status == 73, "a disk that is not there is not made up")
        #expect(bench.payg("backup", "own.sqlite", forPerson: true).output == "")
        #expect(bench.payg("unit", "list", "--registry", "own.sqlite").status == 0)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `--keep deletes the oldest of the folder, and only goes with names of the time`() throws {
        let bench = try CommandBench.withFleet()
        try FileManager.default.createDirectory(atPath: bench.folder.file("usb"), withIntermediateDirectories: false)
        for day in 3..<8 {
            bench.now = try #require(.init(text: "2026-11-0\(day)T09:00:00Z"))
            let answer = try bench.payg("backup", "--folder", "usb", "--keep", "2", "--json").json()
            #expect(answer["ok"] as? Bool == true && answer["provenWithKey"] as? Bool == true)
            #expect((answer["deleted"] as? [String])?.count == (day < 5 ? 0 : 1))
        }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: bench.folder.file("usb")).sorted() == [
                "registry-2026-11-06T090000Z.sqlite", "registry-2026-11-07T090000Z.sqlite",
            ]
        )
        let named = bench.payg("backup", "own.sqlite", "--keep", "2")
        #expect(named.status == 64)
        #expect(
            named.talk == """
                error: the option --keep goes with backups that are named by the time, and own.sqlite is no folder: payg \
                backup --folder FOLDER --keep 2

                """
        )
        bench.now = bench.now + 60
        #expect(bench.payg("backup", "usb", "--keep", "2").status == 0, "a folder is one, however it is named")
        #expect(bench.payg("backup", "--keep", "0").status == 64)
        #expect(bench.payg("backup", "own.sqlite", "--folder", "usb").status == 64)
    }

    @Test func `a registry that does not prove itself is copied with exit 2, and costs no older backup`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("backup", "--keep", "1")
        _ = try sqlite3(bench.folder.file("registry.sqlite"), "UPDATE unit SET count = 8 WHERE payg_id = 'CSP-240318'")
        bench.now = bench.now + 60
        let run = bench.payg("backup", "--keep", "1")
        #expect(run.status == 2 && run.talk.contains("unit CSP-240318: its count is 8"))
        #expect(try bench.folder.names().filter { $0.hasPrefix("registry-") }.count == 2)
    }

    @Test func `without the key it is said what was not checked`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("backup", "--key-file", "none.key", "--json")
        #expect(try run.status == 0 && run.json()["provenWithKey"] as? Bool == false)
        #expect(run.talk.contains("checked without the key, so that its tokens were not made again: no key file at"))
    }
}
