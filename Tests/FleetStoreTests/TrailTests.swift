import Fleet
import FleetStore
import Foundation
import TestSupport
import Testing

/// A history that left its registry.
struct TrailTests {
    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.add("CSP-0001", "CSP-0002")
        try bench.registry.addCustomers(at: bench.now, actor: try ActorName("Zoë “Ø” \\ 電")) { add in
            _ = try add(Customer(reference: "K-1", name: "Amina", phone: nil))
        }
        try bench.issue("CSP-0001", ref: "MP \"1\" \\ é")
        try bench.issue("CSP-0002")
        return bench
    }

    private func trail(_ bench: StoreBench) throws -> [UInt8] {
        var bytes: [UInt8] = []
        _ = try bench.registry.writeTrail { bytes += $0 }
        return bytes
    }

    /// Checks bytes that arrive some at a time.
    private func verify(
        _ bytes: some Collection<UInt8>, part: Int = 1 << 18, keyFile: String? = nil, against: [Checkpoint] = []
    ) throws -> AuditReport {
        var verification = try TrailVerification("trail.jsonl", keyFile: keyFile, against: against)
        var rest = Data(bytes)
        return try verification.run { () throws(FleetError) in
            defer { rest = Data(rest.dropFirst(part)) }
            return Data(rest.prefix(part))
        }
    }

    private func lines(_ bytes: [UInt8]) -> [String] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private func joined(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

    @Test func `a trail holds every event as it was hashed, and checks without its registry`() throws {
        let bench = try bench()
        let bytes = try trail(bench)
        let head = try bench.registry.auditHead()
        for part in [1, 7, 100, 1 << 18] {
            let report = try verify(bytes, part: part, against: [head.checkpoint])
            #expect(report.ok && report.events == 5 && report.checkpoints == 1 && report.withoutKey, "\(report)")
        }
        let report = try verify(bytes, keyFile: bench.keyFile)
        #expect(report.ok && !report.withoutKey)
        // Another reader of JSON finds the very words that SQLite has.
        let stored = try bench.sql(
            "SELECT at || '|' || actor || '|' || action || '|' || detail || '|' || lower(hex(hash)) FROM event"
        ).output
        let read = try lines(bytes).dropFirst().map { line in
            let event = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            return ["at", "actor", "action", "detail", "hash"].map { event[$0] as? String ?? "?" }
                .joined(separator: "|")
        }
        #expect(stored == read.joined(separator: "\n") + "\n")
    }

    @Test func `every byte that is changed is noticed, with the key`() throws {
        let bench = try bench()
        let bytes = try trail(bench)
        for place in bytes.indices where place % 3 == 0 {
            var changed = bytes
            // Another digit, another letter, and now and then what is no text at all.
            changed[place] = place % 27 == 0 ? 0xFF : bytes[place] ^ 1
            do {
                let report = try verify(changed, keyFile: bench.keyFile)
                #expect(!report.ok, "byte \(place) of \(bytes.count)")
            } catch let error as FleetError {
                #expect([.key, .newer].contains(error.kind), "\(error)")
            }
        }
    }

    @Test func `a line that is left out, doubled, moved, or a file cut off anywhere, is noticed`() throws {
        let bench = try bench()
        let bytes = try trail(bench)
        let lines = lines(bytes)
        for place in lines.indices {
            var (less, more, moved) = (lines, lines, lines)
            less.remove(at: place)
            more.insert(lines[place], at: place)
            if place > 0 { moved.swapAt(place - 1, place) }
            for changed in [less, more] + (place > 0 ? [moved] : []) {
                #expect(try !verify(joined(changed)).ok, "line \(place + 1)")
            }
        }
        for count in bytes.indices where count % 5 == 0 || bytes[count] == UInt8(ascii: "\n") {
            let report = try verify(bytes.prefix(count))
            #expect(!report.ok && report.events <= 5)
        }
        #expect(
            try verify(bytes.dropLast()).problems.first == "line 6: the file ends in the middle of it, and was cut off")
        #expect(
            try verify(joined(Array(lines.dropLast(2)))).problems
                == ["line 5: it is missing: there are 3 events, and the head tells of 5"]
        )
    }

    @Test func `the first line that does not fit is named`() throws {
        let bench = try bench()
        var lines = lines(try trail(bench))
        lines[3] = lines[3].replacing("K-1", with: "K-2")
        #expect(
            try verify(joined(lines)).problems
                == ["line 4: event 3 does not fit the chain: it, or the one before it, is not what was written"]
        )
        lines[3] = lines[3].replacing(#""mac":null}"#, with: #""mac":null,"more":1}"#)
        let place = lines[3].utf8.count - #","more":1}"#.utf8.count
        #expect(
            try verify(joined(lines)).problems.first
                == "line 4: it is not as payg audit export writes an event, from byte \(place + 1) on"
        )
    }

    @Test func `a trail made anew without the key is seen with it, or against a checkpoint`() throws {
        let bench = try bench()
        let bytes = try trail(bench)
        let taken = try bench.registry.auditHead().checkpoint
        let path = bench.folder.file("trail.jsonl")
        try write(bytes, to: path)
        let script = """
            import hashlib, json, sys
            head, *events = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
            events[3]["actor"] = "Somebody"
            previous = bytes(32)
            for event in events:
                text = "payg event 1\\n" + "".join(
                    f"{event[key]}\\n" for key in ["sequence", "at", "actor", "action", "detail"])
                previous = hashlib.sha256(previous + text.encode()).digest()
                event["hash"] = previous.hex()
            head["head"] = previous.hex()
            with open(sys.argv[1], "w", encoding="utf-8") as file:
                for line in [head, *events]:
                    print(json.dumps(line, ensure_ascii=False, separators=(",", ":")), file=file)
            """
        let run = try ProgramRun("python3", ["-c", script, path])
        #expect(run.status == 0, "\(run.errors)")
        let forged = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(try verify(forged).ok, "a chain without its key is only a chain")
        #expect(
            try verify(forged, keyFile: bench.keyFile).problems == [
                "line 5: event 4 was not written with this registry's key",
                "line 6: event 5 was not written with this registry's key",
            ]
        )
        #expect(try verify(forged, against: [taken]).problems.count == 1)
    }

    /// A trail with both changes of the key: events 1 to 6, 7 and 9.
    private func rotated() throws -> (StoreBench, KeyRotation) {
        let bench = try bench()
        _ = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0001")
        let last = try bench.registry.rotateKey(at: bench.now, actor: bench.actor)
        try bench.issue("CSP-0002")
        return (bench, last)
    }

    /// Writes a trail anew with hashes that fit, as anybody can.
    ///
    /// - Parameters:
    ///   - change: Python that alters `events` and `head`.
    ///   - key: a key file whose codes all of it gets.
    private func forge(_ bytes: [UInt8], _ change: String, key: String = "") throws -> [UInt8] {
        let (folder, script) = (
            try TemporaryFolder(),
            """
            import hashlib, hmac, json, sys
            head, *events = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
            \(change)
            previous = bytes(32)
            if sys.argv[2]:
                master = open(sys.argv[2], "rb").read()
                signing = hmac.digest(hmac.digest(bytes(32), master, "sha256"), b"payg 1 audit\\x01", "sha256")
            for sequence, event in enumerate(events, start=1):
                event["sequence"] = sequence
                text = "payg event 1\\n" + "".join(
                    f"{event[key]}\\n" for key in ["sequence", "at", "actor", "action", "detail"])
                previous = hashlib.sha256(previous + text.encode()).digest()
                event["hash"] = previous.hex()
                if sys.argv[2] and event["mac"]:
                    event["mac"] = hmac.digest(signing, previous, "sha256").hex()
            head["head"], head["events"] = previous.hex(), len(events)
            with open(sys.argv[1], "w", encoding="utf-8") as file:
                for line in [head, *events]:
                    print(json.dumps(line, ensure_ascii=False, separators=(",", ":")), file=file)
            """
        )
        let path = folder.file("trail.jsonl")
        try write(bytes, to: path)
        let run = try ProgramRun("python3", ["-c", script, path, key])
        #expect(run.status == 0, "\(run.errors)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// What `payg` and the checker in Python say; each is to say it of the same line.
    private func check(_ bytes: [UInt8], _ bench: StoreBench, keyFile: String? = nil) throws -> [String] {
        let problems = try verify(bytes, keyFile: keyFile).problems
        let path = bench.folder.file("check-\(bytes.count)-\(bytes.hashValue).jsonl")
        if !FileManager.default.fileExists(atPath: path) { try write(bytes, to: path) }
        let run = try ProgramRun(
            "python3", ["\(projectFolder)/scripts/check-trail", path] + (keyFile.map { ["--key-file", $0] } ?? []))
        #expect(run.errors == "" && run.status == (problems.isEmpty ? 0 : 2), "\(run.output)\(run.errors)\(problems)")
        if let first = problems.first {
            #expect(run.output.prefix { $0 != ":" } == first.prefix { $0 != ":" }, "\(run.output) \(first)")
        }
        return problems
    }

    @Test func `a trail over two changes of the key checks with the last one, and with no former one`() throws {
        let (bench, last) = try rotated()
        let bytes = try trail(bench)
        #expect(try check(bytes, bench) == [] && check(bytes, bench, keyFile: bench.keyFile) == [])
        for name in try bench.folder.names() where name.hasPrefix("registry.key.") {
            let former = bench.folder.file(name)
            // By events 6 and 8.
            let changedBy = former == last.formerKeyFile ? 8 : 6
            #expect(
                throws: FleetError.keyFileNotOfTrail(path: former, trailKey: last.key, changedBy: changedBy)
            ) { try verify(bytes, keyFile: former) }
        }
        let other = try StoreBench()
        #expect(
            throws: FleetError.keyFileNotOfTrail(path: other.keyFile, trailKey: last.key, changedBy: nil)
        ) { try verify(bytes, keyFile: other.keyFile) }
        #expect(FileManager.default.fileExists(atPath: last.formerKeyFile))
    }

    @Test func `what was done before a change of the key cannot be altered with the former key`() throws {
        let (bench, last) = try rotated()
        let bytes = try trail(bench)
        for key in ["", last.formerKeyFile] {
            let forged = try forge(bytes, "events[3]['actor'] = 'Somebody'", key: key)
            #expect(try check(forged, bench) == [], "a chain without its key is only a chain")
            #expect(
                try check(forged, bench, keyFile: bench.keyFile) == [
                    "line 9: event 8 was not written with this registry's key",
                    "line 10: event 9 was not written with this registry's key",
                ]
            )
        }
    }

    @Test(arguments: [
        // The change is left out, or another one is made up, with the former key at hand.
        ("del events[7]", "line 1: it tells of another key than the events"),
        (
            "del events[5]",
            "line 8: event 7: the key that was changed is not the one that the events before tell of"
        ),
        (
            "events.append(dict(events[5], detail=events[5]['detail'].replace(json.loads(events[5]['detail'])['from'], "
                + "json.loads(events[7]['detail'])['to'])))",
            "line 1: it tells of another key than the events"
        ),
        ("events[7]['detail'] = '{}'", "line 9: event 8 (keyRotated) does not say what such an event says"),
        ("events[5]['detail'] = '[]'", "line 7: it is not as payg audit export writes an event, from byte 92 on"),
        (
            "events[5]['detail'] = '{\"from\":1,\"to\":2}'",
            "line 7: event 6 (keyRotated) does not say what such an event says"
        ),
    ])
    func `a change of the key that is left out, made up or malformed is noticed`(change: String, problem: String) throws
    {
        let (bench, last) = try rotated()
        let forged = try forge(try trail(bench), change, key: last.formerKeyFile)
        let problems = try verify(forged).problems
        #expect(problems.contains(problem), "\(problems)")
        #expect(try !verify(forged, keyFile: bench.keyFile).ok)
        for keyFile in [nil, bench.keyFile] {
            let path = bench.folder.file("forged-\(keyFile == nil).jsonl")
            try write(forged, to: path)
            let run = try ProgramRun(
                "python3", ["\(projectFolder)/scripts/check-trail", path] + (keyFile.map { ["--key-file", $0] } ?? []))
            #expect(run.status == 2 && run.errors == "", "\(run.output)\(run.errors)")
        }
    }

    @Test(arguments: [
        ("", "line 1: it is missing: the file is empty"),
        ("\n", "line 1: it is not the head of a trail that payg audit export wrote"),
        ("{}\n", "line 1: it is not the head of a trail that payg audit export wrote"),
        ("\u{FEFF}HEAD\n", "line 1: it is not the head of a trail that payg audit export wrote"),
        ("HEAD", "line 1: the file ends in the middle of it, and was cut off"),
        ("HEAD\n", "line 2: it is missing: there are 0 events, and the head tells of 1"),
        ("HEAD\n\n", "line 2: it is not as payg audit export writes an event, from byte 1 on"),
        ("HEAD\n\u{0}\u{0}\n", "line 2: it is not as payg audit export writes an event, from byte 1 on"),
        ("HEAD\nnull\n", "line 2: it is not as payg audit export writes an event, from byte 1 on"),
        (#"HEAD⏎{"sequence":01,"at":""}⏎"#, "line 2: it is not as payg audit export writes an event, from byte 13 on"),
        (
            #"HEAD⏎{"sequence":99999999999999999999,"at":""}⏎"#,
            "line 2: it is not as payg audit export writes an event, from byte 25 on"
        ),
        (
            #"HEAD⏎{"sequence":1,"at":"2026-13-01T00:00:00Z"⏎"#,
            "line 2: it is not as payg audit export writes an event, from byte 21 on"
        ),
        (
            #"HEAD⏎{"sequence":1,"sequence":1,"at":"2026-11-01T00:00:00Z"⏎"#,
            "line 2: it is not as payg audit export writes an event, from byte 16 on"
        ),
        (
            #"HEAD⏎{"sequence":1,"at":"2026-11-01T00:00:00Z","actor":"\u0041"⏎"#,
            "line 2: it is not as payg audit export writes an event, from byte 52 on"
        ),
        (
            #"HEAD⏎{"sequence":1,"at":"2026-11-01T00:00:00Z","actor":"\"#,
            "line 2: the file ends in the middle of it, and was cut off"
        ),
        (
            #"HEAD⏎{"sequence":1,"at":"2026-11-01T00:00:00Z","actor":"\⏎"#,
            "line 2: it is not as payg audit export writes an event, from byte 53 on"
        ),
        (
            "HEAD\r\n",
            "line 1: it ends with CR LF: the file was converted, and not only copied"
        ),
    ])
    func `hostile files are answered, and trap nothing`(text: String, problem: String) throws {
        let head =
            #"{"format":"payg audit trail 1","registry":"\#(String(repeating: "0", count: 32))","keyID":"#
            + #""\#(String(repeating: "0", count: 32))","events":1,"head":"\#(String(repeating: "0", count: 64))"}"#
        let bytes = Array(text.replacing("HEAD", with: head).replacing("⏎", with: "\n").utf8)
        for part in [1, 3, 1 << 18] {
            #expect(try verify(bytes, part: part).problems.first == problem)
        }
    }

    @Test func `a line without end, other encodings and noise are answered in little memory`() throws {
        let bench = try bench()
        let bytes = try trail(bench)
        let head = Array(bytes.prefix { $0 != UInt8(ascii: "\n") }) + [UInt8(ascii: "\n")]
        let long = [UInt8](repeating: UInt8(ascii: "a"), count: 3 << 20)
        #expect(
            try verify(long).problems == [
                "line 1: the file ends in the middle of it, and was cut off",
                "line 1: it is missing: the file is empty",
            ])
        #expect(
            try verify(head + long + bytes.dropFirst(head.count - 1), part: 1 << 16).problems.first
                == "line 2: it is longer than any that payg writes"
        )
        let wide = String(decoding: bytes, as: UTF8.self).utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        #expect(try verify([0xFF, 0xFE] + wide).problems.first?.hasPrefix("line 1: it is not the head") == true)
        var noise = SystemRandomNumberGenerator()
        for _ in 0..<200 {
            let junk = (0..<Int.random(in: 0..<2000)).map { _ in UInt8.random(in: 0...255, using: &noise) }
            #expect(try !verify(junk, part: 64).ok)
            #expect(try !verify(head + junk, part: 64).ok)
        }
    }

    @Test func `a newer format, another key file and none are refused`() throws {
        let bench = try bench()
        let bytes = try trail(bench)
        let newer = Array(String(decoding: bytes, as: UTF8.self).replacing("trail 1", with: "trail 2").utf8)
        #expect(throws: FleetError.trailNewer(name: "trail.jsonl")) { try verify(newer) }
        let other = try StoreBench()
        let key = try #require(try bench.registry.keyID())
        #expect(throws: FleetError.keyFileNotOfTrail(path: other.keyFile, trailKey: key, changedBy: nil)) {
            try verify(bytes, keyFile: other.keyFile)
        }
        #expect(throws: FleetError.keyFileMissing(path: "/nowhere")) { try verify(bytes, keyFile: "/nowhere") }
    }

    @Test func `a history that was tampered with is written as it is, and does not check`() throws {
        let bench = try bench()
        let run = try bench.sql(
            """
            DROP TRIGGER event_never_changed; PRAGMA ignore_check_constraints = ON;
            UPDATE event SET detail = detail || char(0) || 'x"' WHERE sequence = 3;
            UPDATE event SET actor = CAST(x'ff22' AS TEXT), hash = x'00', mac = NULL WHERE sequence = 4;
            """
        )
        #expect(run.status == 0, "\(run.errors)")
        let bytes = try trail(bench)
        #expect(lines(bytes)[3].contains(#"\u0000x\""#))
        let report = try verify(bytes)
        #expect(report.problems.first?.hasPrefix("line 4: event 3 does not fit the chain") == true)
        #expect(!report.problems.contains { $0.hasPrefix("line 4: it is not") }, "NUL is only another character")
    }
}
