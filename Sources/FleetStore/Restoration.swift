import Fleet
import Foundation
import GRDB
import KeyVault
import PrivateFiles
import SecretMemory

/// Puts a copy of a registry in the place of a registry, or where there is none.
///
/// Everything is prepared in a hidden copy beside the place: proven, brought to
/// the newest schema, and told which counts were used since. Then a registry
/// that is there gets the copy's pages in one transaction of its own, so that
/// programs which have it open go on with what was restored, and wholly or not
/// at all. What was there before stays under another name.
public final class Restoration {
    /// What was found; nothing is changed yet.
    public let finding: RestoreFinding

    let file: String
    let sha256: String
    /// The registry's path, and the file that it is where it is a link.
    let path: String
    let place: String
    let stage: HiddenDatabase
    /// The copy, until it is closed to get its name.
    let copy: Registry
    let vault: Vault

    /// Looks at a copy and at what is in the place it is to go to.
    ///
    /// - Parameters:
    ///   - file: the copy, which is only read; a log that SQLite left beside it
    ///     is part of it.
    ///   - path: where the registry is to be.
    ///   - keyFile: the key file, without which nobody can make a token anyway.
    ///   - passphrase: gives the key file's, where it has one.
    ///   - dryRun: whether it ends here, and not even a folder is made.
    ///   - progress: is given how many bytes of how many are copied.
    /// - Throws: ``FleetError/copyBroken(path:problems:total:)`` for a copy that
    ///   is damaged, ``FleetError/notARegistry(path:)``,
    ///   ``FleetError/registryNewer(path:)``, ``FleetError/registryBusy(path:)``,
    ///   ``FleetError/registryExposed(path:problem:)``; the key file's errors.
    public init(
        of file: String, at path: String, keyFile: String,
        passphrase: @escaping Registry.PassphraseAsker = { path throws(FleetError) in
            throw .passphraseMissing(path: path)
        }, dryRun: Bool = false,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FleetError) {
        guard FileManager.default.fileExists(atPath: file) else { throw .inputMissing(path: file) }
        try Registry.checkIsDatabase(file)
        let place = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard place != URL(fileURLWithPath: file).resolvingSymlinksInPath().path else {
            throw .badValue(what: "copy", problem: "is the registry itself")
        }
        (self.file, self.path, self.place) = (file, path, place)
        let folder = URL(fileURLWithPath: place).deletingLastPathComponent().path
        var beside = place
        if !FileManager.default.fileExists(atPath: folder) {
            if dryRun {
                beside = NSTemporaryDirectory() + "/registry"
            } else {
                do { try PrivateFile.makeFolder(of: place) } catch { throw FleetError(error, output: path) }
            }
        }
        let stage = try HiddenDatabase(beside: beside)
        do throws(FleetError) { sha256 = try stage.fill(from: file, progress: progress) } catch {
            // The hidden name is nobody's business.
            guard case .outputFailed(_, let reason) = error else { throw error }
            throw .outputFailed(path: path, reason: reason)
        }
        let (copy, vault, proof) = try Self.named(file, not: stage.path) { () throws(FleetError) in
            try Self.prove(stage.path, called: file)
            let copy = try Registry.open(stage.path, keyFile: keyFile, passphrase: passphrase)
            let vault = try copy.openVault()
            return (copy, vault, try copy.read { db in try CopyProof(db, called: file, vault: vault) })
        }
        (self.stage, self.copy, self.vault) = (stage, copy, vault)
        finding = try Self.compare(copy, proof, with: path, keyFile: keyFile)
    }

    /// What has to hold before a copy is opened as a registry.
    private static func prove(_ stage: String, called file: String) throws(FleetError) {
        try Registry.translated(stage) {
            let database = try DatabaseQueue(path: stage, configuration: Registry.configuration())
            try database.writeWithoutTransaction { db in
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
                try CopyProof.checkIntegrity(db, called: file)
            }
            try database.close()
        }
    }

    /// Errors speak of the copy as the person named it.
    private static func named<T>(
        _ file: String, not stage: String, _ work: () throws(FleetError) -> T
    ) throws(FleetError) -> T {
        do throws(FleetError) { return try work() } catch {
            switch error {
            case .notARegistry(stage): throw .notARegistry(path: file)
            case .registryNewer(stage): throw .registryNewer(path: file)
            case .registryDamaged(stage, let reason):
                throw .copyBroken(path: file, problems: [reason], total: 1)
            case .registryFailed(stage, let reason): throw .registryFailed(path: file, reason: reason)
            default: throw error
            }
        }
    }

    private static func compare(
        _ copy: Registry, _ proof: CopyProof, with path: String, keyFile: String
    ) throws(FleetError) -> RestoreFinding {
        func finding(
            _ replaced: ReplacedRegistry, _ lost: LostHistory = LostHistory(), _ skips: [CountSkip] = [], loss: Loss?
        ) -> RestoreFinding {
            RestoreFinding(
                copy: proof.facts, problems: proof.report.problems, problemCount: proof.report.problemCount,
                replaced: replaced, lost: lost, skips: skips, loss: loss
            )
        }
        guard FileManager.default.fileExists(atPath: path) else { return finding(.none, loss: nil) }
        do throws(FleetError) {
            let old = try Registry.open(path, keyFile: keyFile)
            if let exposure = old.exposures.first {
                throw .registryExposed(path: exposure.path, problem: exposure.problem)
            }
            let facts = try old.read { db in try RegistryFacts(db) }
            let (lost, skips) = try HistoryComparison.run(copy: copy, old: old)
            let isSame = facts.registryID == proof.facts.registryID
            return finding(.readable(facts), lost, skips, loss: !isSame ? .another : lost.isEmpty ? nil : .newer)
        } catch {
            switch error {
            case .notARegistry, .registryDamaged, .registryFailed:
                return finding(.unreadable("\(error)"), loss: .unreadable)
            default: throw error
            }
        }
    }
}
