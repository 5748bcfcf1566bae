import Fleet
import Foundation
import OpenPAYGO
import TestSupport
import Testing
import Yams

@testable import CustomerMessages

struct MessageLanguageTests {
    private static let folder = projectFolder + "/Sources/CustomerMessages/Languages"

    @Test func `every language file is listed, and every listed language has its file`() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder).sorted()
        #expect(MessageLanguage.all.map { "\($0.code).yaml" }.sorted() == files)
        for language in MessageLanguage.all {
            #expect(
                String(decoding: language.yaml, as: UTF8.self) == (try text(of: "\(Self.folder)/\(language.code).yaml"))
            )
        }
        #expect(languages.sorted() == MessageLanguage.all.map(\.code).sorted(), "all of them are tested here")
    }

    /// The paths to every value, such as `message.days`.
    private func keys(_ node: Node, under path: String = "") -> Set<String> {
        guard case .mapping(let mapping) = node else { return [path] }
        return mapping.reduce(into: []) { keys, pair in
            keys.formUnion(self.keys(pair.value, under: path + "." + (pair.key.string ?? "?")))
        }
    }

    @Test(arguments: languages)
    func `a language file has every key, and none that means nothing`(code: String) throws {
        let english = keys(try #require(try compose(yaml: try text(of: "\(Self.folder)/en.yaml"))))
        let own = keys(try #require(try compose(yaml: try text(of: "\(Self.folder)/\(code).yaml"))))
        #expect(own.subtracting([".firstDay"]) == english)
    }

    @Test(arguments: languages)
    func `the words have a place for every value, and for nothing else`(code: String) throws {
        let words = try Wording(try MessageLanguage(code: code))
        for form in [words.days.one, words.days.other, words.days.part] { #expect(form.names == [.number]) }
        #expect(words.date.names == [.day, .month, .year])
        #expect(words.message.days.names == [.days] && words.message.setDays.names == [.days])
        #expect(words.message.token.names == [.token] && words.message.tokens.names == [.token])
        #expect(words.message.help.names == [.contact])
        #expect(words.slip.until.names == [.until])
        for text in [words.message.press, words.message.pressEach] {
            #expect(text.names.isEmpty && text.filled([:]).contains("#"))
        }
        #expect(Set(words.months).count == 12)
    }

    @Test(arguments: languages)
    func `words that nobody who grew up with them has read say so`(code: String) throws {
        let language = try MessageLanguage(code: code)
        let wording = try Wording(language)
        #expect(wording.reviewed == (wording.note == nil))
        #expect((try MessageTemplate(language: language)).unreviewed == wording.note)
    }

    @Test(arguments: [
        ("en", "en"), ("EN", "en"), ("en-KE", "en"), ("fr_FR", "fr"), ("fr_FR.UTF-8", "fr"), ("PT-mz", "pt"),
        (" sw ", "sw"), ("ha-Latn-NG", "ha"), ("ne@calendar", "ne"),
    ])
    func `a language is known by its code in any case, whatever its country`(given: String, code: String) throws {
        #expect(try MessageLanguage(code: given).code == code)
    }

    @Test(arguments: ["", "de", "english", "e", "-en", "enn"])
    func `another language is refused, and those there are named`(given: String) {
        do {
            _ = try MessageLanguage(code: given)
            Issue.record("it was taken")
        } catch {
            #expect(error.kind == .wrongUsage)
            for code in languages { #expect("\(error)".contains("\(code) (")) }
        }
    }

    @Test func `a language file that lacks a word or a month, or has a wrong placeholder, is refused`() throws {
        let english = try text(of: "\(Self.folder)/en.yaml")
        for (words, others) in [
            ("  help:", "  hlp:"), ("January, ", ""), ("{contact}", "{phone}"), ("exactlyOne", "sometimes"),
        ] {
            let broken = english.replacing(words, with: others)
            #expect(broken != english)
            #expect { try Wording(name: "xx", yaml: broken) } throws: { error in
                if case FleetError.badTemplate("xx", _) = error { true } else { false }
            }
        }
    }
}

struct DayWordingTests {
    // The plural rules are those of Unicode's CLDR; in Portuguese, of Portugal.
    @Test(arguments: [
        ("en", "1", "1 day"), ("en", "1.5", "1.5 days"), ("en", "0.5", "0.5 days"), ("en", "1/3", "1/3 day"),
        ("en", "30", "30 days"), ("en", "4/3", "1 1/3 days"), ("en", "995", "995 days"),
        ("fr", "1", "1 jour"), ("fr", "1.5", "1,5 jour"), ("fr", "2", "2 jours"), ("fr", "30.125", "30,125 jours"),
        ("fr", "0.5", "0,5 jour"), ("fr", "1/3", "1/3 de jour"), ("fr", "7/3", "2 1/3 jours"),
        ("pt", "1", "1 dia"), ("pt", "1.5", "1,5 dias"), ("pt", "30", "30 dias"), ("pt", "1/3", "1/3 de dia"),
        ("sw", "1", "siku 1"), ("sw", "30", "siku 30"), ("sw", "1.5", "siku 1.5"), ("sw", "1/3", "1/3 ya siku"),
        ("ha", "30", "kwana 30"), ("ha", "1/3", "1/3 na kwana"),
        ("ne", "30", "30 दिन"), ("ne", "1.5", "1.5 दिन"), ("ne", "1/3", "1/3 दिन"),
    ])
    func `days are counted as people of the language do`(code: String, number: String, words: String) throws {
        let wording = try Wording(try MessageLanguage(code: code))
        #expect(wording.phrase(try Days(text: number)) == words)
    }

    @Test(arguments: [
        ("en", "2026-12-03T23:59:59Z", "3 December 2026"), ("fr", "2026-08-01T00:00:00Z", "1er août 2026"),
        ("fr", "2026-02-28T09:00:00Z", "28 février 2026"), ("sw", "2027-01-31T09:00:00Z", "31 Januari 2027"),
        ("pt", "2026-03-01T09:00:00Z", "1 de março de 2026"), ("ha", "2026-10-09T09:00:00Z", "9 Oktoba 2026"),
        ("ne", "2026-12-03T09:00:00Z", "3 डिसेम्बर 2026"),
    ])
    func `a date is written as people of the language do`(code: String, moment: String, words: String) throws {
        let wording = try Wording(try MessageLanguage(code: code))
        #expect(wording.date(try #require(Timestamp(text: moment))) == words)
    }
}
