import Fleet
import Foundation
import KeyVault
import SecretMemory

/// Checks an exported trail, wherever its registry is: the form of every line,
/// the numbers, the chain, the checkpoints, and with the key the events'
/// authentication codes. Memory does not grow with the file.
public struct TrailVerification {
    private let name: String
    private let key: (path: String, vault: Vault)?
    /// The id of the key that the events tell of, in hexadecimal.
    private var toldKey: String?
    /// The event by which the key at hand was changed.
    private var changedBy: Int?
    private let checkpoints: [Checkpoint]
    private var report = AuditReport()
    private var chain = AuditChain()
    private var head: TrailHead?
    /// The last one that was begun.
    private var line = 0
    private var wasConverted = false

    /// - Parameters:
    ///   - name: what the file is called in messages.
    ///   - keyFile: the key file that the registry has; nil to do without.
    ///   - passphrase: gives the key file's, where it has one.
    ///   - checkpoints: what was once taken of this history.
    /// - Throws: the key file's errors.
    public init(
        _ name: String, keyFile: String?,
        passphrase: Registry.PassphraseAsker = { path throws(FleetError) in throw .passphraseMissing(path: path) },
        against checkpoints: [Checkpoint]
    ) throws(FleetError) {
        self.name = name
        self.checkpoints = checkpoints
        key = try keyFile.map { path throws(FleetError) in (path, try Self.vault(path, passphrase)) }
        report.withoutKey = key == nil
    }

    private static func vault(
        _ path: String, _ passphrase: Registry.PassphraseAsker
    ) throws(FleetError) -> Vault {
        do throws(KeyFileError) {
            let stored = try KeyFile.read(path)
            return try stored.master(passphrase: nil).vault
        } catch .passphraseMissing {
            let typed = try passphrase(path)
            do throws(KeyFileError) { return try KeyFile.open(path, passphrase: typed) } catch {
                throw FleetError(error, keyFile: path)
            }
        } catch {
            throw FleetError(error, keyFile: path)
        }
    }

    /// Checks a trail.
    ///
    /// - Parameter read: gives the next bytes, some at a time; none at the end.
    /// - Returns: what does not fit, the first line first.
    /// - Throws: ``FleetError/trailNewer(name:)``,
    ///   ``FleetError/keyFileNotOfTrail(path:trailKey:changedBy:)``; what `read` throws.
    public mutating func run(_ read: () throws(FleetError) -> Data) throws(FleetError) -> AuditReport {
        var lines = TrailLines()
        while true {
            let part = try read()
            guard !part.isEmpty else { break }
            lines.add(part)
            while let bytes = lines.next() {
                line += 1
                if line > 1 {
                    checkEvent(bytes)
                } else {
                    guard try checkHead(bytes) else { return report }
                }
            }
        }
        // Only the events say whether it was the registry's once.
        if let key, let head, key.vault.keyID.hex != head.keyID, let trailKey = KeyID(hex: head.keyID) {
            throw .keyFileNotOfTrail(path: key.path, trailKey: trailKey, changedBy: changedBy)
        }
        if lines.hasRest {
            line += 1
            found("the file ends in the middle of it, and was cut off")
        }
        end()
        return report
    }

    /// - Returns: whether there is anything to go on with.
    private mutating func checkHead(_ bytes: TrailLines.Line) throws(FleetError) -> Bool {
        let scanned = scanned(bytes) { scanner throws(TrailScanner.Stop) in try scanner.head() }
        switch scanned {
        case .success(let head):
            self.head = head
            for problem in chain.expect(checkpoints, registry: head.registry) { found(problem) }
            return true
        case .failure(let stop):
            if stop.isOtherVersion { throw .trailNewer(name: name) }
            found("it is not the head of a trail that payg audit export wrote")
            return false
        }
    }

    private mutating func checkEvent(_ bytes: TrailLines.Line) {
        let scanned = scanned(bytes) { scanner throws(TrailScanner.Stop) in try scanner.event() }
        switch scanned {
        case .success(let event):
            for problem in chain.follow(event.words, hash: event.hash) { found(problem) }
            followKey(event.words)
            if event.words.sequence == 1, !begins(event.words) {
                found("event 1 does not tell of the making of registry \(head?.registry ?? "")")
            }
            if !isGenuine(event) {
                found("event \(event.words.sequence) was not written with this registry's key")
            }
        case .failure(let stop):
            found(stop.told)
            chain.skip()
        }
    }

    private func begins(_ event: AuditEventWords) -> Bool {
        let told = try? JSONDecoder().decode(RegistryCreatedDetail.self, from: Data(event.detail.utf8))
        return event.action == AuditAction.registryCreated.rawValue && told?.registry == head?.registry
    }

    private mutating func followKey(_ event: AuditEventWords) {
        let told = Data(event.detail.utf8)
        switch AuditAction(rawValue: event.action) {
        case .registryCreated: toldKey = try? JSONDecoder().decode(RegistryCreatedDetail.self, from: told).keyID
        case .keyRotated:
            guard let change = try? JSONDecoder().decode(KeyRotatedDetail.self, from: told) else {
                toldKey = nil
                return found("event \(event.sequence) (keyRotated) does not say what such an event says")
            }
            if let former = toldKey, former != change.from {
                found(
                    "event \(event.sequence): the key that was changed is not the one that the events before tell of")
            }
            toldKey = change.to
            if change.from == key?.vault.keyID.hex { changedBy = event.sequence }
        default: break
        }
    }

    /// Whether the key wrote an event, as far as it can tell: what was written
    /// with a former key is vouched for by the change to this one, whose hash
    /// covers all before it. That there is one, ``end()`` sees to.
    private func isGenuine(_ event: TrailEvent) -> Bool {
        guard let mac = event.mac else {
            return AuditAction(rawValue: event.words.action)?.isAuthenticated != true
        }
        guard let vault = key?.vault, toldKey == vault.keyID.hex else { return true }
        return vault.signer.isAuthentic(mac, for: event.hash)
    }

    private mutating func end() {
        guard let head else {
            line = 1
            return found("it is missing: the file is empty")
        }
        report.events = chain.sequence
        report.checkpoints = chain.checkpointsThatFit
        report.warnings = chain.warnings
        line += 1
        if chain.sequence < head.events {
            found("it is missing: there are \(chain.sequence) events, and the head tells of \(head.events)")
        } else if chain.sequence > head.events || chain.hash.map({ $0 != head.hash }) ?? false {
            line = 1
            found("it does not tell of the event that is the last one")
        }
        if toldKey != head.keyID {
            line = 1
            found("it tells of another key than the events")
        }
        for problem in chain.end() { found(problem, isOfLine: false) }
    }

    /// Why a line was not understood.
    private struct Misread: Error {
        let told: String
        /// Whether it begins as a trail of another version does.
        var isOtherVersion = false
    }

    private mutating func scanned<Value>(
        _ line: TrailLines.Line, _ scan: (inout TrailScanner) throws(TrailScanner.Stop) -> Value
    ) -> Result<Value, Misread> {
        guard var line else { return .failure(Misread(told: "it is longer than any that payg writes")) }
        if line.last == UInt8(ascii: "\r") {
            // Told once: what stands before it may still fit.
            if !wasConverted { found("it ends with CR LF: the file was converted, and not only copied") }
            wasConverted = true
            line.removeLast()
        }
        return line.withUnsafeBytes { bytes in
            var scanner = TrailScanner(bytes)
            do throws(TrailScanner.Stop) {
                return .success(try scan(&scanner))
            } catch {
                return .failure(
                    Misread(
                        told: "it is not as payg audit export writes an event, from byte \(scanner.place + 1) on",
                        isOtherVersion: scanner.place == TrailHead.versionPlace && scanner.isAtDigit
                    )
                )
            }
        }
    }

    private mutating func found(_ problem: String, isOfLine: Bool = true) {
        report.problemCount += 1
        guard report.problems.count < AuditReport.mostProblems else { return }
        report.problems.append(isOfLine ? "line \(line): \(problem)" : problem)
    }
}
