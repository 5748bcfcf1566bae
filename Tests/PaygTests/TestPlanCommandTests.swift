import Fleet
import FleetOperations
import Foundation
import TestSupport
import Testing

@testable import payg

struct TestPlanCommandTests {
    @Test func `a plan is a table that is read back step by step`() throws {
        let bench = try CommandBench.withFleet()
        let run = bench.payg("unit", "test-plan", "SLK-0071", "-o", "plan.csv", "--json")
        #expect(run.status == 0, "\(run.talk)")
        #expect(try run.json()["steps"] as? Int == 57)
        #expect(try permissions(of: bench.folder.file("plan.csv")) == 0o600)
        let lines = try text(of: bench.folder.file("plan.csv")).split(separator: "\r\n")
        #expect(lines[0].hasSuffix("Step,First,Enter,Then,Answer,Time Left,Seconds,Meaning"))
        #expect(lines[2].hasPrefix("G2,,") && lines[2].hasSuffix(",,Valid,1 day,86400,Set Time gives its days"))
        let steps = try FleetDesk.testPlan(.file(bench.folder.file("plan.csv")))
        #expect(steps.count == 57 && steps[0].answer == .invalid)
        #expect(steps.first { $0.name == "G12B" }?.before == .wait(hours: 48))
        #expect(steps.first { $0.name == "H2D" }?.after == .cutPower)
        #expect(steps.first { $0.name == "H2D" }?.state == .unlocked)
        // Each of its tokens is one on record.
        let rows = try bench.payg("audit", "tokens", "--unit", "SLK-0071", "--json").jsonRows()
        let known = Dictionary(rows.map { ($0["test"] as? String ?? "", $0["token"] as? String ?? "") }) { $1 }
        for step in steps where known[step.name] != nil { #expect(known[step.name] == step.digits, "\(step.name)") }
        #expect(try run.json()["tokens"] as? Int == rows.count)
        #expect(bench.payg("audit", "verify").status == 0)
    }

    @Test func `who makes a plan is told where it has no Counter Sync, and where a good unit may answer otherwise`()
        throws
    {
        let bench = try CommandBench.withFleet()
        try Data(
            """
            Serial Number,Starting Code,Key,Count,Time Divider
            ALIKE-1,560524266,d2b1d76c3f254a749699261f32bee8d7,27,2
            ALIKE-2,134190534,e8254ca8d181e4baa882f7159a62cff6,49,24

            """.utf8
        ).write(to: URL(fileURLWithPath: bench.folder.file("alike.csv")))
        #expect(bench.payg("import", "alike.csv").status == 0)
        let talk = ["ALIKE-1", "ALIKE-2", "SLK-0071"].map { unit in
            bench.payg("unit", "test-plan", unit, "-o", "\(unit).csv").talk
        }
        #expect(talk.map { $0.contains("without Counter Sync") } == [true, false, false], "\(talk)")
        #expect(talk.map { $0.contains("warning: some of this unit's tokens look alike") } == [false, true, false])
    }

    @Test func `no token is made for a plan that cannot be written, and what is no plan is named by row`() throws {
        let bench = try CommandBench.withFleet()
        let events = bench.payg("audit", "events").output
        #expect(bench.payg("unit", "test-plan", "SLK-0071", "-o", "customers.csv").status == 4)
        #expect(bench.payg("unit", "test-plan", "SLK-0071", "-o", "none/plan.csv").status == 73)
        bench.payg("assign", "SLK-0072", "KIS-0001")
        let held = bench.payg("unit", "test-plan", "SLK-0072", "-o", "plan.csv")
        #expect(held.status == 4 && held.talk.contains("hint: payg unassign SLK-0072"))
        #expect(bench.payg("audit", "events").output.hasPrefix(events))
        #expect(try bench.payg("audit", "tokens", "--json").jsonRows().isEmpty)

        for (text, problem) in [
            ("a,b\n1,2\n", "has not the columns of a test plan"), ("", "the file is empty"),
            (
                "Step,First,Enter,Then,Answer,Time Left,Seconds,Meaning\nG1,,123-456-789,,Invalid,none,0,x\nG2,jump,1,,Valid,,5,x\n",
                "row 3: is no step of a test plan"
            ),
        ] {
            let path = try bench.folder.write(text, to: "bad.csv")
            do {
                _ = try FleetDesk.testPlan(.file(path))
                Issue.record("it was read")
            } catch {
                #expect("\(error)".contains(problem), "\(error)")
            }
        }
    }

    @Test func `a plan runs on the unit it is for, and fails on another, step by step`() throws {
        let bench = try CommandBench.withFleet()
        bench.payg("unit", "test-plan", "SLK-0071", "-o", "plan.csv")
        for unit in ["SLK-0071", "SLK-0072"] { bench.payg("device", "new", unit, "--state", "\(unit).json") }
        let run = bench.payg("device", "run-plan", "SLK-0071.json", "plan.csv", "--json")
        #expect(run.status == 0 && run.talk.contains("57 steps, each as it must be"), "\(run.talk)")
        #expect(try run.jsonRows().allSatisfy { $0["ok"] as? Bool == true })
        let status = bench.payg("device", "status", "SLK-0071.json", "--json")
        #expect(try status.json()["load"] as? Bool == false, "it goes out locked")

        let other = bench.payg("device", "run-plan", "SLK-0072.json", "plan.csv")
        #expect(other.status == 2 && other.talk.contains("went otherwise: G2, G3,"), "\(other.talk)")
        let again = bench.payg("device", "run-plan", "SLK-0071.json", "plan.csv")
        #expect(again.status == 2 && again.talk.contains("hint: a plan runs once"), "\(again.talk)")
        let plan = try text(of: bench.folder.file("plan.csv"))
        let piped = Pipe()
        try piped.fileHandleForWriting.write(contentsOf: Data(plan.utf8))
        try piped.fileHandleForWriting.close()
        bench.payg("device", "new", "SLK-0071", "--state", "piped.json")
        let fromPipe = bench.payg(["device", "run-plan", "piped.json", "-"], input: piped.fileHandleForReading)
        #expect(fromPipe.status == 0, "\(fromPipe.talk)")
        // A sheet that somebody filled in wrongly is noticed where it is wrong.
        let lines = plan.replacing("G3,,", with: "G3,wait 24 h,")
        _ = try bench.folder.write(lines, to: "changed.csv")
        bench.payg("device", "new", "SLK-0071", "--state", "fresh.json")
        let changed = bench.payg("device", "run-plan", "fresh.json", "changed.csv", "--json")
        let rows = try changed.jsonRows()
        #expect(changed.status == 2 && rows.first { $0["ok"] as? Bool == false }?["step"] as? String == "G3")
        let none = bench.payg("device", "run-plan", "fresh.json", "customers.csv")
        #expect(none.status == 65 && none.talk.hasPrefix("error: customers.csv was not run: 1 problem; nothing"))
    }

    @Test func `a plan runs on a unit whose day has no whole number of seconds`() throws {
        let bench = try CommandBench.withFleet()
        for divider in [7, 141, 254] {
            let list =
                "PAYG ID,Key,Starting Code,Time Divider\nD-\(divider),f3b7d66e9a5b271d04fb4af0845500\(divider % 100 / 10)\(divider % 10),123456789,\(divider)\n"
            _ = try bench.folder.write(list, to: "list.csv")
            #expect(bench.payg("import", "list.csv").status == 0)
            bench.payg("unit", "test-plan", "D-\(divider)", "-o", "\(divider).csv")
            bench.payg("device", "new", "D-\(divider)", "--state", "\(divider).json")
            let run = bench.payg("device", "run-plan", "\(divider).json", "\(divider).csv")
            #expect(run.status == 0, "\(run.talk)")
        }
    }
}
