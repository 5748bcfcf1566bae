import Foundation
import TestSupport
import Testing

/// Keys and passphrases with processes, signals and real terminals.
struct KeyProcessTests: InstalledProgram {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func makeFleet() throws {
        #expect(try payg("init").status == 0)
        #expect(try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").status == 0)
    }

    private func keyFiles() throws -> [String] { try folder.names().filter { $0.hasPrefix("registry.key") } }

    @Test func `a change of the key killed at 40 random moments leaves a registry and a key that fit`() throws {
        try makeFleet()
        var longest = 40_000.0
        var (finished, killed) = (0, 0)
        for round in 0..<40 {
            let process = try Process.ready(
                program, ["key", "rotate", "--yes"], folder: folder.path, environment: environment)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            usleep(UInt32.random(in: 0...UInt32(longest)))
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if process.terminationReason == .exit {
                finished += 1
                longest *= 0.8
            } else {
                killed += 1
                longest *= 1.25
            }
            let issued = try payg("issue", "CSP-240311", "--days", "1")
            #expect(issued.status == 0, "round \(round): \(issued.errors)")
        }
        #expect(finished > 3 && killed > 3)
        let verified = try payg("audit", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        let rotations = try sqlite3(folder.file("registry.sqlite"), "SELECT count(*) FROM former_key").output
        #expect((Int(rotations.dropLast()) ?? 0) >= finished)
        #expect(try folder.names().allSatisfy { !$0.hasSuffix(".part") } && keyFiles().contains("registry.key"))
        #expect(try sqlite3(folder.file("registry.sqlite"), "PRAGMA integrity_check").output == "ok\n")
    }

    @Test func `tokens go on being issued while the key is changed, and none is lost`() throws {
        try makeFleet()
        let issue =
            "for i in $(seq 30); do \"$0\" issue CSP-240311 --days 1 >>out; case $? in 0|77) ;; *) exit 1;; esac; done"
        let processes = try (0..<3).map { _ in
            let process = try Process.ready(
                "sh", ["-c", issue, program], folder: folder.path, environment: environment)
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }
        for _ in 0..<8 { #expect(try payg("key", "rotate", "--yes").status == 0) }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        let told = try text(of: folder.file("out")).split(separator: "\n")
        let made = try sqlite3(folder.file("registry.sqlite"), "SELECT digits FROM token").output.split(separator: "\n")
        #expect(Set(told) == Set(made) && told.count == made.count && told.count > 30)
        let verified = try payg("audit", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    #if os(Linux)
        /// A fleet whose key file has a passphrase that is quick to try.
        private func makeProtectedFleet() throws {
            let bench = try CommandBench(sampleData: false)
            #expect(bench.payg("init", "--passphrase", secrets: ["correct horse", "correct horse"]).status == 0)
            for name in ["registry.sqlite", "registry.key"] {
                try FileManager.default.copyItem(atPath: bench.folder.file(name), toPath: folder.file(name))
            }
            _ = try folder.write("correct horse\n", to: "phrase")
            let list = "\(projectFolder)/SampleData/cloud-solar-dispatch.csv"
            #expect(try payg("import", list, "--passphrase-file", folder.file("phrase")).status == 0)
        }

        @Test func `a passphrase is typed unseen, and the terminal shows what is typed again afterwards`() throws {
            try makeProtectedFleet()
            let run = try inTerminal(
                """
                process, terminal = run("issue", "CSP-240311", "--days", "30")
                until(terminal, "registry.key: ")
                assert not echoes(terminal)
                os.write(terminal, b"correct horse\\n")
                until(terminal, "649 118 926")
                rest(terminal)
                assert "horse" not in shown, shown
                assert status(process) == 0

                # Wrong, and nothing.
                for typed, told in [(b"battery staple\\n", "not the passphrase"), (b"\\n", "not the passphrase"), (b"\\x04", "nobody here to ask")]:
                    process, terminal = run("issue", "CSP-240311", "--days", "30")
                    until(terminal, "registry.key: ")
                    os.write(terminal, typed)
                    until(terminal, told)
                    assert echoes(terminal)
                    rest(terminal)
                    assert status(process) == 77
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
        }

        @Test func `the terminal shows what is typed again when a signal ends or stops the question`() throws {
            try makeProtectedFleet()
            let run = try inTerminal(
                """
                for number, keys in [(signal.SIGINT, b"\\x03"), (signal.SIGQUIT, b"\\x1c"), (signal.SIGTERM, None), (signal.SIGHUP, None)]:
                    # A terminal that outlives the program.
                    process, terminal = run("audit", "verify")
                    other = os.open(f"/dev/pts/{number_of(terminal)}", os.O_RDWR | os.O_NOCTTY)
                    until(terminal, "registry.key: ")
                    assert not echoes(other)
                    os.write(terminal, b"corr")
                    if keys: os.write(terminal, keys)
                    else: os.kill(process, number)
                    assert status(process) == -number, number
                    assert echoes(other), number
                    os.close(other)

                # A shell, for what has none is not stopped.
                def shell():
                    child = os.fork()
                    if child == 0:
                        os.setpgid(0, 0)
                        signal.signal(signal.SIGTTOU, signal.SIG_IGN)
                        os.tcsetpgrp(0, os.getpid())
                        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
                        return
                    assert os.WIFSTOPPED(os.waitpid(child, os.WUNTRACED)[1])
                    os.write(1, b"stopped, and shows" if echoes(0) else b"stopped, and silent")
                    os.kill(child, signal.SIGCONT)
                    os._exit(status(child))
                process, terminal = run("audit", "verify", before=shell)
                until(terminal, "registry.key: ")
                os.write(terminal, b"corr\\x1a")
                until(terminal, "stopped, and shows")
                shown = shown.split("stopped, and shows")[1]
                until(terminal, "registry.key: ")
                assert not echoes(terminal)
                os.write(terminal, b"correct horse\\n")
                until(terminal, "everything fits")
                assert status(process) == 0
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
        }

        @Test func `it is asked for at the terminal though a list comes in by a pipe and the answer leaves by one`()
            throws
        {
            try makeProtectedFleet()
            let run = try inTerminal(
                """
                def redirected():
                    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
                    os.dup2(os.open("out", os.O_WRONLY | os.O_CREAT), 1)
                process, terminal = run("issue", "CSP-240311", "--days", "30", before=redirected)
                until(terminal, "registry.key: ")
                os.write(terminal, b"correct horse\\n")
                rest(terminal)
                assert status(process) == 0, shown
                print(open("out").read(), end="")
                """
            )
            #expect(run.output == "649118926\n", "\(run.errors)")
        }

        @Test func `without a terminal nobody is asked`() throws {
            try makeProtectedFleet()
            let run = try ProgramRun(
                "setsid", ["--wait", program, "issue", "CSP-240311", "--days", "30"], folder: folder.path,
                environment: environment)
            #expect(run.status == 77 && run.output == "")
            #expect(run.errors.contains("hint: --passphrase-file FILE, --passphrase-fd N or PAYG_PASSPHRASE_FILE"))
            let script = "exec 7<phrase; exec \"$0\" issue CSP-240311 --days 30 --passphrase-fd 7"
            let given = try ProgramRun(
                "setsid", ["--wait", "sh", "-c", script, program], folder: folder.path, environment: environment)
            #expect(given.status == 0 && given.output == "649118926\n")
        }

        @Test func `a program that waits for a passphrase, or at the keypad, leaves no core when it crashes`() throws {
            try makeProtectedFleet()
            #expect(
                try payg(
                    "device", "new", "CSP-240311", "--state", folder.file("unit.json"), "--passphrase-file",
                    folder.file("phrase")
                ).status == 0)
            let run = try inTerminal(
                """
                soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
                def cores(): resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
                os.environ["TERM"] = "xterm"
                for arguments, told in [(["audit", "verify"], "registry.key: "), (["device", "keypad", "unit.json"], "CSP-240311")]:
                    process, terminal = run(*arguments, before=cores)
                    fcntl.ioctl(terminal, termios.TIOCSWINSZ, b"\\x1e\\x00\\x64\\x00" + bytes(4))
                    until(terminal, told)
                    limits = open(f"/proc/{process}/limits").read()
                    line = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
                    assert line.split()[4:6] == ["0", "0"], line
                    # Nobody of this name may look at its memory either; root may.
                    assert os.stat(f"/proc/{process}/mem").st_uid == 0
                    os.kill(process, signal.SIGABRT)
                    _, ended = os.waitpid(process, 0)
                    assert os.WIFSIGNALED(ended) and not os.WCOREDUMP(ended), ended
                # The same signal leaves one where nobody switched that off.
                if hard != 0:
                    process = os.fork()
                    if process == 0:
                        cores()
                        os.abort()
                    _, ended = os.waitpid(process, 0)
                    print("cores here" if os.WCOREDUMP(ended) else "no cores here")
                """
            )
            #expect(run.status == 0, "\(run.output)\(run.errors)")
            let names = try folder.names()
            #expect(names.count { $0.hasPrefix("core") } <= (run.output == "cores here\n" ? 1 : 0))
        }
    #endif
}
