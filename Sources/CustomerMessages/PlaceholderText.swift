/// Text with places to fill, each a name in braces: `{days}`.
struct PlaceholderText: Sendable {
    /// What can stand in a place.
    enum Name: String, CaseIterable, Sendable {
        case token, days, unit, until, name, contact
        /// For the built-in words only.
        case number, day, month, year

        /// What a user's own template can have.
        static let ofTemplates: [Name] = [.token, .days, .unit, .until, .name, .contact]
    }

    enum Piece: Sendable {
        case words(String)
        case place(Name)
    }

    /// Why a text is not understood.
    struct Problem: Error, CustomStringConvertible {
        let description: String
    }

    let pieces: [Piece]

    /// The names that it has places for.
    var names: Set<Name> {
        Set(
            pieces.compactMap { piece in
                if case .place(let name) = piece { name } else { nil }
            }
        )
    }

    /// The text with its places filled; empty where there is nothing to fill
    /// one. What is filled in is never looked at for places.
    func filled(_ values: [Name: String]) -> String {
        pieces.reduce(into: "") { text, piece in
            switch piece {
            case .words(let words): text += words
            case .place(let name): text += values[name] ?? ""
            }
        }
    }
}

extension PlaceholderText {
    /// - Throws: ``Problem``, a placeholder that is none of these names, or a
    ///   brace without its other.
    init(_ text: some StringProtocol, names: [Name] = Name.allCases) throws(Problem) {
        func known(_ names: [Name]) -> String { names.map { "{\($0.rawValue)}" }.joined(separator: ", ") }
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let brace = rest.firstIndex(where: { "{}".contains($0) }) {
            if brace > rest.startIndex { pieces.append(.words(String(rest[..<brace]))) }
            let inside = rest[brace...].dropFirst()
            guard rest[brace] == "{" else { throw Problem(description: "has a } that no { is open for") }
            guard let end = inside.firstIndex(where: { "{}".contains($0) }), inside[end] == "}" else {
                throw Problem(description: "has a { that no } closes; the placeholders are \(known(names))")
            }
            guard let name = Name(rawValue: String(inside[..<end])), names.contains(name) else {
                throw Problem(description: "has {\(inside[..<end])}; the placeholders are \(known(names))")
            }
            pieces.append(.place(name))
            rest = inside[end...].dropFirst()
        }
        if !rest.isEmpty { pieces.append(.words(String(rest))) }
        self.init(pieces: pieces)
    }
}

extension PlaceholderText: Decodable {
    init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }
}
