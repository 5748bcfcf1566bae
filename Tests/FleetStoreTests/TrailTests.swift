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
        #expect(throws: FleetError.keyFileOfAnotherRegistry(path: other.keyFile)) {
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
