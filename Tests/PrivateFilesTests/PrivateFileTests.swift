import Foundation
import PrivateFiles
import SecretMemory
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

/// What is left in memory of what a file was to hold.
@Suite(.enabled(if: FreedMemory.canWatch, "memory cannot be looked at as it is freed, here"))
struct WipedFileTests {
    private let folder: TemporaryFolder
    private let secret = HiddenSecret(count: 40)

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Writes the secret, after so much else that it is in one part with other
    /// bytes, and the last of them.
    private func write(_ file: PrivateFile, after count: Int) throws {
        try file.write(repeatElement(UInt8(ascii: "-"), count: count))
        let clear = secret.clear
        try clear.withBytes { try file.write($0) }
        // Not all in one piece of memory.
        try clear.withBytes { try file.write(AnySequence($0)) }
    }

    // In the third, half of it is in one part and half in the next.
    @Test(arguments: [0, 4000, 65_516, 200_000])
    func `what was written to a file is wiped once it is there`(count: Int) throws {
        let path = folder.file("\(count)")
        let found = try FreedMemory.blocks(holding: secret) {
            let file = try PrivateFile(path: path)
            try write(file, after: count)
            try file.publish()
        }
        #expect(found == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count == count + 80)
    }

    @Test(arguments: [0, 4000, 65_516])
    func `what was to be written is wiped where the file is given up`(count: Int) throws {
        let found = try FreedMemory.blocks(holding: secret) {
            try write(try PrivateFile(path: folder.file("none")), after: count)
        }
        #expect(try found == 0 && folder.names() == [])
    }

    @Test func `it is wiped where the disk takes none of it`() throws {
        let found = try FreedMemory.blocks(holding: secret) {
            let file = try PrivateFile(path: folder.file("none"))
            // Nothing can be written to what is open for reading.
            let reading = open("/dev/null", O_RDONLY)
            #expect(dup2(reading, file.descriptor) >= 0)
            close(reading)
            try write(file, after: 1000)
            #expect(throws: PrivateFileError.self) { try file.finish() }
        }
        #expect(found == 0)
    }

    @Test func `what was read back is wiped`() throws {
        let file = try PrivateFile(path: folder.file("list"))
        try write(file, after: 0)
        try file.finish()
        var count = 0
        let found = try FreedMemory.blocks(holding: secret) { try file.forEachPart { count += $0.count } }
        #expect(found == 0 && count == 80)
    }
}
