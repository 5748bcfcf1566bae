/// How far a name is from the one that was typed: what lets an unknown PAYG ID
/// be answered with the ones that may have been meant.
public struct Nearness: Sendable {
    private let typed: [UInt8]
    private let farthest: Int

    /// - Parameter typed: the name that was not found.
    public init(to typed: String) {
        self.typed = Array(typed.lowercased().utf8.prefix(64))
        farthest = max(2, self.typed.count / 4)
    }

    /// The number of single-character edits from the typed name, case aside,
    /// 0 for a name that contains it; nil for one too far to be meant.
    public func distance(of name: String) -> Int? {
        let name = Array(name.lowercased().utf8.prefix(64))
        if typed.count >= 3, contains(name) { return 0 }
        guard abs(name.count - typed.count) <= farthest else { return nil }
        var row = Array(0...name.count)
        for (i, character) in typed.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            var least = row[0]
            for j in name.indices {
                let substituted = diagonal + (name[j] == character ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substituted, diagonal + 1, row[j] + 1)
                least = min(least, row[j + 1])
            }
            if least > farthest { return nil }
        }
        return row[name.count] <= farthest ? row[name.count] : nil
    }

    private func contains(_ name: [UInt8]) -> Bool {
        guard name.count >= typed.count else { return false }
        return (0...(name.count - typed.count)).contains { name[$0...].starts(with: typed) }
    }

    /// The names nearest to the typed one, nearest first.
    public func nearest(_ names: some Sequence<String>, most: Int = 3) -> [String] {
        var found: [(distance: Int, name: String)] = []
        for name in names {
            guard let distance = distance(of: name) else { continue }
            found.append((distance, name))
            if found.count > 256 { found = best(of: found, most) }
        }
        return best(of: found, most).map(\.name)
    }

    private func best(of found: [(distance: Int, name: String)], _ most: Int) -> [(distance: Int, name: String)] {
        Array(found.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(most))
    }
}
