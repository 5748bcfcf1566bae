import Foundation

extension CommandContext {
    /// Answers with a value in JSON that has a long array, of which only some
    /// elements are held as text at a time.
    ///
    /// - Parameters:
    ///   - value: what is answered; its array is empty.
    ///   - name: the array's key.
    func answer<Element: Encodable>(
        json value: some Encodable, with elements: some Sequence<Element>, as name: String
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
        let (atOnce, before, between) = isForPerson ? (1, "\n    ", ",\n    ") : (256, "", ",")
        try output.text(String(whole[...start]))
        var isFirst = true
        var elements = elements.makeIterator()
        while true {
            var some: [Element] = []
            while some.count < atOnce, let element = elements.next() { some.append(element) }
            guard !some.isEmpty else { break }
            // Without the brackets around them.
            let array = try coder.encode(some).dropFirst().dropLast()
            try output.text((isFirst ? before : between) + String(decoding: array, as: UTF8.self))
            isFirst = false
        }
        try output.line((isForPerson ? "\n  " : "") + whole[end...])
    }
}
