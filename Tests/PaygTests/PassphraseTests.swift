import Fleet
import Foundation
import TestSupport
import Testing

@testable import payg

/// Key files with a passphrase: how it is set, and where it comes from.
struct PassphraseTests {
    // MARK: - init --passphrase

    @Test func `init asks for a passphrase twice, and says what it means to lose it`() throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"])
        #expect(
            run.talk == """
                new passphrase for the key file registry.key:
                the same again:
                made the registry registry.sqlite
                made the key file registry.key: keep a copy, apart from the registry
                without its passphrase it is lost: payg key export-recovery prints the key, to lock away

                """
        )
        #expect(
            try bench.bytes("registry.key").count == 112 && permissions(of: bench.folder.file("registry.key")) == 0o600)
        #expect(!run.screen.contains("correct horse"))
    }

    @Test(
        arguments: [
            (["correct horse", "correct hors"], 64, "the passphrase was not the same both times"),
            (["horse7!", "horse7!"], 64, "the passphrase has 7 characters; take 8 or more"),
            (["日本語日本語日", ""], 64, "the passphrase has 7 characters; take 8 or more"),
            (["correct horse", "horse", "correct horse"], 64, "the passphrase was not the same both times"),
            (
                ["correct horse", "1", "correct horse", "2", "correct horse", "3", "correct horse", "correct horse"],
                64,
                "the passphrase was not the same both times"
            ),
            (["correct horse"], 77, "there is nobody here to type it"),
            ([], 77, "there is nobody here to type it"),
        ])
    func `a passphrase that protects nothing, or is not known twice, makes nothing`(
        secrets: [String], status: Int, told: String
    ) throws {
        let bench = try CommandBench(sampleData: false)
        let run = bench.payg("init", "--passphrase", secrets: secrets)
        #expect(Int(run.status) == status && run.talk.contains(told), "\(run.talk)")
        #expect(try bench.folder.names() == [])
    }

    @Test func `a new passphrase that was not typed the same twice is asked for again, twice`() throws {
        let bench = try CommandBench(sampleData: false)
        let typed = ["correct horse", "correct hors", "battery", "staple", "correct horse", "correct horse"]
        let short = bench.payg("init", "--passphrase", secrets: typed)
        #expect(
            short.status == 64 && short.talk.contains("7 characters"), "one that protects nothing is not asked again")
        let run = bench.payg(
            "init", "--passphrase",
            secrets: ["correct horse", "correct hors", "battery staple", "staple", "correct horse", "correct horse"])
        #expect(
            run.talk.hasPrefix(
                """
                new passphrase for the key file registry.key:
                the same again:
                that was not the same both times: once more
                new passphrase for the key file registry.key:
                the same again:
                that was not the same both times: once more
                new passphrase for the key file registry.key:
                the same again:
                made the registry registry.sqlite

                """), "\(run.talk)")
        #expect(run.status == 0 && bench.payg("audit", "verify", secrets: ["correct horse"]).status == 0)
    }

    @Test func `what is in the way of init is told before a passphrase is asked for`() throws {
        let bench = try CommandBench(sampleData: false)
        bench.payg("init")
        let run = bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"])
        #expect(run.status == 4 && !run.talk.contains("passphrase"))
        let other = bench.payg("init", "--passphrase", "--registry", "other.sqlite", secrets: ["correct horse"])
        #expect(other.status == 4 && !other.talk.contains("new passphrase"))
    }

    // MARK: - Where it comes from

    @Test func `every command that opens the key asks for the passphrase once, and others do not`() throws {
        let bench = try CommandBench.protected()
        let issued = bench.payg("issue", "CSP-240311", "--days", "30", secrets: ["correct horse", "never asked for"])
        #expect(issued.status == 0 && issued.output == "649118926\n")
        #expect(issued.talk.hasPrefix("passphrase of the key file registry.key:\n"))
        #expect(issued.talk.components(separatedBy: "passphrase of").count == 2)
        for words in [["unit", "list"], ["audit", "events"], ["dispatch", "list"], ["key", "status"]] {
            let run = bench.payg(words)
            #expect(run.status == 0 && !run.talk.contains("passphrase of"), "\(words)")
        }
        #expect(bench.payg("audit", "verify", secrets: ["correct horse"]).status == 0)
    }

    @Test func `the passphrase is the first line of a file, of a variable's file or of a descriptor`() throws {
        let bench = try CommandBench.protected()
        for (place, text) in ["correct horse\n", "correct horse\r\nmore\n", "correct horse"].enumerated() {
            _ = try bench.folder.write(text, to: "phrase\(place)")
            let byOption = bench.payg("issue", "CSP-240311", "--days", "1", "--passphrase-file", "phrase\(place)")
            #expect(byOption.status == 0, "\(byOption.talk)")
            let byVariable = bench.payg(
                "issue", "CSP-240311", "--days", "1", environment: ["PAYG_PASSPHRASE_FILE": "phrase\(place)"])
            #expect(byVariable.status == 0 && !byVariable.talk.contains("passphrase of"))
        }
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("correct horse\nthe next line".utf8))
        try pipe.fileHandleForWriting.close()
        let number = pipe.fileHandleForReading.fileDescriptor
        #expect(bench.payg("audit", "verify", "--passphrase-fd", "\(number)").status == 0)
        let rest = try pipe.fileHandleForReading.readToEnd()
        #expect(rest == Data("the next line".utf8), "what follows is not read")

        // The option is meant, whatever the variable says.
        let both = bench.payg(
            "audit", "verify", "--passphrase-file", "phrase0", environment: ["PAYG_PASSPHRASE_FILE": "none"])
        #expect(both.status == 0)
    }

    @Test func `what has no passphrase to give is told of`() throws {
        let bench = try CommandBench.protected()
        let none = bench.payg("audit", "verify")
        #expect(
            none.status == 77
                && none.talk.contains(
                    """
                    error: the key file \(bench.folder.file("registry.key")) has a passphrase, and there is nobody here to ask for it; nothing was changed
                    hint: --passphrase-file FILE, --passphrase-fd N or PAYG_PASSPHRASE_FILE says where it is read from

                    """),
            "\(none.talk)")
        let wrong = bench.payg("audit", "verify", secrets: ["incorrect horse"])
        #expect(wrong.status == 77 && wrong.talk.contains("error: that is not the passphrase of the key file"))
        _ = try bench.folder.write("", to: "empty")
        let empty = bench.payg("audit", "verify", "--passphrase-file", "empty")
        #expect(
            empty.talk == """
                error: the passphrase file empty has nothing on its first line, where the passphrase is read from; nothing \
                was changed
                hint: write it there, as one line
                hint: payg audit verify --without-key checks what needs no key

                """ && empty.status == 77, "\(empty.talk)")
        let nothing = bench.payg("audit", "verify", "--passphrase-file", "/dev/null")
        #expect(nothing.status == 77 && nothing.talk.contains("the passphrase file /dev/null has nothing on its first"))
        #expect(bench.payg("audit", "verify", "--passphrase-file", "none").status == 66)
        #expect(bench.payg("audit", "verify", "--passphrase-fd", "199").status == 64)
        for words in [["--passphrase-fd", "-3"], ["--passphrase-fd=-3"]] {
            let run = bench.payg(["audit", "verify"] + words)
            #expect(
                run.status == 64
                    && run.talk.contains("the file descriptor is -3, and those that there are begin with 0"),
                "\(run.talk)")
        }
        #expect(bench.payg("audit", "verify", "--passphrase-fd", "1", "--passphrase-file", "empty").status == 64)

        var damaged = try bench.bytes("registry.key")
        damaged[70] ^= 1
        try damaged.write(to: URL(fileURLWithPath: bench.folder.file("registry.key")))
        let run = bench.payg("audit", "verify", secrets: ["correct horse"])
        #expect(run.status == 77 && run.talk.contains("is damaged: it is not as it was written"), "\(run.talk)")
        #expect(!run.talk.contains("passphrase of"), "it is not asked for")
    }
}
