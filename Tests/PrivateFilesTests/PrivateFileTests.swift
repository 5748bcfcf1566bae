import Foundation
import PrivateFiles
import TestSupport
import Testing

struct PrivateFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test func `a file is private and holds what was written`() throws {
        let path = folder.file("list.csv")
        let bytes = (0..<300_000).map { UInt8($0 % 251) }
        try PrivateFile.create(path, holding: bytes)
        #expect(try permissions(of: path) == 0o600)
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
        #expect(try folder.names() == ["list.csv"])
    }

    @Test func `what another program wrote into a file is read back, and published with it`() throws {
        let path = folder.file("list.csv")
        let file = try PrivateFile(path: path)
        let process = try Process.ready("sh", ["-c", "head -c 700000 /dev/zero | tr '\\0' x"])
        process.standardOutput = FileHandle(fileDescriptor: file.descriptor, closeOnDealloc: false)
        try process.run()
        process.waitUntilExit()
        try file.finish()
        var bytes: [UInt8] = []
        try file.forEachPart { bytes.append(contentsOf: $0) }
        #expect(bytes == Array(repeating: UInt8(ascii: "x"), count: 700_000))
        try file.publish()
        #expect(try Array(Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
        #expect(try permissions(of: path) == 0o600)
    }

    @Test func `a file that is not published does not exist`() throws {
        let path = folder.file("list.csv")
        do {
            let file = try PrivateFile(path: path)
            try file.write(Array("half".utf8))
            try file.finish()
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        #expect(try folder.names() == [])
    }

    @Test func `a file is never replaced`() throws {
        let path = try folder.write("theirs", to: "list.csv")
        #expect(throws: PrivateFileError.exists) { try PrivateFile(path: path) }
        #expect(try text(of: path) == "theirs")
    }

    @Test func `a file that appears meanwhile is not replaced, and ours is kept under another name`() throws {
        let path = folder.file("list.csv")
        let file = try PrivateFile(path: path)
        try file.write(Array("ours".utf8))
        _ = try folder.write("theirs", to: "list.csv")
        do {
            try file.publish()
            Issue.record("it was published")
        } catch PrivateFileError.notPlaced(let finished, let reason) {
            #expect(reason == "file exists")
            #expect(try text(of: try #require(finished)) == "ours")
        }
        #expect(try text(of: path) == "theirs")
    }

    @Test func `a small file that cannot be placed leaves nothing behind`() throws {
        let path = folder.file(String(repeating: "k", count: 300))
        #expect(throws: PrivateFileError.failed(reason: "file name too long")) {
            try PrivateFile.create(path, holding: [1])
        }
        #expect(try folder.names() == [])
    }

    @Test func `a link to nowhere is not followed`() throws {
        let path = folder.file("list.csv")
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.file("elsewhere"))
        #expect(throws: PrivateFileError.exists) { try PrivateFile(path: path) }
        #expect(try folder.names() == ["list.csv"])
    }

    @Test func `a folder that is not there is an error in words`() throws {
        #expect(throws: PrivateFileError.failed(reason: "no such file or directory")) {
            try PrivateFile(path: folder.file("none/list.csv"))
        }
    }
}

/// A program's own state, which is replaced.
struct ReplacedStateTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = try folder.write("old", to: "state.json")
    }

    @Test func `state is replaced by a private file, and nothing is left beside it`() throws {
        try PrivateFile.replaceState(path, with: Array("new".utf8))
        #expect(try text(of: path) == "new")
        #expect(try permissions(of: path) == 0o600)
        #expect(try folder.names() == ["state.json"])
    }

    @Test func `whoever has the old state open goes on reading it`() throws {
        let reader = try #require(FileHandle(forReadingAtPath: path))
        try PrivateFile.replaceState(path, with: Array("other".utf8))
        #expect(try reader.readToEnd() == Data("old".utf8))
    }

    @Test func `a link goes on naming its file, which is the one replaced`() throws {
        let link = folder.file("link.json")
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "state.json")
        try PrivateFile.replaceState(link, with: Array("new".utf8))
        #expect(try text(of: path) == "new")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "state.json")
    }

    @Test func `what cannot be replaced stays, and nothing is left beside it`() throws {
        let place = folder.file("folder")
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        #expect(throws: PrivateFileError.self) { try PrivateFile.replaceState(place, with: [1]) }
        #expect(throws: PrivateFileError.self) { try PrivateFile.replaceState(folder.file("none/state"), with: [1]) }
        #expect(try folder.names() == ["folder", "state.json"])
    }
}
