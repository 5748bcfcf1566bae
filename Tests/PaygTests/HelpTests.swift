import ArgumentParser
import TestSupport
import Testing

@testable import payg

struct HelpTests {
    /// Every command that does something, by its words.
    private var commands: [[String]] {
        func leaves(_ command: any ParsableCommand.Type, _ words: [String]) -> [[String]] {
            let children = command.configuration.subcommands
            guard !children.isEmpty else { return [words] }
            let usual = command.configuration.defaultSubcommand?.configuration.commandName
            return children.flatMap { child in
                let name = child.configuration.commandName ?? ""
                return leaves(child, name == usual ? words : words + [name])
            }
        }
        return leaves(Payg.self, [])
    }

    @Test func `every command says what it is for, in lines that fit a terminal`() throws {
        let bench = try CommandBench(sampleData: false)
        for words in commands {
            let run = bench.payg(words + ["--help"], environment: ["COLUMNS": "80"])
            #expect(run.status == 0 && run.talk == "")
            #expect(run.output.hasPrefix("OVERVIEW: "), "\(words)")
            #expect(run.output.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(run.output)")
        }
        #expect(bench.payg("--version").output == "0.1.0\n")
    }

    @Test func `every command and every exit code stands in the README`() throws {
        let readme = try text(of: projectFolder + "/README.md")
        for words in commands { #expect(readme.contains("`payg \(words.joined(separator: " "))"), "\(words)") }
        for status in ExitStatus.allCases { #expect(readme.contains("\n| \(status.rawValue) |"), "\(status)") }
    }

    @Test func `what is not a command is wrong usage, on standard error`() throws {
        let bench = try CommandBench(sampleData: false)
        for words in [["frobnicate"], ["unit", "frob"], ["issue", "X", "--dayz", "1"], ["unit", "show"]] {
            let run = bench.payg(words)
            #expect(run.status == 64 && run.output == "", "\(words)")
            #expect(run.talk.hasPrefix("error: "), "\(run.talk)")
        }
        #expect(
            bench.payg("issue", "X", "--day", "30").talk.hasPrefix(
                "error: Unknown option '--day'. Did you mean '--days'?"))
        #expect(bench.payg("issue", "X").talk.hasPrefix("error: the value of --days is missing: write 30"))
    }
}
