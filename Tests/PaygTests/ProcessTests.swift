import Foundation
import TestSupport
import Testing

/// The program as it is installed: processes, signals, and each other.
struct ProcessTests: InstalledProgram {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// Starts a program eight times at once, waits for all, and gives back
    /// what each printed.
    private func eightTimes(_ program: String, _ arguments: [String]) throws -> [String] {
        let processes = try (0..<8).map { number in
            let process = try Process.ready(program, arguments, folder: folder.path, environment: environment)
            try write([], to: folder.file("out\(number)"))
            process.standardOutput = FileHandle(forWritingAtPath: folder.file("out\(number)"))
            process.standardError = FileHandle.nullDevice
            try process.run()
            return process
        }
        for process in processes {
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        return try (0..<8).map { try text(of: folder.file("out\($0)")) }
    }

    private func makeFleet() throws {
        #expect(try payg("init").status == 0)
        #expect(try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").status == 0)
    }

    /// What `audit tokens` has, by unit and count.
    private func tokens() throws -> [String] {
        let rows = try JSONSerialization.jsonObject(with: Data(payg("audit", "tokens", "--json").output.utf8))
        return (rows as? [[String: Any]] ?? []).map { "\($0["unit"] ?? "") \($0["count"] ?? "")" }
    }

    @Test func `a command that ends leaves everything in the registry's one file`() throws {
        try makeFleet()
        let issued = try payg("issue", "CSP-240311", "--days", "1")
        #expect(issued.status == 0)
        #expect(try payg("unit", "list").status == 0 && payg("issue", "CSP-240311").status == 64)
        let left = try folder.names().filter { $0.hasPrefix("registry.sqlite") }
        #expect(left == ["registry.sqlite"], "whoever copies it by hand has the last token, too")
        #expect(try sqlite3(folder.file("registry.sqlite"), "SELECT digits FROM token").output == issued.output)
    }

    @Test func `issue killed at 50 random moments leaves a clean history and no count used twice`() throws {
        try makeFleet()
        let (finished, killed) = try killAtRandom(rounds: 50, longest: 10_000) { _ in
            ["issue", "CSP-240311", "--days", "1"]
        }
        #expect(finished > 5 && killed > 5)
        let verified = try payg("audit", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
        let made = try tokens()
        #expect(made.count >= finished)
        #expect(made == (0..<made.count).map { "CSP-240311 \(2 * $0 + 2)" }, "each count once, and none left out")
        #expect(try payg("issue", "CSP-240311", "--days", "1").status == 0, "and it goes on")
    }

    @Test func `an import killed at 40 random moments happened wholly or not at all`() throws {
        #expect(try payg("init").status == 0)
        let each = 1_500
        func count(_ sql: String) throws -> Int? {
            let run = try ProgramRun(
                "/usr/bin/env", ["sqlite3", folder.file("registry.sqlite"), sql], folder: folder.path,
                environment: environment
            )
            return Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines))
        }
        let (finished, killed) = try killAtRandom(rounds: 40, longest: 40_000) { round in
            var list = "PAYG ID,Secret Key,Starting Code,Count\n"
            for unit in 0..<each {
                let key = String(format: "%016x%016x", UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))
                list += "U-\(round)-\(unit),\(key),\(Int.random(in: 100_000_000...999_999_999)),1\n"
            }
            return ["import", try folder.write(list, to: "list.csv")]
        } check: { _ in
            let units = try #require(try count("SELECT count(*) FROM unit"))
            #expect(try units.isMultiple(of: each) && count("SELECT count(*) FROM dispatch") == units / each)
            // It is out of the way while units are added.
            #expect(try count("SELECT count(*) FROM sqlite_schema WHERE name = 'unit_not_replaced'") == 1)
        }
        #expect(finished > 3 && killed > 3)
        let verified = try payg("audit", "verify")
        #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    }

    @Test(arguments: [
        ("printf 'PAYG ID,Key\\nA,'; head -c 1000000000 /dev/zero | tr '\\0' a", "row 2: a cell has more than 65536"),
        ("printf 'PAYG ID,Key\\nA,\"'; head -c 1000000000 /dev/zero | tr '\\0' a", "row 2: a cell has more than 65536"),
        ("printf 'PAYG ID,Key\\nA,\"'; yes 'B,x' | head -c 1000000000", "row 2: a cell has more than 65536"),
        ("head -c 1000000000 /dev/zero | tr '\\0' ,", "row 1: it has more, or longer, cells than any list"),
        ("printf 'PAYG ID,Key\\nA,'; yes , | head -c 4000000 | tr -d '\\n'", "row 2: it has more, or longer, cells"),
        ("head -c 1000000000 /dev/zero", "row 1: a cell has more than 65536"),
        ("yes 'no header' | head -c 1000000000", "row 1, PAYG ID: the header names no such column"),
    ])
    func `a malformed list of any size is refused in bounded memory`(list: String, told: String) throws {
        #expect(try payg("init").status == 0)
        let run = try shell("ulimit -v 700000; ( \(list) ) 2>/dev/null | '\(program)' import - 2>&1")
        #expect(run.output.contains(told), "\(run.output)\(run.errors)")
    }

    @Test func `eight processes issuing for one unit never use a count twice`() throws {
        try makeFleet()
        let each = 6
        let script = "for i in $(seq \(each)); do \"\(program)\" issue CSP-240311 --days 1 || exit 1; done"
        let told = try eightTimes("sh", ["-c", script]).flatMap { $0.split(separator: "\n") }
        #expect(told.count == 8 * each)
        #expect(Set(told).count == told.count, "every customer was told a token of their own")
        #expect(try Set(tokens()) == Set((1...(8 * each)).map { "CSP-240311 \(2 * $0)" }))
        #expect(try payg("audit", "verify").status == 0)
    }

    @Test func `eight processes asking with one payment reference get one token`() throws {
        try makeFleet()
        let told = try eightTimes(program, ["issue", "CSP-240311", "--days", "30", "--ref", "MP-1"])
        #expect(Set(told) == ["649118926\n"])
        #expect(try tokens() == ["CSP-240311 2"])
    }

    /// A command line with the program in it, as a shell runs it.
    private func shell(_ line: String) throws -> ProgramRun {
        try ProgramRun(
            "sh", ["-c", line], folder: folder.path, environment: environment.merging(["payg": program]) { $1 })
    }

    @Test func `a token that could not be told is told of, and the same reference gets it again`() throws {
        try makeFleet()
        let run = try shell("{ sleep 0.3; \"$payg\" issue CSP-240311 --days 30 --ref MP-1; echo $? >status; } | true")
        #expect(run.errors.contains("could not be written to standard output"))
        #expect(try text(of: folder.file("status")) == "73\n")
        #expect(try payg("issue", "CSP-240311", "--days", "30", "--ref", "MP-1").output == "649118926\n")
        #expect(try tokens() == ["CSP-240311 2"])
    }

    @Test func `a list that nobody reads to its end is no error to talk of`() throws {
        try makeFleet()
        let run = try shell("{ sleep 0.3; \"$payg\" unit list; } | true")
        #expect(run.errors == "")
    }

    @Test func `a check that found something, or a refusal, is not lost with its answer`() throws {
        try makeFleet()
        _ = try sqlite3(folder.file("registry.sqlite"), "UPDATE unit SET count = 8")
        let verified = try shell("{ sleep 0.3; \"$payg\" audit verify; echo $? >status; } | true")
        #expect(try text(of: folder.file("status")) == "2\n")
        #expect(verified.errors.contains("25 problems"))
        _ = try folder.write("PAYG ID,Key\nA,short\n", to: "bad.csv")
        let refused = try shell("{ sleep 0.3; \"$payg\" import bad.csv --json; echo $? >status; } | true")
        #expect(try text(of: folder.file("status")) == "65\n")
        #expect(refused.errors.contains("bad.csv was not imported"))
    }

    @Test func `a reader that is slow gets everything`() throws {
        try makeFleet()
        let script = """
            import os, subprocess, sys, time
            read, write = os.pipe()
            os.set_blocking(write, False)
            list = subprocess.Popen([sys.argv[1], "audit", "events", "--json"] + sys.argv[2:], stdout=write)
            os.close(write)
            time.sleep(0.3)
            size = 0
            while chunk := os.read(read, 65536): size += len(chunk)
            print(list.wait(), size)
            """
        let rows = (0..<200).map { "K-\($0),\(String(repeating: "n", count: 100))\n" }
        try payg("customer", "import", try folder.write("Reference,Name\n" + rows.joined(), to: "customers.csv"))
        let run = try ProgramRun("python3", ["-c", script, program], folder: folder.path, environment: environment)
        let (words, whole) = (run.output.split(separator: " "), try payg("audit", "events", "--json").output.utf8.count)
        #expect(whole > 30_000)
        #expect(words.first == "0" && words.last.map { Int($0.dropLast()) } == whole, "\(run.output)\(run.errors)")
    }

    @Test func `a token is told although nobody hears what is said about it`() throws {
        try makeFleet()
        let run = try shell("\"$payg\" issue CSP-240311 --days 30 2>&-")
        #expect(run.status == 0 && run.output == "649118926\n")
    }

    #if os(Linux)
        @Test func `a full device is an error, for an answer and for help`() throws {
            try makeFleet()
            for command in ["unit list", "--help", "issue CSP-240311 --days 1"] {
                #expect(try shell("\"$payg\" \(command) > /dev/full").status == 73, "\(command)")
            }
        }

        @Test func `a pipe gets no colour and no table, a terminal gets both, and NO_COLOR keeps the table`() throws {
            try makeFleet()
            #expect(try !payg("unit", "list").output.contains("\u{1B}"))
            func inTerminal(_ variables: String) throws -> String {
                try ProgramRun(
                    "script", ["-qec", "\(variables) '\(program)' unit list --search 240311", "/dev/null"],
                    folder: folder.path, environment: environment.merging(["TERM": "xterm"]) { $1 }
                ).output.replacingOccurrences(of: "\r", with: "")
            }
            let plain = try inTerminal("NO_COLOR=1")
            #expect(
                plain == """
                    UNIT        CUSTOMER  COUNT  PAID UNTIL  MADE BY  DISPATCH  MODEL
                    CSP-240311                1              here            1

                    """
            )
            #expect(try inTerminal("").hasPrefix("\u{1B}[1mUNIT"))
        }
    #endif

    @Test func `the demo tells the whole story and leaves nothing behind`() throws {
        let temporary = folder.file("tmp")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let run = try ProgramRun(
            program, ["demo"], folder: folder.path, environment: environment.merging(["TMPDIR": temporary]) { $1 }
        )
        #expect(run.status == 0 && run.errors == "")
        for command in [
            "init", "import", "assign", "issue", "audit tokens", "export paygops", "export angaza", "audit verify",
        ] {
            #expect(run.output.contains("\n$ payg \(command)"), "\(command)")
        }
        #expect(run.output.hasSuffix("everything fits\n"))
        #expect(try folder.names() == ["tmp"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }

    @Test func `the demo leaves nothing behind when it is told to stop, or nobody watches it to its end`() throws {
        let temporary = folder.file("tmp")
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let stopping = """
            import signal, subprocess, sys, time
            # The threads that tests run on block signals, and programs inherit that.
            signal.pthread_sigmask(signal.SIG_SETMASK, [])
            for number in range(12):
                demo = subprocess.Popen([sys.argv[1], "demo"], stdout=subprocess.DEVNULL)
                time.sleep(0.012 * number)
                demo.send_signal([signal.SIGINT, signal.SIGTERM, signal.SIGHUP][number % 3])
                demo.wait()
            demo = subprocess.Popen([sys.argv[1], "demo"], stdout=subprocess.PIPE)
            demo.stdout.close()
            demo.wait()
            """
        let run = try ProgramRun(
            "python3", ["-c", stopping, program], folder: folder.path,
            environment: environment.merging(["TMPDIR": temporary]) { $1 }
        )
        #expect(run.status == 0, "\(run.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
    }

    @Test func `the demo keeps its folder when it is told to, and only a new or empty one`() throws {
        #expect(try payg("demo", "--keep", "kept").status == 0)
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.file("kept"))
        #expect(Set(kept).isSuperset(of: ["registry.sqlite", "registry.key", "paygops.csv", "angaza.csv"]))
        let again = try payg("demo", "--keep", "kept")
        #expect(again.status == 4 && again.output == "")
        let verified = try ProgramRun(
            program, ["audit", "verify"], folder: folder.file("kept"),
            environment: ["PAYG_REGISTRY": "registry.sqlite", "PAYG_KEY_FILE": "registry.key"]
        )
        #expect(verified.status == 0)
    }
}
