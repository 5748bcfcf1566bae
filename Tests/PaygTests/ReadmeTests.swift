import Foundation
import TestSupport
import Testing

@testable import payg

struct ReadmeTests {
    /// A command of the README's transcript, and what follows it.
    private struct Step {
        let words: [String]
        var screen: String
    }

    private func transcript() throws -> [Step] {
        let readme = try text(of: projectFolder + "/README.md")
        var steps: [Step] = []
        var isInside = false
        for line in readme.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isInside = line == "```console"
            } else if isInside, line.hasPrefix("$ payg ") {
                steps.append(Step(words: Self.words(line.dropFirst("$ payg ".count)), screen: ""))
            } else if isInside, !steps.isEmpty {
                steps[steps.count - 1].screen += line + "\n"
            }
        }
        return steps
    }

    /// The words of a line, with single quotes as a shell has them.
    private static func words(_ line: Substring) -> [String] {
        line.split(separator: "'", omittingEmptySubsequences: false).enumerated().flatMap { index, part in
            index.isMultiple(of: 2) ? part.split(separator: " ").map(String.init) : [String(part)]
        }
    }

    @Test func `the transcript is what the program says`() throws {
        let bench = try CommandBench()
        let steps = try transcript()
        #expect(steps.count >= 8)
        for step in steps {
            let run = bench.payg(step.words, forPerson: true)
            let shown = step.screen.trimmingCharacters(in: .newlines)
            #expect(run.screen.trimmingCharacters(in: .newlines) == shown, "\(step.words)")
            #expect((run.status == 0) != shown.contains("error: "))
        }
    }
}
