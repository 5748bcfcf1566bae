import Fleet
import OpenPAYGO

/// Slips of paper for customers without a phone: one HTML file to print on A4
/// and cut, ten slips a page, in black and white. It needs no other file and
/// runs no script.
///
/// ``start``, one ``add(_:)`` for each slip and ``finish()`` give the file in
/// pieces, for a batch has 100 000 slips.
public struct SlipSheet: Sendable {
    /// A slip with more tokens has a row of the page to itself.
    private static let mostInHalfRow = 4
    /// Rows are grouped by so many, which shows nowhere: browsers take five
    /// times as long to lay out 5 000 slips that are all children of one element.
    private static let rowsInSection = 50

    private let wording: Wording
    private let language: String
    /// Whether the left half of a row is written, and the right is not.
    private var isRowOpen = false
    /// Rows begun so far.
    private var rows = 0

    /// A sheet in a language.
    ///
    /// - Throws: ``FleetError/badTemplate(name:problem:)``, where the built-in words are broken.
    public init(language: MessageLanguage) throws(FleetError) {
        wording = try Wording(language)
        self.language = language.code
    }

    /// All that stands before the first slip.
    public var start: String {
        """
        <!DOCTYPE html>
        <html lang="\(language)">
        <head>
        <meta charset="utf-8">
        <title>\(wording.slip.title.asHTML)</title>
        <style>
        \(String(decoding: PackageResources.SlipSheet_css, as: UTF8.self))</style>
        </head>
        <body>

        """
    }

    /// The next slip. It is never divided between pages, unless it is longer than one.
    public mutating func add(_ notice: TokenNotice) -> String {
        let isWide = notice.tokens.count > Self.mostInHalfRow
        if isWide { return closedRow() + openedRow() + slip(notice, isWide: true) + closedRow() }
        if isRowOpen { return slip(notice, isWide: false) + closedRow() }
        return openedRow() + slip(notice, isWide: false)
    }

    /// All that stands after the last slip.
    public mutating func finish() -> String {
        closedRow() + (rows > 0 ? "</section>\n" : "") + "</body>\n</html>\n"
    }

    /// A sheet of few slips in one piece.
    ///
    /// - Throws: ``FleetError/badTemplate(name:problem:)``, where the built-in words are broken.
    public static func html(
        _ notices: some Sequence<TokenNotice>, language: MessageLanguage
    ) throws(FleetError) -> String {
        var sheet = try SlipSheet(language: language)
        var html = sheet.start
        for notice in notices { html += sheet.add(notice) }
        return html + sheet.finish()
    }

    private mutating func openedRow() -> String {
        defer {
            isRowOpen = true
            rows += 1
        }
        let section = rows.isMultiple(of: Self.rowsInSection) ? (rows > 0 ? "</section>\n" : "") + "<section>\n" : ""
        return section + "<div class=\"row\">\n"
    }

    private mutating func closedRow() -> String {
        defer { isRowOpen = false }
        return isRowOpen ? "</div>\n" : ""
    }

    private func slip(_ notice: TokenNotice, isWide: Bool) -> String {
        var classes = "slip"
        if notice.tokens.contains(where: { $0.digitSet == .restricted }) { classes += " long" }
        if notice.tokens.count > 1 { classes += " several" }
        if isWide { classes += " wide" }
        var html = "<div class=\"\(classes)\">\n<div class=\"top\">"
        // The number of days is what people look for; anything else needs its sentence.
        if case .days(let days) = notice.effect {
            html += "<p class=\"what\">\(wording.phrase(days).asHTML)</p>"
        } else {
            html += "<p class=\"sentence\">\(wording.sentence(notice.effect).asHTML)</p>"
        }
        html += "<p class=\"who\">"
        if let name = notice.customerName { html += "<b>\(name.asHTML)</b>" }
        html += "\(wording.slip.unit.asHTML) \(notice.unit.text.asHTML)</p></div>\n"
        html += tokens(notice.tokens)
        html += "<p class=\"press\">\(wording.press(notice.tokens.count).asHTML)</p>\n<div class=\"foot\">"
        if let paidUntil = notice.paidUntil {
            html += "<p>\(wording.slip.until.filled([.until: wording.date(paidUntil)]).asHTML)</p>"
        }
        if let contact = notice.contact {
            html += "<p>\(wording.message.help.filled([.contact: contact]).asHTML)</p>"
        }
        return html + "</div>\n</div>\n"
    }

    private func tokens(_ tokens: [Token]) -> String {
        let word = (tokens.count == 1 ? wording.slip.token : wording.slip.tokens).asHTML
        guard tokens.count > 1 else {
            return
                "<p class=\"tokens\"><span class=\"word\">\(word)</span><span>\(tokens.map(\.grouped).joined()) <i>#</i></span></p>\n"
        }
        let items = tokens.enumerated().map { "<li><small>\($0 + 1))</small> \($1.grouped) <i>#</i></li>" }
        return "<div class=\"tokens\"><span class=\"word\">\(word)</span><ol>\(items.joined())</ol></div>\n"
    }
}
