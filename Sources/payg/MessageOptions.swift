import ArgumentParser
import CustomerMessages
import Fleet
import FleetOperations
import Foundation

/// How customers are told of their tokens.
struct MessageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Words for a text message: \(MessageLanguage.all.map(\.code).joined(separator: ", ")).",
            valueName: "language"))
    var message: String?

    @Option(help: ArgumentHelp("A text of your own for the message.", valueName: "file"))
    var template: String?

    @Option(help: contactHelp)
    var contact: String?

    /// Whether a message is asked for.
    var isAsked: Bool { message != nil || template != nil }

    func telling() throws(FleetError) -> CustomerTelling {
        let context = CommandContext.current
        let language = try message.map { code throws(FleetError) in try MessageLanguage(code: code) }
        var own: (text: String, name: String)?
        if let template { own = (try Self.text(of: context.filePath(template), context), template) }
        return try CustomerTelling(language: language, template: own, contact: context.contact(contact))
    }

    /// No message is longer than this.
    private static let longest = 1 << 16

    private static func text(of path: String, _ context: CommandContext) throws(FleetError) -> String {
        guard FileManager.default.fileExists(atPath: path) else { throw .inputMissing(path: context.shown(path)) }
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw .inputUnreadable(path: context.shown(path), reason: "permission denied")
        }
        let bytes = (try? file.read(upToCount: longest + 1)) ?? Data()
        guard bytes.count <= longest, let text = String(data: bytes, encoding: .utf8) else {
            throw .badTemplate(name: context.shown(path), problem: "it is no short text in UTF-8")
        }
        return text
    }
}

/// Of the option that says where customers call for help.
let contactHelp = ArgumentHelp("Where customers call, if not $PAYG_CONTACT.", valueName: "phone")

extension CommandContext {
    /// Where customers call for help.
    func contact(_ typed: String?) -> String? { typed ?? variable("PAYG_CONTACT") }
}

/// A message as it is answered.
struct MessageAnswer: Encodable {
    @OrNull var language: String?
    let text: String
    /// `gsm7` or `ucs2`.
    let encoding: String
    /// In septets of GSM-7, or in units of UTF-16.
    let length: Int
    let segments: Int

    init(_ message: CustomerMessage, _ language: MessageLanguage) {
        text = message.text
        encoding = message.encoding.rawValue
        length = message.length
        segments = message.segments
        self.language = language.code
    }
}

extension CustomerMessage {
    /// “1 text message of 152 GSM-7 characters”.
    var told: String {
        let letters = encoding == .gsm7 ? "GSM-7 characters" : "characters in Unicode"
        return segments == 1
            ? "the message: \(length) \(letters), 1 segment" : "the message: \(length) \(letters), \(segments) segments"
    }
}
