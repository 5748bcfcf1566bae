import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing

@testable import payg

#if canImport(FoundationXML)
    import FoundationXML
#endif

struct UnitComparisonTests {
    private static let day = 86_400

    /// Tokens of days, told a day apart, with the counts that they would have.
    private func history(_ instructions: [TokenInstruction]) throws -> UnitHistory {
        var history = UnitHistory(dispatched: 1, divider: .wholeDays)
        var count = TokenCount.one
        for (place, instruction) in instructions.enumerated() {
            count = try count.next(for: instruction.type)
            history.told.append(
                ToldToken(
                    token: try Token(digits: "12345678\(place)", digitSet: .full), instruction: instruction,
                    count: count.number, issuedAt: place * Self.day))
        }
        return history
    }

    private func add(_ days: Int) throws -> TokenInstruction { .addTime(try TimeValue(days)) }

    private func set(_ days: Int) throws -> TokenInstruction { .setTime(try TimeValue(days)) }

    private func compare(_ history: UnitHistory, registry: Int, unit: Int, at end: Int) -> UnitComparison {
        UnitComparison(
            history, registry: Light(seconds: registry), unit: Light(seconds: unit), at: end
        ) { token in history.told.filter { $0.token == token }.map(\.meant) }
    }

    @Test func `a token that was never entered explains its days and no more`() throws {
        var history = try history([try add(30), try add(7)])
        history.told[1].isLost = true
        history.happened = [(0, .entered(0))]
        let (end, paid) = (2 * Self.day, 35 * Self.day)
        let found = compare(history, registry: paid, unit: 28 * Self.day, at: end)
        #expect(found.isExplained && !found.agrees)
        #expect(
            found.explained == [
                Explanation(reason: .neverEntered, tokens: 1, steps: 7, light: Light(seconds: -7 * Self.day))
            ])
        // A unit that gave a day too few has no excuse.
        let short = compare(history, registry: paid, unit: 27 * Self.day, at: end)
        #expect(short.unitUnexplained == Light(seconds: -Self.day) && short.registryUnexplained == Light())
        // Nor has a registry that says other than its tokens.
        let long = compare(history, registry: paid + 2 * Self.day, unit: 28 * Self.day, at: end)
        #expect(long.registryUnexplained == Light(seconds: -2 * Self.day) && long.unitUnexplained == Light())
        // Two that are wrong by the same are not right.
        let both = compare(history, registry: paid + 2 * Self.day, unit: 30 * Self.day, at: end)
        #expect(!both.isExplained && !both.agrees)
    }

    @Test func `a Set Time entered after a later token explains what it would have taken away`() throws {
        var history = try history([try add(9), try set(5), try add(7)])
        let end = 4 * Self.day
        history.happened = [(0, .entered(0)), (3 * Self.day, .entered(2)), (3 * Self.day + 60, .entered(1))]
        #expect(history.replay(.tokens, at: end).refused == [1: .overtaken])
        let found = compare(history, registry: 9 * Self.day, unit: 12 * Self.day, at: end)
        #expect(found.isExplained)
        #expect(
            found.explained == [
                Explanation(reason: .overtaken, tokens: 1, steps: 5, light: Light(seconds: 3 * Self.day))
            ])
    }

    @Test func `time counts from the entry where there was no light`() throws {
        var history = try history([try add(2)])
        history.happened = [(3600, .entered(0))]
        let found = compare(history, registry: Self.day, unit: Self.day + 3600, at: Self.day)
        #expect(found.explained == [Explanation(reason: .enteredLate, light: Light(seconds: 3600))])
        #expect(found.isExplained && found.isByHours)
    }

    @Test func `a token whose digits fit another count is read as that`() throws {
        var history = try history([try add(30)])
        history.happened = [(0, .entered(0))]
        let other = ReadToken(instruction: try set(9), count: 3)
        let found = UnitComparison(
            history, registry: Light(seconds: 30 * Self.day), unit: Light(seconds: 9 * Self.day), at: 0
        ) { _ in [other] }
        #expect(found.isExplained)
        #expect(found.explained.map(\.reason) == [.readByChance])
    }

    @Test func `the rules refuse what is used, closed, too old or out of reach, and nothing else`() throws {
        var rules = UnitRules(dispatched: 1, divider: .wholeDays)
        func read(_ instruction: TokenInstruction, _ count: UInt32) -> ReadToken {
            ReadToken(instruction: instruction, count: count)
        }
        let (day, three) = (try add(1), try set(3))
        #expect(rules.take(read(day, 20), at: 0) == nil)
        #expect(rules.take(read(day, 20), at: 0) == .used)
        #expect(rules.take(read(day, 6), at: 0) == nil)
        #expect(rules.take(read(day, 4), at: 0) == .tooOld)
        #expect(rules.take(read(day, 86), at: 0) == .outOfReach)
        #expect(rules.light(at: 0) == Light(seconds: 2 * Self.day))
        #expect(rules.take(read(three, 21), at: 0) == nil)
        #expect(rules.take(read(day, 18), at: 0) == .closed)
        #expect(rules.take(read(three, 19), at: 0) == .overtaken)
        #expect(rules.take(read(.disablePayg, 23), at: 0) == nil)
        #expect(rules.light(at: 0) == Light(forGood: 1))
    }

    @Test func `the numbers of a seed are always the same`() {
        var random = SeededRandom(seed: 0)
        // The first ones of SplitMix64 with the state 0, as published.
        #expect(random.next() == 0xE220_A839_7B1D_CDAF && random.next() == 0x6E78_9E6A_A1B9_65F4)
        var counts = [0, 0, 0]
        for _ in 0..<3000 { counts[random.number(in: 4...6) - 4] += 1 }
        #expect(counts.allSatisfy { (900...1100).contains($0) })
        #expect(!random.happens(0) && random.happens(1_000_000))
    }

    @Test func `mistyped digits are never the right ones, and have keys`() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<500 {
            let wrong = random.mistyped("111122223333444", keys: Array("1234"))
            #expect(wrong != "111122223333444" && wrong.count == 15 && wrong.allSatisfy { "1234".contains($0) })
        }
    }

    // MARK: - Charts

    @Test func `the chart of a known series is drawn so`() {
        let chart = LightChart(series: [0, 2, 4, 8, 8, 8, 4, 0], units: 8, width: 8, height: 4)
        #expect(
            chart.lines(blocks: false) == [
                "    8 |   ###", "      |   ###", "    4 |  #####", "      | ######", "    0 +--------",
                "       day 1 day 8",
            ])
        #expect(
            chart.lines(blocks: true) == [
                "    8 ┤   ███", "      ┤   ███", "    4 ┤  █████", "      ┤ ██████", "    0 └────────",
                "       day 1 day 8",
            ])
        #expect(LightChart(series: [1], units: 80, width: 2, height: 1).lines(blocks: true)[0] == "   80 ┤▁▁")
        #expect(LightChart(series: [4, 6, 1, 1], units: 6).values(in: 2) == [5, 1])
        // Half of an odd number is not told, nor one day twice.
        let one = LightChart(series: [1], units: 1, width: 8, height: 2).lines(blocks: false)
        #expect(one == ["    1 |########", "      |########", "    0 +--------", "       day 1"])
        #expect(LightChart(series: [5], units: 6).values(in: 3) == [5, 5, 5])
    }

    @Test func `the picture is well formed, and its axes have round numbers`() throws {
        let picture = LightChartSVG(
            lightOn: [1, 2, 3], paid: [2, 2, 2], units: 3, title: "Light & <time>", note: "3 units")
        let seen = Seen()
        let parser = XMLParser(data: Data(picture.text.utf8))
        parser.delegate = seen
        #expect(parser.parse())
        #expect(seen.text.contains("Light & <time>") && seen.text.contains("light on") && seen.text.contains("day"))
        #expect(seen.elements.filter { $0 == "title" }.count == 1)
        #expect(LightChartSVG.ticks(upTo: 10_000) == [0, 2000, 4000, 6000, 8000, 10_000])
        #expect(LightChartSVG.ticks(upTo: 365) == [0, 100, 200, 300])
        #expect(LightChartSVG.ticks(upTo: 60) == [0, 10, 20, 30, 40, 50, 60])
        #expect(LightChartSVG.ticks(upTo: 3) == [0, 1, 2, 3])
    }

    private final class Seen: NSObject, XMLParserDelegate {
        var elements: [String] = []
        var text = ""

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements.append(name)
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) {
            text += string
        }
    }
}
