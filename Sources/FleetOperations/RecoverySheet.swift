import CredentialFiles
import Fleet

/// A master key on one page of paper, in black and white: lines to type with a
/// check on each, the same as a QR code, and what to do with them. It needs no
/// other file and runs no script.
struct RecoverySheet {
    private let facts: RecoveryFacts
    private let code: QRCode?
    private let registry: String
    private let moment: Timestamp
    private let actor: ActorName

    init(_ facts: RecoveryFacts, _ code: QRCode?, registry: String, at moment: Timestamp, by actor: ActorName) {
        self.facts = facts
        self.code = code
        self.registry = registry
        self.moment = moment
        self.actor = actor
    }

    var html: String {
        """
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>Recovery sheet of the key \(facts.key)</title>
        <style>
        \(String(decoding: PackageResources.RecoverySheet_css, as: UTF8.self))</style>
        </head>
        <body>
        <h1>Recovery sheet of a payg key</h1>
        <p class="warning">Whoever has this page and a copy of the registry can switch on every unit of the fleet. \
        Keep it under lock, apart from the registry and its copies; take no photograph of it, and delete its file \
        once it is printed.</p>
        \(passphrase)<dl>
        <dt>Key</dt><dd>\(facts.key)</dd>
        <dt>Registry</dt><dd>\(facts.registryID.prefix(16)) (\(name.asHTML))</dd>
        <dt>Made</dt><dd>\(moment.readable), by \(actor.text.asHTML)</dd>
        </dl>
        <div class="key">
        <pre>
        \(facts.lines.joined(separator: "\n"))
        </pre>
        \(code.map(Self.svg) ?? "")</div>
        <h2>To make the key file again</h2>
        <ol>
        <li>Run <code>payg key restore</code> in a terminal, and type the five lines. A slip is told at once, with the \
        block that it is in. Upper or lower case and spaces do not matter; there is no letter I, L, O or U.</li>
        <li>Or \(code == nil ? "type" : "have a reader that is not online scan the QR code (<code>zbarimg --raw</code>), or type") \
        the lines into a file, run <code>payg key restore FILE</code>, and delete it.</li>
        <li><code>payg key status</code> tells whether it is the registry's key, and <code>payg audit verify</code> \
        opens all that it seals.</li>
        </ol>
        <p>After <code>payg key rotate</code> the registry has another key: print its sheet then, and keep this one \
        for as long as there are copies of the registry from before.</p>
        </body>
        </html>

        """
    }

    private var passphrase: String {
        guard facts.isProtected else { return "" }
        return """
            <p class="warning">The key file has a passphrase. This page does without it: it is the key itself.</p>

            """
    }

    /// The registry's name, without its folder.
    private var name: String { registry.split(separator: "/").last.map(String.init) ?? registry }

    /// The code as a picture, with the four squares of margin that readers want.
    private static func svg(_ code: QRCode) -> String {
        let margin = 4
        var path = ""
        for (y, row) in code.rows.enumerated() {
            var x = 0
            while x < row.count {
                let run = row[x...].prefix { $0 }.count
                if run > 0 { path += "M\(x + margin) \(y + margin)h\(run)v1h-\(run)z" }
                x += run + 1
            }
        }
        let size = code.rows.count + 2 * margin
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(size) \(size)" shape-rendering="crispEdges" \
            role="img" aria-label="QR code of the lines"><path fill="#fff" d="M0 0h\(size)v\(size)H0z"/>\
            <path d="\(path)"/></svg>

            """
    }
}
