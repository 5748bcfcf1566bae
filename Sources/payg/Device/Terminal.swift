/// A terminal that one view has for itself: what is typed comes key by key,
/// and lines are drawn over the whole screen.
protocol Terminal: AnyObject {
    /// Its size now.
    var size: TerminalSize { get }
    /// Takes the whole screen. What was on it comes back in ``release()``.
    func hold()
    /// Shows these lines and nothing else.
    func draw(_ lines: [String])
    /// What happens next, waited for no longer than so many milliseconds.
    func next(within milliseconds: Int) -> TerminalEvent
    /// Gives the terminal back as it was; again and again does no harm.
    func release()
    /// Ends the program as a signal would have.
    func end(by signal: Int32)
}

/// How many characters a terminal has.
struct TerminalSize: Equatable {
    var columns: Int
    var lines: Int
}

/// What happens at a terminal.
enum TerminalEvent: Equatable {
    /// Keys were pressed.
    case typed([UInt8])
    /// The time is up.
    case nothing
    /// The program was stopped, and goes on.
    case resumed
    /// Nothing more is typed: a signal asked for the end, or, nil, the
    /// terminal is gone.
    case ended(by: Int32?)
}
