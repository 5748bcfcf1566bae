import Foundation
import TestSupport
import Testing

#if os(Linux)
    /// Restoring an older backup as somebody at a terminal lives it.
    struct RestoreConversationTests: InstalledProgram {
        let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            try payg("init")
            try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv")
            try payg("backup", "b.sqlite")
            try payg("issue", "CSP-240311", "--days", "7", "--ref", "MP-2")
            try payg("export", "paygops", "--unit", "CSP-240318", "-o", "out.csv")
        }

        private static let question = "skip every count up to the last known one of 2 units, and restore? [y/N] "

        @Test func `what would be lost is told first, and nothing but yes restores`() throws {
            let before = try payg("audit", "events").output
            let run = try inTerminal(
                """
                # First without --force: told what would be lost, and how to go on.
                process, terminal = run("restore", "b.sqlite")
                rest(terminal)
                for told in ["b.sqlite: 2 events, 25 units, 0 tokens", "registry.sqlite has 2 events that b.sqlite does not have:",
                             "CSP-240311: 1 token, up to count 2", "export 1 of 1 unit to paygops, who makes their tokens",
                             "nothing was changed", " --force restores all the same"]:
                    assert told in shown, (told, shown)
                assert "\(Self.question)" not in shown and status(process) == 4, shown

                # No, nothing, anything else, and the end of the input.
                for typed in [b"n\\n", b"\\n", b"yes please\\n", b"\\x04"]:
                    process, terminal = run("restore", "b.sqlite", "--force")
                    until(terminal, "\(Self.question)")
                    assert "CSP-240311: 1 token, up to count 2" in shown
                    os.write(terminal, typed)
                    rest(terminal)
                    assert "counts would be used again, so nothing is restored; nothing was changed" in shown, shown
                    assert status(process) == 4
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(try payg("audit", "events").output == before)
            #expect(try !folder.names().contains { $0.contains("replaced") || $0.hasPrefix(".payg-") })
        }

        @Test func `ended at the question, it leaves nothing of the looking behind`() throws {
            let before = try folder.names()
            let run = try inTerminal(
                """
                for number, keys in [(signal.SIGINT, b"\\x03"), (signal.SIGQUIT, b"\\x1c"), (signal.SIGTERM, None), (signal.SIGHUP, None)]:
                    process, terminal = run("restore", "b.sqlite", "--force")
                    until(terminal, "\(Self.question)")
                    assert any(name.startswith(".payg-") for name in os.listdir("."))
                    if keys: os.write(terminal, keys)
                    else: os.kill(process, number)
                    assert status(process) == -number, number
                    assert not any(name.startswith(".payg-") for name in os.listdir(".")), os.listdir(".")

                # As nohup starts it, it is not ended by that.
                process, terminal = run("restore", "b.sqlite", "--force",
                                        before=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
                until(terminal, "\(Self.question)")
                os.kill(process, signal.SIGHUP)
                os.write(terminal, b"n\\n")
                rest(terminal)
                assert status(process) == 4, shown
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(try folder.names() == before)
            #expect(try payg("audit", "verify").status == 0)
        }

        @Test func `yes restores, and tells what is kept, what is skipped and what to do next`() throws {
            let run = try inTerminal(
                """
                process, terminal = run("restore", "b.sqlite", "--force")
                until(terminal, "\(Self.question)")
                os.write(terminal, b"y\\n")
                rest(terminal)
                for told in ["restored registry.sqlite from b.sqlite", "1 unit will go on from the count that was used last",
                             "1 unit stayed with the provider that has them",
                             "what was there is kept as registry-replaced-", "hint: payg audit tokens --registry registry-replaced-",
                             "hint: payg audit verify proves it"]:
                    assert told in shown, (told, shown)
                assert status(process) == 0

                # Only looking asks nothing.
                process, terminal = run("restore", "b.sqlite", "--dry-run")
                rest(terminal)
                assert "dry run: nothing was changed" in shown and status(process) == 0, shown
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(try payg("audit", "verify").status == 0)
            #expect(
                try payg("issue", "CSP-240311", "--days", "7", "--dry-run", "--json").output.contains("\"count\":4"))
            #expect(try payg("issue", "CSP-240318", "--days", "7").status == 4, "it is with its provider")
        }

        @Test func `where the registry is gone nothing is asked, and what nobody knows is told`() throws {
            for name in try folder.names() where name.hasPrefix("registry.sqlite") {
                try FileManager.default.removeItem(atPath: folder.file(name))
            }
            let run = try inTerminal(
                """
                process, terminal = run("restore", "b.sqlite")
                rest(terminal)
                for told in ["nobody knows what was done since", "is skipped by 20, which is enough for 10 tokens a unit",
                             "warning: a unit that was handed to a provider since is not known to be there",
                             "restored registry.sqlite from b.sqlite", "the counts of 25 units were skipped by 20, on record"]:
                    assert told in shown, (told, shown)
                assert "[y/N]" not in shown and status(process) == 0, shown
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            #expect(try payg("audit", "verify").status == 0)
        }
    }
#endif
