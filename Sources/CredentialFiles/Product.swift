import Fleet

/// One of the products that a provider knows units as.
public struct Product: Hashable, Sendable {
    /// What the profile calls it: `product-1`.
    public let key: String
    /// The hardware models that are it, as patterns: `*` for any characters,
    /// `?` for one, in whatever case.
    public let models: [String]
    /// The provider's name for it, where it is publicly known.
    public let name: String?

    /// A product.
    public init(key: String, models: [String], name: String? = nil) {
        self.key = key
        self.models = models
        self.name = name
    }

    /// Whether a unit of a model is this product. A unit without a model is
    /// like one whose model has no characters.
    func takes(_ model: String?) -> Bool {
        let model = Array((model ?? "").lowercased().unicodeScalars)
        return models.contains { Self.matches(model, Array($0.lowercased().unicodeScalars)) }
    }

    /// Goes back to the last `*` where a character does not fit, and no
    /// further: the time is at most the product of the two lengths.
    private static func matches(_ text: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
        var (place, next) = (0, 0)
        var star: (place: Int, next: Int)?
        while place < text.count {
            if next < pattern.count, pattern[next] == "*" {
                star = (place, next)
                next += 1
            } else if next < pattern.count, pattern[next] == "?" || pattern[next] == text[place] {
                place += 1
                next += 1
            } else if let last = star {
                star = (last.place + 1, last.next)
                (place, next) = (last.place + 1, last.next + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == "*" }
    }
}

extension Profile {
    /// A product's name as it was typed, checked before it is kept: every export
    /// would be refused for it.
    ///
    /// - Throws: ``FleetError/badValue(what:problem:)``.
    public static func checked(productName text: String) throws(FleetError) -> String {
        let name = try Name.checked(text, as: "product's name", most: 128)
        guard !isFormula(name) else {
            throw .badValue(what: "product's name", problem: "is one that a spreadsheet would run as a formula")
        }
        return name
    }
}
