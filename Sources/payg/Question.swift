import Fleet

/// Asking the person at the terminal.
extension CommandContext {
    /// Whether there is somebody who sees a question and can answer it.
    var canAsk: Bool { inputIsTerminal && talkIsTerminal }

    /// Asks, and gives back what was typed, without spaces at its ends; nothing
    /// where the input ended.
    ///
    /// - Parameter unfinished: files that are deleted where a signal ends the
    ///   program at the question.
    func ask(_ question: String, deletingIfEnded unfinished: [String] = []) -> String {
        func show() { try? talk.text("\(question.printable) ") }
        if unfinished.isEmpty {
            show()
        } else {
            UnfinishedFiles.delete(unfinished, ifEndedBeforeAnswer: input, to: show)
        }
        var line: [UInt8] = []
        // Byte by byte: what follows the line is not ours.
        while line.count < 1024, let byte = try? input.read(upToCount: 1)?.first, byte != UInt8(ascii: "\n") {
            line.append(byte)
        }
        return String(decoding: line, as: UTF8.self).trimmingSpaces
    }

    /// Asks a question that nothing but yes is taken for yes.
    func confirm(_ question: String, deletingIfEnded unfinished: [String] = []) -> Bool {
        ["y", "yes"].contains(ask(question + " [y/N]", deletingIfEnded: unfinished).lowercased())
    }
}
