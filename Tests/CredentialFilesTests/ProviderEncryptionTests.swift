import Fleet
import Foundation
import TestSupport
import Testing

@testable import CredentialFiles

/// Files encrypted with the real `age`, and what becomes of those that are not.
struct ProviderEncryptionTests {
    private let folder: TemporaryFolder
    private let units: [ExportedUnit]
    private let profile: Profile

    init() throws {
        folder = try TemporaryFolder()
        units = try SampleUnits.of(SampleUnits.devices)
        profile = try Profile(named: "paygops", folder: nil)
    }

    /// A key pair: the file with the secret one, and its recipient.
    private func keyPair(_ name: String) throws -> (file: String, recipient: String) {
        let file = folder.file(name)
        #expect(try ProgramRun("age-keygen", ["-o", file]).status == 0)
        return (file, try ProgramRun("age-keygen", ["-y", file]).output.trimmingSpaces)
    }

    private func write(_ name: String, recipients: [String]) throws -> FinishedFile {
        let file = try ProviderFile(folder.file(name), profile: profile, recipients: recipients)
        for unit in units { try file.add(unit) }
        let finished = try file.finish()
        try file.publish(export: 1)
        return finished
    }

    /// Puts a program of that name into the folder. Another process writes it:
    /// a program that somebody has open for writing, if only between a fork and
    /// an exec elsewhere in the tests, cannot be run.
    private func makeAge(_ script: String) throws {
        let write = #"printf '#!/bin/sh\n%s' "$1" >"$2" && chmod 755 "$2""#
        #expect(try ProgramRun("/bin/sh", ["-c", write, "sh", script, folder.file("age")]).status == 0)
    }

    private func decrypted(_ name: String, with key: String) throws -> String {
        try ProgramRun("age", ["--decrypt", "--identity", key, folder.file(name)]).output
    }

    @Test func `what is decrypted is the file in the clear, and each hash is of what it says`() throws {
        let key = try keyPair("key")
        let plain = try write("plain.csv", recipients: [])
        let secret = try write("secret.age", recipients: [key.recipient])
        #expect(try decrypted("secret.age", with: key.file) == text(of: folder.file("plain.csv")))
        #expect(secret.isEncrypted && !plain.isEncrypted)
        #expect(secret.sha256 == plain.sha256 && secret.fileSHA256 != plain.sha256)
        let sum = try ProgramRun("sha256sum", [folder.file("secret.age")]).output.prefix(64)
        #expect(secret.fileSHA256 == String(sum))
        #expect(try permissions(of: folder.file("secret.age")) == 0o600)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file("secret.age")))
        #expect(bytes.range(of: Data("SLK-0071".utf8)) == nil)
        // The units are read back as they were.
        _ = try folder.write(try decrypted("secret.age", with: key.file), to: "back.csv")
        #expect(try SampleUnits.listed(folder.file("back.csv")).map(Told.init) == units.map(Told.init))
    }

    @Test func `several recipients can read it, named one by one, in a file or by an ssh key`() throws {
        let (one, two) = (try keyPair("one"), try keyPair("two"))
        let list = try folder.write("# the provider's\n\(two.recipient)\n", to: "recipients.txt")
        _ = try write("both.age", recipients: [one.recipient, list])
        #expect(try decrypted("both.age", with: one.file) == decrypted("both.age", with: two.file))
        let key = folder.file("ssh")
        // `ssh-keygen` is not everywhere; age reads a key that is.
        let made = try ProgramRun("/usr/bin/env", ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key])
        guard made.status == 0 else { return }
        _ = try write("ssh.age", recipients: [try text(of: key + ".pub").trimmingSpaces])
        #expect(try decrypted("ssh.age", with: key) == decrypted("both.age", with: one.file))
    }

    @Test func `a large file is encrypted whole`() throws {
        let key = try keyPair("key")
        let file = try ProviderFile(folder.file("large.age"), profile: profile, recipients: [key.recipient])
        for _ in 0..<3_000 { for unit in units { try file.add(unit) } }
        let finished = try file.finish()
        try file.publish(export: 1)
        let content = try decrypted("large.age", with: key.file)
        #expect(content.utf8.count > 2_000_000)
        _ = try folder.write(content, to: "large.csv")
        #expect(String(try ProgramRun("sha256sum", [folder.file("large.csv")]).output.prefix(64)) == finished.sha256)
    }

    @Test func `without the program there is no file, and it is said`() throws {
        for path in ["", folder.path, ".", "relative:other"] {
            #expect(throws: FleetError.ageMissing) { try Age(recipients: ["age1x"], environment: ["PATH": path]) }
        }
        #expect(throws: FleetError.ageMissing) { try Age(recipients: ["age1x"], environment: [:]) }
    }

    @Test func `a recipient that age does not take is named with age's own words`() throws {
        let bad = try folder.write("hello\n", to: "bad.txt")
        let cases = [
            ("age1xyz", "malformed recipient"), ("ssh-ed25519 AAAA", "malformed SSH recipient"),
            (bad, "malformed recipient at line 1"), (folder.file("none.txt"), "it is no recipient"),
            (folder.path, "it is no recipient"), ("", "it is empty"), ("-", "it is no recipient"),
            ("age1\nage1", "not on one line"),
        ]
        for (recipient, words) in cases {
            do {
                _ = try write("out.age", recipients: [recipient])
                Issue.record("“\(recipient)” was taken")
            } catch FleetError.recipientRefused(_, let reason) {
                #expect(reason.contains(words), "\(reason)")
                #expect(!reason.contains("age: error"))
            }
        }
        #expect(try folder.names() == ["bad.txt"])
    }

    @Test func `a secret key in place of the recipient is neither used nor repeated`() throws {
        let key = try keyPair("key")
        let secret = try #require(try text(of: key.file).split(separator: "\n").last.map(String.init))
        do {
            _ = try write("out.age", recipients: [secret])
            Issue.record("it was taken")
        } catch {
            #expect("\(error)".contains("it is a secret key") && !"\(error)".contains(secret))
        }
    }

    @Test func `an age that is killed leaves no file, and does not end the export's process`() throws {
        let key = try keyPair("key")
        let products = try ProductChoice(profile, names: [:], product: nil)
        do {
            let file = try PrivateFileOfTest(
                folder.file("out.age"), profile, products, try Age(recipients: [key.recipient]))
            kill(file.age, SIGKILL)
            #expect(throws: FleetError.self) {
                for _ in 0..<100_000 { try file.file.add(units[0]) }
                _ = try file.file.finish()
            }
        }
        #expect(try folder.names() == ["key"])
    }

    @Test func `an age that fails at the end leaves no file, and its words are told`() throws {
        // A program of that name that takes recipients, and then no bytes.
        try makeAge(
            "if [ \"$(head -c 1 | wc -c)\" -eq 0 ]; then exit 0; fi\necho 'age: error: no room' >&2\nexit 3\n"
        )
        let age = try Age(recipients: ["age1x"], environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
        let products = try ProductChoice(profile, names: [:], product: nil)
        do {
            let file = try ProviderFile(folder.file("out.age"), profile: profile, products: products, age: age)
            for unit in units { try file.add(unit) }
            #expect(
                throws: FleetError.outputFailed(
                    path: folder.file("out.age"), reason: "age did not encrypt it: no room")
            ) { try file.finish() }
        }
        #expect(try folder.names() == ["age"])
    }

    @Test func `age gets the rows, the path it is found by, and nothing else of ours`() throws {
        // What it says must look like what age writes, and be as long.
        try makeAge(
            "echo age-encryption.org/v1\nenv | cut -d= -f1 | sort | tr '\\n' ' '\nexec tr -c '' ' '\n")
        let environment = ["PATH": "\(folder.path):/usr/bin:/bin", "PAYG_KEY_FILE": "secret", "LD_DEBUG": "all"]
        let age = try Age(recipients: ["age1x"], environment: environment)
        let products = try ProductChoice(profile, names: [:], product: nil)
        let file = try ProviderFile(folder.file("out.age"), profile: profile, products: products, age: age)
        _ = try file.finish()
        try file.publish(export: 1)
        let lines = try text(of: folder.file("out.age")).split(separator: "\n")
        let variables = Set((lines.last ?? "").split(separator: " "))
        #expect(variables.subtracting(["PWD", "OLDPWD", "SHLVL", "_"]) == ["PATH"])
    }

    @Test(arguments: ["exec cat >/dev/null\n", "exec cat\n", "echo age-encryption.org/v1; exec cat >/dev/null\n"])
    func `what another program of that name wrote is no encrypted file`(script: String) throws {
        try makeAge(script)
        let age = try Age(recipients: ["age1x"], environment: ["PATH": "\(folder.path):/usr/bin:/bin"])
        let products = try ProductChoice(profile, names: [:], product: nil)
        do {
            let file = try ProviderFile(folder.file("out.age"), profile: profile, products: products, age: age)
            for unit in units.prefix(2) { try file.add(unit) }
            #expect(
                throws: FleetError.outputFailed(
                    path: folder.file("out.age"), reason: "what age wrote is no encrypted file")
            ) { try file.finish() }
        }
        #expect(try folder.names() == ["age"])
    }

    @Test func `an export that is given up ends its age`() throws {
        let key = try keyPair("key")
        let products = try ProductChoice(profile, names: [:], product: nil)
        var process: Int32 = 0
        do {
            let file = try PrivateFileOfTest(
                folder.file("out.age"), profile, products, try Age(recipients: [key.recipient]))
            process = file.age
            #expect(kill(process, 0) == 0)
        }
        #expect(kill(process, 0) == -1)
        #expect(try folder.names() == ["key"])
    }

    @Test func `an encrypted file is never written over another`() throws {
        let key = try keyPair("key")
        _ = try folder.write("theirs", to: "out.age")
        #expect(throws: FleetError.outputExists(path: folder.file("out.age"))) {
            try write("out.age", recipients: [key.recipient])
        }
        #expect(try text(of: folder.file("out.age")) == "theirs")
    }
}

/// A file being encrypted, and the process that does it.
private struct PrivateFileOfTest {
    let file: ProviderFile
    let age: Int32

    init(_ path: String, _ profile: Profile, _ products: ProductChoice, _ age: Age) throws {
        file = try ProviderFile(path, profile: profile, products: products, age: age)
        self.age = try #require(file.encryptingProcess)
    }
}
