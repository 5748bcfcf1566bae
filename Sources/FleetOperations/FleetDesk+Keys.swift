import CredentialFiles
import Fleet
import FleetStore
import Foundation
import PrivateFiles
import SecretMemory

/// The master key.
extension FleetDesk {
    /// What is known of the key without opening it. What is wrong with the key
    /// file is part of the answer.
    ///
    /// - Throws: the registry's own errors.
    public func keyStatus() throws(FleetError) -> KeyStatus {
        try registry.keyStatus()
    }

    /// Opens the key file, if only to know that it can be opened.
    ///
    /// - Throws: ``FleetError/wrongPassphrase(path:)`` and its kin.
    public func unlock() throws(FleetError) {
        try registry.unlock()
    }

    /// Changes the master key: everything sealed is sealed anew, in one
    /// transaction. The former key file is kept.
    ///
    /// - Parameters:
    ///   - change: what becomes of the key file's passphrase.
    ///   - progress: how many units are done, of how many.
    /// - Throws: ``FleetError/credentialsDoNotOpen(_:)``,
    ///   ``FleetError/keyChanged(path:)``; the key file's errors.
    public func rotateKey(
        _ change: KeyProtectionChange = .kept, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) throws(FleetError) -> KeyRotation {
        try registry.rotateKey(change, at: now(), actor: actor, progress: progress)
    }

    /// Writes the master key as a page to print, on record.
    ///
    /// - Parameters:
    ///   - path: where; nothing there is replaced.
    ///   - hasQRCode: whether it has a QR code, which another program draws.
    ///   - environment: where that program is looked for, by `PATH`.
    /// - Returns: what stands on it.
    /// - Throws: ``FleetError/outputExists(path:)``, ``FleetError/outputFailed(path:reason:)``,
    ///   ``FleetError/qrencodeMissing``, ``FleetError/qrCodeFailed(reason:)``; the
    ///   key file's errors.
    public func exportRecovery(
        to path: String, hasQRCode: Bool = true, environment: [String: String]
    ) throws(FleetError) -> RecoveryFacts {
        let drawing = hasQRCode ? try QRDrawing(environment: environment) : nil
        let file = try Self.output(path) { () throws(PrivateFileError) in try PrivateFile(path: path) }
        var facts: RecoveryFacts?
        let moment = now()
        let name = path.split(separator: "/").last.map(String.init) ?? path
        try registry.exportRecovery(file: name, at: moment, actor: actor) { told in
            facts = told
            let text = ([told.title] + told.lines).joined(separator: "\n")
            let code = try drawing.map { drawing throws(FleetError) in try drawing.draw(text) }
            let sheet = RecoverySheet(told, code, registry: registry.path, at: moment, by: actor)
            // Nothing but its name is left to do when it is on record.
            try Self.output(path) { () throws(PrivateFileError) in
                try file.write(sheet.html.utf8)
                try file.finish()
            }
        }
        guard let facts else { throw .registryFailed(path: registry.path, reason: "nothing was prepared") }
        do throws(PrivateFileError) {
            try file.publish()
        } catch {
            // It is the key in the clear, and nobody asked for it under another name.
            if case .notPlaced(let finished?, _) = error { try? FileManager.default.removeItem(atPath: finished) }
            throw FleetError(error, output: path)
        }
        return facts
    }

    private static func output<T>(
        _ path: String, _ write: () throws(PrivateFileError) -> T
    ) throws(FleetError) -> T {
        do throws(PrivateFileError) { return try write() } catch { throw FleetError(error, output: path) }
    }

    /// The key that a registry is sealed with; nil where there is none at the path.
    ///
    /// - Throws: ``FleetError/notARegistry(path:)``, ``FleetError/registryNewer(path:)``.
    public static func registryKey(_ registry: String) throws(FleetError) -> KeyID? {
        guard FileManager.default.fileExists(atPath: registry) else { return nil }
        return try Registry.open(registry, keyFile: "").keyID()
    }

    /// How many lines a recovery sheet has to type.
    public static var recoveryLines: Int { Registry.recoveryLines }

    /// Reads one line of a recovery sheet as somebody typed it.
    ///
    /// - Parameter number: 1 for the first.
    /// - Throws: ``FleetError/badRecovery(problem:)`` that names the line, and
    ///   where in it.
    public static func readRecovery(line number: Int, _ typed: SecretBytes) throws(FleetError) -> SecretBytes {
        try Registry.readRecovery(line: number, typed)
    }

    /// Takes the lines of a recovery sheet out of a text: what was typed into a
    /// file, what a QR code says, or the sheet's own page.
    ///
    /// - Throws: ``FleetError/badRecovery(problem:)``.
    public static func recoveryLines(in text: SecretBytes) throws(FleetError) -> [SecretBytes] {
        var typed = text.withBytes { bytes in
            bytes.split(whereSeparator: { $0 == 10 || $0 == 13 })
                .map { Slice(base: $0.base, bounds: $0.startIndex..<$0.endIndex) }
                .map { SecretBytes(UnsafeRawBufferPointer(rebasing: $0)) }
        }
        // The page has them between these two.
        if let start = typed.firstIndex(where: { $0.begins(with: "<pre") }),
            let end = typed.firstIndex(where: { $0.begins(with: "</pre") }), start < end
        {
            typed = Array(typed[(start + 1)..<end])
        }
        // zbarimg says what it read, and the sheet what it is.
        typed.removeAll { line in
            line.isBlank
                || [Registry.recoveryTitle, "QR-Code:" + Registry.recoveryTitle].contains { line.isText($0) }
        }
        guard typed.count == Registry.recoveryLines else {
            guard !typed.isEmpty else { throw .badRecovery(problem: "there is nothing in it") }
            let count = typed.count == 1 ? "1 line" : "\(typed.count) lines"
            throw .badRecovery(problem: "it has \(count), and a sheet has \(Registry.recoveryLines)")
        }
        var lines: [SecretBytes] = []
        for (place, line) in typed.enumerated() { lines.append(try readRecovery(line: place + 1, line)) }
        return lines
    }

    /// Makes the key file of a recovery sheet.
    ///
    /// - Parameters:
    ///   - lines: the sheet's, as they were read.
    ///   - path: where; nothing there is replaced.
    ///   - registryKey: the key that it must be; nil where no registry says so.
    /// - Returns: which key it is.
    /// - Throws: ``FleetError/badRecovery(problem:)``,
    ///   ``FleetError/recoveryOfAnotherKey(_:registry:)``,
    ///   ``FleetError/keyFileExists(path:)``, ``FleetError/outputFailed(path:reason:)``.
    public static func restoreKey(
        _ lines: [SecretBytes], to path: String, _ protection: KeyProtection, registryKey: KeyID?
    ) throws(FleetError) -> KeyID {
        try Registry.restoreKey(lines, to: path, protection, registryKey: registryKey)
    }
}

extension SecretBytes {
    fileprivate var isBlank: Bool { withBytes { $0.allSatisfy { $0 == 32 || $0 == 9 } } }

    fileprivate func begins(with text: String) -> Bool { withBytes { $0.starts(with: text.utf8) } }

    /// Whether it is a text, in upper or lower case, whatever spaces are around.
    fileprivate func isText(_ text: String) -> Bool {
        withBytes { bytes in
            func upper(_ byte: UInt8) -> UInt8 { (97...122).contains(byte) ? byte - 32 : byte }
            var bytes = bytes[...]
            while let last = bytes.last, last == 32 || last == 9 { bytes.removeLast() }
            return bytes.drop { $0 == 32 || $0 == 9 }.map(upper).elementsEqual(text.utf8.map(upper))
        }
    }
}
