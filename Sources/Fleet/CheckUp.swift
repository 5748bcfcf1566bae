/// One line of what a check-up found.
public struct CheckUpLine: Hashable, Sendable {
    /// How something stands.
    public enum State: String, Sendable {
        case ok, warning, problem
        /// It was not looked at, because nobody asked or something stood in the way.
        case skipped
    }

    /// What was looked at, in a few words that stay the same.
    public let name: String
    /// How it stands.
    public let state: State
    /// What was found.
    public let text: String
    /// What to do about it; nil where nothing is to be done.
    public let hint: String?
    /// Whether it was mended just now.
    public var isMended = false

    /// A line.
    public init(_ name: String, _ state: State = .ok, _ text: String, hint: String? = nil, isMended: Bool = false) {
        self.name = name
        self.state = state
        self.text = text
        self.hint = hint
        self.isMended = isMended
    }
}
