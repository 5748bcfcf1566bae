import Foundation
import TestSupport
import Testing

@testable import payg

/// What is left in memory that is given back of the secrets that commands use.
@Suite(.enabled(if: FreedMemory.canWatch, "memory cannot be looked at as it is freed, here"))
struct WipedSecretsTests {
    private let bench: CommandBench
    private let phrase: HiddenSecret

    /// What opens the key, changes it, and looks at it.
    private static let commands = [
        ["issue", "CSP-240311", "--days", "30"], ["audit", "verify"], ["backup", "copy.sqlite"], ["key", "status"],
        ["unit", "show", "CSP-240311", "--reveal", "--reason", "a look", "--yes"], ["doctor"],
        ["key", "export-recovery", "-o", "sheet.html", "--no-qr", "--yes"], ["restore", "copy.sqlite", "--dry-run"],
        ["key", "rotate", "--yes"],
    ]

    init() throws {
        bench = try CommandBench.withFleet()
        let folder = bench.folder
        phrase = try FreedMemory.unseen {
            let text = (0..<8).map { _ in String(UInt32.random(in: 0x1000_0000 ... .max), radix: 16) }.joined()
            _ = try folder.write(text + "\n", to: "phrase")
            return HiddenSecret(Array(text.utf8))
        }
    }

    @Test func `the passphrase is wiped after every command, also where it is new`() throws {
        let set = FreedMemory.blocks(holding: phrase) {
            #expect(bench.payg("key", "rotate", "--yes", "--new-passphrase-file", "phrase").status == 0)
        }
        #expect(set == 0)
        for words in Self.commands {
            let found = FreedMemory.blocks(holding: phrase) {
                let run = bench.payg(words + ["--passphrase-file", "phrase"])
                #expect(run.status == 0, "\(words): \(run.talk)")
            }
            #expect(found == 0, "\(words)")
        }
    }
}
