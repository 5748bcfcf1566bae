import Foundation

/// The environment variables that a program was started with.
///
/// They are asked for one by one: to list them all takes a good part of the time
/// in which a token is issued.
struct Environment: Sendable, ExpressibleByDictionaryLiteral {
    private var given: [String: String]
    private var isOfProcess = false

    /// The process's own.
    static let process = {
        var environment = Environment([:])
        environment.isOfProcess = true
        return environment
    }()

    init(_ variables: [String: String]) {
        given = variables
    }

    init(dictionaryLiteral variables: (String, String)...) {
        self.init(Dictionary(variables) { $1 })
    }

    /// What a variable holds; nil where there is none of that name.
    subscript(_ name: String) -> String? {
        get {
            if let value = given[name] { return value }
            return isOfProcess ? getenv(name).map { String(cString: $0) } : nil
        }
        set { given[name] = newValue }
    }

    /// All of them, for a program that is started.
    var all: [String: String] {
        isOfProcess ? ProcessInfo.processInfo.environment.merging(given) { $1 } : given
    }
}
