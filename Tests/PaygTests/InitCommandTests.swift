import Foundation
import TestSupport
import Testing

@testable import payg

struct InitCommandTests {
    @Test func `init makes a private registry and key file, and says where`() throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg("init")
        #expect(run.status == 0 && run.output == "")
        #expect(
            run.talk == """
                made the registry registry.sqlite
                made the key file registry.key: keep a copy, apart from the registry

                """
        )
        #expect(try bench.folder.names() == ["registry.key", "registry.sqlite"])
        for name in try bench.folder.names() { #expect(try permissions(of: bench.folder.file(name)) == 0o600) }
    }

    @Test func `without options or variables they go where such files live`() throws {
        let bench = try CommandBench(sampleData: false)
        let bare = ["PAYG_REGISTRY": "", "PAYG_KEY_FILE": ""]
        #expect(bench.payg("init", environment: bare).talk.contains(".local/share/payg/registry.sqlite"))
        #expect(try permissions(of: bench.folder.file(".local/share/payg/registry.sqlite")) == 0o600)
        #expect(try permissions(of: bench.folder.file(".config/payg/registry.key")) == 0o600)
        #expect(bench.payg("unit", "list", environment: bare).status == 0)

        let xdg = bare.merging([
            "XDG_DATA_HOME": bench.folder.file("data"), "XDG_CONFIG_HOME": bench.folder.file("config"),
        ]) { $1 }
        #expect(bench.payg("init", environment: xdg).status == 0)
        #expect(FileManager.default.fileExists(atPath: bench.folder.file("data/payg/registry.sqlite")))
        #expect(FileManager.default.fileExists(atPath: bench.folder.file("config/payg/registry.key")))
        let named = bench.payg(
            "init", "--registry", "own.sqlite", "--key-file", "own.key", "--json", environment: xdg
        )
        #expect(try named.json()["registry"] as? String == bench.folder.file("own.sqlite"))
    }

    @Test func `init never replaces a registry or a key file`() throws {
        let bench = try CommandBench(sampleData: false)
        bench.payg("init")
        let before = try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key")))
        let again = bench.payg("init")
        #expect(again.status == 4 && again.talk.contains("a registry is never overwritten"))
        let other = bench.payg("init", "--registry", "other.sqlite")
        #expect(other.status == 4 && other.talk.contains("a key file is never overwritten"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: bench.folder.file("registry.key"))) == before)
        #expect(try bench.folder.names() == ["registry.key", "registry.sqlite"])
    }

    @Test func `a log that another registry left is not played into a new one`() throws {
        let bench = try CommandBench(sampleData: false)
        for leftover in ["registry.sqlite-wal", "registry.sqlite-shm", "registry.sqlite-journal"] {
            _ = try bench.folder.write("old frames", to: leftover)
            let run = bench.payg("init")
            #expect(run.status == 4 && run.talk.contains("\(leftover) is left of a registry that is not there"))
            #expect(try bench.folder.names() == [leftover])
            try FileManager.default.removeItem(atPath: bench.folder.file(leftover))
        }
    }

    @Test func `a key file that cannot be made is told so, and there is no registry either`() throws {
        let bench = try CommandBench(sampleData: false)
        _ = try bench.folder.write("", to: "file")
        let long = String(repeating: "k", count: 300)
        for keyFile in ["file/registry.key", long] {
            let run = bench.payg("init", "--key-file", keyFile)
            #expect(run.status == 73 && run.talk.contains("cannot be written"), "\(run.talk)")
        }
        #expect(bench.payg("init", "--key-file", "registry.sqlite").status == 64)
        #expect(try bench.folder.names() == ["file"])
    }
}
