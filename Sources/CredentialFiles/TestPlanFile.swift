import Fleet
import PrivateFiles

/// A test plan as a table to print, to fill in, and to be read again. It holds
/// tokens, which are as good as money: it is private, and there whole or not
/// at all.
public enum TestPlanFile {
    /// The columns, in their order.
    public static let columns = ["Step", "First", "Enter", "Then", "Answer", "Time Left", "Seconds", "Meaning"]

    /// Starts a file with all of a plan, still without its name.
    ///
    /// - Returns: what gives it its name.
    /// - Throws: ``FleetError/outputExists(path:)``,
    ///   ``FleetError/outputFailed(path:reason:)``.
    public static func prepare(_ path: String) throws(FleetError) -> Pending {
        do {
            return Pending(file: try PrivateFile(path: path), path: path)
        } catch {
            throw FleetError(error, output: path)
        }
    }

    /// A file that waits for its plan: where it cannot be, no token is made.
    public struct Pending {
        fileprivate let file: PrivateFile
        fileprivate let path: String

        /// Writes the plan, and gives the file its name.
        ///
        /// - Throws: ``FleetError/planNotWritten(path:reason:)``: the tokens are
        ///   on record by then.
        public func publish(_ plan: TestPlan) throws(FleetError) {
            do {
                // The mark that spreadsheets know UTF-8 by.
                try file.write([0xEF, 0xBB, 0xBF])
                try file.write(delimitedLine(columns))
                for step in plan.steps { try file.write(delimitedLine(TestPlanFile.cells(step))) }
                try file.publish()
            } catch {
                switch error {
                case .exists: throw .planNotWritten(path: path, reason: "file exists")
                case .failed(let reason), .notPlaced(nil, let reason):
                    throw .planNotWritten(path: path, reason: reason)
                case .notPlaced(let finished?, let reason):
                    throw .planNotWritten(path: path, reason: "\(reason); the finished file is \(finished)")
                }
            }
        }
    }

    private static func cells(_ step: TestPlan.Step) -> [String] {
        let (left, seconds) =
            switch step.state {
            case .unlocked: ("unlocked", "")
            case .left(0): ("none, the load is off", "0")
            case .left(let seconds): (duration(seconds), String(seconds))
            }
        // A spreadsheet would take plain digits for a number, and their zeros away.
        return [
            step.name, step.before.map(words(_:)) ?? "", grouped(step.digits), step.after.map(words(_:)) ?? "",
            words(step.answer), left, seconds, step.meaning,
        ]
    }

    private static func words(_ deed: TestPlan.Deed) -> String {
        switch deed {
        case .wait(let hours): "wait \(hours) h"
        case .cutPower: "cut the power, and give it back"
        }
    }

    private static func words(_ answer: TestPlan.Answer) -> String {
        switch answer {
        case .valid: "Valid"
        case .used: "Already used"
        case .invalid: "Invalid"
        case .nothing: "nothing"
        }
    }

    private static func grouped(_ digits: String) -> String {
        let characters = Array(digits)
        return stride(from: 0, to: characters.count, by: 3).map {
            String(characters[$0..<min($0 + 3, characters.count)])
        }.joined(separator: "-")
    }

    /// “2 days 6 h”.
    private static func duration(_ seconds: Int) -> String {
        let parts = [
            (seconds / 86_400, seconds / 86_400 == 1 ? "day" : "days"), (seconds % 86_400 / 3600, "h"),
            (seconds % 3600 / 60, "min"), (seconds % 60, "s"),
        ]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}

// MARK: - Reading

extension TestPlanFile {
    /// Reads the steps of a plan. Other columns may stand beside its own.
    ///
    /// - Throws: ``FleetError/badInput(file:problems:total:rows:rejected:)`` with
    ///   the rows that are no steps; the file's errors.
    public static func read(_ input: ListInput) throws(FleetError) -> [TestPlan.Step] {
        var steps: [TestPlan.Step] = []
        var problems = ProblemList()
        var rows = 0
        var places: [Int]?
        do {
            let source = DelimitedRows(input: input, options: ListReadingOptions())
            _ = try source.forEachRow(likeness: { cells in columns.filter(cells.contains).count }) { number, cells in
                rows += 1
                let cells = cells.texts
                guard let places else {
                    let found = columns.compactMap { cells.firstIndex(of: $0) }
                    places = found
                    if found.count == columns.count { return }
                    let problem = "has not the columns of a test plan: \(columns.joined(separator: ", "))"
                    return problems.add([RowProblem(row: number, column: nil, problem: problem)])
                }
                guard places.count == columns.count else { return }
                if let step = step(places.map { cells.indices.contains($0) ? cells[$0] : "" }) {
                    steps.append(step)
                } else {
                    problems.add([RowProblem(row: number, column: nil, problem: "is no step of a test plan")])
                }
            }
        } catch let error as FleetError {
            throw error
        } catch {
            throw .inputUnreadable(path: input.name, reason: "\(error)")
        }
        if rows == 0 { problems.add([RowProblem(row: 1, column: nil, problem: "the file is empty")]) }
        try problems.refuse(input.name, rows: rows)
        return steps
    }

    private static func step(_ cells: [String]) -> TestPlan.Step? {
        let digits = cells[2].filter { $0 != "-" && $0 != " " }
        guard !cells[0].isEmpty, !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }),
            let answer = answers.first(where: { words($0).lowercased() == cells[4].lowercased() }),
            let state = state(cells[5], seconds: cells[6]), let before = deed(cells[1]), let after = deed(cells[3])
        else { return nil }
        return TestPlan.Step(
            name: cells[0], before: before.deed, digits: digits, after: after.deed, answer: answer, state: state,
            meaning: cells[7]
        )
    }

    private static let answers: [TestPlan.Answer] = [.valid, .used, .invalid, .nothing]

    private static func state(_ words: String, seconds: String) -> TestPlan.State? {
        if words == "unlocked" { return .unlocked }
        return Int(seconds).flatMap { $0 >= 0 ? .left($0) : nil }
    }

    /// What a cell says is done; nil where it says something else.
    private static func deed(_ text: String) -> (deed: TestPlan.Deed?, Void)? {
        if text.isEmpty { return (nil, ()) }
        if text == words(.cutPower) { return (.cutPower, ()) }
        let parts = text.split(separator: " ")
        guard parts.count == 3, parts[0] == "wait", parts[2] == "h", let hours = Int(parts[1]), (0...10_000) ~= hours
        else { return nil }
        return (.wait(hours: hours), ())
    }
}
