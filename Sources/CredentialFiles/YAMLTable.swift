import Fleet
import Yams

/// What is wrong with a YAML text, and where.
struct YAMLProblem: Error, CustomStringConvertible {
    let line: Int?
    let key: String?
    let problem: String

    /// `line 4, delimiter: …`.
    var description: String {
        let place = [line.map { "line \($0)" }, key].compactMap { $0 }.joined(separator: ", ")
        return place.isEmpty ? problem : "\(place): \(problem)"
    }
}

/// A table of keys and values in a YAML text that somebody wrote: every
/// mistake in it is told with its line and key.
struct YAMLTable {
    private let mapping: Node.Mapping
    /// Where it begins.
    let line: Int?

    /// The table that a whole text is.
    ///
    /// - Throws: ``YAMLProblem``.
    init(_ text: String) throws(YAMLProblem) {
        // The mark that some editors put in front is no part of the first key.
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        if let line = Self.alias(in: text) {
            throw YAMLProblem(
                line: line, key: nil, problem: "anchors (&) and aliases (*) are not taken; quote the text")
        }
        let node: Node?
        do {
            node = try compose(yaml: text)
        } catch let error as YamlError {
            throw YAMLProblem(error, in: text)
        } catch {
            throw YAMLProblem(line: nil, key: nil, problem: "it is no YAML")
        }
        guard let node else { throw YAMLProblem(line: nil, key: nil, problem: "it is empty") }
        try self.init(node, key: nil)
    }

    /// - Throws: ``YAMLProblem`` where the node is no table.
    init(_ node: Node, key: String?) throws(YAMLProblem) {
        guard case .mapping(let mapping) = node else {
            throw YAMLProblem(line: node.mark?.line, key: key, problem: "it is no table of keys and values")
        }
        self.mapping = mapping
        line = mapping.mark?.line
    }

    /// - Throws: ``YAMLProblem`` for a key that is none of these.
    func check(_ known: [String]) throws(YAMLProblem) {
        for (node, _) in mapping {
            guard case .scalar(let scalar) = node else {
                throw YAMLProblem(line: node.mark?.line, key: nil, problem: "a key is no word")
            }
            let name = scalar.string
            guard !known.contains(name) else { continue }
            throw YAMLProblem(
                line: node.mark?.line, key: shown(name), problem: "there is no such key; \(nearest(name, among: known))"
            )
        }
    }

    /// The line of a key; the table's own where it has none.
    func line(of key: String) -> Int? { pair(key)?.key.mark?.line ?? line }

    func has(_ key: String) -> Bool { pair(key) != nil }

    /// - Returns: what is wrong with the value of a key.
    func problem(_ key: String, _ problem: String) -> YAMLProblem {
        YAMLProblem(line: line(of: key), key: key, problem: problem)
    }

    /// The text of a key, as it is written; nil where the table has no such key.
    ///
    /// - Throws: ``YAMLProblem`` for a value that is no text, or has
    ///   characters that nobody sees.
    func text(_ key: String) throws(YAMLProblem) -> String? {
        guard let value = pair(key)?.value else { return nil }
        return try Self.text(value, key: key)
    }

    /// The text of a key that must be there, and not be empty.
    func requiredText(_ key: String) throws(YAMLProblem) -> String {
        guard let text = try text(key) else {
            throw YAMLProblem(line: line, key: key, problem: "the key is missing")
        }
        guard !text.trimmingSpaces.isEmpty else { throw problem(key, "it is empty") }
        return text
    }

    /// The text of a key that may be missing, and not be empty.
    func filledText(_ key: String) throws(YAMLProblem) -> String? {
        has(key) ? try requiredText(key) : nil
    }

    /// One of some words.
    func choice<Value: RawRepresentable & CaseIterable>(_ key: String) throws(YAMLProblem) -> Value?
    where Value.RawValue == String {
        guard let word = try text(key) else { return nil }
        if let value = Value(rawValue: word) { return value }
        let names = Value.allCases.map(\.rawValue)
        throw problem(key, "“\(shown(word))” is none; \(nearest(word, among: names))")
    }

    /// True or false.
    func flag(_ key: String) throws(YAMLProblem) -> Bool? {
        switch try text(key) {
        case nil: return nil
        case "true": return true
        case "false": return false
        case let word?: throw problem(key, "“\(shown(word))” is neither true nor false")
        }
    }

    /// A whole number.
    func number(_ key: String, in range: ClosedRange<Int>) throws(YAMLProblem) -> Int? {
        guard let word = try text(key) else { return nil }
        guard let number = Int(word), range.contains(number), word == "\(number)" else {
            throw problem(
                key, "“\(shown(word))” is no whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// The texts of a list.
    func texts(_ key: String) throws(YAMLProblem) -> [String]? {
        guard let nodes = try nodes(key) else { return nil }
        return try nodes.map { node throws(YAMLProblem) in try Self.text(node, key: key) }
    }

    /// The tables of a list.
    func tables(_ key: String) throws(YAMLProblem) -> [YAMLTable]? {
        guard let nodes = try nodes(key) else { return nil }
        return try nodes.map { node throws(YAMLProblem) in try YAMLTable(node, key: key) }
    }

    private func nodes(_ key: String) throws(YAMLProblem) -> [Node]? {
        guard let value = pair(key)?.value else { return nil }
        guard case .sequence(let sequence) = value else { throw problem(key, "it is no list") }
        return Array(sequence)
    }

    private func pair(_ key: String) -> (key: Node, value: Node)? {
        mapping.first { pair in
            if case .scalar(let scalar) = pair.key { scalar.string == key } else { false }
        }
    }

    private static func text(_ node: Node, key: String) throws(YAMLProblem) -> String {
        let line = node.mark?.line
        guard case .scalar(let scalar) = node else {
            throw YAMLProblem(line: line, key: key, problem: "it is no text")
        }
        // What is written plainly: a quoted one is a text, and may be empty.
        if scalar.style == .plain || scalar.style == .any, ["", "~", "null"].contains(scalar.string) {
            throw YAMLProblem(line: line, key: key, problem: "it has no value")
        }
        let isFolded = scalar.style == .folded || scalar.style == .literal
        let text = isFolded ? scalar.string.trimmingSpaces.replacing("\n", with: " ") : scalar.string
        guard !text.unicodeScalars.contains(where: \.isControl) else {
            throw YAMLProblem(line: line, key: key, problem: "it has an invisible character, such as a tab")
        }
        return text
    }

    /// The line of an alias, where there are anchors for it. A few of them
    /// write a text of any size, and no profile needs one.
    private static func alias(in text: String) -> Int? {
        var hasAnchor = false
        var alias: Int?
        for (index, line) in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .enumerated()
        {
            var last = UInt8(ascii: " ")
            var sign: UInt8?
            for byte in line {
                if let first = sign, byte > 0x20, byte != UInt8(ascii: "*"), byte != UInt8(ascii: "&") {
                    if first == UInt8(ascii: "&") { hasAnchor = true } else { alias = alias ?? index + 1 }
                }
                sign =
                    (byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")) && " \t,[{".utf8.contains(last)
                    ? byte : nil
                last = byte
            }
        }
        return hasAnchor ? alias : nil
    }
}

/// What was meant by a word that is none of some, for the end of a sentence.
func nearest(_ word: String, among known: [String]) -> String {
    let nearest = Nearness(to: word).nearest(known)
    return nearest.isEmpty
        ? "there \(known.count == 1 ? "is" : "are") \(known.joined(separator: ", "))"
        : "the nearest: \(nearest.joined(separator: ", "))"
}

/// A word that may be shown: without what rewrites a screen, and not for ever.
func shown(_ word: String) -> String {
    let visible = String(String.UnicodeScalarView(word.unicodeScalars.filter { !$0.isControl }))
    return visible.count > 40 ? "\(visible.prefix(40))…" : visible
}

extension YAMLProblem {
    /// What Yams found.
    fileprivate init(_ error: YamlError, in text: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            self.init(line: mark.line, key: nil, problem: "it is no YAML: \(problem)")
        case .duplicatedKeysInMapping(let keys, let context):
            self.init(line: context.mark.line, key: keys.first.map(shown), problem: "the key is there twice")
        case .reader(let problem, let offset, _, _):
            let line = offset.map { text.prefix($0).count(where: \.isNewline) + 1 }
            self.init(line: line, key: nil, problem: "it is no YAML: \(problem)")
        case .dataCouldNotBeDecoded:
            self.init(line: nil, key: nil, problem: "it is no UTF-8 text")
        case .no, .memory, .writer, .emitter, .representer:
            self.init(line: nil, key: nil, problem: "it is no YAML")
        }
    }
}
