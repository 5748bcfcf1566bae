import Fleet
import Foundation
import Synchronization
import Testing

@testable import payg

struct ProgressLineTests {
    /// What is told while time goes on, in tenths of a second.
    private func told(isTerminal: Bool, until: Int, step: Int) -> [String] {
        let said = Mutex<[String]>([])
        let tenths = Mutex(0)
        let context = CommandContext(
            environment: [:], folder: "/", loginName: { "x" }, now: { Timestamp(seconds: 0) },
            output: TextSink { _ in }, talk: TextSink { text in said.withLock { $0.append(text) } },
            isForPerson: false, hasColour: (false, false), talkIsTerminal: isTerminal,
            running: { .milliseconds(100 * tenths.withLock { $0 }) }
        )
        let line = ProgressLine(context)
        for tenth in stride(from: 0, through: until, by: step) {
            tenths.withLock { $0 = tenth }
            line.take(Progress(what: "list.csv", done: tenth * 1_000_000, size: until * 1_000_000))
        }
        line.finish()
        return said.withLock { $0 }
    }

    @Test func `a terminal gets a bar past one second, and the bar goes away`() {
        #expect(told(isTerminal: true, until: 9, step: 1).isEmpty)
        let lines = told(isTerminal: true, until: 20, step: 1)
        #expect(lines.first == "\r\u{1B}[Klist.csv  [##########----------]  50 %  10.0 MB/s  1 s left")
        #expect(lines.count == 7 && lines.last == "\r\u{1B}[K")
    }

    @Test func `whoever is no terminal gets one line a minute`() {
        #expect(told(isTerminal: false, until: 599, step: 1).isEmpty)
        let lines = told(isTerminal: false, until: 1_500, step: 10)
        #expect(lines.count == 2)
        #expect(lines.first == "list.csv  [########------------]  40 %  10.0 MB/s  90 s left\n")
    }

    @Test func `a list whose end is not known has no share of it`() {
        let progress = Progress(what: "standard input", done: 5_000_000, size: nil)
        #expect(ProgressLine.line(progress, .seconds(2)) == "standard input  5.0 MB  2.5 MB/s")
    }

    @Test func `what is counted in things is told in things`() {
        let progress = Progress(what: "pay.csv", done: 500, size: 1000, unit: .things("payments"))
        #expect(
            ProgressLine.line(progress, .seconds(5))
                == "pay.csv  [##########----------]  50 %  100 payments/s  5 s left")
    }
}
