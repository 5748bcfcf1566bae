import Foundation

extension CommandContext {
    /// Answers with a value in JSON that has a long array, of which only some
    /// elements are held as text at a time.
    ///
    /// - Parameters:
    ///   - value: what is answered; its array is empty.
    ///   - name: the array's key.
    func answer(
        json value: some Encodable, with elements: some Sequence<some Encodable>, as name: String
    ) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let coder = JSONEncoder()
        coder.outputFormatting = encoder.outputFormatting
        if isForPerson { encoder.outputFormatting.insert(.prettyPrinted) }
        let whole = String(decoding: try encoder.encode(value), as: UTF8.self)
        // A quotation mark inside a value would have a backslash before it.
        guard let key = whole.range(of: "\"\(name)\"\(isForPerson ? " " : ""):"),
            let start = whole[key.upperBound...].firstIndex(of: "["),
            let end = whole[start...].firstIndex(of: "]")
        else { return try output.line(whole) }
        // One element a line for a person: in full they fill a screen each.
        let (before, between) = isForPerson ? ("\n    ", ",\n    ") : ("", ",")
        try output.text(String(whole[...start]))
        var text = ""
        var count = 0
        for element in elements {
            text += (count > 0 ? between : before) + String(decoding: try coder.encode(element), as: UTF8.self)
            count += 1
            guard text.utf8.count >= 1 << 16 else { continue }
            try output.text(text)
            text = ""
        }
        try output.line(text + (isForPerson ? "\n  " : "") + whole[end...])
    }
}
