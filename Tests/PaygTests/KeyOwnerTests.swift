#if os(Linux)
    import Foundation
    import TestSupport
    import Testing

    /// Key files and registries of somebody else, and with logs that others can
    /// read. Somebody else is whoever `setpriv` makes of root.
    struct KeyOwnerTests: InstalledProgram {
        let folder: TemporaryFolder
        private static let (nobody, other) = ("65534", "65533")
        private static let isRoot =
            geteuid() == 0
            && (try? ProgramRun("setpriv", ["--reuid", nobody, "--regid", nobody, "--clear-groups", "true"]).status)
                == 0

        init() throws {
            folder = try TemporaryFolder()
        }

        private func makeFleet() throws {
            #expect(try payg("init").status == 0)
            #expect(try payg("import", "\(projectFolder)/SampleData/cloud-solar-dispatch.csv").status == 0)
        }

        private func give(_ names: String..., to user: String) throws {
            #expect(try ProgramRun("chown", ["\(user):\(user)"] + names.map(folder.file)).status == 0)
        }

        private func keyFiles() throws -> [String] { try folder.names().filter { $0.hasPrefix("registry.key") } }

        /// Runs a copy of the program, for the build's folder may be closed to others.
        private func asNobody(_ arguments: String...) throws -> ProgramRun { try asNobody(arguments) }

        private func asNobody(_ arguments: [String]) throws -> ProgramRun {
            let copy = folder.file("payg")
            if !FileManager.default.fileExists(atPath: copy) {
                try FileManager.default.copyItem(atPath: program, toPath: copy)
                try allow(0o755, copy)
            }
            return try ProgramRun(
                "setpriv", ["--reuid", Self.nobody, "--regid", Self.nobody, "--clear-groups", copy] + arguments,
                folder: folder.path, environment: environment)
        }

        @Test(.enabled(if: isRoot, "only root can be somebody else"))
        func `a key file of somebody else is told with what can be done, and nothing is made with it`() throws {
            try makeFleet()
            try give("registry.sqlite", to: Self.nobody)
            try give("registry.key", to: Self.other)
            try give("", to: Self.nobody)
            let issued = try asNobody("issue", "CSP-240311", "--days", "30")
            #expect(issued.status == 77 && issued.output == "")
            #expect(issued.errors.contains("registry.key cannot be read: permission denied; nothing was changed"))
            let status = try asNobody("key", "status")
            #expect(status.status == 77 && status.output.contains("key\tnot known\nregistry's\tthat is "))
            #expect(status.errors.contains("cannot be read: permission denied"), "\(status.errors)")
            #expect(try asNobody("key", "rotate", "--yes").status == 77)
            #expect(try asNobody("unit", "list").status == 0 && keyFiles() == ["registry.key"])
        }

        @Test(.enabled(if: isRoot, "only root can be somebody else"))
        func `a registry of somebody else is not read`() throws {
            try makeFleet()
            try give("", "registry.key", to: Self.nobody)
            try give("registry.sqlite", to: Self.other)
            for words in ["unit list", "key status", "issue CSP-240311 --days 30", "key rotate --yes"] {
                let run = try asNobody(words.split(separator: " ").map(String.init))
                #expect(run.status == 66 && run.errors.contains("permission denied"), "\(words): \(run.errors)")
            }
            #expect(try keyFiles() == ["registry.key"])
        }

        @Test(.enabled(if: isRoot, "only root can be somebody else"))
        func `a registry that cannot be written is told by doctor, which looks at it all the same`() throws {
            try makeFleet()
            try give("", "registry.sqlite", "registry.key", to: Self.nobody)
            #expect(try asNobody("backup", "b.sqlite").status == 0)
            #expect(try asNobody("doctor").status == 0)
            try allow(0o400, folder.file("registry.sqlite"))
            #expect(try asNobody("issue", "CSP-240311", "--days", "30").status == 73)
            let run = try asNobody("doctor")
            #expect(
                run.status == 0 && run.output.contains("registry.sqlite cannot be written by whoever runs this (perm"))
            #expect(run.errors.contains("warning") && run.errors.contains("chmod u+w"), "\(run.errors)")
        }

        @Test(.enabled(if: isRoot, "only root can be somebody else"))
        func `root changes somebody's key, and it stays theirs with all that is kept of it`() throws {
            try makeFleet()
            try give("", "registry.sqlite", "registry.key", to: Self.nobody)
            #expect(try payg("key", "rotate", "--yes").status == 0)
            #expect(try keyFiles().count == 2)
            for name in try keyFiles() {
                let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
                #expect((attributes[.ownerAccountID] as? NSNumber)?.stringValue == Self.nobody)
                #expect(try permissions(of: folder.file(name)) == 0o600)
            }
            let issued = try asNobody("issue", "CSP-240311", "--days", "30")
            #expect(issued.status == 0 && issued.output == "649118926\n", "\(issued.errors)")
            #expect(try asNobody("audit", "verify").status == 0)
        }

        @Test func `a log that others can read is told before the key is changed, and no key file is made`() throws {
            try makeFleet()
            // Somebody reads on, so that the log stays.
            let hold = try Process.ready(
                "python3",
                [
                    "-c",
                    """
                    import sqlite3, sys
                    db = sqlite3.connect(sys.argv[1])
                    db.execute("BEGIN"); db.execute("SELECT count(*) FROM unit").fetchone()
                    print("ready", flush=True)
                    sys.stdin.read()
                    """, folder.file("registry.sqlite"),
                ])
            let (input, output) = (Pipe(), Pipe())
            hold.standardInput = input
            hold.standardOutput = output
            try hold.run()
            defer {
                try? input.fileHandleForWriting.close()
                hold.waitUntilExit()
            }
            #expect(try output.fileHandleForReading.read(upToCount: 6) == Data("ready\n".utf8))
            #expect(try payg("issue", "CSP-240311", "--days", "1").status == 0)
            let before = try payg("key", "status", "--json").output
            for name in ["registry.sqlite-wal", "registry.sqlite-shm"] {
                try allow(0o644, folder.file(name))
                let run = try payg("key", "rotate", "--yes")
                #expect(run.status == 4, "\(run.errors)")
                #expect(run.errors.contains("\(name) can be read by others (mode 0644)"), "\(run.errors)")
                #expect(try keyFiles() == ["registry.key"])
                #expect(try payg("key", "status", "--json").output == before)
                #expect(try payg("doctor", "--fix").status != 4)
                #expect(try permissions(of: folder.file(name)) == 0o600)
            }
            #expect(try payg("key", "rotate", "--yes").status == 0 && payg("audit", "verify").status == 0)
        }
    }
#endif
